"""Disclosure over releases: what was shown is known, what was hidden stays so, and small revisions are groups too."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import duckdb
import pytest
from small_warehouse import Organisation, SmallWarehouse

from disclosure import Policy

QUARTER = "2025-Q1"


@pytest.fixture
def placed() -> SmallWarehouse:
    """Persons placed in four areas by sex; in A, three women."""
    warehouse = SmallWarehouse()
    rows = {"A": (3, 30), "B": (28, 41), "C": (35, 22), "D": (44, 51)}
    warehouse.organisations |= {area: Organisation("N") for area in rows}
    warehouse.facts["PLACED"] = {
        (area, QUARTER, f"SEX={sex}"): value for area, row in rows.items() for sex, value in zip("FM", row, strict=True)
    }
    return warehouse


def hidden(path) -> set[tuple[str, str]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return set(
            connection.execute(
                "select organisation_code, target_group_code from marts.mart_indicator where conf_status <> 'F'"
            ).fetchall()
        )


def recovered(publisher) -> list:
    return [interval for interval in publisher.attack() if interval.is_recovered]


def test_a_cell_that_has_grown_stays_hidden(publisher, placed):
    first = publisher.publish(placed)
    later = deepcopy(placed)
    later.facts["PLACED"]["A", QUARTER, "SEX=F"] = 9
    second = publisher.publish(later)
    assert hidden(first.path) <= hidden(second.path)
    assert second.passed
    assert recovered(publisher) == []


def test_it_is_judged_anew_where_its_family_is_reopened(publisher, placed):
    publisher.publish(placed)
    later = deepcopy(placed)
    later.facts["PLACED"]["A", QUARTER, "SEX=F"] = 99
    second = publisher.publish(later, replace(Policy(), reopened=("PLACED",)))
    assert ("A", "SEX=F") not in hidden(second.path)


def test_what_was_shown_hides_nothing_any_more(publisher, placed):
    """The pattern of the second edition may not lean on figures that the first has printed."""
    publisher.publish(placed)
    with_age = deepcopy(placed)
    for area in "ABCD":
        for sex in "FM":
            whole = with_age.facts["PLACED"].pop((area, QUARTER, f"SEX={sex}"))
            young = min(2, whole) if (area, sex) == ("B", "F") else whole // 2
            with_age.facts["PLACED"][area, QUARTER, f"AGE=YOUNG|SEX={sex}"] = young
            with_age.facts["PLACED"][area, QUARTER, f"AGE=OLD|SEX={sex}"] = whole - young
    second = publisher.publish(with_age)
    assert second.passed
    assert ("B", "AGE=YOUNG|SEX=F") in hidden(second.path)
    assert recovered(publisher) == []


def test_revised_less_first_is_a_group_of_two(publisher, placed):
    """(d) The first edition had 28 in B, the revised one would have 30: two persons came late, and are known."""
    first = publisher.publish(placed)
    later = deepcopy(placed)
    later.facts["PLACED"]["D", QUARTER, "SEX=F"] = 46
    second = publisher.publish(later)
    assert second.passed
    assert ("D", "SEX=F") not in hidden(first.path)
    assert ("D", "SEX=F") in hidden(second.path)
    assert recovered(publisher) == []


def test_a_revision_by_many_is_shown(publisher, placed):
    publisher.publish(placed)
    later = deepcopy(placed)
    later.facts["PLACED"]["D", QUARTER, "SEX=F"] = 60
    second = publisher.publish(later)
    assert second.passed
    assert ("D", "SEX=F") not in hidden(second.path)
    assert recovered(publisher) == []


def test_an_unchanged_warehouse_gives_the_same_edition(publisher, placed):
    first = publisher.publish(placed)
    second = publisher.publish(placed)
    assert hidden(first.path) == hidden(second.path)
    assert len(publisher.shelf.identifiers()) == 1


def test_what_an_edition_has_shown_cannot_be_taken_back_and_is_counted(publisher, placed):
    publisher.publish(placed, replace(Policy(), minimum_frequency=1, minimum_denominator=1))
    second = publisher.publish(placed)
    assert second.already_known == 1
    assert ("A", "SEX=F") in hidden(second.path)
