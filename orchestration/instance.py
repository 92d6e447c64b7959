"""The Dagster instance of a workspace: its run history stands in the workspace, and it calls nobody."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ingest.state import StateFolders
from ingest.state.whole_file import write_atomically

if TYPE_CHECKING:
    import dagster as dg

#: What a step says goes to the event log; capturing its output as well would start two processes a step.
#: One run at a time, since one process writes the warehouse; a run whose process died does not hold the queue.
_SETTINGS = """\
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
event_log_storage:
  module: orchestration.run_history
  class: RunHistory
  config:
    base_dir: {env: DAGSTER_HOME}
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
"""


def prepare_home(state: StateFolders) -> None:
    """Write the instance's settings and point Dagster to them, for this process and those it starts."""
    settings = state.dagster_home / "dagster.yaml"
    if not settings.exists() or settings.read_text(encoding="utf-8") != _SETTINGS:
        write_atomically(settings, _SETTINGS.encode())
    os.environ["DAGSTER_HOME"] = str(state.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"


def instance(state: StateFolders) -> dg.DagsterInstance:
    """The instance, opened."""
    import dagster as dg

    prepare_home(state)
    return dg.DagsterInstance.get()
