"""The chain of one source, made from its YAML file: landed → tidy → (intake gate) → accepted.

The gate is a blocking check on ``tidy``: it writes its verdict aside, and only ``accepted``, which runs after it,
takes the verdict over. A gate that could not do its work leaves the last accepted edition as it was. A file that
could not be read, or a row that is wrong, is no failure of the gate but what it is there to find: the check warns,
and everything else goes on.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ingest.intake import TidyOutcome, tidy_source
from ingest.landing import receipts
from ingest.landing.refusals import refused_at_the_door
from ingest.reception import receive_answer, receive_files
from ingest.workspace import Workspace
from orchestration.assets.gate import judge_source
from orchestration.assets.registry import REGISTRY_KEY
from orchestration.stages import ASKED, Stages, intake, room_version

GATE = "intake_gate"


def accepted_key(source_code: str) -> dg.AssetKey:
    """Key of the asset that a source ends in."""
    return dg.AssetKey(["intake", source_code, "accepted"])


def source_assets(workspace: Workspace, source_code: str) -> list[Any]:
    """Assets and check of one source."""
    keys = {step: dg.AssetKey(["intake", source_code, step]) for step in ("landed", "tidy", "accepted")}
    shared: dict[str, Any] = {"group_name": "intake", "tags": {"source": source_code}}
    source = workspace.sources[source_code]

    @dg.asset(
        key=keys["landed"],
        description=f"Files handed in: {source.name.en}" if source.fetch is None else f"Answers: {source.name.en}",
        kinds={"file" if source.fetch is None else source.fetch.api},
        **shared,
    )
    def landed(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        state = workspace.state
        known = len(receipts(state.landed, source_code))
        receive_files(workspace, source_code)
        if ASKED not in context.run.tags:
            receive_answer(workspace, source_code)
        deliveries = len(receipts(state.landed, source_code))
        refused = refused_at_the_door(state.landed, source_code)
        return dg.MaterializeResult(
            metadata={"new": deliveries - known, "refused": len(refused), "deliveries": deliveries}
        )

    @dg.asset(
        key=keys["tidy"],
        deps=[keys["landed"], REGISTRY_KEY],
        code_version=source.version,
        description="What the recipe reads in them, one row a figure, judged by nobody yet.",
        kinds={"parquet"},
        **shared,
    )
    def tidy(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        outcomes = tidy_source(
            workspace,
            source_code,
            engine_version=room_version("ingest"),
            progress=lambda done, of, name: context.log.info(f"{source_code}: {done}/{of} {name}"),
        )
        return dg.MaterializeResult(metadata=_counts(outcomes))

    @dg.asset_check(
        asset=keys["tidy"],
        name=GATE,
        blocking=True,
        description="Rules of the catalogue, enforced with Great Expectations on what was read.",
    )
    def intake_gate() -> dg.AssetCheckResult:
        return judge_source(workspace, source_code)

    @dg.asset(
        key=keys["accepted"],
        deps=[keys["tidy"]],
        description="Rows that passed the gate; the rest is in quarantine.",
        kinds={"parquet"},
        **shared,
    )
    def accepted() -> Iterator[dg.MaterializeResult[None]]:
        from expectations.intake import take_over

        counts = take_over(
            workspace.state.judged(source_code),
            workspace.state.accepted,
            workspace.state.quarantine(source_code),
            source_code,
        )
        Stages(workspace).record(intake(source_code))
        yield dg.MaterializeResult(metadata=counts)

    return [landed, tidy, intake_gate, accepted]


def _counts(outcomes: list[TidyOutcome]) -> dict[str, int]:
    return {
        "submissions": len(outcomes),
        "submissions_read": sum(not outcome.is_remembered for outcome in outcomes),
        "refused": sum(outcome.refusal is not None for outcome in outcomes),
        "cells_read": sum(outcome.cells_read for outcome in outcomes),
        "rows_read": sum(outcome.rows_read for outcome in outcomes),
    }
