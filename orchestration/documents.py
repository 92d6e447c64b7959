"""The pages that go into a release and an edition: what came out, and what was checked, as their readers may see it."""

from __future__ import annotations

from pathlib import Path

import expectations.data_docs
import release.performance_report
from ingest.workspace import Workspace
from release.performance_report import performance_report

#: Name of the gate of an edition in its record.
SUITE = "disclosure"
#: The pages to begin at, within a release, and what they show.
REPORT, DATA_DOCS = release.performance_report.INDEX, expectations.data_docs.INDEX
ENTRIES = {
    REPORT: {"vi": "báo cáo kết quả có biểu đồ", "en": "the performance report, with charts"},
    DATA_DOCS: {"vi": "các kiểm định đã chạy và kết quả", "en": "what was checked, and what was found"},
}
_RELEASE = {"vi": "Kho dữ liệu", "en": "Warehouse"}
_EDITION = {"vi": "Ấn bản này", "en": "This edition"}


def release_documents(workspace: Workspace) -> dict[str, bytes]:
    """The pages of the internal release: its report, the release gate and the intake gate of every source."""
    from expectations.data_docs import data_docs, read_records
    from expectations.rules import load_rule_book

    state = workspace.state
    sources = sorted(workspace.sources)
    names = {f"intake.{code}": workspace.sources[code].name.model_dump() for code in sources}
    checked = data_docs(
        read_records([state.release_record, *(state.intake_record(code) for code in sources)]),
        title=workspace.settings.name.model_dump(),
        names=names | {"release": _RELEASE},
        book=load_rule_book(workspace.rules_dir),
    )
    return _report(workspace, state.warehouse, is_internal=True) | checked


def edition_documents(workspace: Workspace, audience: str) -> dict[str, bytes]:
    """The pages of an edition: its own report and gate alone; what other gates found names figures it may not show."""
    from expectations.data_docs import data_docs, read_records
    from expectations.release.edition_rules import edition_rules
    from expectations.rules import load_rule_book

    checked = data_docs(
        read_records([workspace.state.edition_record(audience)]),
        title=workspace.settings.name.model_dump(),
        names={SUITE: _EDITION},
        book=edition_rules(load_rule_book(workspace.rules_dir)),
    )
    return _report(workspace, workspace.state.edition(audience), is_internal=False) | checked


def _report(workspace: Workspace, database: Path, *, is_internal: bool) -> dict[str, bytes]:
    settings = workspace.settings
    return performance_report(
        database, title=settings.name.model_dump(), languages=settings.languages, is_traceable=is_internal
    )
