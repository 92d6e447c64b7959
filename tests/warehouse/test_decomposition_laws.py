"""Laws of decomposition (domain.md 2.13, 11.3.13): effects add to the change, and time reversed turns their signs.

The compiled models run on figures that hypothesis makes up, in a copy of the warehouse of the other tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GROUPS = ("A", "B", "C")
UNITS = ("U", "V", "W")
EFFECTS = ("rate_effect", "mix_effect", "entry_exit_effect")

#: Numerator and denominator in a period; without a denominator the member is not there.
figures = st.one_of(
    st.just((0, 0)),
    st.tuples(st.integers(0, 10**9), st.integers(1, 10**6)),
    st.tuples(st.integers(0, 9), st.integers(1, 9)),
)
#: Organisation → group → both periods.
tables = st.fixed_dictionaries(
    {u: st.fixed_dictionaries({g: st.tuples(figures, figures) for g in GROUPS}) for u in UNITS}
)


def fill(area: Any) -> None:
    area.group("DLG", *GROUPS)
    area.organisation("DL", "dlTop")
    area.indicator("DL.n", role="output_quality")
    area.indicator("DL.d")
    area.ratio("DL.r", "DL.n", "DL.d", scale=100)
    for unit in UNITS:
        area.organisation(f"DL.{unit}", "dlUnit", "DL")
        area.observe("DL.n", f"DL.{unit}", "2024", 1)


class Decomposer:
    """Runs mart_decomposition and mart_decomposition_nested on given figures."""

    def __init__(self, warehouse: Any, folder: Path) -> None:
        copy = folder / warehouse.path.name
        shutil.copy(warehouse.path, copy)
        compiled = warehouse.path.parent / "target" / "compiled" / "outturn" / "models" / "marts"
        self.sql = {
            name: (compiled / f"{name}.sql").read_text() for name in ("mart_decomposition", "mart_decomposition_nested")
        }
        self.connection = duckdb.connect(str(copy))
        self.connection.execute("set threads = 1")
        (self.ratio,) = self._keys("select ratio_key from core.dim_ratio where ratio_code = 'DL.r'")
        self.years = self._keys(
            "select time_key from core.dim_time where period_code in ('2024', '2025') order by period_code"
        )
        self.organisations = dict(self._rows("select organisation_code, organisation_key from core.dim_organisation"))
        self.groups = dict(self._rows("select target_group_code, target_group_key from core.dim_target_group"))
        for table in ("marts.mart_ratio", "intermediate.int_period_pair", *(f"marts.{name}" for name in self.sql)):
            self.connection.execute(f"drop table {table}")
        before, after = self.years
        self.connection.execute(
            "create table intermediate.int_period_pair as select * from (values "
            f"('previous_period', {before}, {after}), ('same_period_last_year', {after}, {before})) "
            "as pair (comparison, from_time_key, to_time_key)"
        )

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def _keys(self, query: str) -> list[int]:
        return [row[0] for row in self._rows(query)]

    def run(self, table: dict[str, dict[str, tuple[tuple[int, int], tuple[int, int]]]]) -> None:
        rows = []
        for number, year in enumerate(self.years):
            cells = {(u, g): table[u][g][number] for u in UNITS for g in GROUPS}
            for unit in (*UNITS, None):
                for group in (*GROUPS, None):
                    chosen = [v for (u, g), v in cells.items() if unit in (u, None) and group in (g, None)]
                    organisation = self.organisations["DL" if unit is None else f"DL.{unit}"]
                    key = self.groups["_T" if group is None else f"DLG={group}"]
                    n, d = (sum(v[i] for v in chosen) for i in (0, 1))
                    rows.append(f"({self.ratio}, 'as_was', {organisation}, {year}, {key}, {n}, {d}, 1, 'A')")
        self.connection.execute(
            "create or replace table marts.mart_ratio as select ratio_key, structure, organisation_key, time_key,"
            " target_group_key, cast(numerator as decimal(38, 12)) as numerator,"
            " cast(denominator as decimal(38, 12)) as denominator, units_matched, status,"
            " numerator / nullif(denominator, 0) as value"
            f" from (values {', '.join(rows)}) as given (ratio_key, structure, organisation_key, time_key,"
            " target_group_key, numerator, denominator, units_matched, status)"
        )
        for name, sql in self.sql.items():
            self.connection.execute(f"create or replace table marts.{name} as {sql}")

    def effects(self, name: str, member: str) -> dict[str, dict[tuple[Any, ...], tuple[float, ...]]]:
        """By comparison: what each member adds; the last of the key is the change of the whole."""
        found: dict[str, dict[tuple[Any, ...], tuple[float, ...]]] = {}
        for comparison, *rest in self._rows(
            "select comparison, organisation_key, target_group_key, dimension,"
            f" {member}, {', '.join(EFFECTS)}, total_change from marts.{name}"
        ):
            found.setdefault(comparison, {})[tuple(rest[: -len(EFFECTS) - 1])] = tuple(rest[-len(EFFECTS) - 1 :])
        return found


@pytest.fixture(scope="module")
def decomposer(warehouse: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Decomposer]:
    made = Decomposer(warehouse, tmp_path_factory.mktemp("laws"))
    yield made
    made.connection.close()


MARTS = {
    "mart_decomposition": "member_key",
    "mart_decomposition_nested": "concat(member_organisation_key, '/', member_group_key)",
}
law = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@law
@given(table=tables)
def test_effects_add_to_the_change_and_time_reversed_turns_their_signs(decomposer, table):
    decomposer.run(table)
    for name, member in MARTS.items():
        found = decomposer.effects(name, member)
        forwards, backwards = found.get("previous_period", {}), found.get("same_period_last_year", {})
        assert forwards.keys() == backwards.keys()
        wholes: dict[tuple[Any, ...], list[tuple[float, ...]]] = {}
        for key, values in forwards.items():
            wholes.setdefault(key[:3], []).append(values)
            assert backwards[key] == pytest.approx(tuple(-value for value in values), abs=1e-9, rel=1e-11), (name, key)
        for key, members in wholes.items():
            change = members[0][-1]
            # doubles: where effects of tens of millions cancel, the ninth decimal is beyond them
            largest = max(1.0, *(abs(effect) for values in members for effect in values))
            assert abs(sum(sum(values[:-1]) for values in members) - change) <= 1e-9 * largest, (name, key)


def test_an_organisation_is_taken_apart_by_its_groups(decomposer):
    """Two organisations of equal weight; in one the mix changes, in the other the rates."""
    absent = ((0, 0), (0, 0))
    decomposer.run(
        {
            "U": {"A": ((90, 100), (45, 50)), "B": ((50, 100), (75, 150)), "C": absent},
            "V": {"A": ((90, 100), (95, 100)), "B": ((50, 100), (55, 100)), "C": absent},
            "W": {"A": absent, "B": absent, "C": absent},
        }
    )
    found = decomposer.effects("mart_decomposition_nested", MARTS["mart_decomposition_nested"])["previous_period"]
    top, total = decomposer.organisations["DL"], decomposer.groups["_T"]
    unit = {u: decomposer.organisations[f"DL.{u}"] for u in UNITS}
    group = {"A": decomposer.groups["DLG=A"], "B": decomposer.groups["DLG=B"], "_T": total}
    by_member = {
        (u, g): found[top, total, "DLG", f"{unit[u]}/{group[g]}"] for u in ("U", "V") for g in ("A", "B", "_T")
    }
    assert by_member["U", "A"] == pytest.approx((0, -3.125, 0, -2.5), abs=1e-9)
    assert by_member["V", "A"] == pytest.approx((1.25, 0, 0, -2.5), abs=1e-9)
    assert by_member["V", "B"] == pytest.approx((1.25, 0, 0, -2.5), abs=1e-9)
    assert sum(sum(values[:3]) for values in by_member.values()) == pytest.approx(-2.5, abs=1e-12)
