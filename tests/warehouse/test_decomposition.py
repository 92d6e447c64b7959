"""Why a ratio changed: the worked examples WE-9 to WE-11 of domain.md 2.13 (GF-10), and the law they follow."""

from __future__ import annotations

from typing import Any

import pytest

#: Ratio → year → member → numerator and denominator.
CASES: dict[str, dict[str, dict[str, tuple[int, int]]]] = {
    "DC9": {
        "2024": {"SIMPLE": (7_600, 8_000), "COMPLEX": (1_200, 2_000)},
        "2025": {"SIMPLE": (4_800, 5_000), "COMPLEX": (3_250, 5_000)},
    },
    "DC10": {
        "2024": {"SIMPLE": (7_600, 8_000), "COMPLEX": (1_200, 2_000)},
        "2025": {"SIMPLE": (5_700, 6_000), "COMPLEX": (1_300, 2_000), "NEW": (1_400, 2_000)},
    },
    "DC11": {
        "2024": {"SIMPLE": (40_000 * 60, 60), "COMPLEX": (110_000 * 40, 40)},
        "2025": {"SIMPLE": (45_000 * 80, 80), "COMPLEX": (130_000 * 20, 20)},
    },
}


def fill(area: Any) -> None:
    area.group("DCP", "SIMPLE", "COMPLEX", "NEW")
    costs_of_offices(area)
    for code, years in CASES.items():
        cost = code == "DC11"
        area.organisation(code, f"{code}top")
        area.indicator(f"{code}.n", role="input" if cost else "output_quality", unit="VND" if cost else "dossier")
        area.indicator(f"{code}.d")
        area.ratio(
            f"{code}.r",
            f"{code}.n",
            f"{code}.d",
            "unit_cost" if cost else "proportion",
            scale=1 if cost else 100,
            unit="VND/dossier" if cost else "percent",
        )
        for member in ("SIMPLE", "COMPLEX", "NEW"):
            area.organisation(f"{code}.{member}", f"{code}unit", code)
        for year, members in years.items():
            for member, (numerator, denominator) in members.items():
                for part, value in (("n", numerator), ("d", denominator)):
                    area.observe(f"{code}.{part}", code, year, value, f"DCP={member}")
                    area.observe(f"{code}.{part}", f"{code}.{member}", year, value)


def costs_of_offices(area: Any) -> None:
    """Offices broken down by procedure, with unit costs that take most digits of a double."""
    area.indicator("DCN.n", role="input", unit="VND")
    area.indicator("DCN.d", unit="km")
    area.ratio("DCN.r", "DCN.n", "DCN.d", "unit_cost")
    area.organisation("DCN", "DCNtop")
    for number, unit in enumerate(("U", "V", "W"), start=1):
        area.organisation(f"DCN.{unit}", "DCNunit", "DCN")
        for year in (2024, 2025):
            for place, member in enumerate(("SIMPLE", "COMPLEX"), start=1):
                km = 7 * number + 3 * place + (year - 2024) * (5 * place - 2 * number)
                cost = 1_234_567_891 * km + 987_654_321 * number * place * (year - 2020)
                area.observe("DCN.n", f"DCN.{unit}", str(year), cost, f"DCP={member}")
                area.observe("DCN.d", f"DCN.{unit}", str(year), km, f"DCP={member}")


def effects(warehouse: Any, code: str, dimension: str) -> dict[str, tuple[float, float, float]]:
    rows = warehouse.rows(
        "select * from marts.mart_decomposition where ratio_code = ? and organisation_code = ? and dimension = ?"
        " and structure = 'as_was' and period_from = '2024' and period_to = '2025' and target_group_code = '_T'",
        f"{code}.r",
        code,
        dimension,
    )
    return {r["member_code"].split(".")[-1]: (r["rate_effect"], r["mix_effect"], r["entry_exit_effect"]) for r in rows}


@pytest.mark.parametrize("dimension", ["DCP", "ORGANISATION"])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("DC9", {"SIMPLE": (0.65, -3.375, 0), "COMPLEX": (1.75, -6.525, 0)}),
        ("DC10", {"SIMPLE": (0, -1.8, 0), "COMPLEX": (1, 0, 0), "NEW": (0, 0, -3.2)}),
    ],
)
def test_gf_10_effects_of_each_member(warehouse, code, dimension, expected):
    found = effects(warehouse, code, dimension)
    assert found.keys() == expected.keys()
    for member, values in expected.items():
        assert found[member] == pytest.approx(values, abs=1e-9), member


def test_gf_10_both_channels_get_dearer_while_the_average_falls(warehouse):
    found = effects(warehouse, "DC11", "DCP").values()
    assert [sum(f[i] for f in found) for i in range(3)] == pytest.approx([9_500, -15_500, 0], abs=1e-6)


def test_the_paradox_is_flagged_where_all_move_against_the_total(warehouse):
    flags = warehouse.rows(
        "select distinct ratio_code, simpson_flag from marts.mart_decomposition"
        " where starts_with(ratio_code, 'DC') and ratio_code <> 'DCN.r' and dimension = 'DCP' order by all"
    )
    assert [(f["ratio_code"], f["simpson_flag"]) for f in flags] == [
        ("DC10.r", False),  # simple cases stayed at 95 %
        ("DC11.r", True),
        ("DC9.r", True),
    ]


@pytest.mark.parametrize("mart", ["mart_decomposition", "mart_decomposition_nested"])
def test_gf_10_effects_add_to_the_total_change(warehouse, mart):
    assert warehouse.rows(f"select 1 from marts.{mart} limit 1")
    wrong = f"""
        select ratio_code, sum(rate_effect + mix_effect + entry_exit_effect) - max(total_change) as residual
        from marts.{mart}
        group by ratio_code, structure, organisation_key, target_group_key, comparison, to_time_key, dimension
        having abs(residual) > 1e-9
    """
    assert warehouse.rows(wrong) == []


def test_total_change_is_that_of_the_published_ratio(warehouse):
    wrong = """
        select mart.* from marts.mart_decomposition as mart
        inner join marts.mart_ratio as later using (ratio_key, structure, organisation_key, target_group_key)
        inner join marts.mart_ratio as earlier using (ratio_key, structure, organisation_key, target_group_key)
        where later.time_key = mart.to_time_key and earlier.time_key = mart.from_time_key
            and abs(later.value - earlier.value - mart.total_change) > 1e-9 * greatest(1, abs(later.value))
    """
    assert warehouse.rows(wrong) == []
