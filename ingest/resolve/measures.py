"""What a figure may be of: an indicator, or, where a source states a ratio itself, a ratio of the registry.

A stated ratio is a claim (measure kind REPORTED_RATIO): it is compared with the computed one and never added up
(domain.md 2.1, RAT-04).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ingest.parse.units import divide, registered_unit
from ingest.registry.models import Indicator, Ratio
from ingest.registry.ratio_terms import TermError, parse_terms

#: Unit of a ratio of like amounts by its display factor.
_UNIT_OF_SCALE = {1: "one", 100: "percent", 1000: "per_mille"}


@dataclass(frozen=True)
class Measure:
    """What is needed of an indicator or ratio to read its figures: codes of unit, calendar and accumulation."""

    code: str
    unit: str
    calendar: str
    accumulation: str
    least: Decimal | None = None  # no figure of it can be below
    frequency: str = "D"


def measure_of_indicator(indicator: Indicator) -> Measure:
    least = indicator.hard_min if indicator.hard_min is not None or indicator.allow_negative else Decimal(0)
    return Measure(
        indicator.code, indicator.unit, indicator.calendar, indicator.accumulation, least, indicator.frequency
    )


def measures_of_ratios(ratios: Iterable[Ratio], indicators: Mapping[str, Indicator]) -> dict[str, Measure]:
    """Ratios by code. Calendar and accumulation are those of the first indicator of the numerator.

    A ratio whose terms cannot be read is left out: the registry's own check names it.
    """
    found = {}
    for ratio in ratios:
        try:
            above, below = (parse_terms(part)[0].factor_1 for part in (ratio.numerator, ratio.denominator))
        except TermError:
            continue
        if above in indicators and below in indicators:
            first = indicators[above]
            unit = ratio.unit or _unit_of(ratio, first, indicators[below])
            found[ratio.code] = Measure(ratio.code, unit, first.calendar, first.accumulation)
    return found


def _unit_of(ratio: Ratio, above: Indicator, below: Indicator) -> str:
    numerator, denominator = registered_unit(above.unit), registered_unit(below.unit)
    if numerator == denominator and int(ratio.scale) in _UNIT_OF_SCALE:
        return _UNIT_OF_SCALE[int(ratio.scale)]
    return str(divide(numerator, denominator).code)
