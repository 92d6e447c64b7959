"""The ladder from a label to what is registered: code, name, alias, label map, folded (domain.md 10.7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from ingest.parse.footnotes import strip_footnote_marks
from ingest.parse.text import fold, fold_case, normalise

T = TypeVar("T")

#: Words for the kind of a territory, which forms put before its name or leave out (domain.md 4.4, 10.7).
_KIND_WORDS = re.compile(
    r"^(?:(?:ubnd|uy ban nhan dan)\s+)?"
    r"(?:(?:tinh|thanh pho|thu do|quan|huyen|thi xa|thi tran|phuong|xa|dac khu)\s+(?=\w)|t\.?p\.\s*(?=\w)|tp\s+(?=\w))"
)
MINIMUM_LIKENESS = 60
CANDIDATES = 3


def bare_name(label: str) -> str:
    """A folded name without the word for its kind: "TP. Đà Nẵng" → "da nang"."""
    return _KIND_WORDS.sub("", fold(label), count=1).strip(" .")


@dataclass(frozen=True)
class Entry(Generic[T]):
    """Something registered: its code, names and other spellings."""

    item: T
    code: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        return (*self.names, *self.aliases)


@dataclass
class Ladder(Generic[T]):
    """Looks labels up among entries, rung by rung. ``kinds``: whether words for a kind of territory may be left out."""

    entries: list[Entry[T]]
    kinds: bool = False
    _rungs: list[tuple[Callable[[str], str], dict[str, list[Entry[T]]]]] = field(init=False)
    _folds: list[tuple[Callable[[str], str], dict[str, list[Entry[T]]]]] = field(init=False)

    def __post_init__(self) -> None:
        self._climbed: dict[tuple[str, int], tuple[Mapping[str, str], list[tuple[str, list[Entry[T]]]]]] = {}
        self._candidates: dict[str, list[Entry[T]]] = {}
        self._by_code = _index(self.entries, lambda entry: [entry.code])
        self._rungs = [
            (normalise, _index(self.entries, lambda entry: [normalise(name) for name in entry.names])),
            (normalise, _index(self.entries, lambda entry: [normalise(alias) for alias in entry.aliases])),
        ]
        forms: list[Callable[[str], str]] = [fold_case, fold, *([bare_name] if self.kinds else [])]
        self._folds = [(form, _index(self.entries, partial(_forms, form))) for form in forms]

    def by_code(self, code: str) -> list[Entry[T]]:
        """Entries that bear a code, in all their times."""
        return self._by_code.get(code, [])

    def climb(self, label: str, label_map: Mapping[str, str]) -> list[tuple[str, list[Entry[T]]]]:
        """What each rung finds, the surest first, as (rung, entries); rungs that find nothing are left out."""
        known = self._climbed.get((label, id(label_map)))
        if known is None or known[0] is not label_map:
            known = self._climbed[label, id(label_map)] = (label_map, list(self._climb(label, label_map)))
        return known[1]

    def _climb(self, label: str, label_map: Mapping[str, str]) -> Iterable[tuple[str, list[Entry[T]]]]:
        plain = normalise(label)
        bare = strip_footnote_marks(label)[0]
        forms = [plain] if bare == plain or not bare else [plain, bare]
        for form in forms:
            if found := self.by_code(form):
                yield "code", found
        for name, (normal, index) in zip(("name", "alias"), self._rungs, strict=True):
            for form in forms:
                if found := index.get(normal(form), []):
                    yield name, found
        yield from self._mapped(forms, label_map)
        for normal, index in self._folds:
            for form in forms:
                folded = normal(form)
                if folded and (found := index.get(folded, [])):
                    yield "folded", found

    def _mapped(self, forms: list[str], label_map: Mapping[str, str]) -> Iterable[tuple[str, list[Entry[T]]]]:
        if not label_map:
            return
        target = next((label_map[form] for form in forms if form in label_map), None)
        if target is None:
            folded = {fold(label): code for label, code in label_map.items()}
            target = next((folded[fold(form)] for form in forms if fold(form) in folded), None)
        if target is None:
            return
        found = (
            self.by_code(target)
            or self._rungs[0][1].get(normalise(target), [])
            or self._rungs[1][1].get(normalise(target), [])
        )
        if found:
            yield "map", found

    def candidates(self, label: str, accept: Callable[[T], bool] = lambda _: True) -> str | None:
        """The nearest registered names with their codes, best first, for a person to choose from."""
        folded = fold(label)
        if folded not in self._candidates:
            self._candidates[folded] = self._nearest(folded)
        near = (entry for entry in self._candidates[folded] if accept(entry.item))
        names = dict.fromkeys(f"{entry.names[0]} ({entry.code})" for entry in near)
        return "; ".join(list(names)[:CANDIDATES]) or None

    def _nearest(self, folded: str) -> list[Entry[T]]:
        from rapidfuzz import fuzz, process

        spelt = [(fold(spelling), entry) for entry in self.entries for spelling in entry.spellings]
        found = process.extract(
            folded, [text for text, _ in spelt], scorer=fuzz.WRatio, score_cutoff=MINIMUM_LIKENESS, limit=12
        )
        ranked = sorted(found, key=lambda match: (-match[1], match[0], spelt[match[2]][1].code))
        return [spelt[position][1] for _, _, position in ranked]


def _forms(form: Callable[[str], str], entry: Entry[Any]) -> list[str]:
    return [form(text) for text in (entry.code, *entry.spellings)]


def _index(entries: Iterable[Entry[T]], texts_of: Callable[[Entry[T]], Iterable[str]]) -> dict[str, list[Entry[T]]]:
    index: dict[str, list[Entry[T]]] = {}
    for entry in entries:
        for text in dict.fromkeys(texts_of(entry)):
            if text:
                index.setdefault(text, []).append(entry)
    return index


def aliases(text: str | None) -> tuple[str, ...]:
    """Other spellings of a registry row, which stand in one cell separated by |."""
    return tuple(part.strip() for part in (text or "").split("|") if part.strip())
