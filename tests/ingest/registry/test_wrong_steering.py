"""Registries whose steering tables contradict themselves: each fault with file, row, column and both languages."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.registry import RegistryError, load_registry

GROUPS = "dimension,code,name_vi,name_en\nTYPE,COND,Điều kiện,Condition\n"
PROGRAMMES = "code,name_vi,name_en,baseline_date\nP,Chương trình,Programme,2020-05-31\nQ,Khác,Other,\n"
HOLDERS = (
    "function,name_vi,name_en,organisation_code,valid_from,valid_to\nF,Chức năng,Function,VN,2000-01-01,2025-03-01\n"
)
REGULATIONS = "code,programme,function,regulation_type,in_force_on\nR1,P,F,TYPE=COND,2010-01-01\n"

#: What is wrong → tables, row and column of the problem, and words of its message in English.
WRONG: dict[str, tuple[dict[str, str], int, str, str]] = {
    "results_chain_in_a_circle": (
        {
            "programmes": PROGRAMMES,
            "results_chains": "programme,from_measure,to_measure\nP,COST,RESOLVED\nP,RESOLVED,COST\n",
        },
        2,
        "to_measure",
        "CHAIN-01",
    ),
    "norm_without_value_or_reference": (
        {"norms": "code,name_vi,name_en,norm_kind,measure_code\nN,Chuẩn,Norm,STANDARD,RESOLVED\n"},
        2,
        "value",
        "a value",
    ),
    "norm_with_value_and_reference": (
        {
            "norms": "code,name_vi,name_en,norm_kind,measure_code,value,reference_organisation\n"
            "N,Chuẩn,Norm,STANDARD,RESOLVED,5,VN\n"
        },
        2,
        "value",
        "not both",
    ),
    "programme_of_an_unknown_owner": (
        {"programmes": "code,name_vi,name_en,owner_code\nP,Chương trình,Programme,UK\n"},
        2,
        "owner_code",
        "UK",
    ),
    "scorecard_period_without_a_deadline": (
        {
            "scorecard_periods": "scorecard,organisation_code,period_code,missing_data\n"
            "SC,VN,2025,floor_after_deadline\n"
        },
        2,
        "deadline",
        "deadline",
    ),
    "score_bands_with_a_gap": (
        {"score_bands": "band,low,high,points\nB,,50,0\nB,60,,100\n"},
        3,
        "low",
        "begin at 50",
    ),
    "band_that_does_not_exist": (
        {
            "scorecards": "scorecard,code,name_vi,name_en,node_type,measure_code,method,band\n"
            "SC,T,Thời hạn,Time,measure,RESOLVED,band,NONE\n"
        },
        2,
        "band",
        "NONE",
    ),
    "progress_without_a_way_to_go": (
        {
            "scorecards": "scorecard,code,name_vi,name_en,node_type,measure_code,baseline,target\n"
            "SC,T,Thời hạn,Time,measure,RESOLVED,5,5\n"
        },
        2,
        "target",
        "no way to go",
    ),
    "node_below_a_measure": (
        {
            "scorecards": "scorecard,code,parent,name_vi,name_en,node_type,measure_code\n"
            "SC,T,,Thời hạn,Time,measure,RESOLVED\nSC,U,T,Thời hạn,Time,measure,RESOLVED\n"
        },
        3,
        "parent",
        "nodes below it",
    ),
    "scorecard_link_to_nowhere": (
        {"scorecard_links": "scorecard,code,to_objective\nSC,TIME,O9\n"},
        2,
        "to_objective",
        "O9",
    ),
    "scorecard_links_in_a_circle": (
        {"scorecard_links": "scorecard,code,to_code\nSC,TIME,COST\nSC,COST,TIME\n"},
        2,
        "to_code",
        "circle",
    ),
    "cumulative_target_of_a_ratio": (
        {
            "targets": "measure_code,organisation_code,period_code,kind,value,accumulation\n"
            "ON_TIME_SHARE,VN,2025,final,95,cumulative\n"
        },
        2,
        "accumulation",
        "does not add up",
    ),
    "increment_without_a_baseline": (
        {
            "targets": "measure_code,organisation_code,period_code,kind,value,accumulation\n"
            "RESOLVED,VN,2025,final,95,incremental\n"
        },
        2,
        "accumulation",
        "needs a baseline",
    ),
    "review_with_four_points": (
        {"measure_reviews": "measure_code,social\nRESOLVED,4\n"},
        2,
        "social",
        "3",
    ),
    "use_of_an_unknown_measure": (
        {"information_uses": "measure_code,product,audience,used_on\nX,Report,citizens,2025-01-01\n"},
        2,
        "measure_code",
        "X",
    ),
    "budget_line_of_an_unknown_programme": (
        {
            "budget_lines": "programme,code,name_vi,name_en,organisation_code,period_code,planned,spending_indicator\n"
            "Z,L,Dòng,Line,VN,2025,5,COST\n"
        },
        2,
        "programme",
        "Z",
    ),
    "function_with_two_holders": (
        {"function_holders": HOLDERS + "F,Chức năng,Function,91,2024-01-01,\n"},
        3,
        "valid_from",
        "two holders",
    ),
    "function_that_nobody_holds_for_a_month": (
        {"function_holders": HOLDERS + "F,Chức năng,Function,91,2025-04-01,\n"},
        3,
        "valid_from",
        "nobody holds the function F from 2025-03-01",
    ),
    "function_that_nobody_holds_today": (
        {"function_holders": HOLDERS},
        2,
        "valid_to",
        "after this day",
    ),
    "regulation_of_a_programme_without_a_baseline_date": (
        {
            "programmes": PROGRAMMES,
            "function_holders": HOLDERS,
            "target_groups": GROUPS,
            "targets": "measure_code,organisation_code,period_code,kind,value\nRESOLVED,VN,2025,final,5\n",
            "regulations": REGULATIONS.replace("R1,P", "R1,Q"),
        },
        2,
        "programme",
        "baseline_date",
    ),
    "action_on_an_unknown_regulation": (
        {
            "programmes": PROGRAMMES,
            "function_holders": HOLDERS,
            "target_groups": GROUPS,
            "targets": "measure_code,organisation_code,period_code,kind,value\nRESOLVED,VN,2025,final,5\n",
            "regulations": REGULATIONS,
            "regulation_actions": "regulation,stage,action,effective_on\nR2,approved,abolish,2022-01-01\n",
        },
        2,
        "regulation",
        "R2",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_registry_with(wrong: str, write_registry: Any) -> None:
    tables, row, column, words = WRONG[wrong]
    with pytest.raises(RegistryError) as refusal:
        load_registry(write_registry(**tables))
    found = [p for p in refusal.value.problems if (p.place.row, p.place.column) == (row, column)]
    assert found, refusal.value.text("en")
    assert any(words in problem.message_en for problem in found), refusal.value.text("en")
    assert all(problem.message_vi for problem in found)


def test_a_scorecard_deeper_than_the_warehouse_adds_up(write_registry: Any) -> None:
    nodes = "".join(f"SC,N{n},{f'N{n - 1}' if n else ''},Nút,Node,objective\n" for n in range(7))
    with pytest.raises(RegistryError, match="more than 6 levels deep"):
        load_registry(write_registry(scorecards="scorecard,code,parent,name_vi,name_en,node_type\n" + nodes))
