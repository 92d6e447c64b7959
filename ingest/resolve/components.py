"""The components of figures, resolved: each distinct combination of labels once, spread over rows and columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from ingest.contract import Accumulation, MeasureKind, ObsStatus
from ingest.parse.text import fold
from ingest.parse.unit_table import ONE
from ingest.parse.units import CurrencySign, Unit, parse_unit, registered_unit, same_base, unit_in_text
from ingest.read import Refusal
from ingest.read.grid import column_letters
from ingest.recipe.components import OrganisationLabel
from ingest.recipe.labels import Component, Label, Spread, combine, everywhere
from ingest.recipe.layout import Figures
from ingest.recipe.model import Source
from ingest.recipe.printed_units import PrintedUnit
from ingest.resolve.contradicting_units import contradicting
from ingest.resolve.figures import SHOWN_AS_PERCENT
from ingest.resolve.periods import (
    FoundPeriod,
    ResolvedPeriod,
    accumulation_of,
    resolve_periods,
    says_days,
    unless_a_day,
)
from ingest.resolve.resolver import TOTAL, Resolved, Resolver, Span
from ingest.time.calendar import Calendars

DEFAULT_CALENDAR = "CAL"
NO_LABEL = Resolved(None, "unknown")
_NO_LABELS: Mapping[str, str] = {}


@dataclass(frozen=True)
class ResolvedUnit:
    """Unit of the stored value, what was reported, and the power of ten between; or a problem."""

    unit_code: str | None
    reported: str | None
    power: int = 0
    problem: str | None = None


@dataclass
class ResolvedComponents:
    """Every component of a rectangle of figures."""

    indicator: Spread[tuple[Label | None, Resolved]]
    organisation: Spread[tuple[Label | None, Resolved]]
    period: Spread[FoundPeriod]
    group: Spread[tuple[str | None, Resolved]]
    unit: Spread[ResolvedUnit]
    status: Spread[tuple[ObsStatus | None, bool]]
    period_status: Spread[ObsStatus | None]
    measure_kind: Spread[str]
    accumulation: Spread[str | None]
    note: Spread[str | None]
    text_problem: Spread[str | None]
    least: Spread[Decimal | None]
    candidates: Spread[str | None]

    def rows(self, chosen: slice) -> ResolvedComponents:
        """Those of a stretch of rows."""
        return ResolvedComponents(**{field.name: getattr(self, field.name).rows(chosen) for field in fields(self)})


class ComponentResolver:
    """Resolves the labels that a layout found, for one source and one submission."""

    def __init__(
        self, source: Source, resolver: Resolver, calendars: Calendars, received_at: datetime, file_name: str
    ) -> None:
        self.source, self.resolver, self.calendars = source, resolver, calendars
        self.received = received_at.date()
        self.file_name = file_name

    def resolve(self, figures: Figures, cell_units: Spread[Unit | None]) -> ResolvedComponents:
        """Everything but the values of a rectangle."""
        for name in ("measure_kind", "accumulation"):
            self._refuse_lost_heading(figures, name)
        stated_kind = self._labels(figures, "measure_kind").map(
            lambda label: self._vocabulary("measure_kind", label, MeasureKind)
        )
        indicator = combine([self._labels(figures, "indicator"), stated_kind]).map(self._indicator)
        period = self._period(figures, indicator)
        measure_kind = combine([stated_kind, period]).map(
            lambda found: found[0] or found[1][1].measure_kind or str(MeasureKind.ACTUAL)
        )
        accumulation = self._accumulation(figures, indicator, period)
        if says_days(period, figures.components.get("period")):
            period = combine([period, indicator, accumulation]).map(self._unless_a_day)
        organisation, group = self._organisation(figures, period), self._group(figures)
        return ResolvedComponents(
            indicator=indicator,
            organisation=organisation,
            period=period,
            group=group,
            unit=self._unit(figures, indicator, cell_units),
            status=self._labels(figures, "status").map(self._status),
            period_status=period.map(lambda found: found[1].obs_status),
            measure_kind=measure_kind,
            accumulation=accumulation,
            note=self._labels(figures, "note").map(lambda label: label.text if label else None),
            text_problem=self._text_problem(figures),
            least=indicator.map(self._least),
            candidates=_candidates([indicator, organisation, period, group]),
        )

    def _refuse_lost_heading(self, figures: Figures, name: str) -> None:
        """Raise ``Refusal`` (STR-02) where a header row says of some columns what kind of figure they hold, and of one
        nothing: a plan whose heading is gone would be taken for an actual figure."""
        component = figures.components.get(name)
        if component is None or component.source.header is None or component.source.pattern is not None:
            return
        codes = np.broadcast_to(component.labels.codes[:1], (1, len(figures.columns)))[0]
        labels = [component.labels.values[code] for code in codes]
        lost = [column for column, label in zip(figures.columns, labels, strict=True) if label is None]
        if not lost or len(lost) == len(figures.columns) or component.source.optional:
            return
        sheet, letter = figures.view.grid.name, column_letters(lost[0])
        raise Refusal(
            "STR-02",
            sheet,
            None,
            f"{self.file_name}, trang «{sheet}»: cột {letter} không có nhãn {name} trong dòng tiêu đề, các cột khác "
            "thì có. Hãy ghi lại tiêu đề, hoặc khai báo blank.",
            f"{self.file_name}, sheet «{sheet}»: column {letter} has no {name} in the header row, where others have. "
            "Restore the heading, or say blank.",
        )

    def _labels(self, figures: Figures, name: str) -> Spread[Label | None]:
        component = figures.components.get(name)
        return component.labels if component is not None else everywhere(None)

    def _map(self, name: str) -> Mapping[str, str]:
        return self.source.labels.get(name, _NO_LABELS)

    def _mapped(self, name: str, label: Label) -> str:
        """What the source's label map makes of a label, exactly or folded."""
        table = self._map(name)
        if label.meaning in table:
            return table[label.meaning]
        wanted = fold(label.meaning)
        return next((code for text, code in table.items() if fold(text) == wanted), label.meaning)

    def _indicator(self, found: tuple[Label | None, str | None]) -> tuple[Label | None, Resolved]:
        label, kind = found
        if label is None:
            return None, NO_LABEL
        is_claim = kind == MeasureKind.REPORTED_RATIO
        resolve = self.resolver.reported_ratio if is_claim else self.resolver.indicator
        return label, resolve(label.meaning, self._map("indicator"))

    def _period(self, figures: Figures, indicator: Spread[tuple[Label | None, Resolved]]) -> Spread[FoundPeriod]:
        component = figures.components.get("period")
        labels = component.labels.values if component is not None else []
        mapped = {label.meaning: self._mapped("period", label) for label in labels if label is not None}
        return resolve_periods(component, indicator.map(self._calendar_of), self.calendars, mapped)

    def _unless_a_day(self, found: tuple[FoundPeriod, tuple[Label | None, Resolved], str | None]) -> FoundPeriod:
        period, (_, resolved), accumulation = found
        measure = self.resolver.measure(resolved.code)
        return unless_a_day(period, measure.frequency if measure else None, accumulation, self.calendars)

    def _calendar_of(self, found: tuple[Label | None, Resolved]) -> str:
        measure = self.resolver.measure(found[1].code)
        return measure.calendar if measure else DEFAULT_CALENDAR

    def _least(self, found: tuple[Label | None, Resolved]) -> Decimal | None:
        measure = self.resolver.measure(found[1].code)
        return measure.least if measure else None

    def _organisation(self, figures: Figures, period: Spread[FoundPeriod]) -> Spread[tuple[Label | None, Resolved]]:
        named, coded = figures.components.get("organisation"), figures.components.get("organisation_code")
        names: Spread[Label | None] = named.labels if named else everywhere(None)
        codes: Spread[Label | None] = coded.labels if coded else everywhere(None)
        rule = named or coded
        source = (
            rule.source
            if rule is not None and isinstance(rule.source, OrganisationLabel)
            else OrganisationLabel(constant="")
        )
        spans = period.map(lambda found: self.resolver.alike(self._span(source, found[1])))
        above: Spread[Label | None] = (rule.beside if rule else None) or everywhere(None)

        def resolved(found: tuple[Any, ...]) -> tuple[Label | None, Resolved]:
            name, code, span, within = found
            label = name or code
            if label is None:
                return None, NO_LABEL
            outcome = self.resolver.organisation(
                name.meaning if name else "",
                span,
                self._map("organisation"),
                code_label=code.meaning if code else None,
                straddle=source.straddle,
                level=source.level,
                within=within.meaning if within else None,
            )
            return label, outcome

        return combine([names, codes, spans, above]).map(resolved)

    def _span(self, source: OrganisationLabel, period: ResolvedPeriod) -> Span | None:
        if source.as_of == "received":
            return Span.of_day(self.received)
        if isinstance(source.as_of, date):
            return Span.of_day(source.as_of)
        return Span(period.period.start, period.period.end_exclusive) if period.period else None

    def _group(self, figures: Figures) -> Spread[tuple[str | None, Resolved]]:
        if not figures.groups:
            return everywhere((None, Resolved(TOTAL)))
        dimensions = list(figures.groups)
        spreads = []
        for dimension in dimensions:
            label_map = self._map("target_group" if dimension == "*" else dimension)
            component = figures.groups[dimension]
            without_label = NO_LABEL if _is_labelled_throughout(component, figures) else Resolved(TOTAL)
            spreads.append(component.labels.map(partial(self._member, dimension, label_map, without_label)))
        return combine(spreads).map(lambda members: _together(dimensions, members))

    def _member(
        self, dimension: str, label_map: Mapping[str, str], without_label: Resolved, label: Label | None
    ) -> tuple[str | None, Resolved]:
        if label is None:
            return None, without_label
        if dimension == "*":
            return label.text, self.resolver.members(label.meaning, label_map)
        return label.text, self.resolver.member(dimension, label.meaning, label_map)

    def _unit(
        self, figures: Figures, indicator: Spread[tuple[Label | None, Resolved]], cell_units: Spread[Unit | None]
    ) -> Spread[ResolvedUnit]:
        printed: Spread[Any] = everywhere(None) if figures.printed_unit is None else figures.printed_unit
        power: Spread[Label | None] = everywhere(None) if figures.unit_power is None else figures.unit_power
        is_stated = _is_stated_by_each(figures.components.get("unit"))

        def resolved(found: tuple[Any, ...]) -> ResolvedUnit:
            if is_stated and all(stated is None for stated in found[1:-1]):
                return ResolvedUnit(None, None, problem="unknown")  # a row or column that lost its unit
            (named, measured), label, cell_unit, beside, exponent = found
            in_row = PrintedUnit(named.text, ()) if named is not None and beside is not None else None
            unit = self._convertible(measured, label, cell_unit, tuple(filter(None, (in_row, beside))))
            return self._multiplied(unit, measured, exponent, declared=label is not None or cell_unit is not None)

        return combine([indicator, self._labels(figures, "unit"), cell_units, printed, power]).map(resolved)

    def _multiplied(
        self, unit: ResolvedUnit, indicator: Resolved, beside: Label | None, *, declared: bool
    ) -> ResolvedUnit:
        """The unit with the power of ten that stands beside the figure (UNIT_MULT), which a declared unit that has the
        same one states already. Two that differ are a problem."""
        known = self.resolver.measure(indicator.code)
        if beside is None or unit.problem is not None or known is None:
            return unit
        registered = registered_unit(known.unit)
        contradiction = replace(unit, unit_code=None, reported=f"UNIT_MULT {beside.text}", problem="undeclared")
        if registered.code == ONE or registered.power_of_ten < 0:  # per cent, per mille: units of their own there
            return unit if beside.meaning == "0" else contradiction
        if re.fullmatch(r"-?\d{1,2}", beside.meaning) is None:
            return contradiction
        power, stated = int(beside.meaning), unit.power + registered.power_of_ten if declared else 0
        return replace(unit, power=power - registered.power_of_ten) if stated in (0, power) else contradiction

    def _convertible(
        self, indicator: Resolved, label: Label | None, cell_unit: Unit | None, printed: tuple[PrintedUnit, ...]
    ) -> ResolvedUnit:
        known = self.resolver.measure(indicator.code)
        text = label.text if label else None
        stated = cell_unit
        if cell_unit == SHOWN_AS_PERCENT:
            is_part_of_one = known is not None and registered_unit(known.unit).code == ONE
            stated = Unit(ONE, 0) if is_part_of_one else None
        if label is not None and (stated is None or stated.code is None or isinstance(stated, CurrencySign)):
            meaning = self._mapped("unit", label)
            read = parse_unit(meaning) or unit_in_text(meaning)
            if read is None:
                if known is None or meaning != known.unit:
                    return ResolvedUnit(None, text, problem="unknown")
                read = registered_unit(known.unit)
            if isinstance(stated, CurrencySign):
                if not same_base(read, stated) and not same_base(stated, read):
                    return ResolvedUnit(None, text, problem="not_convertible")
                stated = None if read.code is not None else Unit(stated.code, read.power_of_ten)
            if stated is None or stated.code is None:
                stated = Unit(read.code, stated.power_of_ten if stated is not None else read.power_of_ten)
        if known is None:
            return ResolvedUnit(None, text)
        registered = registered_unit(known.unit)
        if stated is None or (isinstance(stated, CurrencySign) and same_base(stated, registered)):
            other = next(filter(None, (contradicting(texts, registered) for texts in printed)), None)
            return ResolvedUnit(None, other, problem="undeclared") if other else ResolvedUnit(known.unit, text)
        if not same_base(stated, registered):
            return ResolvedUnit(None, text, problem="not_convertible")
        return ResolvedUnit(
            known.unit,
            text,
            stated.power_of_ten - registered.power_of_ten if stated.code is not None or stated.power_of_ten else 0,
        )

    def _status(self, label: Label | None) -> tuple[ObsStatus | None, bool]:
        """The status that stands beside a figure, and whether it is an unknown one."""
        if label is None:
            return None, False
        code = self._mapped("status", label)
        return (ObsStatus(code), False) if code in set(ObsStatus) else (None, True)

    def _accumulation(
        self, figures: Figures, indicator: Spread[tuple[Label | None, Resolved]], period: Spread[FoundPeriod]
    ) -> Spread[str | None]:
        def chosen(found: tuple[Any, ...]) -> str | None:
            label, (_, resolved), (_, of_period) = found
            measure = self.resolver.measure(resolved.code)
            stated = self._vocabulary("accumulation", label, Accumulation)
            return accumulation_of(stated, measure.accumulation if measure else None, of_period)

        return combine([self._labels(figures, "accumulation"), indicator, period]).map(chosen)

    def _vocabulary(self, name: str, label: Label | None, words: type[MeasureKind] | type[Accumulation]) -> str | None:
        """A word of a fixed vocabulary. A label that is none, and is not mapped to one, refuses the file."""
        if label is None:
            return None
        code = self._mapped(name, label)
        if code in set(words):
            return str(words(code))
        allowed = ", ".join(words)
        raise Refusal(
            "STR-02",
            None,
            None,
            f"{self.file_name}: nhãn «{label.text}» chưa được gán cho {name} ({allowed}). Hãy thêm vào "
            f"labels.{name} của nguồn.",
            f"{self.file_name}: the label «{label.text}» is not mapped to a {name} ({allowed}). Add it to "
            f"labels.{name} of the source.",
        )

    def _text_problem(self, figures: Figures) -> Spread[str | None]:
        troubled = [
            component.labels.map(lambda label: label.problem if label else None)
            for component in [*figures.components.values(), *figures.groups.values()]
            if any(label is not None and label.problem for label in component.labels.values)
        ]
        if not troubled:
            return everywhere(None)
        return combine(troubled).map(lambda problems: next((problem for problem in problems if problem), None))


