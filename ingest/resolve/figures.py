"""The figures of a rectangle of cells: each distinct text read once, stored numbers taken as arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.contract import DECIMAL
from ingest.parse.numbers import Number, NumberProfile, parse_native, parse_numbers
from ingest.parse.units import Unit
from ingest.read import CellKind
from ingest.read.grid import Column
from ingest.recipe.labels import Spread
from ingest.recipe.layout import Figures
from ingest.recipe.model import Numbers
from ingest.recipe.texts import compiled
from ingest.resolve.decimals import common_places, decimals_of

#: From so many distinct texts on, those of digits only are read as an array.
_MANY = 1000
_MISPLACED = Number(None, problem="misplaced")
_NO_MATCH = Number(None, problem="not_a_number")
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
    blank: np.ndarray[Any, np.dtype[np.bool_]]

    @property
    def unit(self) -> Spread[Unit | None]:
        """Units that cells state themselves. A magnitude in the cell is already in the value."""
        return self.read.map(
            lambda number: Unit(None, 0) if number.unit is None and "MAGNITUDE" in number.flags else number.unit
        )


def number_profile(numbers: Numbers) -> NumberProfile:
    """The parser's profile of what a recipe says about figures."""
    blank = "missing" if numbers.blank == "ignore" else numbers.blank
    return NumberProfile(
        locale=numbers.locale,
        markers=dict(numbers.markers),
        profile=numbers.profile,
        blank=blank,
        percent=numbers.percent,
        intervals=numbers.intervals,
    )


def read_figures(figures: Figures) -> ReadFigures:
    """Read every cell of a rectangle. The decimal sign is told column by column where the recipe leaves it open."""
    profile = number_profile(figures.numbers)
    table: dict[Number, int] = {_STORED: 0}
    shape = (len(figures.rows), len(figures.columns))
    codes = np.zeros(shape, np.int32)
    stored = np.full(shape, np.nan)
    raw_texts: dict[str, int] = {}
    raw_codes = np.full(shape, -1, np.int32)
    blank = np.zeros(shape, bool)
    for position, at in enumerate(figures.columns):
        column = figures.view.column(at)
        kinds = column.kinds[figures.rows]
        blank[:, position] = kinds == CellKind.BLANK
        if column.numbers is not None:
            stored[:, position] = column.numbers[figures.rows]
        if (kinds != CellKind.NUMBER).any():
            codes[:, position], raw_codes[:, position], plain = _read_texts(
                column, kinds, figures.rows, profile, table, raw_texts, figures.pattern
            )
            stored[:, position] = np.where(np.isnan(stored[:, position]), plain, stored[:, position])
    if figures.multiplier is None:
        _take_percent_formats(figures, stored, codes, table)
    _take_native_markers(stored, codes, profile, table)
    raw = _raw(stored, raw_codes, list(raw_texts))
    if figures.misplaced is not None:
        codes[figures.misplaced] = table.setdefault(_MISPLACED, len(table))
        stored[figures.misplaced] = np.nan
    read = Spread(codes, list(table))
    return ReadFigures(_values(stored, read), read, raw, blank.ravel())


def _read_texts(
    column: Column,
    kinds: Any,
    rows: Any,
    profile: NumberProfile,
    table: dict[Number, int],
    raw_texts: dict[str, int],
    pattern: str | None,
) -> tuple[Any, Any, Any]:
    """For the cells of one column that are no stored numbers: codes into ``table`` and ``raw_texts``, and numbers of
    texts that are nothing but digits, which need no more reading than a stored number."""
    text_codes = column.codes[rows]
    is_used = np.zeros(len(column.texts) + 1, bool)  # the last one stands for -1: no text
    is_used[text_codes] = True
    used = np.flatnonzero(is_used[:-1])
    plain_of = np.full(len(column.texts) + 1, np.nan)
    texts: list[str | None] = [_part(column.texts[code], pattern) for code in used]
    plain_of[used] = _plain_numbers([text or "" for text in texts], profile)
    outcome_of = np.zeros(len(column.texts) + 1, np.int32)
    raw_of = np.full(len(column.texts) + 1, -1, np.int32)
    raw_of[used] = [raw_texts.setdefault(column.texts[code], len(raw_texts)) for code in used]
    others = [(code, text) for code, text in zip(used, texts, strict=True) if np.isnan(plain_of[code])]
    for (code, text), number in zip(others, parse_numbers([text or "" for _, text in others], profile), strict=True):
        outcome_of[code] = table.setdefault(_NO_MATCH if text is None else number, len(table))
    outcome_of[-1] = table.setdefault(parse_native(None, profile), len(table))
    outcome = np.where(kinds == CellKind.NUMBER, 0, outcome_of[text_codes])
    for kind, sample in ((CellKind.DATE, dt.date(2000, 1, 1)), (CellKind.TRUTH, True)):
        if (kinds == kind).any():
            number = parse_native(sample, profile)
            outcome = np.where(kinds == kind, table.setdefault(number, len(table)), outcome)
    return outcome, raw_of[text_codes], plain_of[text_codes]


