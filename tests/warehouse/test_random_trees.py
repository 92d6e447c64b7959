"""Many random trees of organisations, groups and periods: every ratio equals the sums over its matched units.

The reference below is written from domain.md 2.4, 2.5 and 2.8 alone, by recursion over the tree, and shares no code
with the models. All trees go into one workspace, so that one build serves them all.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import duckdb
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

SEED = 20250701
TREES = 120
MONTHS = [f"2024-M{m:02d}" for m in range(1, 13)]
QUARTERS = [f"2024-Q{q}" for q in range(1, 5)]
WITHIN = {
    **{month: [month] for month in MONTHS},
    **{quarter: MONTHS[3 * i : 3 * i + 3] for i, quarter in enumerate(QUARTERS)},
    "2024-S1": MONTHS[:6],
    "2024-S2": MONTHS[6:],
    "2024": MONTHS,
}
QUARTER_OF = {month: QUARTERS[i // 3] for i, month in enumerate(MONTHS)}
GROUPS = ("_T", "SEX=F", "SEX=M")


@dataclass
class Tree:
    """One random case: who is above whom, who reported what, and the rules of the two parts of its ratio."""

    name: str
    children: dict[str, list[str]]
    frequency: dict[str, str]
    rule: dict[str, str]
    figures: dict[tuple[str, str, str, str], Fraction] = field(default_factory=dict)  # part, unit, period, group

    @property
    def organisations(self) -> list[str]:
        return [self.name, *(child for children in self.children.values() for child in children)]


def random_tree(number: int, chance: random.Random) -> Tree:
    name = f"RT{number}"
    children: dict[str, list[str]] = defaultdict(list)
    level = [name]
    for depth in range(chance.randint(1, 3)):
        following = []
        for parent in level:
            for index in range(chance.randint(0 if depth else 1, 3)):
                child = f"{parent}.{index}"
                children[parent].append(child)
                following.append(child)
        level = following
    tree = Tree(
        name,
        dict(children),
        {"n": chance.choice("MMQ"), "d": chance.choice("MMQ")},
        {"n": chance.choice(("sum", "sum", "average")), "d": chance.choice(("sum", "average", "last"))},
    )
    grouped = chance.choice(("total", "parts", "both"))
    for unit in tree.organisations:
        if unit in children and chance.random() > 0.15:
            continue
        for part in "nd":
            for period in MONTHS if tree.frequency[part] == "M" else QUARTERS:
                for group in GROUPS:
                    if (group == "_T") == (grouped == "parts") and grouped != "both":
                        continue
                    if chance.random() < 0.85:
                        amount = Fraction(chance.randint(0, 50) if part == "n" else chance.randint(1, 90))
                        tree.figures[part, unit, period, group] = amount
    return tree


def trees() -> list[Tree]:
    chance = random.Random(SEED)
    return [random_tree(number, chance) for number in range(TREES)]


def fill(area: Any) -> None:
    plant(area, trees(), random.Random(SEED + 1))


def plant(area: Any, forest: list[Tree], chance: random.Random) -> None:
    """Register the organisations, indicators and ratios of the trees, and report their figures in any order.

    Totals and parts are drawn one by one and so disagree, which a gate would have found.
    """
    area.group("SEX", "F", "M")
    for tree in forest:
        area.organisation(tree.name, "root")
        for parent, children in tree.children.items():
            for child in children:
                area.organisation(child, "unit", parent)
        for part in "nd":
            area.indicator(f"{tree.name}.{part}", frequency=tree.frequency[part], time_aggregation=tree.rule[part])
            area.finding("SUM-01", indicator_code=f"{tree.name}.{part}")
        area.ratio(f"{tree.name}.r", f"{tree.name}.n", f"{tree.name}.d", "mean", coverage_gate=0)
        rows = list(tree.figures.items())
        chance.shuffle(rows)
        for (part, unit, period, group), amount in rows:
            area.observe(f"{tree.name}.{part}", unit, period, int(amount), group)


def figure(tree: Tree, part: str, unit: str, period: str, group: str) -> Fraction | None:
    """The figure itself, or for a total the sum of all the parts that the unit is known to report."""
    reported = tree.figures.get((part, unit, period, group))
    if reported is not None or group != "_T":
        return reported
    known = {g for (p, u, _, g) in tree.figures if (p, u) == (part, unit) and g != "_T"}
    amounts = [tree.figures.get((part, unit, period, g)) for g in known]
    return None if not known or None in amounts else sum(amounts, Fraction())  # type: ignore[arg-type]


def over(rule: str, amounts: list[Fraction]) -> Fraction:
    return {"sum": sum(amounts, Fraction()), "average": sum(amounts, Fraction()) / len(amounts), "last": amounts[-1]}[
        rule
    ]


def in_unit_period(tree: Tree, part: str, unit: str, period: str, group: str) -> Fraction | None:
    """The part in a period of the unit's frequency: as reported, or from all three months of the quarter."""
    if tree.frequency[part] == "Q" or period in MONTHS:
        return figure(tree, part, unit, period, group)
    months = [figure(tree, part, unit, month, group) for month in WITHIN[period]]
    return None if None in months else over(tree.rule[part], months)  # type: ignore[arg-type]


