"""The figures of a rectangle of cells: each distinct text read once, stored numbers taken as arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.contract import DECIMAL
from ingest.parse.markers import marker_key
from ingest.parse.number_text import canonical
from ingest.parse.numbers import Number, NumberProfile, parse_native, parse_numbers
from ingest.parse.units import Unit
from ingest.read import CellKind
from ingest.read.column import Column, Texts, contiguous
from ingest.recipe.labels import Spread, everywhere
from ingest.recipe.layout import Figures
from ingest.recipe.model import Numbers
from ingest.recipe.sheet import Mask
from ingest.recipe.texts import parts_found
from ingest.resolve.decimals import common_places, decimals_of

#: From so many distinct texts on, those of digits only are read as an array.
_MANY = 1000
#: Kinds of cells that are neither number nor text, and what stands for all of a kind.
_NATIVE: dict[int, object] = {int(CellKind.DATE): dt.date(2000, 1, 1), int(CellKind.TRUTH): True}
_MISPLACED = Number(None, problem="misplaced")
_LOST_LABEL = Number(None, problem="lost_label")
_NO_MATCH = Number(None, problem="not_a_number")
_SEVERAL = Number(None, problem="ambiguous_number")
_NO_TEXTS = pa.array([], pa.string())
_STORED = Number(None)  # a stored number that nothing is to be said about; its value is in the array of doubles
#: A stored number that is shown as per cent: it is a part of one, where the indicator's unit is one of parts of one.
SHOWN_AS_PERCENT = Unit("shown as per cent", 0)
_PERCENT_CELL = Number(None, flags=("PERCENT_FORMAT",), unit=SHOWN_AS_PERCENT)


@dataclass
class ReadFigures:
    """Figures of a rectangle, row by row. ``read.values[code]`` says all but the value of a stored number."""

    values: pa.Array
    read: Spread[Number]
    raw: pa.Array
    states_units: bool
    has_intervals: bool


def number_profile(numbers: Numbers) -> NumberProfile:
    """The parser's profile of what a recipe says about figures."""
    blank = "missing" if numbers.blank == "ignore" else numbers.blank
    return NumberProfile(
        locale=numbers.locale,
        markers=dict(numbers.markers),
        profile=numbers.profile,
        blank=blank,
        percent=numbers.percent,
        parentheses=numbers.parentheses,
        intervals=numbers.intervals,
    )


def read_figures(figures: Figures) -> ReadFigures:
    """Read every cell of a rectangle at once."""
    return FigureReader(figures).read(slice(0, len(figures.rows)))


@dataclass(frozen=True)
class _ColumnReading:
    """What each distinct text of a column comes to; the last place stands for a cell without text."""

    column: Column
    outcome_of: Any  # codes into the reader's table
    plain_of: Any  # places among the reader's plain numbers, -1 for a text that is none
    texts_before: int  # place of the column's first text among the texts of all columns


