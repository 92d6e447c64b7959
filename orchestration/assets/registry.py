"""The registry as an asset: landed like any source, validated, written for dbt."""

from collections.abc import Iterator

import dagster as dg

from ingest.landing.registry import land_registry
from ingest.workspace import Workspace
from orchestration.stages import REGISTRY, Stages

REGISTRY_KEY = dg.AssetKey("registry_landed")


def registry_asset(workspace: Workspace) -> dg.AssetsDefinition:
    """The asset ``registry_landed``. A registry with errors never gets here: the workspace does not load."""

    @dg.multi_asset(
        name="registry",
        specs=[
            dg.AssetSpec(
                REGISTRY_KEY,
                group_name="registry",
                kinds={"python", "parquet"},
                description="Organisations, indicators, ratios, groups, objectives and targets.",
            )
        ],
    )
    def registry() -> Iterator[dg.MaterializeResult[None]]:
        landed = land_registry(workspace.registry_dir, workspace.state.landed)
        workspace.registry.write(workspace.state.registry)
        Stages(workspace).record(REGISTRY)
        rows = {name: len(rows) for name, rows in workspace.registry.tables.items()}
        yield dg.MaterializeResult(
            asset_key=REGISTRY_KEY,
            metadata={**rows, "files_landed": landed},
            data_version=dg.DataVersion(workspace.registry.fingerprint),
        )

    return registry