def own_pair(tree: Tree, unit: str, period: str, group: str) -> tuple[Fraction, Fraction] | None:
    """Both parts over the matched periods of one organisation: over time first, each by its own rule."""
    coarse = "Q" in tree.frequency.values()
    steps = list(dict.fromkeys(QUARTER_OF[m] if coarse else m for m in WITHIN[period]))
    if coarse and period in MONTHS:
        return None
    pairs = [(in_unit_period(tree, "n", unit, s, group), in_unit_period(tree, "d", unit, s, group)) for s in steps]
    matched = [(n, d) for n, d in pairs if n is not None and d is not None]
    if not matched:
        return None
    return over(tree.rule["n"], [n for n, _ in matched]), over(tree.rule["d"], [d for _, d in matched])


def pair(tree: Tree, unit: str, period: str, group: str) -> tuple[Fraction, Fraction] | None:
    """An organisation's own pair, else the sum of its children's: nothing is counted twice."""
    own = own_pair(tree, unit, period, group)
    if own is not None:
        return own
    below = [pair(tree, child, period, group) for child in tree.children.get(unit, [])]
    found = [p for p in below if p is not None]
    return (sum((n for n, _ in found), Fraction()), sum((d for _, d in found), Fraction())) if found else None


def expected(tree: Tree) -> Iterator[tuple[tuple[str, str, str, str], tuple[Fraction, Fraction]]]:
    for unit in tree.organisations:
        for period in WITHIN:
            for group in GROUPS:
                both = pair(tree, unit, period, group)
                if both is not None:
                    yield (f"{tree.name}.r", unit, period, group), both


RATIOS = """
    select ratio_code, organisation_code, period_code, target_group_code, structure, numerator, denominator, value
    from marts.mart_ratio where starts_with(ratio_code, 'RT') and units_matched > 0
"""


def compare(rows: list[dict[str, Any]], forest: list[Tree]) -> int:
    """Every ratio of the mart against the reference, in both structures; returns how many there are in each."""
    wanted = dict(item for tree in forest for item in expected(tree))
    for structure in ("as_was", "as_is"):
        built = {
            (r["ratio_code"], r["organisation_code"], r["period_code"], r["target_group_code"]): r
            for r in rows
            if r["structure"] == structure
        }
        assert built.keys() == wanted.keys()
        for key, (numerator, denominator) in wanted.items():
            assert abs(float(built[key]["numerator"]) - float(numerator)) < 1e-9, key
            assert abs(float(built[key]["denominator"]) - float(denominator)) < 1e-9, key
            if denominator:
                assert math.isclose(built[key]["value"], float(numerator / denominator), abs_tol=1e-9), key
    return len(wanted)


def test_every_ratio_is_the_quotient_of_sums_over_matched_units(warehouse):
    assert compare(warehouse.rows(RATIOS), trees()) > 5_000


@settings(
    max_examples=2, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(chance=st.randoms(use_true_random=True), number=st.integers(5, 40))
def test_the_law_holds_in_any_forest(chance, number, empty_area, build_warehouse, tmp_path_factory):
    """Each example is a warehouse of its own, so they are few; the forest above has its trees in one."""
    forest = [random_tree(n, chance) for n in range(number)]
    area = empty_area()
    area.source("main")
    area.submission("main")
    plant(area, forest, chance)
    folder = tmp_path_factory.mktemp("forest")
    tests_apart = ("--exclude-resource-type", "test", "unit_test")
    path = build_warehouse(area.write(folder / "accepted"), folder, arguments=tests_apart)
    with duckdb.connect(str(path), read_only=True) as connection:
        cursor = connection.execute(RATIOS)
        names = [column[0] for column in cursor.description]
        compare([dict(zip(names, row, strict=True)) for row in cursor.fetchall()], forest)
