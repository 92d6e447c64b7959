"""Data Docs of a release and of an edition: from the records of the gates, each only of what its readers may see."""

from __future__ import annotations

from ingest.workspace import Workspace

#: Name of the gate of an edition in its record.
SUITE = "disclosure"
#: The page to begin at, within a release.
INDEX = "data_docs/index.html"
_RELEASE = {"vi": "Kho dữ liệu", "en": "Warehouse"}
_EDITION = {"vi": "Ấn bản này", "en": "This edition"}


def release_documents(workspace: Workspace) -> dict[str, bytes]:
    """The pages of the internal release: the release gate and the intake gate of every source."""
    from expectations.data_docs import data_docs, read_records
    from expectations.rules import load_rule_book

    state = workspace.state
    sources = sorted(workspace.sources)
    names = {f"intake.{code}": workspace.sources[code].name.model_dump() for code in sources}
    return data_docs(
        read_records([state.release_record, *(state.intake_record(code) for code in sources)]),
        title=workspace.settings.name.model_dump(),
        names=names | {"release": _RELEASE},
        book=load_rule_book(workspace.rules_dir),
    )


def edition_documents(workspace: Workspace, audience: str) -> dict[str, bytes]:
    """The pages of an edition: its own gate alone, for what other gates found names figures it may not show."""
    from expectations.data_docs import data_docs, read_records
    from expectations.release.edition_rules import edition_rules
    from expectations.rules import load_rule_book

    return data_docs(
        read_records([workspace.state.edition_record(audience)]),
        title=workspace.settings.name.model_dump(),
        names={SUITE: _EDITION},
        book=edition_rules(load_rule_book(workspace.rules_dir)),
    )
