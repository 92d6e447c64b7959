"""Labels of facts: taken from the sheet once a distinct text, and spread over rows and columns by codes."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from ingest.parse.labels import read_label
from ingest.parse.legacy_vietnamese import LegacyEncoding
from ingest.read.column import contiguous
from ingest.recipe.components import TOTAL_GROUP, LabelSource
from ingest.recipe.texts import compiled, is_text, key, parts_found, the_part
from ingest.time.label import status_beside

T = TypeVar("T", bound=Hashable)
U = TypeVar("U", bound=Hashable)
CodeMatrix = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]
_SMALL = 4_000_000
_INT32 = 2**31


@dataclass(frozen=True)
class Spread(Generic[T]):
    """Distinct things spread over the cells of a block: ``values[codes[row, column]]``.

    ``codes`` has the shape (rows, columns), with 1 for an axis it does not vary along.
    """

    codes: CodeMatrix
    values: list[T]

    def map(self, function: Callable[[T], U]) -> Spread[U]:
        """Each distinct value turned into another; equal results become one."""
        results = [function(value) for value in self.values]
        distinct = {value: number for number, value in enumerate(dict.fromkeys(results))}
        if len(distinct) == len(results):
            return Spread(self.codes, results)
        if len(distinct) == 1:
            return Spread(np.broadcast_to(np.zeros((1, 1), np.int32), self.codes.shape), list(distinct))
        recode = np.array([distinct[result] for result in results], np.int32)
        return Spread(recode[self.codes], list(distinct))

    def rows(self, chosen: np.ndarray[Any, Any] | slice) -> Spread[T]:
        """Only some rows."""
        if self.codes.shape[0] == 1:
            return self
        return Spread(self.codes[chosen if isinstance(chosen, slice) else contiguous(chosen)], self.values)


def everywhere(value: T) -> Spread[T]:
    """The same for every cell."""
    return Spread(np.zeros((1, 1), np.int64), [value])


def spread_rows(texts: list[str | None]) -> Spread[str | None]:
    """One text a row."""
    distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return Spread(np.array([distinct[text] for text in texts], np.int64)[:, None], list(distinct) or [None])


def combine(parts: Sequence[Spread[Any]]) -> Spread[tuple[Any, ...]]:
    """The distinct combinations of several spreads, only those that occur."""
    shape = np.broadcast_shapes(*(part.codes.shape for part in parts))
    varying = [part for part in parts if len(part.values) > 1]
    size = math.prod(len(part.values) for part in varying)
    kind: Any = np.int32 if size < _INT32 else np.int64
    codes: Any = varying[0].codes if varying else np.zeros((1, 1), kind)
    for part in varying[1:]:
        codes = codes.astype(kind) * kind(len(part.values)) + part.codes.astype(kind, copy=False)
    codes = codes if codes.shape == shape else np.broadcast_to(codes, shape)
    if size <= _SMALL:
        present = np.zeros(size, bool)
        present[codes] = True
        found = np.flatnonzero(present)
        inverse: Any = codes
        if len(found) < size:
            rank: Any = np.cumsum(present, dtype=np.int32) - 1
            inverse = rank[codes]
    else:
        every: np.ndarray[Any, np.dtype[np.int64]] = codes.astype(np.int64)
        found, inverse = np.unique(every, return_inverse=True)
        inverse = inverse.reshape(codes.shape)
    values = []
    for number in found:
        rest, combination = int(number), []
        for part in reversed(parts):
            rest, at = divmod(rest, len(part.values))
            combination.append(part.values[at])
        values.append(tuple(reversed(combination)))
    return Spread(inverse, values)


@dataclass(frozen=True)
class Label:
    """A label as it stands on the sheet, and what it is to be looked up as, where the recipe maps it."""

    text: str
    meaning: str
    problem: str | None = None  # legacy_encoding, mojibake or homoglyph
    obs_status: str | None = None  # E or P, beside what a pattern took out; of periods and their parts it counts


@dataclass(frozen=True)
class Component:
    """What a recipe says about one component, and the labels it found.

    ``beside`` are those it is read with: the year of a period, the organisation above an organisation.
    """

    source: LabelSource
    labels: Spread[Label | None]
    beside: Spread[Label | None] | None = None


class LabelReader:
    """Turns a raw text into a label as one label source says: replacements, pattern, blanks, totals, map, width."""

    def __init__(self, source: LabelSource, component: str, encoding: LegacyEncoding | None = None) -> None:
        self.source = source
        self.encoding = encoding
        self.component = component
        self._map = dict(source.map)
        self._folded = {key(label): code for label, code in source.map.items()}

    def __call__(self, raw: str | None) -> Label | None:
        """None where there is no label. An empty text is what ``blank`` says."""
        source = self.source
        text, problem, status = raw or "", None, None
        if self.encoding is not None and text:
            # Patterns are written in Unicode: what the sheet shows to be legacy text is converted before them, once.
            whole = read_label(text, self.encoding)
            text, problem = (whole.text, whole.problem) if whole.problem == "legacy_encoding" else (text, None)
        text = self._replaced(text)
        if source.pattern is not None and text.strip():
            parts = parts_found(source.pattern, text, self.component)
            if len(parts) > 1:
                return Label(text, the_part(parts), problem)
            before_the_pattern, text = text, the_part(parts)
            status = status_beside(before_the_pattern, text)
        read = read_label(text)
        text, problem = read.text, problem or read.problem
        if not text:
            if source.blank is None:
                return None
            text = source.blank
        if source.total is not None and is_text(text, source.total):
            return Label(text, TOTAL_GROUP, problem)
        meaning = self._map.get(text) or self._folded.get(key(text)) or text
        if source.width is not None and meaning.isdigit():
            meaning = meaning.zfill(source.width)
        return Label(text, meaning, problem, status)

    def parts(self, raw: str) -> list[str]:
        """The different parts of a text that the pattern finds: of several none is the label."""
        text = read_label(raw, self.encoding).text if self.encoding is not None else raw
        return parts_found(self.source.pattern, self._replaced(text), self.component) if self.source.pattern else []

    def _replaced(self, text: str) -> str:
        for pattern, replacement in self.source.replace.items():
            text = compiled(pattern).sub(replacement, text)
        return text
