"""``outturn appraisal`` works on synthetic persons; that nothing of them gets out: ``test_what_goes_out``."""

from __future__ import annotations

import pytest

from appraisal.vault import KEY_VARIABLE


@pytest.fixture
def appraised(site, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, "for this test and for nothing else, ever")
    assert site.call("appraisal", "example").status == 0
    return site


def test_candidates_are_listed_and_the_choice_is_left_open(appraised):
    arguments = ("EX-A", "--period", "2026-Q1", "--as", "example", "--purpose", "test")
    result = appraised.call("appraisal", "candidates", *arguments)
    assert result.status == 0, result.output
    assert "competent authority" in result.output
    assert "Not checked against the official text" in result.output


def test_a_stranger_is_refused(appraised):
    arguments = ("EX-A", "--period", "2026-Q1", "--as", "stranger", "--purpose", "test")
    assert appraised.call("appraisal", "candidates", *arguments).status == 2


def test_without_a_key_nothing_is_recorded(site, monkeypatch):
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    result = site.call("appraisal", "example")
    assert result.status == 2
    assert KEY_VARIABLE in result.output


def test_a_person_reads_responds_and_sees_the_votes(appraised):
    person, me = "synthetic/EX-A/0", ("--as", "me", "--purpose", "my appraisal")
    assert appraised.call("appraisal", "own", person, *me).status == 2, "nobody has the right by oneself"
    assert appraised.call("appraisal", "grant", "me", "--person", person).status == 0
    arguments = ("--period", "2026-Q1", "--body", "council", "--count", "excellent=7", "--count", "good=2")
    assert appraised.call("appraisal", "vote", person, *arguments).status == 0
    text = "Two delays were not mine."
    assert appraised.call("appraisal", "respond", person, text, "--period", "2026-Q1", "--as", "me").status == 0
    result = appraised.call("appraisal", "own", person, *me)
    assert result.status == 0, result.output
    for shown in (text, "council", "7", "quality"):
        assert shown in result.output
    superior = ("EX-A", "--period", "2026-Q1", "--as", "example", "--purpose", "council of 5 April")
    assert text in appraised.call("appraisal", "responses", *superior).output


def test_a_rating_is_shown_as_a_mean_of_three_and_never_alone(appraised):
    person, me = "synthetic/EX-A/0", ("--as", "me", "--purpose", "my appraisal")
    assert appraised.call("appraisal", "grant", "me", "--person", person).status == 0
    for role, points in (("peer", "81.5"), ("peer", "90"), ("peer", "92"), ("citizen", "37"), ("citizen", "38")):
        arguments = (person, "--period", "2026-Q1", "--role", role, "--points", points)
        result = appraised.call("appraisal", "rate", *arguments)
        assert result.status == 0, result.output
    shown = appraised.call("appraisal", "own", person, *me).output
    assert "peer" in shown
    assert "87.83" in shown
    assert "citizen" not in shown
    assert "37.5" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("grant", "me"),
        ("grant", "me", "--person", "1", "--organisation", "EX-A"),
        ("vote", "synthetic/EX-A/0", "--period", "2026-Q1", "--body", "council", "--count", "seven"),
        ("vote", "synthetic/EX-A/0", "--period", "2030-Q1", "--body", "council", "--count", "good=7"),
        ("rate", "synthetic/EX-A/0", "--period", "2026-Q1", "--role", "peer", "--points", "101"),
        ("rate", "synthetic/EX-A/0", "--period", "2030-Q1", "--role", "peer", "--points", "80"),
        ("respond", "synthetic/EX-A/0", "text", "--period", "2026-Q1", "--as", "stranger"),
    ],
)
def test_what_cannot_be_is_refused(appraised, arguments):
    assert appraised.call("appraisal", *arguments).status == 2