def _part(text: str, pattern: str | None) -> str | None:
    """The part of a cell's text that is the figure; None where the recipe's pattern does not match."""
    if pattern is None:
        return text
    match = compiled(pattern).search(text)
    if match is None:
        return None
    return next((group for group in match.groups() if group), "") if match.re.groups else match[0]


def _plain_numbers(texts: list[str], profile: NumberProfile) -> Any:
    """Numbers of the texts that every locale reads alike (whole ones), or that the declared locale reads so; else nan.

    They hold fifteen digits at most, so a double carries them exactly. They are no evidence for a locale, either.
    """
    found = np.full(len(texts), np.nan)
    if len(texts) < _MANY or any(marker[-1:].isdigit() for marker in profile.markers):
        return found
    mark = profile.declared_locale.decimal if profile.declared_locale is not None else None
    column = pa.array(texts, pa.string())
    form = r"^-?(0|[1-9]\d{0,14})$" if mark is None else rf"^-?(0|[1-9]\d{{0,8}})(\{mark}\d{{1,6}})?$"
    plain = pc.match_substring_regex(column, form)
    chosen = column.filter(plain)
    if mark is not None and mark != ".":
        chosen = pc.replace_substring(chosen, mark, ".")
    found[plain.to_numpy(zero_copy_only=False)] = chosen.cast(pa.float64()).to_numpy()
    return found


def _take_percent_formats(figures: Figures, stored: Any, codes: Any, table: dict[Number, int]) -> None:
    """Stored numbers that are shown as per cent. With a multiplier the recipe itself says what they are."""
    details = figures.view.grid.xml
    shown = details.percent_cells if details is not None else {}
    for position, column in enumerate(figures.columns):
        if column in shown:
            at = np.isin(figures.rows, shown[column]) & np.isfinite(stored[:, position])
            codes[at, position] = table.setdefault(_PERCENT_CELL, len(table))


def _take_native_markers(stored: Any, codes: Any, profile: NumberProfile, table: dict[Number, int]) -> None:
    """Markers that are numbers themselves (9999 for missing), in cells that hold the number."""
    for marker in profile.markers:
        try:
            value = float(marker)
        except ValueError:
            continue
        at = stored == value
        if at.any():
            number = parse_native(value, profile)
            codes[at] = table.setdefault(number, len(table))
            stored[at] = np.nan


def _values(stored: Any, read: Spread[Number]) -> pa.Array:
    flat = stored.ravel()
    native = decimals_of(flat) if np.isfinite(flat).any() else pa.nulls(len(flat), DECIMAL)
    if len(read.values) == 1:
        return native
    from_texts = pa.array([number.value for number in read.values], DECIMAL).take(pa.array(read.codes.ravel()))
    return from_texts if native.null_count == len(native) else pc.coalesce(native, from_texts)


def _raw(stored: Any, raw_codes: Any, texts: list[str]) -> pa.Array:
    """Texts of the cells, each distinct one held once."""
    flat, codes = stored.ravel(), raw_codes.ravel()
    absent = codes < 0
    from_texts = pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32), mask=absent if absent.any() else None), pa.array(texts, pa.string())
    )
    numeric = np.isfinite(flat) & absent
    if not numeric.any():
        return from_texts
    encoded = pa.array(flat[numeric]).dictionary_encode()
    distinct, inverse = encoded.dictionary.to_numpy(), encoded.indices.to_numpy()
    # Arrow writes the shortest form of a double, and whole numbers without a point.
    shown = distinct if common_places(distinct) is not None else _at_fifteen_digits(distinct)
    codes = codes.astype(np.int32)
    codes[numeric] = len(texts) + inverse
    written = pa.concat_arrays([pa.array(texts, pa.string()), pa.array(shown).cast(pa.string())])
    absent = codes < 0
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=absent if absent.any() else None), written)


def _at_fifteen_digits(numbers: Any) -> Any:
    """Doubles rounded to the digits that a spreadsheet shows, so that 0.1 + 0.2 is written 0.3."""
    safe = np.where(np.isfinite(numbers) & (numbers != 0), numbers, 1.0)
    places = 14 - np.floor(np.log10(np.abs(safe)))
    usable = (places >= 0) & (places <= 22)
    scale = 10.0 ** np.where(usable, places, 0)
    return np.where(usable, np.rint(safe * scale) / scale, safe)
