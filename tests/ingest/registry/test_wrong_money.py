"""Money that cannot be compared or allocated: each fault is refused where it stands, in both languages (RAT-05)."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.registry import RegistryError, load_registry

INDICATORS = """\
code,name_vi,name_en,role,unit,time_aggregation,frequency,cost_scope,price_basis,derived_from,deflator,price_base_period,disaggregations
COST,Kinh phí,Cost,input,VND,sum,Q,direct,current,,,,CHANNEL
REAL,Kinh phí thực,Real cost,input,VND,sum,Q,direct,constant,COST,CPI,2024,
POOL,Chi phí chung,Overhead,input,VND,sum,Q,,,,,,
FULL,Chi phí đầy đủ,Full cost,input,VND,sum,Q,full,,,,,
STAFF,Biên chế,Staff,input,person,average,Q,,,,,,
YEARLY,Biên chế năm,Staff of the year,input,person,average,A,,,,,,
RESOLVED,Đã giải quyết,Resolved,output,dossier,sum,Q,,,,,,
"""
RATIOS = """\
code,name_vi,name_en,numerator,denominator,ratio_class,annualisation
PER_HEAD,Chi phí một người,Cost per head,COST,STAFF,unit_cost,days
PER_DOSSIER,Chi phí một hồ sơ,Cost per dossier,FULL,RESOLVED,unit_cost,
"""
DEFLATORS = """\
code,name_vi,name_en,period_code,value
CPI,Chỉ số giá,Prices,2024,100
CPI,Chỉ số giá,Prices,2025,104
"""
ALLOCATIONS = """\
indicator,direct,overhead,driver,across
FULL,COST,POOL,STAFF,CHANNEL
"""
RIGHT = {"indicators": INDICATORS, "ratios": RATIOS, "deflators": DEFLATORS, "cost_allocations": ALLOCATIONS}
NONE = {"targets": None, "scorecards": None, "peer_groups": None, "objectives": None}

#: What is wrong → table, text replaced, its replacement, row, column, words of the message in both languages.
WRONG: dict[str, tuple[str, str, str, int, str, str, str]] = {
    "level_twice": ("deflators", "2025,104", "2024,104", 3, "period_code", "dòng 2", "row 2"),
    "level_of_zero": ("deflators", "2025,104", "2025,0", 3, "value", "lớn hơn 0", "more than 0"),
    "two_names_of_a_deflator": ("deflators", "Prices,2025", "Wages,2025", 3, "name_en", "một tên", "one name"),
    "deflator_alone": (
        "indicators",
        "constant,COST,CPI,2024",
        "constant,,CPI,2024",
        3,
        "derived_from",
        "đủ",
        "none of",
    ),
    "current_prices_again": ("indicators", "constant,COST", "current,COST", 3, "price_basis", "constant", "constant"),
    "restates_nothing_known": ("indicators", "constant,COST,", "constant,COTS,", 3, "derived_from", "COTS", "COTS"),
    "restates_what_is_no_money": (
        "indicators",
        "constant,COST,",
        "constant,STAFF,",
        3,
        "derived_from",
        "tiền",
        "money",
    ),
    "unknown_deflator": ("indicators", "COST,CPI,2024", "COST,WAGE,2024", 3, "deflator", "WAGE", "WAGE"),
    "base_without_a_level": ("indicators", "COST,CPI,2024", "COST,CPI,2020", 3, "price_base_period", "2020", "2020"),
    "other_frequency": (
        "indicators",
        "Real cost,input,VND,sum,Q",
        "Real cost,input,VND,sum,M",
        3,
        "frequency",
        "Q",
        "Q",
    ),
    "unknown_breakdown": ("indicators", ",CHANNEL\n", ",CHANNEL*SEX\n", 2, "disaggregations", "SEX", "SEX"),
    "three_dimensions_crossed": (
        "indicators",
        ",CHANNEL\n",
        ",CHANNEL*CHANNEL*CHANNEL\n",
        2,
        "disaggregations",
        "hai chiều",
        "two dimensions",
    ),
    "full_cost_by_name_only": ("indicators", "sum,Q,full", "sum,Q,direct", 2, "indicator", "full", "full"),
    "unknown_driver": ("cost_allocations", "STAFF", "HEADS", 2, "driver", "HEADS", "HEADS"),
    "driver_of_other_periods": ("cost_allocations", "STAFF", "YEARLY", 2, "driver", "frequency", "frequency"),
    "pool_that_is_no_money": ("cost_allocations", "POOL", "STAFF", 2, "overhead", "tiền", "money"),
    "unknown_services": ("cost_allocations", "CHANNEL", "FIELD", 2, "across", "ORGANISATION", "ORGANISATION"),
    "pool_twice": (
        "cost_allocations",
        "STAFF,CHANNEL\n",
        "STAFF,CHANNEL\nFULL,COST,POOL,RESOLVED,CHANNEL\n",
        3,
        "overhead",
        "dòng 2",
        "row 2",
    ),
    "two_sets_of_services": (
        "cost_allocations",
        "STAFF,CHANNEL\n",
        "STAFF,CHANNEL\nFULL,COST,COST,RESOLVED,ORGANISATION\n",
        3,
        "direct",
        "dòng 2",
        "row 2",
    ),
    "flow_over_flow_to_a_year": (
        "ratios",
        "RESOLVED,unit_cost,",
        "RESOLVED,unit_cost,days",
        3,
        "annualisation",
        "năm",
        "year",
    ),
    "prices_mixed": ("ratios", "COST,STAFF", "COST + REAL,STAFF", 2, "numerator", "price_basis", "price_basis"),
}


def test_all_cost_may_be_in_pools(write_registry: Any) -> None:
    alone = "indicator,overhead,driver,across\nFULL,POOL,STAFF,ORGANISATION\n"
    registry = load_registry(write_registry(**NONE, **RIGHT | {"cost_allocations": alone}))
    assert registry.cost_allocations[0].direct is None


def test_the_right_money_loads(write_registry: Any) -> None:
    registry = load_registry(write_registry(**NONE, **RIGHT))
    assert [row.value for row in registry.deflators] == [100, 104]
    assert registry.cost_allocations[0].driver == "STAFF"


@pytest.mark.parametrize("name", WRONG)
def test_wrong_money_is_refused_where_it_stands(write_registry: Any, name: str) -> None:
    table, old, new, row, column, vi, en = WRONG[name]
    assert RIGHT[table].count(old) == 1, old
    wrong = RIGHT | {table: RIGHT[table].replace(old, new)}
    with pytest.raises(RegistryError) as raised:
        load_registry(write_registry(**NONE, **wrong))
    found = [
        p
        for p in raised.value.problems
        if (p.place.row, p.place.column) == (row, column) and vi in p.message_vi and en in p.message_en
    ]
    assert found, raised.value.problems