class FigureReader:
    """Reads a rectangle of figures stretch by stretch; each distinct text once, whatever the stretches.

    The decimal sign is told from the whole column where the recipe leaves it open.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.profile = number_profile(figures.numbers)
        self.table: dict[Number, int] = {_STORED: 0}
        self._texts: list[pa.Array] = [_NO_TEXTS]
        self._plain: list[Any] = []
        rows = contiguous(figures.rows)
        self._columns = [self._distinct(figures.view.column(at), rows) for at in figures.columns]
        self._texts = [pa.concat_arrays(self._texts)]
        self._percent_rows = self._percent_formats()
        for _, outcome in self._held_back(slice(0, 0)):
            self._outcome(outcome)
        self._native_markers = [(value, self._outcome(value)) for value in self._marker_values()]
        self._has_numbers = any(reading.column.numbers is not None for reading in self._columns)

    @cached_property
    def numbers(self) -> list[Number]:
        """What the codes of ``ReadFigures.read`` stand for."""
        return list(self.table)

    @cached_property
    def _states_units(self) -> bool:
        return any(number.unit is not None for number in self.numbers)

    @cached_property
    def _has_intervals(self) -> bool:
        return any(number.low is not None or number.high is not None for number in self.numbers)

    @cached_property
    def _distinct_values(self) -> pa.Array:
        """Values of the outcomes, and after them the plain numbers."""
        outcomes = pa.array([number.value for number in self.numbers], DECIMAL)
        return pa.concat_arrays([outcomes, *map(decimals_of, self._plain)])

    def units(self) -> Spread[Unit | None]:
        """Units that cells state themselves. A magnitude in the cell is already in the value."""
        units = [_own_unit(number) for number in self.numbers]
        if len(set(units)) == 1:
            return everywhere(units[0])
        whole = slice(0, len(self.figures.rows))
        return Spread(self._outcomes(whole, self._stored(whole)), self.numbers).map(_own_unit)

    def blank(self, chosen: slice) -> Any:
        """Which cells of a stretch of rows hold nothing."""
        rows = contiguous(self.figures.rows[chosen])
        return np.stack([reading.column.kinds[rows] == CellKind.BLANK for reading in self._columns], axis=1)

    def read(self, chosen: slice) -> ReadFigures:
        """The figures of a stretch of the rectangle's rows."""
        stored = self._stored(chosen)
        raw = self._raw(chosen, stored)
        outcomes = self._outcomes(chosen, stored)
        values = self._values(chosen, stored, outcomes)
        return ReadFigures(values, Spread(outcomes, self.numbers), raw, self._states_units, self._has_intervals)

    def _outcome(self, sample: object) -> int:
        number = sample if isinstance(sample, Number) else parse_native(sample, self.profile)
        return self.table.setdefault(number, len(self.table))

    def _distinct(self, column: Column, rows: Any) -> _ColumnReading:
        kinds, count = column.kinds[rows], len(column.texts)
        outcome_of, plain_of = np.zeros(count + 1, np.int32), np.full(count + 1, -1, np.int32)
        before = sum(map(len, self._texts))
        if (kinds != CellKind.NUMBER).any():
            is_used = np.zeros(count + 1, bool)
            is_used[column.codes[rows]] = True
            texts = column.texts if self.figures.pattern is None else _parts(column.texts, self.figures.pattern)
            plain = _plain_numbers(texts, self.profile)
            is_plain = ~np.isnan(plain)
            plain_of[:-1][is_plain] = np.arange(is_plain.sum()) + sum(map(len, self._plain))
            others = np.flatnonzero(is_used[:-1] & ~is_plain)
            odd = texts.array.take(pa.array(others)).to_pylist()
            read = parse_numbers([text or "" for text in odd], self.profile)
            for code, text, number in zip(others, odd, read, strict=True):
                outcome_of[code] = self._outcome(self._unmatched(column.texts[int(code)]) if text is None else number)
            if (kinds == CellKind.BLANK).any():
                outcome_of[-1] = self._outcome(None)
            for kind in set(_NATIVE) & set(np.unique(kinds)):
                self._outcome(_NATIVE[kind])
            self._texts.append(column.texts.array)
            self._plain.append(plain[is_plain])
        return _ColumnReading(column, outcome_of, plain_of, before)

    def _unmatched(self, text: str) -> Number:
        """A cell that the recipe's pattern finds no figure in (a marker, or no number), or several."""
        if len(parts_found(self.figures.pattern or "", text, "value")) > 1:
            return _SEVERAL
        return self.profile.outcomes.get(marker_key(canonical(text)), _NO_MATCH)

    def _percent_formats(self) -> dict[int, Any]:
        """Position of a column → rows in which stored numbers are shown as per cent. With a multiplier the recipe
        itself says what they are."""
        details = self.figures.view.grid.xml
        if self.figures.multiplier is not None or details is None or not details.percent_cells:
            return {}
        self._outcome(_PERCENT_CELL)
        return {
            position: details.percent_cells[column]
            for position, column in enumerate(self.figures.columns)
            if column in details.percent_cells
        }

    def _marker_values(self) -> list[float]:
        """Markers that are numbers themselves (9999 for missing), in cells that hold the number."""
        return [value for marker in self.profile.markers if (value := _as_number(marker)) is not None]

    def _stored(self, chosen: slice) -> Any:
        """The stored numbers of a stretch, nan where there is none; None where no column has any."""
        if not self._has_numbers:
            return None
        rows = contiguous(self.figures.rows[chosen])
        stored = np.full((chosen.stop - chosen.start, len(self._columns)), np.nan)
        for position, reading in enumerate(self._columns):
            if reading.column.numbers is not None:
                stored[:, position] = reading.column.numbers[rows]
        return stored

    def _outcomes(self, chosen: slice, stored: Any) -> Any:
        """Codes into the table. Numbers that are markers are taken out of ``stored``."""
        rows = contiguous(self.figures.rows[chosen])
        outcomes = np.zeros((chosen.stop - chosen.start, len(self._columns)), np.int32)
        if len(self.table) == 1:
            return outcomes
        for position, reading in enumerate(self._columns):
            if reading.outcome_of.any():
                outcomes[:, position] = reading.outcome_of[reading.column.codes[rows]]
            kinds = reading.column.kinds[rows]
            outcomes[kinds == CellKind.NUMBER, position] = 0
            for kind in set(_NATIVE) & set(np.unique(kinds)):
                outcomes[kinds == kind, position] = self._outcome(_NATIVE[kind])
        if stored is not None:
            for position, shown in self._percent_rows.items():
                at = np.isin(self.figures.rows[chosen], shown) & np.isfinite(stored[:, position])
                outcomes[at, position] = self._outcome(_PERCENT_CELL)
            for value, outcome in self._native_markers:
                at = stored == value
                outcomes[at] = outcome
                stored[at] = np.nan
        for held, number in self._held_back(chosen):
            outcomes[held] = self._outcome(number)
            if stored is not None:
                stored[held] = np.nan
        return outcomes

    def _held_back(self, chosen: slice) -> Iterator[tuple[Mask, Number]]:
        """Cells, or whole rows, that are no figures whatever they say, and what they are."""
        for mask, outcome in ((self.figures.misplaced, _MISPLACED), (self.figures.lost_label, _LOST_LABEL)):
            if mask is not None:
                yield mask[chosen], outcome

    def _values(self, chosen: slice, stored: Any, outcomes: Any) -> pa.Array:
        native = decimals_of(stored.ravel()) if stored is not None and np.isfinite(stored).any() else None
        if len(self._distinct_values) == 1:
            return native if native is not None else pa.nulls(outcomes.size, DECIMAL)
        at = outcomes
        if self._plain:
            plain = self._gathered(chosen, lambda reading: reading.plain_of)
            for held, _ in self._held_back(chosen):
                plain[held] = -1
            at = np.where(plain < 0, outcomes, plain + np.int32(len(self.table)))
        from_texts = self._distinct_values.take(pa.array(at.ravel()))
        return from_texts if native is None else pc.coalesce(native, from_texts)

    def _gathered(self, chosen: slice, of: Callable[[_ColumnReading], Any]) -> Any:
        rows = contiguous(self.figures.rows[chosen])
        found = np.empty((chosen.stop - chosen.start, len(self._columns)), np.int32)
        for position, reading in enumerate(self._columns):
            found[:, position] = of(reading)[reading.column.codes[rows]]
        return found

    def _raw(self, chosen: slice, stored: Any) -> pa.Array:
        """Texts of the cells as codes into those that occur."""
        rows = contiguous(self.figures.rows[chosen])
        places = np.empty((chosen.stop - chosen.start, len(self._columns)), np.int32)
        for position, reading in enumerate(self._columns):
            codes = reading.column.codes[rows]
            places[:, position] = np.where(codes < 0, codes, codes + np.int32(reading.texts_before))
        codes, written = places.ravel(), self._texts[0]
        absent = codes < 0
        numeric = np.isfinite(stored.ravel()) & absent if stored is not None else None
        if numeric is not None and numeric.any():
            encoded = pa.array(stored.ravel()[numeric]).dictionary_encode()
            distinct = encoded.dictionary.to_numpy()
            # Arrow writes the shortest form of a double, and whole numbers without a point.
            shown = distinct if common_places(distinct) is not None else _at_fifteen_digits(distinct)
            codes[numeric] = len(written) + encoded.indices.to_numpy()
            written = pa.concat_arrays([written, pa.array(shown).cast(pa.string())])
            absent = codes < 0
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=absent if absent.any() else None), written)


