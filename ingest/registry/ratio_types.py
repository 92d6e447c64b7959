"""The type of a ratio follows from the roles of its parts (domain.md 2.2); the word alone decides nothing (0.1)."""

from __future__ import annotations

_OUTPUTS = {"output", "output_quality", "activity"}
_OUTCOMES = {"intermediate_outcome", "final_outcome"}


def derived_type(numerator_role: str, denominator_role: str) -> str:
    """economy, efficiency, productivity, effectiveness, cost_effectiveness, quality_share, coverage, utility or other."""
    pair = (_class(numerator_role), _class(denominator_role))
    if numerator_role == "output_quality" and denominator_role in _OUTPUTS:
        return "quality_share"
    return {
        ("input", "input"): "economy",
        ("input", "output"): "efficiency",
        ("output", "input"): "productivity",
        ("output", "outcome"): "effectiveness",
        ("outcome", "output"): "effectiveness",
        ("outcome", "outcome"): "effectiveness",
        ("input", "outcome"): "cost_effectiveness",
        ("output", "environment"): "coverage",
        ("outcome", "environment"): "utility",
    }.get(pair, "other")


def _class(role: str) -> str:
    if role in _OUTPUTS:
        return "output"
    return "outcome" if role in _OUTCOMES else role
