"""The restricted file: rights, log, anonymity, aggregates, deletion with proof."""

from __future__ import annotations

import stat
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.aggregates import shown_classes
from appraisal.example import PERIOD, fill
from appraisal.scheme import scheme_for
from appraisal.scoring import Inputs, WorkItem
from appraisal.vault import KEY_VARIABLE, Reader, Vault, VaultError

SECRET = "for this test and for nothing else, ever"
READER = Reader("example", "a test")


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setenv(KEY_VARIABLE, SECRET)
    return Vault(tmp_path / "restricted" / "appraisal.duckdb")


def test_every_stored_score_is_computed_again_from_its_inputs(vault):
    assert fill(vault) == 42
    stored = vault.scores(READER, "EX-A", PERIOD[0])
    assert len(stored) == 27
    assert all((one.recomputed().points, one.recomputed().class_) == (one.points, one.class_) for one in stored)


def test_no_name_no_number_and_no_key_stands_in_the_file(vault):
    fill(vault)
    content = vault.path.read_bytes()
    assert b"synthetic/" not in content
    assert SECRET.encode() not in content
    with duckdb.connect(str(vault.path), read_only=True) as connection:
        columns = connection.execute("select column_name from duckdb_columns() where not internal").fetchall()
    assert [column for (column,) in columns if "name" in column] == ["table_name"]


def test_the_same_person_has_another_key_under_another_secret(vault, monkeypatch):
    before = vault.person_key("1")
    monkeypatch.setenv(KEY_VARIABLE, SECRET[::-1])
    assert vault.person_key("1") != before


@pytest.mark.parametrize("secret", ["", "short"])
def test_without_a_secret_nobody_is_recorded(vault, monkeypatch, secret):
    monkeypatch.setenv(KEY_VARIABLE, secret)
    with pytest.raises(VaultError, match=KEY_VARIABLE):
        vault.person_key("1")


def test_only_the_owner_can_open_the_file(vault):
    assert stat.S_IMODE(vault.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(vault.path.parent.stat().st_mode) == 0o700


def test_reads_need_a_right_and_a_purpose_and_are_logged_granted_or_not(vault):
    fill(vault)
    with pytest.raises(VaultError, match="no right"):
        vault.scores(Reader("stranger", "curious"), "EX-A", PERIOD[0])
    with pytest.raises(VaultError, match="purpose"):
        vault.scores(Reader("example", " "), "EX-A", PERIOD[0])
    vault.scores(READER, "EX-A", PERIOD[0])
    assert [row[1:] for row in vault.log()] == [
        ("stranger", "scores refused", "curious", 0),
        ("example", "scores", "a test", 27),
    ]


def test_a_person_sees_inputs_and_score_and_may_respond(vault):
    fill(vault)
    person = vault.person_key("synthetic/EX-C/0")
    vault.grant("person", person_key=person)
    (own,) = vault.own_scores(Reader("person", "own appraisal"), person)
    assert own.inputs.items
    vault.respond(person, PERIOD, "Tôi có ý kiến.")
    with pytest.raises(VaultError):
        vault.own_scores(Reader("person", "own appraisal"), vault.person_key("synthetic/EX-C/1"))


def test_ratings_are_shown_from_three_raters_of_a_role_on(vault):
    person = vault.person_key("1")
    vault.grant("person", person_key=person)
    for role, points in (("peer", 80), ("peer", 90), ("peer", 70), ("superior", 60), ("superior", 61)):
        vault.rate(person, PERIOD, role, Decimal(points))
    assert vault.ratings(Reader("person", "own"), person, PERIOD[0]) == {"peer": Decimal("80.00")}


def test_votes_are_counts_and_a_later_count_replaces_the_earlier(vault):
    person = vault.person_key("1")
    vault.grant("person", person_key=person)
    for counts in ({"excellent": 6, "good": 1}, {"good": 7}):
        vault.count_votes(person, PERIOD, "council", counts)
    vault.count_votes(person, PERIOD, "union", {"good": 3})
    assert vault.votes(Reader("person", "own"), person, PERIOD[0]) == [("council", "good", 7), ("union", "good", 3)]
    with pytest.raises(VaultError, match="no right"):
        vault.votes(Reader("stranger", "curious"), person, PERIOD[0])
    with pytest.raises(VaultError, match="from 0 on"):
        vault.count_votes(person, PERIOD, "council", {"good": -1})


def test_who_may_see_the_scores_of_an_organisation_reads_the_responses_to_them(vault):
    fill(vault)
    person = vault.person_key("synthetic/EX-C/0")
    vault.respond(person, vault.period_of(person, PERIOD[0]), "Tôi có ý kiến.")
    assert vault.responses(READER, "EX-C", PERIOD[0]) == [(person, "Tôi có ý kiến.")]
    assert vault.responses(READER, "EX-A", PERIOD[0]) == []
    with pytest.raises(VaultError, match="no score"):
        vault.period_of(person, "2030-Q1")


def test_deletion_leaves_a_proof_and_not_a_byte(vault):
    old = ("2020-Q4", date(2020, 12, 31))
    scheme = scheme_for("staff", date(2026, 3, 31))
    person = vault.person_key("retired")
    vault.record(person, "EX-OLD", "specialist", old, scheme, Inputs((WorkItem(Decimal(1), True),), Decimal(20)))
    vault.respond(person, old, "ghi chú cần được xóa")
    vault.count_votes(person, old, "council", {"good": 5, "excellent": 1})
    fill(vault)
    assert person.encode() in vault.path.read_bytes()
    proof = {table: rows for table, rows, _ in vault.purge(date(2021, 1, 1))}
    assert proof == {"score": 1, "rating": 0, "response": 1, "vote": 2}
    content = b"".join(path.read_bytes() for path in vault.path.parent.iterdir())
    assert person.encode() not in content
    assert "ghi chú cần được xóa".encode() not in content
    assert len(vault.scores(READER, "EX-A", PERIOD[0])) == 27
    with duckdb.connect(str(vault.path), read_only=True) as connection:
        kept = connection.execute("select table_name, rows, length(digest) from deletion order by 1").fetchall()
    assert kept == [("rating", 0, 64), ("response", 1, 64), ("score", 1, 64), ("vote", 2, 64)]


def test_the_summary_hides_small_organisations_and_uniform_ones():
    counts = [("A", "excellent", 2), ("A", "good", 20), ("B", "good", 9), ("C", "good", 2), ("C", "completed", 1)]
    assert shown_classes(counts) == [
        ("A", "excellent", 2),
        ("A", "good", 20),
        ("_O", "completed", 1),
        ("_O", "good", 11),
    ]


def test_what_is_left_over_takes_another_with_it():
    counts = [("A", "excellent", 2), ("A", "good", 20), ("B", "good", 5), ("B", "completed", 2), ("C", "good", 3)]
    assert {name for name, _, _ in shown_classes(counts)} == {"A", "_O"}


counted = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["good", "completed", "excellent"]), st.integers(1, 9)),
    unique_by=lambda row: row[:2],
)


@given(counted)
def test_no_line_of_the_summary_is_about_fewer_than_five_or_of_one_class(counts):
    shown = shown_classes(counts)
    for name in {row[0] for row in shown}:
        own = [count for organisation, _, count in shown if organisation == name]
        assert sum(own) >= 5
        assert len(own) > 1
    hidden = sum(count for *_, count in counts) - sum(count for *_, count in shown)
    assert hidden == 0 or not shown
