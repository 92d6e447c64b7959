"""The one job, its schedule, and the sensor that looks into the inbox."""

from typing import Any

import dagster as dg

from ingest.workspace import Workspace
from orchestration.stages import JOB, Stages


def automation(workspace: Workspace) -> dict[str, Any]:
    """Job, schedule and sensor, as keyword arguments of ``Definitions``."""
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        description="Intake of every source, warehouse, release gate, release. What has not changed is not made again.",
    )
    nightly = dg.ScheduleDefinition(
        name="nightly",
        job=job,
        cron_schedule=workspace.settings.schedule,
        execution_timezone=workspace.settings.time_zone,
    )

    @dg.sensor(job=job, minimum_interval_seconds=60, description="Starts a run when an agency has handed something in.")
    def inbox() -> dg.SensorResult | dg.SkipReason:
        stages = Stages(workspace)
        waiting = {code: names for code in workspace.sources if (names := stages.waiting(code))}
        if not waiting:
            return dg.SkipReason("No new file in any inbox.")
        key = "|".join(f"{code}:{name}" for code, names in sorted(waiting.items()) for name in names)
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=key)])

    return {"jobs": [job], "schedules": [nightly], "sensors": [inbox]}
