"""What is refused at the door has a case as long as it is refused, although no gate sees it."""

from __future__ import annotations

from expectations.rules import load_rule_book
from ingest.landing.refusals import (
    InboxRefusal,
    forget_api_refusal,
    refused_at_the_door,
    write_api_refusal,
    write_inbox_refusals,
)
from stewardship.door import ROUTES

from .conftest import NOW, Office, finding

LINK = InboxRefusal("dossiers", "received=2026-03-01/a.xlsx", "Là liên kết.", "It is a link.")
SILENT = InboxRefusal("dossiers", "https://portal.example/v1", "Không trả lời.", "It does not answer.")


def states(office: Office) -> dict[str, str]:
    return {case.fault["rule_id"]: str(case.state) for case in office.store.cases().values()}


def test_who_is_told_is_as_in_the_catalogue() -> None:
    book = load_rule_book()
    assert {rule: ",".join(book.rules[rule].route) for rule in ROUTES} == ROUTES


def test_a_file_and_an_api_have_one_case_each_however_often_they_are_refused(office: Office) -> None:
    landed = office.workspace.state.landed
    for _ in range(30):
        write_inbox_refusals(landed, "dossiers", [LINK])
        write_api_refusal(landed, SILENT)
        office.desk().record()
    assert states(office) == {"LAND-01": "open", "LAND-02": "open"}
    cases = office.store.cases().values()
    assert {(case.steward, case.severity) for case in cases} == {("DS", "BLOCK")}
    assert len(refused_at_the_door(landed, "dossiers")) == 2


def test_each_closes_when_it_is_no_longer_refused_and_comes_back_if_it_is_again(office: Office) -> None:
    landed = office.workspace.state.landed
    office.gate.submission("s1", rows=[{"organisation_code": "31", "value": -50}], findings=[finding()])
    write_inbox_refusals(landed, "dossiers", [LINK])
    write_api_refusal(landed, SILENT)
    assert office.desk().record().opened == 3
    forget_api_refusal(landed, "dossiers")
    assert office.desk().record().resolved == 1
    assert states(office) == {"VAL-01": "open", "LAND-01": "open", "LAND-02": "closed"}
    write_inbox_refusals(landed, "dossiers", [])
    assert office.desk().record().resolved == 1
    assert not office.desk(NOW).record().anything
    write_api_refusal(landed, SILENT)
    assert office.desk().record().reopened == 1


def test_a_source_that_never_handed_anything_in_has_its_case_too(office: Office) -> None:
    write_api_refusal(office.workspace.state.landed, SILENT)
    assert office.desk().record().opened == 1
    forget_api_refusal(office.workspace.state.landed, "dossiers")
    assert office.desk().has_work([])
    assert office.desk().record().resolved == 1
    assert not office.desk().record().anything
