"""Outlier rules on labelled series: exact numbers of the domain, and better than the plain methods at their best."""

from __future__ import annotations

import duckdb
import pytest

from benchmarks.outliers import KINDS, compare, draw, score, z_scores
from benchmarks.outliers import Series as LabelledSeries
from expectations.intake.inputs import create_macros


@pytest.fixture(scope="module")
def macros() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    create_macros(connection)
    return connection


def test_modified_z_of_the_worked_example(macros: duckdb.DuckDBPyConnection) -> None:
    """WE-15, GF-17: median 209.5 and MAD 3.5; 2 090 → 362, 231 → 4.14; a constant history falls back to 51."""
    row = macros.execute(
        "select modified_z(2090, median(x), mad(x), null), modified_z(231, median(x), mad(x), null), "
        "median(x), mad(x) from (select unnest([210, 205, 220, 198, 215, 207, 212, 209]) as x)"
    ).fetchone()
    assert row is not None
    assert row[0] == pytest.approx(362.4, abs=0.05)
    assert row[1] == pytest.approx(4.14, abs=0.005)
    assert row[2:] == (209.5, 3.5)
    fallback = macros.execute(
        "select modified_z(20, 12, 0, avg(abs(x - 12))) from (select unnest([12, 12, 12, 12, 12, 12, 12, 13]) as x)"
    ).fetchone()
    assert fallback is not None
    assert fallback[0] == pytest.approx(51.06, abs=0.01)


def test_nobody_of_nine_reaches_a_z_score_of_three() -> None:
    """GF-17: the new point inside the sample reaches (n − 1)/√n = 2.6667 and no more."""
    series = LabelledSeries("short", "A", (210, 205, 220, 198, 215, 207, 212, 209, 2_090_000_000), 8)
    assert max(z_scores(series)) == pytest.approx(2.6667, abs=5e-5)


def test_the_rules_beat_z_score_and_min_max_at_their_best() -> None:
    series = draw(60)
    scores = {name: score(found, series) for name, found in compare(series).items()}
    for name, one in scores.items():
        print(f"\n{name:24} precision {one.precision:.3f} recall {one.recall:.3f} F1 {one.f1:.3f}", end="")
    ours, *plain = scores.values()
    assert ours.f1 > 0.8
    assert ours.precision > 0.8
    assert all(ours.f1 > one.f1 + 0.05 for one in plain)


def test_the_fixture_holds_every_kind_of_series_and_the_same_ones_again() -> None:
    series = draw(5)
    assert {one.kind for one in series} == set(KINDS)
    assert series == draw(5)
    assert any(one.error is not None for one in series)
    assert any(one.error is None for one in series)
