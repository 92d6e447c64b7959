"""The pages that go into a release and an edition: what came out, and what was checked, as their readers may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.data_docs import INDEX as DATA_DOCS
from expectations.data_docs import data_docs, read_records
from ingest.workspace import Workspace
from release.performance_report import INDEX as REPORT
from release.performance_report import performance_report

if TYPE_CHECKING:
    from expectations.rules import RuleBook

#: Name of the gate of an edition in its record.
SUITE = "disclosure"
#: The pages to begin at, within a release, and what they show.
ENTRIES = {
    REPORT: {"vi": "báo cáo kết quả có biểu đồ", "en": "the performance report, with charts"},
    DATA_DOCS: {"vi": "các kiểm định đã chạy và kết quả", "en": "what was checked, and what was found"},
}
_RELEASE = {"vi": "Kho dữ liệu", "en": "Warehouse"}
_EDITION = {"vi": "Ấn bản này", "en": "This edition"}


def release_documents(workspace: Workspace) -> dict[str, bytes]:
    """The pages of the internal release: its report, the release gate and the intake gate of every source."""
    from expectations.rules import load_rule_book

    state = workspace.state
    sources = sorted(workspace.sources)
    names = {f"intake.{code}": workspace.sources[code].name.model_dump() for code in sources}
    records = [state.release_record, *(state.intake_record(code) for code in sources)]
    book = load_rule_book(workspace.rules_dir)
    return _pages(workspace, state.warehouse, records, names | {"release": _RELEASE}, book, is_internal=True)


def edition_documents(workspace: Workspace, audience: str) -> dict[str, bytes]:
    """The pages of an edition: its own report and gate alone; what other gates found names figures it may not show."""
    from expectations.release.edition_rules import edition_rules
    from expectations.rules import load_rule_book

    state = workspace.state
    book = edition_rules(load_rule_book(workspace.rules_dir))
    records = [state.edition_record(audience)]
    return _pages(workspace, state.edition(audience), records, {SUITE: _EDITION}, book, is_internal=False)


def _pages(
    workspace: Workspace,
    database: Path,
    records: Sequence[Path],
    names: Mapping[str, Mapping[str, str]],
    book: RuleBook,
    *,
    is_internal: bool,
) -> dict[str, bytes]:
    """The report of a database, and what the records of its gates say; ``names`` are those of the suites."""
    title = workspace.settings.name.model_dump()
    report = performance_report(database, title=title, languages=workspace.settings.languages, is_traceable=is_internal)
    return report | data_docs(read_records(records), title=title, names=names, book=book)
