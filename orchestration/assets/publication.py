"""The last two steps: the candidate that the release gate judges, and the release that readers see."""

from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa

from ingest.contract import FINDING
from ingest.state.whole_file import write_json, write_parquet
from ingest.workspace import Workspace
from orchestration.assets.gate_failures import failures
from orchestration.assets.warehouse import grains, model_keys
from orchestration.documents import ENTRIES, release_documents
from orchestration.stages import RELEASE, Stages
from release import ReleaseShelf, publish
from release.shelf import DATABASE

CANDIDATE = dg.AssetKey(["release", "candidate"])
PUBLISHED = dg.AssetKey(["release", "published"])
GATE = "release_gate"


def publication_assets(workspace: Workspace, manifest: Path) -> list[Any]:
    """``release/candidate``, its blocking gate, and ``release/published``."""

    @dg.asset(
        key=CANDIDATE,
        deps=[key for key in model_keys(manifest) if key.path[0] in {"core", "marts", "quality"}],
        group_name="release",
        kinds={"duckdb"},
        description="The warehouse as built, waiting for the release gate.",
    )
    def candidate() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"bytes": workspace.state.warehouse.stat().st_size})

    @dg.asset_check(
        asset=CANDIDATE,
        name=GATE,
        blocking=True,
        description="What must hold of every number before anybody sees it; a failure publishes nothing.",
    )
    def release_gate() -> dg.AssetCheckResult:
        from expectations.release import judge
        from expectations.rules import load_rule_book

        shelf = ReleaseShelf(workspace.published_dir)
        before = shelf.current_link / DATABASE if shelf.current() else None
        verdict = judge(
            workspace.state.warehouse,
            previous_release=before,
            registry_dir=workspace.state.registry,
            rule_book=load_rule_book(workspace.rules_dir),
        )
        findings = pa.Table.from_pylist(list(verdict.findings), schema=FINDING.schema)
        write_parquet(workspace.state.release_findings, findings)
        write_json(workspace.state.release_record, verdict.record)
        return dg.AssetCheckResult(
            passed=verdict.passed,
            metadata={"rules": verdict.rules_run, "failures": dg.MetadataValue.json(failures(verdict.findings))},
        )

    @dg.asset(
        key=PUBLISHED,
        deps=[CANDIDATE],
        group_name="release",
        kinds={"duckdb", "parquet"},
        description="The immutable release that readers are switched to at once.",
    )
    def published() -> dg.MaterializeResult[None]:
        release = publish(
            workspace.state.warehouse,
            ReleaseShelf(workspace.published_dir),
            workspace=workspace.settings.name.model_dump(),
            grains=grains(manifest),
            keep=workspace.settings.publication.keep,
            documents=release_documents(workspace),
            entries=ENTRIES,
        )
        Stages(workspace).record(RELEASE)
        return dg.MaterializeResult(
            metadata={"release": release.identifier, "new": release.is_new, **release.rows},
            data_version=dg.DataVersion(release.identifier),
        )

    return [candidate, release_gate, published]
