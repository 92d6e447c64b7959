"""What a run must say (domain.md 11.4): what came in, what was held back, what was built, what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from expectations.data_docs import INDEX as DATA_DOCS
from ingest.contract import FINDING, SUBMISSION, Severity
from ingest.landing import InboxRefusal, inbox_refusals, left_lying
from ingest.landing.refusals import api_refusals
from ingest.workspace import Workspace
from orchestration.command_line.terminal import Row, Terminal, print_table
from orchestration.desk import Attended
from orchestration.stages import EDITION, Stages
from release import ReleaseShelf
from release.performance_report import INDEX as REPORT
from release.performance_report.numbers import as_written

#: Severities of findings that hold data back.
#: So many names of files that nobody reads are printed.
_SHOWN_FILES = 5
HOLDING = (str(Severity.BLOCK), str(Severity.QUARANTINE))


@dataclass
class RunReport:
    """The numbers of a run, read from what it left on disk, so that they say what is there and not what was meant."""

    succeeded: bool
    release: str | None
    is_new: bool
    sources: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    rules: list[Row] = field(default_factory=list)
    findings_opened: int = 0
    findings_closed: int = 0
    holding_opened: int = 0
    checks_passed: int = 0
    checks_warned: int = 0
    work: dict[str, int] = field(default_factory=dict)
    owed: list[Row] = field(default_factory=list)
    indicators: Row = (0, 0)
    marts: list[Row] = field(default_factory=list)

    @property
    def refused_data(self) -> bool:
        """Whether this run held something back that was not held back before, or could not do its work."""
        return bool(self.refused or self.holding_opened or not self.succeeded)


_SOURCES = """
    select source_code, count(*), count(*) filter (where status = 'refused'), sum(cells_read), sum(rows_read),
           sum(rows_accepted), sum(rows_quarantined)
    from submission where list_contains($sources, source_code) group by all order by all
"""
_REFUSED = """
    select source_code, file_name, refusal_vi, refusal_en from submission
    where status = 'refused' and list_contains($sources, source_code) order by all
"""
_RULES = """
    select rule_id, severity, count(*) as findings, min(message_vi), min(message_en) from finding
    group by rule_id, severity
    order by list_position(['BLOCK', 'QUARANTINE', 'WARN', 'INFO'], severity), findings desc, rule_id
"""
_OWED = """
    select source_code, sum(expected), sum(received), sum(received) - sum(on_time) as late
    from marts.mart_submission where $period is null or period_code = $period group by all order by all
"""
_INDICATORS = """
    select count(distinct observation.indicator_code), (select count(distinct indicator_code) from core.dim_indicator)
    from core.fct_observation as observation where observation.is_current
