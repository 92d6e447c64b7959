"""Figures and their resolved components as rows of the tidy table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.contract import DECIMAL, TIDY, TOTAL, VALUELESS_STATUSES, ObsStatus
from ingest.messages.grid import MessageGrid
from ingest.parse.numbers import Number
from ingest.read.grid import column_letters
from ingest.recipe.labels import Label, Spread, combine
from ingest.recipe.layout import Figures
from ingest.resolve.components import ResolvedComponents
from ingest.resolve.decimals import shift, times
from ingest.resolve.encoded import ENCODED, encoded
from ingest.resolve.figures import ReadFigures
from ingest.resolve.periods import ResolvedPeriod
from ingest.resolve.resolver import Resolved

_PERCENT_FLAGS = {"PERCENT", "PERCENT_FORMAT"}
TYPE_OF = {column.name: column.type for column in TOTAL.columns}


@dataclass(frozen=True)
class Submission:
    """What all rows of a submission have in common."""

    source_code: str
    submission_id: str
    recorded_at: datetime
    recipe_version: str


class ObservationTable:
    """Builds the rows of one rectangle of figures. ``kept`` are the places, row by row, of the cells that count."""

    def __init__(
        self, figures: Figures, read: ReadFigures, components: ResolvedComponents, submission: Submission, kept: Any
    ) -> None:
        self.figures, self.read, self.components, self.submission = figures, read, components, submission
        self.shape = (len(figures.rows), len(figures.columns))
        self.kept = None if len(kept) == self.shape[0] * self.shape[1] else kept
        self.count = len(kept)
        self._flat: dict[int, tuple[Any, Any]] = {}
        self._empty: dict[pa.DataType, pa.Array] = {}

    def build(self) -> pa.Table:
        """The rows, with the columns of TIDY (and of TOTAL where the figures are totals)."""
        columns = {**self._identity(), **self._labels(), **self._values(), **self._problems()}
        table = TIDY
        if self.figures.total_of is not None:
            columns["total_of"] = self._constant("total_of", self.figures.total_of)
            table = TOTAL
        return pa.table([columns[name] for name in table.column_names], schema=encoded(table.schema))

    def _identity(self) -> dict[str, pa.Array]:
        submission, figures = self.submission, self.figures
        grid = figures.view.grid
        sheet, cell = self._message_places(grid) if isinstance(grid, MessageGrid) else self._sheet_places()
        return {
            "source_code": self._constant("source_code", submission.source_code),
            "submission_id": self._constant("submission_id", submission.submission_id),
            "sheet": sheet,
            "cell": cell,
            "raw_text": self._chosen(self.read.raw),
            "recorded_at": self._constant("recorded_at", submission.recorded_at),
            "recipe_version": self._constant("recipe_version", submission.recipe_version),
        }

    def _sheet_places(self) -> tuple[pa.Array, pa.Array]:
        """Sheet and A1 address of each kept cell."""
        rows = np.arange(self.shape[0], dtype=np.int64)[:, None]
        columns = np.arange(self.shape[1], dtype=np.int64)[None, :]
        row_numbers = pa.array(self.figures.rows + 1).cast(pa.string())
        letters = pa.array([column_letters(column) for column in self.figures.columns], pa.string())
        at_row = row_numbers if self.shape[1] == 1 and self.kept is None else row_numbers.take(self._flatten_to(rows))
        at_column = letters[0] if len(letters) == 1 else letters.take(self._flatten_to(columns))
        cells = pc.binary_join_element_wise(at_column, at_row, "")
        return self._constant("sheet", self.figures.view.grid.name), cells

    def _message_places(self, grid: MessageGrid) -> tuple[pa.Array, pa.Array]:
        """Response and place in it of each kept cell."""
        rows, columns = [int(row) for row in self.figures.rows], self.figures.columns
        documents = [grid.document(row) for row in rows for _ in columns]
        places = [grid.address(row, column) for row in rows for column in columns]
        sheets = pa.array(documents, pa.string()).dictionary_encode()
        return self._chosen(sheets), self._chosen(pa.array(places, pa.string()))

    def _labels(self) -> dict[str, pa.Array]:
        c = self.components
        take = self._take
        return {
            "indicator_code": take("indicator_code", c.indicator, lambda x: x[1].code),
            "indicator_label": take("indicator_label", c.indicator, _label_text),
            "organisation_code": take("organisation_code", c.organisation, lambda x: x[1].code),
            "organisation_valid_from": take("organisation_valid_from", c.organisation, lambda x: x[1].valid_from),
            "organisation_label": take("organisation_label", c.organisation, _label_text),
            "calendar_code": take(
                "calendar_code", c.period, lambda x: x[1].period.calendar_code if x[1].period else None
            ),
            "period_code": take("period_code", c.period, lambda x: x[1].period.period_code if x[1].period else None),
            "period_start": take("period_start", c.period, lambda x: x[1].period.start if x[1].period else None),
            "period_end_exclusive": take(
                "period_end_exclusive", c.period, lambda x: x[1].period.end_exclusive if x[1].period else None
            ),
            "period_label": take("period_label", c.period, _label_text),
            "target_group_code": take("target_group_code", c.group, lambda x: x[1].code),
            "target_group_label": take("target_group_label", c.group, lambda x: x[0]),
            "measure_kind": take("measure_kind", c.measure_kind, str),
            "accumulation": take("accumulation", c.accumulation, lambda x: x),
            "unit_code": take("unit_code", c.unit, lambda x: x.unit_code),
            "reported_unit": take("reported_unit", self._reported_unit(), lambda x: x),
        }

    def _reported_unit(self) -> Spread[str | None]:
        """As written beside the figure, or in the cell itself."""
        if not any(number.unit is not None for number in self.read.read.values):
            return self.components.unit.map(lambda unit: unit.reported)
        return combine([self.components.unit, self.read.read]).map(
            lambda found: (
                found[0].reported or ("%" if "PERCENT" in found[1].flags else found[1].unit and found[1].unit.code)
            )
        )

    def _values(self) -> dict[str, pa.Array]:
        values, too_large = self._in_registered_unit(self._chosen(self.read.values))
        state = combine([self.read.read, self.components.status, self.components.period_status])
        described = state.map(lambda found: _described(*found))
        flags = self._take("flags", described, lambda x: x[1])
        formula = self._formula_cells()
        if formula is not None:
            plain = flags.cast(pa.string())
            marked = pc.binary_join_element_wise(plain, pa.scalar("FORMULA"), ",", null_handling="skip")
            flags = pc.if_else(pa.array(formula), marked, plain).dictionary_encode()
        problem = self._take("value_problem", described, lambda x: x[2])
        status = self._take("obs_status", described, lambda x: x[0])
        if too_large.any():
            problem = _replaced(problem, too_large, "out_of_precision")
            status = _replaced(status, too_large, str(ObsStatus.MISSING))
        low, high = (
            self._bounds("value_low", lambda number: number.low),
            self._bounds("value_high", lambda number: number.high),
        )
        return {
            "value": values,
            "value_low": self._closed(low, high),
            "value_high": high,
            "obs_status": status,
            "flags": flags,
            "note": self._take("note", combine([self.components.note, self.read.read]).map(_note), lambda x: x),
            "value_problem": problem,
        }

    def _in_registered_unit(self, values: pa.Array) -> tuple[pa.Array, Any]:
        """Values in the registered unit; each power of ten moves the point of all its values at once."""
        too_large = np.zeros(self.count, bool)
        factor = self.figures.multiplier
        if factor is not None and factor != 1:
            values, too_large = _multiplied(values, factor)
        powers = self.components.unit.map(lambda unit: unit.power if unit.problem is None else 0)
        for power in powers.values:
            if power == 0:
                continue
            moved, beyond = shift(values, power)
            if len(powers.values) == 1:
                return moved, too_large | beyond
            at = np.asarray(powers.values)[self._codes(powers)] == power
            values = pc.if_else(pa.array(at), moved, values)
            too_large |= beyond & at
        return values, too_large

    def _bounds(self, name: str, bound: Callable[[Number], Any]) -> pa.Array:
        if all(bound(number) is None for number in self.read.read.values):
            return self._nothing(DECIMAL)
        moved, _ = self._in_registered_unit(self._take(name, self.read.read, bound))
        return moved

    def _closed(self, low: pa.Array, high: pa.Array) -> pa.Array:
        """Lower bounds; of "<5" the least that the indicator can be."""
        if high.null_count == len(high):
            return low
        least = self._take("value_low", self.components.least, lambda bound: bound)
        return pc.coalesce(low, pc.if_else(pc.is_valid(high), least, pa.scalar(None, DECIMAL)))

    def _formula_cells(self) -> Any:
        """Which cells hold a formula, or None where none does."""
        xml = self.figures.view.grid.xml
        if xml is None or not xml.formulas[0]:
            return None
        row_at = {int(row): position for position, row in enumerate(self.figures.rows)}
        column_at = {column: position for position, column in enumerate(self.figures.columns)}
        places = [(row_at[r], column_at[c]) for r, c in xml.formulas[0] if r in row_at and c in column_at]
        if not places:
            return None
        mask = np.zeros(self.shape, bool)
        mask[tuple(np.array(places).T)] = True
        return mask.ravel() if self.kept is None else mask.ravel()[self.kept]

    def _problems(self) -> dict[str, pa.Array]:
        c, take = self.components, self._take
        return {
            "indicator_problem": take("indicator_problem", c.indicator, lambda x: x[1].problem),
            "organisation_problem": take("organisation_problem", c.organisation, lambda x: x[1].problem),
            "period_problem": take("period_problem", c.period, lambda x: x[1].problem),
            "target_group_problem": take("target_group_problem", c.group, lambda x: x[1].problem),
            "unit_problem": take("unit_problem", c.unit, lambda x: x.problem),
            "text_problem": take("text_problem", c.text_problem, lambda x: x),
            "candidates": self._candidates(),
        }

    def _candidates(self) -> pa.Array:
        spreads: list[Spread[Any]] = []
        c = self.components
        for spread in (c.indicator, c.organisation, c.period, c.group):
            found = spread.map(_candidates_of)
            if any(found.values):
                spreads.append(found)
        if not spreads:
            return self._nothing(pa.string())
        joined = combine(spreads).map(_joined)
        return self._take("candidates", joined, lambda x: x)

    def _constant(self, name: str, value: Any) -> pa.Array:
        kind = TYPE_OF[name]
        if kind == pa.string():
            return pa.DictionaryArray.from_arrays(self._zeros, pa.array([value], kind))
        return pa.repeat(pa.scalar(value, kind), self.count)

    def _take(self, name: str, spread: Spread[Any], of: Callable[[Any], Any]) -> pa.Array:
        """A column: what ``of`` makes of each distinct value, spread over the kept cells."""
        found = [of(value) for value in spread.values]
        kind = TYPE_OF[name]
        if all(value is None for value in found):
            return self._nothing(kind)
        if len(found) == 1:
            return self._constant(name, found[0])
        if kind != pa.string():
            return pa.array(found, kind).take(pa.array(self._codes(spread)))
        distinct = {value: number for number, value in enumerate(dict.fromkeys(v for v in found if v is not None))}
        if list(distinct) == found:
            return pa.DictionaryArray.from_arrays(self._codes(spread), pa.array(found, kind))
        recode = np.array([distinct.get(value, -1) for value in found], np.int32)
        codes = recode[self._codes(spread)]
        absent = codes < 0
        indices = pa.array(codes, mask=absent) if absent.any() else codes
        return pa.DictionaryArray.from_arrays(indices, pa.array(list(distinct), kind))

    @cached_property
    def _zeros(self) -> Any:
        return np.zeros(self.count, np.int32)

    def _nothing(self, kind: pa.DataType) -> pa.Array:
        """A column without values; all such columns of a type are the same memory."""
        if kind not in self._empty:
            self._empty[kind] = pa.nulls(self.count, ENCODED if kind == pa.string() else kind)
        return self._empty[kind]

    def _codes(self, spread: Spread[Any]) -> Any:
        """A spread's codes for the kept cells, computed once."""
        known = self._flat.get(id(spread.codes))
        if known is None or known[0] is not spread.codes:
            known = spread.codes, self._flatten(spread.codes.astype(np.int32, copy=False))
            self._flat[id(spread.codes)] = known
        return known[1]

    def _flatten(self, codes: Any) -> Any:
        flat = np.broadcast_to(codes, self.shape).ravel()
        return flat if self.kept is None else flat[self.kept]

    def _flatten_to(self, codes: Any) -> pa.Array:
        return pa.array(self._flatten(codes))

    def _chosen(self, column: pa.Array) -> pa.Array:
        return column if self.kept is None else column.take(pa.array(self.kept))


