"""What a person sees while a run goes on: which step, how far, how long."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    import dagster as dg

    from orchestration.command_line.terminal import Terminal


class Progress:
    """A line with step, count and time; in a pipe it stays silent but for failures, which it keeps."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=terminal.console,
            transient=True,
        )
        self._task = self._bars.add_task("", total=None)
        self.failures: list[str] = []
        self.succeeded = False
        self.checks_passed = 0
        self.checks_warned = 0
        #: What was made: submissions read of those there are, models built of those there are.
        self.work: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bars.stop()

    def phase(self, phrase: str, **values: str) -> None:
        """Name what goes on now."""
        self._bars.update(self._task, description=self._terminal.phrase(phrase, **values))

    def follow(
        self,
        job: dg.JobDefinition,
        history: dg.DagsterInstance,
        selection: Sequence[dg.AssetKey],
        tags: Mapping[str, str],
    ) -> None:
        """Run the job in this process, show its steps, and count its checks."""
        run_id = str(uuid.uuid4())
        history.add_event_listener(run_id, self._on_event)
        result = job.execute_in_process(
            instance=history,
            asset_selection=list(selection),
            raise_on_error=False,
            run_id=run_id,
            tags=dict(tags),
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        self.succeeded = bool(result.success)

    def _on_event(self, entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None:
            self._bars.update(self._task, description=entry.user_message[:80])
        elif event.is_step_start:
            self._bars.update(self._task, description=str(event.step_key))
        elif event.is_step_materialization:
            metadata = event.step_materialization_data.materialization.metadata
            for name in ("submissions", "submissions_read"):
                self.work[name] += _count(metadata.get(name))
            if "rebuilt" in metadata:
                self.work["models"] += 1
                self.work["models_built"] += _count(metadata["rebuilt"])
        elif event.is_step_success:
            self._bars.advance(self._task)
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            evaluation = event.asset_check_evaluation_data
            self.checks_passed += evaluation.passed
            self.checks_warned += not evaluation.passed
            self.failures += _reasons_of_check(evaluation, self._terminal.language)
        elif event.is_step_failure:
            self.failures.append(f"{event.step_key}: {_reason(event.step_failure_data)}")


def _count(metadata: Any) -> int:
    """A number or truth value out of an asset's metadata; 0 where there is none."""
    return int(metadata.value) if metadata is not None else 0


def _reasons_of_check(evaluation: Any, language: str) -> list[str]:
    """Why a blocking check failed, rule by rule, where it says so under ``failures``."""
    failures = evaluation.metadata.get("failures")
    if evaluation.passed or failures is None:
        return []
    return [f"{evaluation.check_name}: {rule}: {messages[language]}" for rule, messages in failures.data.items()]


def _reason(data: Any) -> str:
    """The innermost message of a failed step: what the person can act on, without the frames around it."""
    error = data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error is not None else ""
