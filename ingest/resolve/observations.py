"""Figures and their resolved components as rows of the tidy table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.contract import DECIMAL, TIDY, TOTAL, VALUELESS_STATUSES, ObsStatus
from ingest.messages.grid import MessageGrid
from ingest.parse.numbers import Number
from ingest.recipe.labels import Label, Spread, combine
from ingest.recipe.layout import Figures
from ingest.recipe.sheet import Mask
from ingest.resolve.addresses import rectangle_addresses
from ingest.resolve.components import ResolvedComponents
from ingest.resolve.decimals import shift, times
from ingest.resolve.encoded import ENCODED, encoded
from ingest.resolve.figures import FigureReader, ReadFigures

_PERCENT_FLAGS = {"PERCENT", "PERCENT_FORMAT"}
#: Figures of one piece: its arrays are small enough that the memory of one serves the next.
_CELLS_A_PIECE = 131_072
TYPE_OF = {column.name: column.type for column in TOTAL.columns} | {"organisation_valid_to": pa.date32()}


@dataclass(frozen=True)
class Submission:
    """What all rows of a submission have in common."""

    source_code: str
    submission_id: str
    recorded_at: datetime
    recipe_version: str


@dataclass
class ObservationRows:
    """The rows of one rectangle of figures, made stretch by stretch, so that no more is in memory than is asked for.

    ``kept`` says which cells count, where not all do.
    """

    figures: Figures
    reader: FigureReader
    components: ResolvedComponents
    submission: Submission
    kept: Mask | None = None

    @property
    def count(self) -> int:
        """How many rows there are."""
        whole = len(self.figures.rows) * len(self.figures.columns)
        return whole if self.kept is None else int(np.count_nonzero(self.kept))

    def pieces(self) -> Iterator[pa.Table]:
        """The rows in order, with the columns of TIDY (and of TOTAL where the figures are totals)."""
        height = len(self.figures.rows)
        step = max(1, _CELLS_A_PIECE // max(1, len(self.figures.columns)))
        memory = ColumnMemory()
        for start in range(0, height, step):
            chosen = slice(start, min(start + step, height))
            figures = replace(self.figures, rows=self.figures.rows[chosen], uncertain=self.figures.uncertain[chosen])
            kept = None if self.kept is None else self.kept[chosen]
            components = self.components.rows(chosen)
            yield ObservationTable(figures, self.reader.read(chosen), components, self.submission, kept, memory).build()


@dataclass
class ColumnMemory:
    """What the pieces of one rectangle share: columns of one value, and what was made of distinct values."""

    repeated: dict[tuple[pa.DataType, Any], pa.Array] = field(default_factory=dict)
    distinct: dict[tuple[str, int], tuple[list[Any], pa.Array | None, Any]] = field(default_factory=dict)


class ObservationTable:
    """Builds the rows of a stretch of a rectangle of figures."""

    def __init__(
        self,
        figures: Figures,
        read: ReadFigures,
        components: ResolvedComponents,
        submission: Submission,
        kept: Mask | None,
        memory: ColumnMemory,
    ) -> None:
        self.figures, self.read, self.components, self.submission = figures, read, components, submission
        self.shape = (len(figures.rows), len(figures.columns))
        self.kept = None if kept is None or kept.all() else np.flatnonzero(kept.ravel())
        self.count = self.shape[0] * self.shape[1] if self.kept is None else len(self.kept)
        self._memory = memory
        self._flat: dict[int, tuple[Any, Any]] = {}

    def build(self) -> pa.Table:
        """The rows, with the columns of TIDY (and of TOTAL where the figures are totals)."""
        columns = {**self._identity(), **self._labels(), **self._values(), **self._problems()}
        columns["flags"] = self._with_reorganisations(columns)
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
        cells = rectangle_addresses(self.figures.rows, self.figures.columns)
        return self._constant("sheet", self.figures.view.grid.name), self._chosen(cells)

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
            "reported_unit": self._reported_unit(),
        }

    def _with_reorganisations(self, columns: dict[str, pa.Array]) -> pa.Array:
        """Flags, with REORG_PARTIAL where the organisation began or ended within the period (domain.md 4.6)."""
        valid_to = self._take("organisation_valid_to", self.components.organisation, lambda x: x[1].valid_to)
        began = pc.greater(columns["organisation_valid_from"], columns["period_start"])
        ended = pc.less(valid_to, columns["period_end_exclusive"])
        partial = pc.or_kleene(pc.fill_null(began, False), pc.fill_null(ended, False))
        if not pc.any(partial).as_py():
            return columns["flags"]
        plain = columns["flags"].cast(pa.string())
        marked = pc.binary_join_element_wise(plain, pa.scalar("REORG_PARTIAL"), ",", null_handling="skip")
        return pc.if_else(partial, marked, plain).dictionary_encode()

    def _reported_unit(self) -> pa.Array:
        """As written beside the figure, or in the cell itself."""
        unit = self.components.unit
        if not self.read.states_units:
            return self._take("reported_unit", unit, lambda x: x.reported)
        written = combine([unit, self.read.read]).map(
            lambda found: (
                found[0].reported or ("%" if "PERCENT" in found[1].flags else found[1].unit and found[1].unit.code)
            )
        )
        return self._take("reported_unit", written, lambda x: x, once=True)

    def _values(self) -> dict[str, pa.Array]:
        values, too_large = self._in_registered_unit(self._chosen(self.read.values))
        state = combine([self.read.read, self.components.status, self.components.period_status])
        described = state.map(lambda found: _described(*found))
        flags = self._take("flags", described, lambda x: x[1], once=True)
        formula = self._formula_cells()
        if formula is not None:
            plain = flags.cast(pa.string())
            marked = pc.binary_join_element_wise(plain, pa.scalar("FORMULA"), ",", null_handling="skip")
            flags = pc.if_else(pa.array(formula), marked, plain).dictionary_encode()
        notes = combine([self.components.note, self.read.read]).map(_note)
        problem = self._take("value_problem", described, lambda x: x[2], once=True)
        status = self._take("obs_status", described, lambda x: x[0], once=True)
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
            "note": self._take("note", notes, lambda x: x, once=True),
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
        if not self.read.has_intervals:
            return self._constant(name, None)
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
            "candidates": take("candidates", c.candidates, lambda x: x),
        }

    def _constant(self, name: str, value: Any) -> pa.Array:
        """A column of one value, or of none: the same memory for all pieces."""
        kind = TYPE_OF[name]
        known = self._memory.repeated.get((kind, value))
        if known is None or len(known) < self.count:
            if value is None:
                known = pa.nulls(self.count, ENCODED if kind == pa.string() else kind)
            else:
                known = pa.repeat(pa.scalar(value, kind), self.count)
                known = known.dictionary_encode() if kind == pa.string() else known
            self._memory.repeated[kind, value] = known
        return known.slice(0, self.count)

    def _take(self, name: str, spread: Spread[Any], of: Callable[[Any], Any], *, once: bool = False) -> pa.Array:
        """A column: what ``of`` makes of each distinct value, spread over the kept cells.

        ``once``: the spread is of this stretch alone, and what was made of it is of no use to the next.
        """
        distinct, recode = _distinct(name, spread, of) if once else self._remembered(name, spread, of)
        if distinct is None:
            return self._constant(name, None)
        if len(distinct) == 1 and recode is None:
            return self._constant(name, distinct[0].as_py())
        codes = self._codes(spread)
        if recode is not None:
            codes = recode[codes]
            absent = codes < 0
            codes = pa.array(codes, mask=absent) if absent.any() else pa.array(codes)
        else:
            codes = pa.array(codes)
        if TYPE_OF[name] != pa.string():
            return distinct.take(codes)
        return pa.DictionaryArray.from_arrays(codes, distinct)

    def _remembered(self, name: str, spread: Spread[Any], of: Callable[[Any], Any]) -> tuple[pa.Array | None, Any]:
        known = self._memory.distinct.get((name, id(spread.values)))
        if known is None:
            known = spread.values, *_distinct(name, spread, of)
            self._memory.distinct[name, id(spread.values)] = known
        return known[1], known[2]

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


def _distinct(name: str, spread: Spread[Any], of: Callable[[Any], Any]) -> tuple[pa.Array | None, Any]:
    """What ``of`` makes of the distinct values, each once, and where each went if that is not its own place."""
    found = [of(value) for value in spread.values]
    places = {value: number for number, value in enumerate(dict.fromkeys(v for v in found if v is not None))}
    distinct = pa.array(list(places), TYPE_OF[name]) if places else None
    if list(places) == found or (len(places) == 1 and None not in found):
        return distinct, None
    return distinct, np.array([places.get(value, -1) for value in found], np.int32)


def _replaced(column: pa.Array, at: Any, text: str) -> pa.Array:
    return pc.if_else(pa.array(at), pa.scalar(text), column.cast(pa.string())).dictionary_encode()


def _label_text(pair: tuple[Label | None, Any]) -> str | None:
    return pair[0].text if pair[0] is not None else None


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