def _is_labelled_throughout(group: Component, figures: Figures) -> bool:
    """Whether a figure without a label in a dimension of target groups has lost it, and is not one of the total.

    ``blank`` says what an empty label means; an ``optional`` column that is absent labels nothing; a part that a
    pattern of columns may leave out is left out on purpose; a printed total stands for all.
    """
    source = group.source
    if figures.total_of is not None or source.constant is not None:
        return False
    return any(group.labels.values) or not source.optional


def _is_stated_by_each(unit: Component | None) -> bool:
    """Whether a column gives each row its unit, or a header row each column, whole and always."""
    if unit is None or not any(unit.labels.values):
        return False
    source = unit.source
    return (source.column or source.header) is not None and source.pattern is None and not source.optional


def _candidates(found: Sequence[Spread[Any]]) -> Spread[str | None]:
    """The nearest registered labels for whatever did not resolve."""
    telling = [spread for spread in (spread.map(_candidates_of) for spread in found) if any(spread.values)]
    return combine(telling).map(_joined) if telling else everywhere(None)


def _candidates_of(pair: tuple[Any, Resolved | ResolvedPeriod]) -> tuple[str | None, str | None] | None:
    """The label that did not resolve and what is nearest to it, if anything is."""
    label, resolved = pair
    if not resolved.problem:
        return None
    return (label.text if isinstance(label, Label) else label), resolved.candidates


def _joined(found: tuple[tuple[str | None, str | None] | None, ...]) -> str | None:
    """Candidates; where several labels of one row did not resolve, each behind its own."""
    failed = [pair for pair in found if pair]
    if len(failed) == 1:
        return failed[0][1]
    return "; ".join(f"«{label}» → {candidates}" for label, candidates in failed if candidates) or None


def _together(dimensions: list[str], members: tuple[tuple[str | None, Resolved], ...]) -> tuple[str | None, Resolved]:
    text = " | ".join(label for label, _ in members if label) or None
    failed = next((resolved for _, resolved in members if resolved.code is None), None)
    if failed is not None:
        return text, failed
    parts: list[str] = []
    for dimension, (_, resolved) in zip(dimensions, members, strict=True):
        if resolved.code != TOTAL:
            parts.extend((resolved.code or "").split("|") if dimension == "*" else [f"{dimension}={resolved.code}"])
    return text, Resolved("|".join(sorted(parts)) or TOTAL)
