"""Suppression comes to an end, safely, on tables that no search would finish; and what cannot be hidden is named."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import duckdb
import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from small_warehouse import Organisation, SmallWarehouse

from disclosure import Identity, Policy
from disclosure.audit import _blocks
from disclosure.decision import decide
from disclosure.requirement import requirement
from disclosure.transfer import transfers

QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")


def mostly_small(regions: int = 4, areas: int = 6) -> SmallWarehouse:
    """Placed persons by area, quarter, age and sex: nine of ten finest counts are below five."""
    draws = random.Random(5)
    warehouse = SmallWarehouse(periods=("2024-S1", "2024-S2", "2024"))
    places = []
    for region in range(regions):
        warehouse.organisations[f"R{region}"] = Organisation("N", level="region")
        for area in range(areas):
            code = f"R{region}A{area}"
            warehouse.organisations[code] = Organisation(f"R{region}")
            places.append(code)
    groups = [f"AGE={age}|SEX={sex}" for age in ("OLD", "MIDDLE", "YOUNG") for sex in "FM"]
    warehouse.facts["PLACED"] = {
        place: float(draws.randint(0, 4) if draws.random() < 0.9 else draws.randint(5, 30))
        for place in itertools.product(places, QUARTERS, groups)
    }
    return warehouse


def derivable(path) -> list[tuple[str, str, str | None]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(
            "select measure_code, organisation_code, relation from audit.narrow_cell order by all"
        ).fetchall()


def test_a_table_of_small_counts_is_hidden_by_slices_and_the_outsider_recovers_nothing(publisher):
    edition = publisher.publish(mostly_small(3, 4), replace(Policy(), search_limit=100))
    assert edition.passed
    assert edition.slices_whole > 0
    assert [interval for interval in publisher.attack(sample=25) if interval.is_recovered] == []
    with duckdb.connect(str(edition.path), read_only=True) as connection:
        statuses = connection.execute("select distinct conf_status from marts.mart_indicator order by 1").fetchall()
        account = connection.execute(
            "select slices_suppressed_whole, first_derivable from quality.mart_disclosure_audit"
        ).fetchall()
        shown = connection.execute("select count(*) from marts.mart_indicator where conf_status = 'F'").fetchone()
    assert statuses == [("A",), ("D",), ("F",)]
    assert account == [(edition.slices_whole, None)]
    assert shown[0] > 0, "coarse tables without small counts are still shown"


def test_without_any_search_it_ends_with_what_is_safe(publisher):
    edition = publisher.publish(mostly_small(2, 2), replace(Policy(), search_limit=0))
    assert (edition.passed, edition.slices_whole > 0) == (True, True)


@pytest.mark.parametrize("coarse", [1, 3, 6])
def test_transfers_never_claim_more_than_a_linear_program_finds(tmp_path, coarse):
    """The tables of the largest figures are shown: what is proved without programs is within what programs find."""
    draws = np.random.default_rng(coarse)
    built = mostly_small(1, 3).write(tmp_path / f"warehouse_{coarse}.duckdb")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built}' as warehouse (read_only)")
        decision = decide(connection, replace(Policy(), search_limit=0), complementary=False)
    system, slices = decision.system, decision.slices
    shown = np.zeros(system.size, dtype=bool)
    shown[np.argsort(-system.value[: system.real])[:coarse]] = True
    hidden = ~slices.whole("table", shown) & (np.arange(system.size) < system.real)
    required = requirement(system, hidden, np.where(hidden, 5.0, 0.0), 5, 0.15)
    block = max(_blocks(system, hidden, required), key=lambda one: one.variables.size)
    value, lower = system.value[block.variables], system.lower[block.variables]
    up, down = transfers(block.relations, value, lower, system.is_integer[block.variables])
    assert (up + down > 0).sum() > value.size / 4
    for variable in draws.choice(value.size, 15, replace=False):
        for sign, claimed in ((1.0, up), (-1.0, down)):
            objective = np.zeros(value.size)
            objective[variable] = -sign
            furthest = milp(
                objective, constraints=[LinearConstraint(block.relations, 0, 0)], bounds=Bounds(lower - value, 1e5)
            )
            assert claimed[variable] <= -furthest.fun + 1e-5


def on_form(late: float) -> SmallWarehouse:
    """Dossiers of two areas: all, in time, and (what the form does not ask) the rest."""
    warehouse = SmallWarehouse()
    warehouse.organisations |= {"A": Organisation("N"), "B": Organisation("N")}
    warehouse.facts["ALL"] = {("A", "2025-Q1", "_T"): 40.0, ("B", "2025-Q1", "_T"): 60.0}
    warehouse.facts["IN_TIME"] = {("A", "2025-Q1", "_T"): 40.0 - late, ("B", "2025-Q1", "_T"): 30.0}
    return warehouse


def test_what_stands_in_no_table_is_named_by_its_relation(publisher):
    """Both sides of the inequality are known from an edition before: the two that were late cannot be hidden."""
    identity = (Identity(("IN_TIME",), "<=", ("ALL",)),)
    publisher.publish(on_form(late=2), Policy(minimum_frequency=1))
    edition = publisher.publish(on_form(late=2), Policy(identities=identity))
    assert not edition.passed
    assert derivable(edition.path) == [("ALL", "A", "identity")]
    with duckdb.connect(str(edition.path), read_only=True) as connection:
        named = connection.execute("select first_derivable from quality.mart_disclosure_audit").fetchall()
    assert named == [("+ ALL A 2025-Q1 _T - IN_TIME A 2025-Q1 _T",)]


def carried_over() -> SmallWarehouse:
    """What is open at the end of a quarter opens the next; within a quarter the two differ by two, by chance."""
    warehouse = SmallWarehouse()
    warehouse.organisations |= {area: Organisation("N") for area in "AB"}
    figures = {"A": (50.0, 52.0, 90.0), "B": (70.0, 72.0, 80.0)}
    warehouse.facts["CARRIED"] = {
        (area, quarter, "_T"): value
        for area, row in figures.items()
        for quarter, value in zip(QUARTERS[:2], row[:2], strict=True)
    }
    warehouse.facts["LEFT"] = {
        (area, quarter, "_T"): value
        for area, row in figures.items()
        for quarter, value in zip(QUARTERS[:2], row[1:], strict=True)
    }
    return warehouse


def test_what_a_period_opens_with_is_tied_to_the_one_before_and_not_to_itself(publisher):
    carried = (Identity(("CARRIED",), "=", ("LEFT",), is_carried=True),)
    edition = publisher.publish(carried_over(), Policy(identities=carried))
    assert (edition.passed, edition.cells_complementary) == (True, 0)


def test_a_small_figure_hidden_in_one_period_is_hidden_where_it_is_carried_to(publisher):
    """LEFT of the first quarter is closed: CARRIED of the second would tell it."""
    warehouse = carried_over()
    for indicator, quarter in (("LEFT", QUARTERS[0]), ("CARRIED", QUARTERS[1])):
        warehouse.facts[indicator]["A", quarter, "_T"] = 3.0
    carried = (Identity(("CARRIED",), "=", ("LEFT",), is_carried=True),)
    edition = publisher.publish(warehouse, Policy(identities=carried))
    assert edition.passed
    with duckdb.connect(str(edition.path), read_only=True) as connection:
        shown = connection.execute(
            "select indicator_code, value, conf_status from marts.mart_indicator where organisation_code = 'A' "
            "and (indicator_code, period_code) in (('LEFT', '2024-Q1'), ('CARRIED', '2024-Q2')) order by 1"
        ).fetchall()
    assert shown == [("CARRIED", None, "A"), ("LEFT", None, "A")]
    assert [interval for interval in publisher.attack() if interval.is_recovered] == []