def _replaced(column: pa.Array, at: Any, text: str) -> pa.Array:
    return pc.if_else(pa.array(at), pa.scalar(text), column.cast(pa.string())).dictionary_encode()


def _label_text(pair: tuple[Label | None, Any]) -> str | None:
    return pair[0].text if pair[0] is not None else None


def _candidates_of(pair: tuple[Any, Resolved | ResolvedPeriod]) -> tuple[str | None, str] | None:
    """The label that did not resolve and what is nearest to it."""
    label, resolved = pair
    if not resolved.problem or not resolved.candidates:
        return None
    return (label.text if isinstance(label, Label) else label), resolved.candidates


def _joined(found: tuple[tuple[str | None, str] | None, ...]) -> str | None:
    """Candidates; of several labels in one row, each behind its own."""
    given = [pair for pair in found if pair]
    if len(given) == 1:
        return given[0][1]
    return "; ".join(f"«{label}» → {candidates}" for label, candidates in given) or None


def _described(
    number: Number, beside: tuple[ObsStatus | None, bool], of_period: ObsStatus | None
) -> tuple[str, str | None, str | None]:
    """Status, flags and problem of a figure, from the cell, the status that stands beside it, and its period's label.

    A status that claims a value where there is none says nothing about the gap: it is kept as a flag.
    """
    stated, unknown = beside
    flags, problem = list(number.flags), number.problem
    status = number.obs_status
    if unknown:
        problem = problem or "unmapped_marker"
    elif stated is not None and problem is None:
        has_value = status not in VALUELESS_STATUSES
        if not has_value and stated not in VALUELESS_STATUSES:
            if stated is not ObsStatus.NORMAL:
                flags.append(f"STATED_{stated}")
        elif status is ObsStatus.NORMAL or not has_value:
            status = stated
    if status is ObsStatus.NORMAL and of_period is not None:
        status = of_period
    return str(status), ",".join(flags) or None, problem


def _note(found: tuple[str | None, Number]) -> str | None:
    note, number = found
    return "; ".join(part for part in (note, number.footnote) if part) or None


def _multiplied(values: pa.Array, factor: float) -> tuple[pa.Array, Any]:
    from decimal import Decimal

    exact = Decimal(repr(factor))
    power = exact.normalize().as_tuple()
    if power.digits == (1,) and isinstance(power.exponent, int):
        return shift(values, power.exponent)
    return times(values, exact)
