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
