"""From work items to points and a class, exactly: fractions until the last step (domain.md 8.5, WE-18)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from appraisal.scheme import Class, Scheme

#: Points and percentages are kept with so many decimals.
PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class WorkItem:
    """A product or task: ``units`` are converted units (quantity x coefficient).

    ``quality_failures`` and ``delays`` are counted without those that the competent level has recognised as due to
    objective causes.
    """

    units: Decimal
    is_completed: bool
    quality_failures: int = 0
    delays: int = 0


@dataclass(frozen=True)
class Inputs:
    """Everything a score rests on; it is stored with the score, so that the score can be computed again.

    ``general_points`` are given by a person. For managers: whether all ``subordinates_completed``, and the assessed
    abilities from 0 to 100. ``facts`` are what a scheme of conditions asks for, as shares.
    """

    items: tuple[WorkItem, ...] = ()
    general_points: Decimal | None = None
    subordinates_completed: bool | None = None
    organising: Decimal | None = None
    uniting: Decimal | None = None
    facts: Mapping[str, Decimal] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """For storage as JSON: numbers as text."""
        return {
            "items": [asdict(item) | {"units": str(item.units)} for item in self.items],
            "general_points": _text(self.general_points),
            "subordinates_completed": self.subordinates_completed,
            "organising": _text(self.organising),
            "uniting": _text(self.uniting),
            "facts": {name: str(value) for name, value in sorted(self.facts.items())},
        }

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> Inputs:
        return Inputs(
            items=tuple(WorkItem(**{**item, "units": Decimal(item["units"])}) for item in data["items"]),
            general_points=_number(data["general_points"]),
            subordinates_completed=data["subordinates_completed"],
            organising=_number(data["organising"]),
            uniting=_number(data["uniting"]),
            facts={name: Decimal(value) for name, value in data["facts"].items()},
        )


@dataclass(frozen=True)
class Score:
    """``criteria`` from 0 to 100; all None, with a reason, where nothing was assigned: that is not 100."""

    criteria: dict[str, Decimal]
    result_points: Decimal | None
    points: Decimal | None
    class_: Class | None
    reason: str | None = None


def score(scheme: Scheme, inputs: Inputs) -> Score:
    """The score by a scheme. Raises ``ValueError`` for an input that the scheme needs and that is not there."""
    if scheme.conditions:
        return _by_conditions(scheme, inputs)
    if scheme.results is None or scheme.general is None:
        raise ValueError(f"{scheme.code} has neither points nor conditions")
    assigned = sum((Fraction(item.units) for item in inputs.items), Fraction(0))
    if assigned == 0:
        return Score({}, None, None, None, reason="NOTHING_ASSIGNED")
    if inputs.general_points is None or not 0 <= inputs.general_points <= scheme.general.most:
        raise ValueError(f"general points must be between 0 and {scheme.general.most}, not {inputs.general_points}")
    criteria: dict[str, Fraction] = {
        name: _criterion(name, scheme, inputs, assigned) for name in scheme.results.mean_of
    }
    mean = sum(criteria.values(), Fraction(0)) / len(criteria)
    result_points = Fraction(scheme.results.most) * mean / 100
    points = _rounded(result_points + Fraction(inputs.general_points))
    shown = {name: _rounded(value) for name, value in criteria.items()}
    return Score(shown, _rounded(result_points), points, scheme.class_of(points))


def _criterion(name: str, scheme: Scheme, inputs: Inputs, assigned: Fraction) -> Fraction:
    """A criterion from 0 to 100. Quantity, quality and progress all stand over what was assigned."""
    completed = [item for item in inputs.items if item.is_completed]
    if name == "quantity":
        return 100 * sum((Fraction(item.units) for item in completed), Fraction(0)) / assigned
    if name in ("quality", "progress"):
        kept = (
            Fraction(item.units)
            * max(
                Fraction(0),
                1
                - Fraction(scheme.deduction_per_failure)
                * (item.quality_failures if name == "quality" else item.delays),
            )
            for item in completed
        )
        return 100 * sum(kept, Fraction(0)) / assigned
    if name == "unit_results":
        if inputs.subordinates_completed is None or scheme.unit_results is None:
            raise ValueError("a manager is scored with the results of the unit: subordinates_completed is missing")
        unit = scheme.unit_results
        return Fraction(unit.all_completed if inputs.subordinates_completed else unit.otherwise)
    assessed: Decimal | None = getattr(inputs, name)
    if assessed is None or not 0 <= assessed <= 100:
        raise ValueError(f"{name} must be assessed from 0 to 100, not {assessed}")
    return Fraction(assessed)


def _by_conditions(scheme: Scheme, inputs: Inputs) -> Score:
    needed = {name for condition in scheme.conditions for name in condition.all_}
    missing = sorted(needed - set(inputs.facts))
    if missing:
        raise ValueError(f"{scheme.code} asks for {', '.join(missing)}")
    for condition in scheme.conditions:
        if all(inputs.facts[name] >= least for name, least in condition.all_.items()):
            return Score({}, None, None, condition.class_)
    return Score({}, None, None, None, reason="NO_CLASS_FITS")


@dataclass(frozen=True)
class Candidate:
    """Somebody whose points reach the class that is limited; ``is_tied``: another has as many points."""

    person_key: str
    points: Decimal
    is_tied: bool


@dataclass(frozen=True)
class Candidacy:
    """Candidates, highest first, and how many may be chosen. Nobody is chosen here: that is a legal decision."""

    candidates: tuple[Candidate, ...]
    limit: int

    @property
    def needs_choice(self) -> bool:
        return len(self.candidates) > self.limit


def places(scheme: Scheme, rated: int) -> int:
    """How many may have the limited class where ``rated`` have the class it is measured by."""
    if scheme.quota is None:
        return rated
    return math.floor(Fraction(scheme.quota.share) * rated)


def candidacy(scheme: Scheme, scores: Mapping[str, Score]) -> Candidacy:
    """The candidates of one body, or one group with similar tasks (person key → score)."""
    if scheme.quota is None:
        return Candidacy((), 0)
    quota = scheme.quota
    reaching = {key: s.points or Decimal(0) for key, s in scores.items() if s.class_ == quota.class_}
    ordered = sorted(reaching.items(), key=lambda pair: (-pair[1], pair[0]))
    points: Sequence[Decimal] = [value for _, value in ordered]
    candidates = tuple(Candidate(key, value, points.count(value) > 1) for key, value in ordered)
    return Candidacy(candidates, places(scheme, sum(s.class_ == quota.of for s in scores.values())))


def _rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(PLACES, rounding=ROUND_HALF_UP)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
