"""Integrity signals: they see what was planted, seldom what is not there, and stand in nothing that is published."""

from __future__ import annotations

import stat
from pathlib import Path

import duckdb
import numpy as np
import pytest

from benchmarks.integrity import WORLDS, build, measure
from expectations.integrity import Signal, find_signals, read_signals, write_signals
from expectations.rules import CheckKind, Gate, load_rule_book


@pytest.mark.parametrize("rule", WORLDS)
def test_power_and_false_alarms_are_bounded(rule: str) -> None:
    measured = measure(rule, worlds=12)
    print(f"\n{rule}: power {measured.power:.2f}, false alarms {measured.false_alarms:.3f}")
    assert measured.power >= 0.7
    assert measured.false_alarms <= 0.1


def test_every_signal_is_simulated() -> None:
    assert {rule.id for rule, _ in load_rule_book().checks(Gate.INTEGRITY, CheckKind.SIGNAL)} == set(WORLDS)


def test_signals_never_are_checks_of_a_gate() -> None:
    """A rule of the restricted family runs nowhere else, so that no finding can bear its id."""
    book = load_rule_book()
    for rule in book.rules.values():
        kinds = {check.kind for check in rule.checks}
        assert CheckKind.SIGNAL not in kinds or kinds == {CheckKind.SIGNAL}
        assert all((check.kind is CheckKind.SIGNAL) == (check.severity == "INTEGRITY") for check in rule.checks)


@pytest.mark.parametrize(("above", "below", "chance"), [(19, 2, 0.00011), (13, 7, 0.1316)])
def test_the_exact_binomial_of_the_domain(above: int, below: int, chance: float) -> None:
    from expectations.integrity.judge import VIEWS

    macro = VIEWS.read_text(encoding="utf-8").partition("create macro")[2].partition(";")[0]
    with duckdb.connect() as connection:
        connection.execute(f"create macro{macro}")
        row = connection.execute("select upper_tail(?, ?)", [above + below, above]).fetchone()
    assert row is not None
    assert row[0] == pytest.approx(chance, rel=0.01)


def test_signals_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    build(path, WORLDS["BUNCH-01"](np.random.default_rng(3), True))
    signals = find_signals(path)
    assert [signal.rule_id for signal in signals] == ["BUNCH-01"]
    file = write_signals(tmp_path / "state", signals, "r1")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert read_signals(tmp_path / "state") == signals
    assert isinstance(signals[0], Signal)
