"""Two steps, two people, one content: a change afterwards is seen, cell by cell, and nothing is forgotten."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from decimal import Decimal

import pytest

from stewardship.export import export_tables
from stewardship.signoff import Scope, Signing, SignoffError

from .conftest import NOW, Office

PROVINCE = Scope("31", "2026-Q1")
ROWS = [
    {"organisation_code": "31", "value": 50},
    {"organisation_code": "3101", "value": 7},
    {"organisation_code": "01", "value": 10},
]


@pytest.fixture
def signing(office: Office) -> Signing:
    office.gate.submission("s1", rows=ROWS)
    return Signing(office.store, office.workspace, NOW)


def signed(signing: Signing, scope: Scope = PROVINCE) -> None:
    signing.prepare(scope, "analyst")
    signing.approve(scope, "director")


def change(office: Office, rows: list[dict[str, object]]) -> None:
    office.gate.submission("s2", rows=rows, at=NOW + timedelta(days=1))


def test_it_takes_two_steps_by_two_people(signing: Signing) -> None:
    assert signing.state(PROVINCE).status == "unsigned"
    assert signing.prepare(PROVINCE, "analyst").status == "prepared"
    with pytest.raises(SignoffError, match="signoff_same_actor"):
        signing.approve(PROVINCE, "analyst")
    state = signing.approve(PROVINCE, "director")
    assert state.status == "signed"
    assert state.signed is not None
    assert state.signed.content_hash == state.now.hash


def test_nothing_is_approved_that_was_not_prepared(signing: Signing) -> None:
    with pytest.raises(SignoffError, match="signoff_not_prepared"):
        signing.approve(PROVINCE, "director")
    with pytest.raises(SignoffError, match="signoff_nothing"):
        signing.prepare(Scope("31", "2025-Q1"), "analyst")


def test_an_organisation_signs_for_all_below_it_and_for_nobody_else(signing: Signing) -> None:
    assert {key[2] for key in signing.prepare(PROVINCE, "analyst").now.figures} == {"31", "3101"}


def test_a_change_between_the_steps_stops_the_second(signing: Signing, office: Office) -> None:
    signing.prepare(PROVINCE, "analyst")
    change(office, [{"organisation_code": "31", "value": 51}])
    with pytest.raises(SignoffError, match="signoff_changed_meanwhile"):
        signing.approve(PROVINCE, "director")


def test_a_change_afterwards_shows_the_cells_that_differ(signing: Signing, office: Office) -> None:
    signed(signing)
    change(office, [{"organisation_code": "31", "value": 55, "cell": "C9"}])
    state = signing.state(PROVINCE)
    assert state.status == "changed"
    [difference] = state.differences
    assert difference.signed is not None
    assert difference.now is not None
    assert (difference.key[2], difference.change) == ("31", "changed")
    assert (difference.signed.value, difference.now.value, difference.now.cell) == (Decimal(50), Decimal(55), "C9")


def test_a_figure_of_another_organisation_or_in_another_cell_changes_nothing(signing: Signing, office: Office) -> None:
    signed(signing)
    change(office, [{"organisation_code": "01", "value": 99}, {"organisation_code": "31", "value": 50, "cell": "Z9"}])
    assert signing.state(PROVINCE).status == "signed"


def test_a_status_that_changes_is_a_change(signing: Signing, office: Office) -> None:
    signed(signing)
    change(office, [{"organisation_code": "31", "value": 50, "obs_status": "V"}])
    assert signing.state(PROVINCE).status == "changed"


def test_a_figure_that_came_is_named(signing: Signing, office: Office) -> None:
    signed(signing)
    change(office, [{"organisation_code": "31", "value": 1, "target_group_code": "SEX=F"}])
    assert [one.change for one in signing.state(PROVINCE).differences] == ["added"]


def test_taking_it_back_is_logged_and_it_can_be_signed_again(signing: Signing) -> None:
    signed(signing)
    assert signing.withdraw(PROVINCE, "director", "wrong annex").status == "unsigned"
    with pytest.raises(SignoffError, match="signoff_nothing_signed"):
        signing.withdraw(PROVINCE, "director", "again")
    signed(signing)
    state = signing.state(PROVINCE)
    assert [step.kind for step in state.steps] == ["prepared", "approved", "withdrawn", "prepared", "approved"]
    assert (state.steps[2].actor, state.steps[2].reason) == ("director", "wrong annex")


def test_what_changed_is_signed_anew_by_both_steps(signing: Signing, office: Office) -> None:
    signed(signing)
    change(office, [{"organisation_code": "31", "value": 55}])
    with pytest.raises(SignoffError, match="signoff_not_prepared"):
        signing.approve(PROVINCE, "director")
    signed(signing)
    assert signing.state(PROVINCE).status == "signed"


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        (Scope("99", "2026-Q1"), "signoff_no_organisation"),
        (Scope("31", "Q1"), "signoff_no_period"),
        (Scope("31", "2026-Q1", "nothing"), "signoff_no_source"),
    ],
)
def test_a_scope_that_is_none_is_named(signing: Signing, scope: Scope, reason: str) -> None:
    with pytest.raises(SignoffError, match=reason):
        signing.prepare(scope, "analyst")


@pytest.mark.parametrize("statement", ["update signoff_event set actor = 'x'", "delete from signoff_event"])
def test_a_signature_cannot_be_changed(signing: Signing, office: Office, statement: str) -> None:
    signed(signing)
    with pytest.raises(sqlite3.DatabaseError, match="not changed"):
        office.store.connection.execute(statement)


def test_the_warehouse_gets_sign_offs_and_what_differs(signing: Signing, office: Office) -> None:
    import pyarrow.parquet as pq

    signed(signing)
    change(office, [{"organisation_code": "31", "value": 55}])
    export_tables(office.store, office.workspace)
    folder = office.workspace.state.accepted / "stewardship"
    [row] = pq.read_table(folder / "signoff.parquet").to_pylist()
    assert (row["status"], row["approved_by"], row["figures"], row["figures_changed"]) == ("changed", "director", 2, 1)
    [difference] = pq.read_table(folder / "signoff_difference.parquet").to_pylist()
    assert (difference["value_signed"], difference["value_now"]) == (Decimal(50), Decimal(55))
