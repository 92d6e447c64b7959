"""The event log of a workspace: another process sees what a run says while it says it."""

import time
from pathlib import Path

import dagster as dg
from dagster._core.events.log import EventLogEntry

from ingest.state import StateFolders
from orchestration.instance import instance
from orchestration.run_history import RunHistory


def test_who_watches_a_run_sees_each_event_before_the_run_ends(tmp_path: Path) -> None:
    seen: list[str] = []
    state = StateFolders(tmp_path)

    @dg.op
    def speaks(context: dg.OpExecutionContext) -> None:
        context.log.info("half way")
        limit = time.monotonic() + 20
        while "half way" not in seen and time.monotonic() < limit:
            time.sleep(0.05)
        assert "half way" in seen

    @dg.job
    def job() -> None:
        speaks()

    with instance(state) as writer, dg.DagsterInstance.from_ref(writer.get_ref()) as reader:
        assert isinstance(reader.event_log_storage, RunHistory)
        run_id = dg.DagsterRun(job_name="job").run_id

        def see(entry: EventLogEntry, cursor: str) -> None:
            seen.append(entry.user_message)

        reader.watch_event_logs(run_id, None, see)
        result = job.execute_in_process(instance=writer, run_id=run_id, raise_on_error=False)
        reader.end_watch_event_logs(run_id, see)
    assert result.success
    assert (state.dagster_home / "history" / "runs" / f"{run_id}.db").exists()
