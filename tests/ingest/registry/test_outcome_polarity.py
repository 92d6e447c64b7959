"""Which way an effectiveness is better follows from its outcome, never from the word (domain.md 0.1, 2.2.1; RAT-01)."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.registry import RegistryError, load_registry

HEADER = "code,name_vi,name_en,numerator,denominator,ratio_type,ratio_class,outcome_polarity,direction\n"
NONE = {"targets": None, "scorecards": None}
#: Numerator and denominator, polarity of the outcome, direction → whether they agree.
READINGS = {
    "complaints_per_dossier": ("COMPLAINTS,RESOLVED", "bad", "lower", True),
    "complaints_per_dossier_praised": ("COMPLAINTS,RESOLVED", "bad", "higher", False),
    "dossiers_per_complaint": ("RESOLVED,COMPLAINTS", "bad", "higher", True),
    "dossiers_per_complaint_blamed": ("RESOLVED,COMPLAINTS", "bad", "lower", False),
    "cost_per_good_outcome": ("COST,COMPLAINTS", "good", "lower", True),
    "cost_per_good_outcome_praised": ("COST,COMPLAINTS", "good", "higher", False),
    "neither_way": ("COMPLAINTS,RESOLVED", "bad", "neutral", True),
}


@pytest.mark.parametrize("name", READINGS)
def test_direction_agrees_with_the_outcome(write_registry: Any, name: str) -> None:
    parts, polarity, direction, agrees = READINGS[name]
    folder = write_registry(**NONE, ratios=f"{HEADER}R,Tỷ số,Ratio,{parts},,rate,{polarity},{direction}\n")
    if agrees:
        assert load_registry(folder).ratios[0].outcome_polarity == polarity
        return
    with pytest.raises(RegistryError, match="is better"):
        load_registry(folder)


def test_a_polarity_without_an_outcome_is_refused(write_registry: Any) -> None:
    folder = write_registry(**NONE, ratios=f"{HEADER}R,Tỷ số,Ratio,COST,RESOLVED,,unit_cost,good,lower\n")
    with pytest.raises(RegistryError, match="must be an outcome"):
        load_registry(folder)
