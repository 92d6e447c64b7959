"""The type of a ratio follows from the roles of its parts; a stated type is checked against them (2.2, RAT-01).

The word never decides the formula or the direction: "effectiveness" alone is used for three different quotients.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.parse.currencies import SHARED
from ingest.parse.unit_table import NOT_COUNTED
from ingest.parse.units import registered_unit

OTHER = "other"
#: Role → kind of role: the two stages of outcomes count alike, and so do activities and outputs.
KIND_OF_ROLE = {"intermediate_outcome": "outcome", "final_outcome": "outcome", "activity": "output"}

#: (kind of numerator, kind of denominator) → type.
PERMITTED: dict[tuple[str, str], str] = {
    ("input", "input"): "economy",
    ("input", "output"): "efficiency",
    ("output", "input"): "productivity",
    ("output", "outcome"): "effectiveness_seed",
    ("outcome", "output"): "effectiveness_yield",
    ("outcome", "outcome"): "effectiveness_attainment",
    ("input", "outcome"): "cost_effectiveness",
    ("output_quality", "output"): "quality_share",
    ("output", "environment"): "coverage",
    ("outcome", "environment"): "utility",
}
#: What may be written: the types, the one word for the three kinds of effectiveness, and "other".
STATED_TYPES = (*PERMITTED.values(), "effectiveness", OTHER)


def kind_of(roles: Iterable[str]) -> str | None:
    """The one kind of role that all terms of a part have, or None where they differ."""
    kinds = {KIND_OF_ROLE.get(role, role) for role in roles}
    return kinds.pop() if len(kinds) == 1 else None


def derived_type(numerator: str | None, denominator: str | None, *, numerator_is_money: bool) -> str:
    """The type that the kinds of the two parts make, or ``other``. Input over output is efficiency if it is money."""
    found = PERMITTED.get((numerator or "", denominator or ""), OTHER)
    return OTHER if found == "efficiency" and not numerator_is_money else found


def is_permitted(stated: str, numerator: str | None, denominator: str | None) -> bool:
    """Whether a stated type may stand over these parts; ``other`` always may (RAT-01)."""
    permitted = PERMITTED.get((numerator or "", denominator or ""), OTHER)
    return stated in {OTHER, permitted} or (stated == "effectiveness" and permitted.startswith("effectiveness_"))


def is_money(unit: str) -> bool:
    """Whether a registered unit is an amount of some currency: its base is an ISO 4217 code, or "$"."""
    code = registered_unit(unit).code or ""
    return code in SHARED or re.fullmatch(r"[A-Z]{3}", code) is not None


def is_count(unit: str) -> bool:
    """Whether figures in a registered unit count cases one by one (persons, dossiers): no amount of money, no measured
    quantity, no thousands of cases, and nothing a case (domain.md 2.3)."""
    registered = registered_unit(unit)
    code = registered.code or ""
    return registered.power_of_ten == 0 and code not in NOT_COUNTED and "/" not in code and not is_money(unit)
