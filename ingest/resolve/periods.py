"""The period of figures: labels read with what their column proves, and what they say beside the period."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.contract import Accumulation, ObsStatus
from ingest.recipe.components import PeriodLabel
from ingest.recipe.labels import Component, Label, Spread, combine, everywhere
from ingest.time.calendar import Calendars, Period
from ingest.time.label import date_order


@dataclass(frozen=True)
class ResolvedPeriod:
    """A period, or the problem with its label and the codes it may mean; and what the label says besides.

    ``obs_status`` is E or P (*ước*, *sơ bộ*), ``accumulation`` what a label such as *6 tháng đầu năm* says of a sum.
    """

    period: Period | None
    problem: str | None = None
    candidates: str | None = None
    accumulation: Accumulation | None = None
    obs_status: ObsStatus | None = None
    measure_kind: str | None = None


FoundPeriod = tuple[Label | None, ResolvedPeriod]


def resolve_periods(
    component: Component | None, calendar_of: Spread[str], calendars: Calendars, mapped: dict[str, str]
) -> Spread[FoundPeriod]:
    """Every distinct combination of label, year and calendar read once.

    ``calendar_of`` is the calendar of each figure's indicator, which holds where the recipe names none; ``mapped``
    is what the source's label map makes of the labels.
    """
    if component is None or not isinstance(component.source, PeriodLabel):
        return everywhere((None, ResolvedPeriod(None, "unknown")))
    source = component.source
    calendar = everywhere(source.calendar) if source.calendar is not None else calendar_of
    years: Spread[Label | None] = component.beside or everywhere(None)
    order = date_order(mapped[label.meaning] for label in component.labels.values if label is not None)

    def read(found: tuple[Label | None, Label | None, str]) -> FoundPeriod:
        label, year, code = found
        if label is None:
            return None, ResolvedPeriod(None, "unknown")
        parsed = calendars.parse(
            mapped[label.meaning],
            calendar=code,
            frequency=source.frequency,
            year=year.meaning if year else None,
            order=order,
        )
        status = parsed.obs_status or label.obs_status or (year.obs_status if year else None)
        return label, ResolvedPeriod(
            parsed.period,
            parsed.problem,
            "; ".join(parsed.candidates) or None,
            Accumulation(parsed.accumulation) if parsed.accumulation else None,
            ObsStatus(status) if status else None,
            parsed.measure_kind,
        )

    return combine([component.labels, years, calendar]).map(read)


def says_days(found: Spread[FoundPeriod], component: Component | None) -> bool:
    """Whether some labels are dates, of which the recipe does not say what they stand for."""
    source = component.source if component is not None else None
    undeclared = isinstance(source, PeriodLabel) and source.frequency is None and source.constant is None
    return undeclared and any(resolved.period and resolved.period.frequency == "D" for _, resolved in found.values)


def unless_a_day(
    found: FoundPeriod, frequency: str | None, accumulation: str | None, calendars: Calendars
) -> FoundPeriod:
    """A flow that is reported by months or longer is not one of a day: the date stands for a period that contains it,
    or ends on it, and only the recipe can say so (``frequency``). A stock is one of a day."""
    label, resolved = found
    day = resolved.period
    if (
        frequency is None
        or frequency == "D"
        or day is None
        or day.frequency != "D"
        or accumulation != Accumulation.IN_PERIOD
    ):
        return found
    meant = calendars.containing(day.start, day.calendar_code, frequency)
    return label, ResolvedPeriod(None, "ambiguous", f"{day.period_code}; {meant.period_code}")


def accumulation_of(stated: str | None, registered: str | None, period: ResolvedPeriod) -> str | None:
    """What the recipe states; else what is registered, unless that is in-period and the period's label says more.

    A stock, or a sum since a programme began, is what it is registered as, whatever its period is called
    (domain.md 3.3).
    """
    if stated is not None:
        return stated
    if registered not in (None, Accumulation.IN_PERIOD) or period.accumulation is None:
        return registered
    return str(period.accumulation)
