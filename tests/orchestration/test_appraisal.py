"""The command ``outturn appraisal``: it works on synthetic persons, and nothing of them gets out (invariant 17)."""

from __future__ import annotations

import duckdb
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


def test_nothing_of_it_reaches_what_is_published_or_kept_by_the_pipeline(appraised):
    database = appraised.folder / "restricted" / "appraisal.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        keys = [row[0].encode() for row in connection.execute("select distinct person_key from score").fetchall()]
    assert len(keys) == 42
    before = database.read_bytes()
    assert appraised.call("run").status in (0, 1)
    assert database.read_bytes() == before
    files = [
        path for top in ("published", ".outturn") for path in (appraised.folder / top).rglob("*") if path.is_file()
    ]
    assert len(files) > 20
    leaks = [path for path in files for key in keys if key in path.read_bytes() or b"EX-A" in path.read_bytes()]
    assert leaks == []
