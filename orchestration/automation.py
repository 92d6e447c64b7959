"""The one job, its schedule, those of sources that an API has, and the sensor that looks into the inbox."""

from typing import Any

import dagster as dg

from ingest.workspace import Workspace
from orchestration.assets.stewardship import ALERTS
from orchestration.desk import something_is_due
from orchestration.stages import JOB, Stages


def automation(workspace: Workspace) -> dict[str, Any]:
    """Job, schedules and sensor, as keyword arguments of ``Definitions``."""
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(ALERTS),
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

    alerts_job = dg.define_asset_job(
        "alerts",
        selection=dg.AssetSelection.assets(ALERTS),
        executor_def=dg.in_process_executor,
        description="Records what the gates said, reminds, escalates, and sends what is due.",
    )

    @dg.sensor(
        job=alerts_job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends alerts when any is due, whatever became of the run that caused them.",
    )
    def alerts_due() -> dg.SensorResult | dg.SkipReason:
        if not something_is_due(workspace):
            return dg.SkipReason("Nothing is due.")
        return dg.SensorResult(run_requests=[dg.RunRequest()])

    fetches = [
        _fetch_schedule(workspace, code, source.fetch.schedule)
        for code, source in sorted(workspace.sources.items())
        if source.fetch is not None and source.fetch.schedule is not None
    ]
    return {"jobs": [job, alerts_job], "schedules": [nightly, *fetches], "sensors": [inbox, alerts_due]}


def _fetch_schedule(workspace: Workspace, source_code: str, cron: str) -> dg.ScheduleDefinition:
    """Asks one source's API when its file says so, and makes what depends on the answer."""
    landed = dg.AssetKey(["intake", source_code, "landed"])
    name = dg.AssetKey(["fetch", source_code]).to_python_identifier()
    job = dg.define_asset_job(
        name,
        selection=dg.AssetSelection.assets(landed).downstream(),
        executor_def=dg.in_process_executor,
        description=f"Asks the API of {source_code}; intake of its answer, warehouse, release gate, release.",
    )
    return dg.ScheduleDefinition(
        name=f"{name}_schedule",
        job=job,
        cron_schedule=cron,
        execution_timezone=workspace.settings.time_zone,
    )
