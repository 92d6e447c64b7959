"""The six attacks of domain.md 5.5 on planted cases: they recover a figure unless complementary cells are hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import duckdb
import pytest
from small_warehouse import REFORM, Organisation, SmallWarehouse

from disclosure import Policy


def cumulative() -> SmallWarehouse:
    """(a) The first quarter and the half-year are there; the second quarter is their difference, two persons."""
    warehouse = SmallWarehouse(periods=("2025-S1", "2025-S2", "2025"))
    warehouse.facts["PLACED"] = {
        ("N", f"2025-Q{quarter}", "_T"): value for quarter, value in enumerate((12, 2, 40, 31), start=1)
    }
    return warehouse


def cumulative_without_the_quarter() -> SmallWarehouse:
    """(a) The same, but the second quarter was never reported: nothing is printed of it, and all can be reckoned."""
    warehouse = SmallWarehouse(periods=("2025-S1",))
    warehouse.facts["PLACED"] = {("N", "2025-Q1", "_T"): 12, ("N", "2025-S1", "_T"): 14, ("N", "2025-Q3", "_T"): 30}
    return warehouse


def old_and_new_map() -> SmallWarehouse:
    """(b) X (30 of 60) and Y (3 of 40) become Z: Z of today less X of then is Y."""
    warehouse = SmallWarehouse(ratios={"YIELD": (["PLACED"], ["TRAINED"])})
    warehouse.organisations |= {
        "X": Organisation("N", "Z", until=REFORM),
        "Y": Organisation("N", "Z", until=REFORM),
        "U": Organisation("N"),
        "V": Organisation("N"),
        "Z": Organisation("N", since=REFORM),
    }
    placed, trained = {"X": 30, "Y": 3, "U": 25, "V": 28}, {"X": 60, "Y": 40, "U": 50, "V": 70}
    warehouse.facts["PLACED"] = {(code, "2025-Q1", "_T"): value for code, value in placed.items()}
    warehouse.facts["TRAINED"] = {(code, "2025-Q1", "_T"): value for code, value in trained.items()}
    return warehouse


def all_less_most() -> SmallWarehouse:
    """(c) All less the Kinh, who are shown as "of which": the rest is two persons."""
    warehouse = SmallWarehouse(of_which=frozenset({"ETHNICITY"}))
    warehouse.organisations |= {"A": Organisation("N"), "B": Organisation("N"), "C": Organisation("N")}
    warehouse.facts["PLACED"] = {
        (code, "2025-Q1", group): value
        for code, row in {"A": (100, 98), "B": (80, 60), "C": (90, 50)}.items()
        for group, value in zip(("_T", "ETHNICITY=KINH"), row, strict=True)
    }
    return warehouse


def ratio_with_known_denominator() -> SmallWarehouse:
    """(e) 1.25 % of 240 persons are three persons."""
    warehouse = SmallWarehouse(ratios={"YIELD": (["PLACED"], ["TRAINED"])})
    warehouse.organisations |= {"A": Organisation("N"), "B": Organisation("N"), "C": Organisation("N")}
    warehouse.facts["PLACED"] = {("A", "2025-Q1", "_T"): 3, ("B", "2025-Q1", "_T"): 44, ("C", "2025-Q1", "_T"): 31}
    warehouse.facts["TRAINED"] = {(code, "2025-Q1", "_T"): 240 for code in "ABC"}
    return warehouse


def nearly_everybody() -> SmallWarehouse:
    """(f) 98 of 100 are satisfied; two are not."""
    warehouse = ratio_with_known_denominator()
    warehouse.facts["PLACED"] = {("A", "2025-Q1", "_T"): 98, ("B", "2025-Q1", "_T"): 44, ("C", "2025-Q1", "_T"): 31}
    warehouse.facts["TRAINED"] = {(code, "2025-Q1", "_T"): 100 for code in "ABC"}
    return warehouse


CASES: list[Callable[[], SmallWarehouse]] = [
    cumulative,
    cumulative_without_the_quarter,
    old_and_new_map,
    all_less_most,
    ratio_with_known_denominator,
    nearly_everybody,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_the_attack_recovers_nothing(publisher, case):
    edition = publisher.publish(case())
    assert edition.passed
    assert edition.cells_primary + edition.cells_complementary > 0
    assert [interval for interval in publisher.attack() if interval.is_recovered] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_without_complementary_suppression_the_audit_fails(publisher, case):
    edition = publisher.publish(case(), complementary=False)
    assert not edition.passed


@pytest.mark.parametrize("case", [cumulative, old_and_new_map, ratio_with_known_denominator], ids=lambda c: c.__name__)
def test_without_complementary_suppression_the_attack_recovers_the_figure(publisher, case):
    publisher.publish(case(), complementary=False)
    recovered = [interval for interval in publisher.attack() if interval.is_recovered]
    assert recovered
    assert min(round(interval.low) for interval in recovered) in (2, 3)


def shown(path, organisation: str, table: str = "mart_ratio") -> tuple:
    columns = (
        "numerator, denominator, value, lower, upper, status, conf_status"
        if table == "mart_ratio"
        else "value, conf_status"
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(
            f"select {columns} from marts.{table} where organisation_code = ?", [organisation]
        ).fetchone()


def test_a_ratio_is_withheld_with_either_part(publisher):
    edition = publisher.publish(ratio_with_known_denominator())
    numerator, denominator, value, lower, upper, status, conf_status = shown(edition.path, "A")
    assert (numerator, value, lower, upper, status, conf_status) == (None, None, None, None, "Q", "A")
    assert denominator == 240


def test_a_small_complement_withholds_the_ratio_and_one_of_its_parts(publisher):
    edition = publisher.publish(nearly_everybody())
    numerator, denominator, value, *_ = shown(edition.path, "A")
    assert value is None
    assert numerator is None or denominator is None


@pytest.mark.parametrize("numerator", [0, 7, 15])
def test_no_ratio_is_shown_on_a_small_denominator_not_even_none_or_all_of_it(publisher, numerator):
    """66.7 % with a hidden denominator says two of three; none or all of a small group says it of each."""
    warehouse = ratio_with_known_denominator()
    warehouse.facts["PLACED"]["A", "2025-Q1", "_T"] = numerator
    warehouse.facts["TRAINED"]["A", "2025-Q1", "_T"] = 15
    edition = publisher.publish(warehouse)
    assert edition.passed
    assert shown(edition.path, "A")[0] is None
    assert shown(edition.path, "A")[2] is None
    assert [interval for interval in publisher.attack() if interval.is_recovered] == []


def test_zero_is_published_unless_the_policy_says_otherwise(publisher, new_publisher):
    warehouse = ratio_with_known_denominator()
    warehouse.facts["PLACED"]["A", "2025-Q1", "_T"] = 0
    edition = publisher.publish(warehouse)
    assert shown(edition.path, "A", "mart_indicator")[0] == 0
    hidden = new_publisher().publish(warehouse, replace(Policy(), publish_zero=False))
    assert shown(hidden.path, "A", "mart_indicator") == (None, "A")


def test_partners_see_smaller_counts(publisher):
    edition = publisher.publish(ratio_with_known_denominator(), Policy(audience="partner", minimum_frequency=3))
    assert shown(edition.path, "A", "mart_indicator") == (3, "F")


def test_open_indicators_are_shown_and_closed_ones_have_no_row(publisher):
    policy = Policy(open=("PLACED",), closed=("TRAINED",))
    edition = publisher.publish(ratio_with_known_denominator(), policy)
    with duckdb.connect(str(edition.path), read_only=True) as connection:
        codes = connection.execute("select distinct indicator_code from marts.mart_indicator").fetchall()
        ratios = connection.execute("select count(*) from marts.mart_ratio").fetchone()
        known = connection.execute("select indicator_code, disclosure_treatment from core.dim_indicator").fetchall()
    assert (codes, ratios, known) == ([("PLACED",)], (0,), [("PLACED", "open")])


def payments(*amounts: float) -> SmallWarehouse:
    """Support paid in one commune to some firms, and in another to six alike."""
    warehouse = SmallWarehouse(indicators={"PAID": {"is_integer_only": False, "unit": "VND"}})
    warehouse.organisations |= {
        "P": Organisation("N", level="commune"),
        "Q": Organisation("N", level="commune"),
        "R": Organisation("N", level="commune"),
    }
    firms = {f"P{i}": ("P", amount) for i, amount in enumerate(amounts)}
    firms |= {f"{commune}{i}": (commune, 150.0) for commune in "QR" for i in range(6)}
    warehouse.organisations |= {code: Organisation(commune, level="firm") for code, (commune, _) in firms.items()}
    warehouse.facts["PAID"] = {(code, "2025-Q1", "_T"): amount for code, (_, amount) in firms.items()}
    return warehouse


FIRMS = Policy(contributors=("PAID",), closed_levels=("firm",))


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (replace(FIRMS, dominance=((1, 0.75),), p_percent=0.0), "O"),
        (replace(FIRMS, dominance=((2, 0.85),), p_percent=0.0), "T"),
        (replace(FIRMS, dominance=()), "M"),
        (replace(FIRMS, dominance=((1, 0.85),), p_percent=0.05), "F"),
    ],
)
def test_a_dominated_total_is_withheld(publisher, policy, status):
    """820, 90, 50, 40: the largest is 82 % of the total; 1000 - 820 - 90 = 90 < 0.15 x 820 = 123 (domain.md 5.5)."""
    edition = publisher.publish(payments(820, 90, 50, 40), policy)
    assert edition.passed
    value, found = shown(edition.path, "P", "mart_indicator")
    assert (found if found != "D" else "F") == status
    assert (value is None) == (found != "F")
    with duckdb.connect(str(edition.path), read_only=True) as connection:
        firms = "select count(*) from marts.mart_indicator where organisation_code similar to '[PQR][0-9]'"
        assert connection.execute(firms).fetchone() == (0,)
