"""Where the sources meet: the tables that dbt reads as its sources."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from ingest.reference import write_reference_tables
from ingest.workspace import Workspace
from orchestration.assets.registry import REGISTRY_KEY
from orchestration.assets.source_intake import accepted_key
from orchestration.assets.stewardship import DESK
from orchestration.warehouse_build import DBT_PROJECT


def reference_asset(workspace: Workspace) -> dg.AssetsDefinition:
    """One asset for each dbt source table but those of the desk; they wait for every source of the workspace."""
    upstream = [REGISTRY_KEY, *(accepted_key(code) for code in sorted(workspace.sources))]

    @dg.multi_asset(
        name="dbt_sources",
        specs=[dg.AssetSpec(key, deps=upstream, group_name="intake", kinds={"parquet"}) for key in _dbt_source_keys()],
    )
    def dbt_sources(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        rows = write_reference_tables(workspace)
        for key in context.assets_def.keys:
            yield dg.MaterializeResult(asset_key=key, metadata={"rows": rows.get(key.path[-1], None)})

    return dbt_sources


def _dbt_source_keys() -> list[dg.AssetKey]:
    """``source('accepted', 'observation')`` has the Dagster key ``accepted/observation``."""
    found = []
    for path in sorted(Path(DBT_PROJECT / "models").rglob("*.yml")):
        content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for source in content.get("sources", []):
            if source["name"] != DESK:
                found += [dg.AssetKey([source["name"], table["name"]]) for table in source["tables"]]
    return found