def _parts(texts: Texts, pattern: str) -> Texts:
    """Of each text the part that is the figure; none where the recipe's pattern does not match."""
    return Texts(pa.array([_part(text, pattern) for text in texts], pa.string()))


def _part(text: str, pattern: str) -> str | None:
    parts = parts_found(pattern, text, "value")
    return parts[0] if len(parts) == 1 else None


def _own_unit(number: Number) -> Unit | None:
    return Unit(None, 0) if number.unit is None and "MAGNITUDE" in number.flags else number.unit


def _as_number(marker: str) -> float | None:
    try:
        return float(marker)
    except ValueError:
        return None


def _plain_numbers(texts: Texts, profile: NumberProfile) -> Any:
    """Numbers of the texts that every locale reads alike (whole ones), or that the declared locale reads so; else nan.

    They hold fifteen digits at most, so a double carries them exactly. They are no evidence for a locale, either.
    """
    found = np.full(len(texts), np.nan)
    if len(texts) < _MANY or any(marker[-1:].isdigit() for marker in profile.markers):
        return found
    mark = profile.declared_locale.decimal if profile.declared_locale is not None else None
    form = r"^-?(0|[1-9]\d{0,14})$" if mark is None else rf"^-?(0|[1-9]\d{{0,8}})(\{mark}\d{{1,6}})?$"
    plain = pc.fill_null(pc.match_substring_regex(texts.array, form), False)
    chosen = texts.array.filter(plain)
    if mark is not None and mark != ".":
        chosen = pc.replace_substring(chosen, mark, ".")
    found[plain.to_numpy(zero_copy_only=False)] = chosen.cast(pa.float64()).to_numpy()
    return found


def _at_fifteen_digits(numbers: Any) -> Any:
    """Doubles rounded to the digits that a spreadsheet shows, so that 0.1 + 0.2 is written 0.3."""
    safe = np.where(np.isfinite(numbers) & (numbers != 0), numbers, 1.0)
    places = 14 - np.floor(np.log10(np.abs(safe)))
    usable = (places >= 0) & (places <= 22)
    scale = 10.0 ** np.where(usable, places, 0)
    return np.where(usable, np.rint(safe * scale) / scale, safe)
