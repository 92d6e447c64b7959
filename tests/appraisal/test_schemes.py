"""Decree 335/2025 and Decree 90/2020 as data: the worked example (WE-18, golden fixture GF-30) and its edges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scheme import Scheme, SchemeError, scheme_for, schemes
from appraisal.scoring import Inputs, Score, WorkItem, candidacy, places, score

DAY = date(2026, 3, 31)


def item(units: int, completed: bool = True, failures: int = 0, delays: int = 0) -> WorkItem:
    return WorkItem(Decimal(units), completed, failures, delays)


#: 40 converted units assigned, 38 completed; 2 units failed once; 3 units late twice.
WORKED = (item(33), item(2, failures=1), item(3, delays=2), item(2, completed=False))


def test_the_worked_example():
    found = score(scheme_for("staff", DAY), Inputs(WORKED, general_points=Decimal(28)))
    assert found.criteria == {"quantity": Decimal("95"), "quality": Decimal("93.75"), "progress": Decimal("91.25")}
    assert round(found.result_points, 4) == Decimal("65.3333")
    assert round(found.points, 4) == Decimal("93.3333")
    assert found.class_ == "excellent"


def test_nothing_assigned_is_no_score():
    found = score(scheme_for("staff", DAY), Inputs((), general_points=Decimal(30)))
    assert found == Score({}, None, None, None, reason="NOTHING_ASSIGNED")


@pytest.mark.parametrize(("failures", "kept"), [(0, 100), (1, 75), (3, 25), (4, 0), (9, 0)])
def test_each_failure_costs_a_quarter_and_never_more_than_all(failures, kept):
    found = score(scheme_for("staff", DAY), Inputs((item(4, failures=failures),), general_points=Decimal(0)))
    assert found.criteria["quality"] == kept


@pytest.mark.parametrize(
    ("points", "expected"),
    [("90", "excellent"), ("89.999999", "good"), ("70", "good"), ("50", "completed"), ("49.999999", "not_completed")],
)
def test_bands_begin_where_the_decree_says(points, expected):
    assert scheme_for("staff", DAY).class_of(Decimal(points)) == expected


def test_managers_have_six_criteria_and_answer_for_their_unit():
    scheme = scheme_for("manager", DAY)
    able = {"general_points": Decimal(30), "organising": Decimal(100), "uniting": Decimal(100)}
    assert score(scheme, Inputs((item(1),), subordinates_completed=True, **able)).points == 100
    assert round(score(scheme, Inputs((item(1),), subordinates_completed=False, **able)).points, 4) == Decimal(
        "94.1667"
    )
    with pytest.raises(ValueError, match="subordinates_completed"):
        score(scheme, Inputs((item(1),), **able))


def test_the_quota_is_a_fifth_of_those_rated_good_rounded_down():
    scheme = scheme_for("staff", DAY)
    assert (places(scheme, 25), places(scheme, 24), places(scheme, 4)) == (5, 4, 0)


def test_candidates_are_listed_and_nobody_is_chosen():
    scheme = scheme_for("staff", DAY)
    good = {f"g{i}": Score({}, None, Decimal(75), "good") for i in range(10)}
    best = {"a": "95", "b": "93.3333", "c": "93.3333", "d": "90"}
    scores = good | {key: Score({}, None, Decimal(points), "excellent") for key, points in best.items()}
    found = candidacy(scheme, scores)
    assert [(c.person_key, c.is_tied) for c in found.candidates] == [
        ("a", False),
        ("b", True),
        ("c", True),
        ("d", False),
    ]
    assert found.limit == 2
    assert found.needs_choice


@pytest.mark.parametrize(
    ("on_schedule", "completed", "good", "expected"),
    [("0.80", "1", "0.70", "good"), ("0.79", "1", "0.70", "completed"), ("0.80", "0.99", "0.70", "completed"),
     ("0.80", "1", "0.69", "completed"), ("0.5", "1", "1", "not_completed")],
)  # fmt: skip
def test_decree_90_goes_by_conditions(on_schedule, completed, good, expected):
    facts = {"tasks_done": "1", "on_schedule_and_quality": on_schedule, "subordinates_completed": completed,
             "subordinates_good": good, "ahead_or_beyond": "0"}  # fmt: skip
    scheme = scheme_for("manager", date(2024, 12, 31))
    assert scheme.code == "decree_90_2020_unit_manager"
    assert score(scheme, Inputs(facts={k: Decimal(v) for k, v in facts.items()})).class_ == expected


def test_the_scheme_is_that_of_the_day_the_period_ends():
    assert scheme_for("staff", DAY).code == "decree_335_2025_staff"
    with pytest.raises(SchemeError, match="2025-12-31"):
        scheme_for("staff", date(2025, 12, 31))


def test_what_could_not_be_checked_says_so():
    noted = {scheme.code: {item.item for item in scheme.unverified} for scheme in schemes()}
    assert "results.mean_of" in noted["decree_335_2025_staff"]
    assert "results.mean_of" in noted["decree_335_2025_manager"]
    assert "conditions.excellent" in noted["decree_90_2020_unit_manager"]
    assert all(scheme.legal_basis and scheme.name.vi for scheme in schemes())


def test_a_scheme_without_a_lowest_band_is_refused():
    data = scheme_for("staff", DAY).model_dump(by_alias=True)
    data["bands"] = data["bands"][:2]
    with pytest.raises(ValueError, match="begins at 0"):
        Scheme.model_validate(data)


items = st.builds(WorkItem, st.integers(0, 20).map(Decimal), st.booleans(), st.integers(0, 6), st.integers(0, 6))


@given(st.lists(items, max_size=12), st.integers(0, 30))
def test_points_lie_between_0_and_100_and_can_be_computed_again(work, general):
    scheme = scheme_for("staff", DAY)
    inputs = Inputs(tuple(work), general_points=Decimal(general))
    found = score(scheme, inputs)
    assert found == score(
        Scheme.model_validate_json(scheme.model_dump_json(by_alias=True)), Inputs.from_data(inputs.as_data())
    )
    if found.points is not None:
        assert 0 <= found.points <= 100
        assert all(0 <= value <= 100 for value in found.criteria.values())
        assert found.criteria["quality"] <= found.criteria["quantity"]