"""


def collect(
    workspace: Workspace,
    *,
    succeeded: bool,
    made: Sequence[str],
    asked: Sequence[str],
    before: str | None,
    period: str | None,
) -> RunReport:
    """Read the report of the run that has just ended.

    ``asked`` are the sources whose API it asked, ``before`` is the release that was current when it began.
    """
    shelf = ReleaseShelf(workspace.published_dir)
    now = shelf.current()
    report = RunReport(succeeded, now, is_new=now != before)
    sources = [stage.partition(":")[2] for stage in made if stage.startswith("intake:")]
    with duckdb.connect() as connection:
        for table in (SUBMISSION, FINDING):
            files = [str(path) for path in sorted((workspace.state.accepted / table.name).glob("*/*.parquet"))]
            connection.register("nothing_yet", table.schema.empty_table())
            rows = f"read_parquet({files})" if files else "nothing_yet"
            connection.execute(f"create table {table.name} as from {rows}")
            connection.unregister("nothing_yet")
        report.sources = connection.execute(_SOURCES, {"sources": sources}).fetchall()
        report.refused = connection.execute(_REFUSED, {"sources": sources}).fetchall()
        report.rules = connection.execute(_RULES).fetchall()
    landed = workspace.state.landed
    report.refused += [_refused(refusal) for source in sources for refusal in inbox_refusals(landed, source)]
    report.refused += refused_by_apis(workspace, asked)
    if now:
        _count_findings_moved(report, shelf, before, now)
        _read_release(report, shelf.folder(now), period)
    return report


def refused_by_apis(workspace: Workspace, asked: Sequence[str]) -> list[Row]:
    """Sources whose API could not be asked, with the reason in both languages."""
    return [_refused(refusal) for source in asked for refusal in api_refusals(workspace.state.landed, source)]


def _refused(refusal: InboxRefusal) -> Row:
    return refusal.source_code, refusal.file_name, refusal.message_vi, refusal.message_en


def _read_release(report: RunReport, folder: Path, period: str | None) -> None:
    with duckdb.connect(str(folder / "outturn.duckdb"), read_only=True) as connection:
        report.owed = connection.execute(_OWED, {"period": period}).fetchall()
        report.indicators = connection.execute(_INDICATORS).fetchone() or (0, 0)
        report.marts = connection.execute(
            "select table_name, estimated_size from duckdb_tables() where schema_name = 'marts' order by 1"
        ).fetchall()


def _count_findings_moved(report: RunReport, shelf: ReleaseShelf, before: str | None, now: str) -> None:
    """Findings that this release has and the one before had not, and the other way round."""
    earlier = _severities(shelf, before) if before else {}
    current = _severities(shelf, now)
    opened = current.keys() - earlier.keys()
    report.findings_opened = len(opened)
    report.findings_closed = len(earlier.keys() - current.keys())
    report.holding_opened = sum(current[finding] in HOLDING for finding in opened)


def _severities(shelf: ReleaseShelf, identifier: str) -> dict[str, str]:
    """Finding → severity, of a release."""
    path = shelf.folder(identifier) / "parquet" / "core" / "fct_finding.parquet"
    with duckdb.connect() as connection:
        return dict(connection.execute("select finding_id, severity from read_parquet(?)", [str(path)]).fetchall())


def show_refused(terminal: Terminal, refused: Sequence[Row]) -> None:
    """Name what was refused, one line each."""
    for source, file_name, refusal_vi, refusal_en in refused:
        why = refusal_vi if terminal.language == "vi" else refusal_en
        terminal.say("refused", source=source, file=file_name, why=why)


def show_left_lying(terminal: Terminal) -> None:
    """Name files that lie in an inbox and that no source takes."""
    workspace = terminal.workspace
    for code, source in sorted(workspace.sources.items()):
        names = left_lying(workspace.inbox_dir(code), source.files)
        if names:
            shown = ", ".join(names[:_SHOWN_FILES]) + (" …" if len(names) > _SHOWN_FILES else "")
            terminal.say("left_lying", source=code, count=len(names), files=shown)


def show(terminal: Terminal, report: RunReport, *, seconds: float) -> None:
    """Print the report in the person's language."""
    vietnamese = terminal.language == "vi"
    print_table(terminal, "sources", report.sources)
    show_refused(terminal, report.refused)
    show_left_lying(terminal)
    print_table(terminal, "findings", [(*row[:3], row[3] if vietnamese else row[4]) for row in report.rules])
    terminal.say("findings_moved", opened=report.findings_opened, closed=report.findings_closed)
    print_table(terminal, "owed", report.owed)
    terminal.say("checks", passed=report.checks_passed, warned=report.checks_warned)
    names = ("submissions", "submissions_read", "models", "models_built")
    terminal.say("work", **{name: report.work.get(name, 0) for name in names})
    terminal.say("indicators", fresh=report.indicators[0], all=report.indicators[1])
    print_table(terminal, "marts", report.marts)
    folder = ReleaseShelf(terminal.workspace.published_dir).current_link
    key = "published" if report.is_new else ("unchanged" if report.succeeded else "not_published")
    terminal.say(key, release=report.release or "–", folder=folder, seconds=f"{seconds:.0f}")
    if report.release:
        terminal.say("where_to_look", database=folder / "outturn.duckdb")
        terminal.say("report", page=folder / REPORT)
        terminal.say("data_docs", page=folder / DATA_DOCS)
    for audience in terminal.workspace.settings.disclosure.audiences:
        _show_edition(terminal, audience, passed=Stages(terminal.workspace).is_fresh(EDITION))


def _show_edition(terminal: Terminal, audience: str, *, passed: bool) -> None:
    """What the disclosure audit said of an edition, and what suppression costs."""
    shelf = ReleaseShelf(terminal.workspace.edition_dir(audience))
    current = shelf.current()
    name = terminal.phrase(f"audience_{audience}")
    if not passed or current is None:
        terminal.say("edition_held_back", audience=name, release=current or "–")
        return
    account = shelf.description(current)["outturn"]["disclosure"]
    terminal.say(
        "edition_published",
        audience=name,
        release=current,
        folder=shelf.current_link,
        primary=account["cells_suppressed_primary"],
        complementary=account["cells_suppressed_complementary"],
        share=as_written(f"{account['share_of_cells_suppressed']:.2%}", terminal.language),
        value=as_written(f"{account['share_of_value_suppressed']:.2%}", terminal.language),
    )
    if slices := account.get("slices_suppressed_whole"):
        terminal.say("edition_slices", slices=slices, measures=account["measures_suppressed_whole"])


def show_desk(terminal: Terminal, attended: Attended) -> None:
    """Say what the steward's desk took in and sent; nothing where nothing moved."""
    recorded, sent = attended.recorded, attended.sent
    if recorded.anything or sent.sent or sent.failed or attended.reminded_of_submissions:
        terminal.say(
            "desk",
            opened=recorded.opened,
            reopened=recorded.reopened,
            resolved=recorded.resolved,
            escalated=recorded.escalated,
            sent=sent.sent,
            failed=sent.failed,
        )
