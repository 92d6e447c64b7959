"""The steward's desk as assets: its tables before the warehouse, its alerts whenever something is due."""

from collections.abc import Iterator

import dagster as dg

from ingest.workspace import Workspace
from orchestration.assets.source_intake import accepted_key
from orchestration.desk import attend, record_and_export
from stewardship.contract import FINDING_CASE, TABLES

#: The name of the desk among dbt's sources and Dagster's keys.
DESK = "stewardship"
ALERTS = dg.AssetKey([DESK, "alerts"])


def stewardship_assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """``stewardship/finding_case`` and its companions, and ``stewardship/alerts``."""
    upstream = [accepted_key(code) for code in sorted(workspace.sources)]

    @dg.multi_asset(
        name=DESK,
        specs=[
            dg.AssetSpec(
                dg.AssetKey([DESK, table.name]),
                deps=upstream,
                group_name=DESK,
                kinds={"sqlite", "parquet"},
                description=table.description,
            )
            for table in TABLES
        ],
    )
    def desk() -> Iterator[dg.MaterializeResult[None]]:
        recorded, rows = record_and_export(workspace)
        moved = {"opened": recorded.opened, "reopened": recorded.reopened, "resolved": recorded.resolved}
        for table in TABLES:
            metadata = {"rows": rows[table.name]} | (moved if table is FINDING_CASE else {})
            yield dg.MaterializeResult(asset_key=dg.AssetKey([DESK, table.name]), metadata=metadata)

    @dg.asset(
        key=ALERTS,
        group_name=DESK,
        kinds={"email"},
        description="What is due from the outbox, sent. It waits for no other asset: a run that fails is told of too.",
    )
    def alerts() -> dg.MaterializeResult[None]:
        attended = attend(workspace)
        return dg.MaterializeResult(
            metadata={
                "sent": attended.sent.sent,
                "failed": attended.sent.failed,
                "opened": attended.recorded.opened,
                "escalated": attended.recorded.escalated,
            }
        )

    return [desk, alerts]
