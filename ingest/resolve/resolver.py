"""Labels to codes, with the period where that decides: a code may have meant another body (domain.md 4.4, 4.6)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal, Protocol

from ingest.registry.models import Indicator, Organisation, TargetGroup
from ingest.resolve.ladder import Entry, Ladder, aliases, bare_name
from ingest.resolve.measures import Measure, measure_of_indicator, measures_of_ratios

FOREVER = date(9999, 1, 1)
TOTAL = "_T"


@dataclass(frozen=True)
class Resolved:
    """A code, or a problem word of the contract with the nearest candidates."""

    code: str | None
    problem: str | None = None
    candidates: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of time, half open."""

    start: date
    end: date

    @classmethod
    def of_day(cls, day: date) -> Span:
        return cls(day, day + timedelta(days=1))


class RegistryTables(Protocol):
    """What is needed of a registry: its rows by table."""

    @property
    def tables(self) -> Mapping[str, Any]: ...


class Resolver:
    """Resolves labels against a registry. Holds no state but its indexes, so one serves every source."""

    def __init__(self, registry: RegistryTables) -> None:
        tables = registry.tables
        indicators: dict[str, Indicator] = {}
        for indicator in tables.get("indicators", ()):
            known = indicators.get(indicator.code)
            if known is None or indicator.version > known.version:
                indicators[indicator.code] = indicator
        ratios = measures_of_ratios(tables.get("ratios", ()), indicators)
        self._measures = ratios | {code: measure_of_indicator(row) for code, row in indicators.items()}
        self._indicators = Ladder([_entry(row) for row in indicators.values()])
        stated = [row for row in tables.get("ratios", ()) if row.code in ratios]
        self._ratios = Ladder([Entry(row, row.code, (row.name_vi, row.name_en)) for row in stated])
        organisations = tables.get("organisations", ())
        self._organisations = Ladder([_entry(row) for row in organisations], kinds=True)
        self._changes = sorted({day for row in organisations for day in (row.valid_from, row.valid_to) if day})
        self._spans: dict[tuple[int, int], Span] = {}
        dimensions: dict[str, list[Entry[TargetGroup]]] = {}
        for group in tables.get("target_groups", ()):
            dimensions.setdefault(group.dimension, []).append(_entry(group))
        self._groups = {dimension: Ladder(entries) for dimension, entries in dimensions.items()}

    def indicator(self, label: str, label_map: Mapping[str, str]) -> Resolved:
        """The indicator a label names."""
        return _resolve(self._indicators, label, label_map)

    def reported_ratio(self, label: str, label_map: Mapping[str, str]) -> Resolved:
        """The ratio that a source states itself, else an indicator of that name."""
        found = _resolve(self._ratios, label, label_map)
        return found if found.problem != "unknown" else self.indicator(label, label_map)

    def measure(self, code: str | None) -> Measure | None:
        """What is registered of an indicator or ratio."""
        return self._measures.get(code or "")

    def member(self, dimension: str, label: str, label_map: Mapping[str, str]) -> Resolved:
        """The member of a dimension of target groups a label names; ``_T`` is the total."""
        if label == TOTAL or label_map.get(label) == TOTAL:
            return Resolved(TOTAL)
        ladder = self._groups.get(dimension)
        return _resolve(ladder, label, label_map) if ladder is not None else Resolved(None, "unknown")

    def members(self, label: str, label_map: Mapping[str, str]) -> Resolved:
        """Members given with their dimension, DIM=MEMBER[|DIM=MEMBER], or a label that is mapped to that."""
        text = label_map.get(label, label)
        if text == TOTAL:
            return Resolved(TOTAL)
        pairs = [pair.partition("=") for pair in text.split("|")]
        if not all(equals for _, equals, _ in pairs):
            return Resolved(None, "unknown")
        codes = []
        for dimension, _, member in pairs:
            found = self.member(dimension.strip(), member.strip(), {})
            if found.code is None:
                return found
            codes.append(f"{dimension.strip()}={found.code}")
        return Resolved("|".join(sorted(codes)))

    def alike(self, span: Span | None) -> Span | None:
        """One span for all that touch the same organisations: those between the same days on which any changes."""
        if span is None:
            return None
        place = bisect_right(self._changes, span.start), bisect_left(self._changes, span.end)
        return self._spans.setdefault(place, span)

    def organisation(
        self,
        label: str,
        span: Span | None,
        label_map: Mapping[str, str],
        *,
        code_label: str | None = None,
        straddle: Literal["predecessor", "successor"] | None = None,
        level: str | None = None,
        within: str | None = None,
    ) -> Resolved:
        """The organisation a label names in a stretch of time; with ``code_label``, its code, which must agree.

        ``within`` is the label of one above it: of several that bear the name, the one below that is meant. It has
        nothing to say of an organisation that the label names alone, and of the one above itself.
        """
        above = self._organisation(within, span, label_map, straddle, None) if within is not None else None
        if above is not None and above.code is None:
            return above
        ask = partial(self._organisation, span=span, label_map=label_map, straddle=straddle, level=level, above=above)
        if code_label is None:
            return ask(label)
        by_code = ask(code_label)
        if by_code.code is None or not label:
            return by_code
        bearer = next(e for e in self._organisations.by_code(by_code.code) if e.item.valid_from == by_code.valid_from)
        spellings = {bare_name(spelling) for spelling in bearer.spellings}
        mapped = label_map.get(label, "").partition("@")[0]
        if bare_name(label) in spellings or bearer.code in (mapped, label):
            return by_code
        candidates = f"{bearer.names[0]} ({bearer.code})"
        return Resolved(by_code.code, "name_code_disagree", candidates, by_code.valid_from)

    def _organisation(
        self,
        label: str,
        span: Span | None,
        label_map: Mapping[str, str],
        straddle: str | None,
        level: str | None,
        above: Resolved | None = None,
    ) -> Resolved:
        named = label_map.get(label, label)
        code, at, since = named.partition("@")
        if at:
            exact = [
                e for e in self._organisations.by_code(code.strip()) if e.item.valid_from.isoformat() == since.strip()
            ]
            return _identity(exact[0]) if exact else Resolved(None, "unknown")
        out_of_time: list[Entry[Organisation]] = []
        for _, entries in self._organisations.climb(label, label_map):
            fitting = [entry for entry in entries if level is None or entry.item.level == level]
            fitting = [entry for entry in fitting if above is None or self._is_in(entry.item, above, span)]
            valid = [entry for entry in fitting if span is None or _overlaps(entry.item, span)]
            if valid:
                return _choose(valid, straddle)
            out_of_time.extend(fitting)
        if out_of_time:
            names = dict.fromkeys(_with_validity(entry) for entry in out_of_time)
            return Resolved(None, "not_valid_in_period", "; ".join(names))
        near = self._organisations.candidates(
            label,
            lambda item: (span is None or _overlaps(item, span)) and (above is None or self._is_in(item, above, span)),
        )
        return Resolved(None, "unknown", near)

    def _is_in(self, organisation: Organisation, above: Resolved, span: Span | None) -> bool:
        """Whether it is the organisation above itself, or below it at the time."""
        waiting, seen = [organisation], set[tuple[str, date]]()
        while waiting:
            body = waiting.pop()
            identity = (body.code, body.valid_from)
            if identity == (above.code, above.valid_from):
                return True
            if identity not in seen and body.parent_code:
                parents = (entry.item for entry in self._organisations.by_code(body.parent_code))
                waiting += [row for row in parents if span is None or _overlaps(row, span)]
            seen.add(identity)
        return False


def _resolve(ladder: Ladder[Any], label: str, label_map: Mapping[str, str]) -> Resolved:
    for _, entries in ladder.climb(label, label_map):
        codes = dict.fromkeys(entry.code for entry in entries)
        if len(codes) == 1:
            return Resolved(entries[0].code)
        return Resolved(None, "ambiguous", "; ".join(f"{entry.names[0]} ({entry.code})" for entry in entries[:5]))
    return Resolved(None, "unknown", ladder.candidates(label))


def _choose(valid: list[Entry[Organisation]], straddle: str | None) -> Resolved:
    identities = {(entry.code, entry.item.valid_from): entry for entry in valid}
    if len(identities) == 1:
        return _identity(valid[0])
    if straddle is not None:
        ordered = sorted(identities.values(), key=lambda entry: entry.item.valid_from)
        chosen = ordered[0] if straddle == "predecessor" else ordered[-1]
        if sum(entry.item.valid_from == chosen.item.valid_from for entry in ordered) == 1:
            return _identity(chosen)
    return Resolved(None, "ambiguous", "; ".join(_with_validity(entry) for entry in identities.values()))


def _identity(entry: Entry[Organisation]) -> Resolved:
    return Resolved(entry.code, valid_from=entry.item.valid_from, valid_to=entry.item.valid_to)


def _overlaps(organisation: Organisation, span: Span) -> bool:
    """The overlap test of domain.md 4.6."""
    return organisation.valid_from < span.end and span.start < (organisation.valid_to or FOREVER)


def _with_validity(entry: Entry[Organisation]) -> str:
    until = entry.item.valid_to.isoformat() if entry.item.valid_to else "…"
    return f"{entry.names[0]} ({entry.code}, {entry.item.valid_from.isoformat()} – {until})"


def _entry(row: Any) -> Entry[Any]:
    return Entry(row, row.code, (row.name_vi, row.name_en), aliases(row.aliases))
