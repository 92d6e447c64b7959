"""What a source states once for all its figures is registered: otherwise each of them would be held back alike.

Constants, what its maps make of labels, and the components of its totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ingest.contract import Accumulation, MeasureKind, ObsStatus
from ingest.parse.units import parse_unit, registered_unit, same_base, unit_in_text
from ingest.recipe.components import SINGLE_COMPONENTS, Components, LabelSource, OrganisationLabel, PeriodLabel
from ingest.recipe.consistency import Field, Inconsistency
from ingest.recipe.labels import LabelReader
from ingest.recipe.model import Source
from ingest.registry import Registry
from ingest.resolve.resolver import TOTAL, Resolved, Resolver
from ingest.time.calendar import Calendars

#: Vocabularies of the contract, of labels that are mapped to one of their words.
_VOCABULARIES = {"status": ObsStatus, "measure_kind": MeasureKind, "accumulation": Accumulation}
_COMPONENT_OF = {"target_group": "*"}


class ConstantChecker:
    """Looks up constants of sources; the registry is indexed when the first is no plain code."""

    def __init__(self, registry: Registry, calendars: Calendars) -> None:
        self.registry, self.calendars = registry, calendars

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self.registry)

    @cached_property
    def _codes(self) -> dict[str, set[str]]:
        """Codes by component: what is one of them needs no looking up."""
        measures = {row.code for row in self.registry.indicators} | {row.code for row in self.registry.ratios}
        organisations = {row.code for row in self.registry.organisations}
        return {"indicator": measures, "organisation": organisations, "organisation_code": organisations}

    @cached_property
    def _units(self) -> set[str]:
        return {row.unit for row in self.registry.indicators}

    def unknown(self, source: Source) -> Iterator[Inconsistency]:
        """Every constant that names nothing, with the path of keys it stands at and the nearest registered ones."""
        for holder, here in _holders(source):
            for name, label, place in _labels(holder, here):
                yield from self._label(source, name, label, place)
        yield from self._units_of_other_kinds(source)
        for name, labels in source.labels.items():
            yield from self._mapped(name, labels)

    def _mapped(self, name: str, labels: Mapping[str, str]) -> Iterator[Inconsistency]:
        """What the source's label map makes of labels."""
        for label, code in labels.items():
            bare = code.partition("@")[0] if name == "organisation" else code
            sentences = self._meaning(_COMPONENT_OF.get(name, name), PeriodLabel(constant=code), bare, {})
            if name in _VOCABULARIES and code not in set(_VOCABULARIES[name]):
                sentences = _sentence(name, name, code, _VOCABULARIES[name])
            if sentences is not None:
                yield ("labels", name, label), *sentences

    def _label(self, source: Source, name: str, label: LabelSource, place: Field) -> Iterator[Inconsistency]:
        if isinstance(label, PeriodLabel) and label.calendar not in (None, *self.calendars.codes):
            yield (*place, "calendar"), *_sentence("lịch", "calendar", label.calendar or "", self.calendars.codes)
        if isinstance(label, OrganisationLabel) and label.level is not None:
            levels = {row.level for row in self.registry.organisations}
            if label.level not in levels:
                yield (*place, "level"), *_sentence("cấp tổ chức", "level of organisations", label.level, levels)
        label_map = source.labels.get({"organisation_code": "organisation", "*": "target_group"}.get(name, name), {})
        stated = {("constant",): _meaning(label, name)} | {("map", text): code for text, code in label.map.items()}
        for at, meaning in stated.items():
            sentences = self._meaning(name, label, meaning, label_map) if meaning else None
            if sentences is not None:
                yield (*place, *at), *sentences

    def _meaning(
        self, name: str, label: LabelSource, meaning: str, label_map: Mapping[str, str]
    ) -> tuple[str, str] | None:
        """What is wrong with what a label means; None where it is known.

        Status, measure kind and accumulation are words of vocabularies, which the loader checks; a note is any text.
        """
        if meaning in self._codes.get(name, ()):
            return None
        found: tuple[str, str] | None = None
        codes = self._codes.get(name, ())
        if name == "indicator":
            resolved = self._resolver.reported_ratio(meaning, label_map)
            found = _if_unknown("chỉ tiêu", "indicator", meaning, resolved, codes)
        elif name in ("organisation", "organisation_code"):
            resolved = self._resolver.organisation(meaning, None, label_map)
            found = _if_unknown("tổ chức", "organisation", meaning, resolved, codes)
        elif name == "unit":
            found = self._unit(label_map.get(meaning, meaning))
        elif name == "period":
            found = self._period(label, label_map.get(meaning, meaning))
        elif name not in SINGLE_COMPONENTS:
            found = self._member(name, meaning, label_map)
        return found

    def _member(self, dimension: str, meaning: str, label_map: Mapping[str, str]) -> tuple[str, str] | None:
        if dimension == "*":
            return _if_unknown("nhóm", "target group", meaning, self._resolver.members(meaning, label_map))
        dimensions = {row.dimension for row in self.registry.target_groups}
        if dimension not in dimensions and label_map.get(meaning, meaning) != TOTAL:
            return _sentence("phân tổ", "dimension", dimension, dimensions)
        found = self._resolver.member(dimension, meaning, label_map)
        codes = [row.code for row in self.registry.target_groups if row.dimension == dimension]
        return _if_unknown(f"nhóm của {dimension}", f"member of {dimension}", meaning, found, codes)

    def _unit(self, text: str) -> tuple[str, str] | None:
        if text in self._units or parse_unit(text) or unit_in_text(text):
            return None
        return _sentence("đơn vị tính", "unit", text, self._units)

    def _period(self, label: LabelSource, text: str) -> tuple[str, str] | None:
        rule = label if isinstance(label, PeriodLabel) else PeriodLabel(constant=text)
        if rule.year is not None:
            return None  # the label alone is no period
        known = [rule.calendar] if rule.calendar in self.calendars.codes else self.calendars.codes
        read = (self.calendars.parse(text, calendar=code or "", frequency=rule.frequency) for code in known)
        if any(found.problem != "unknown" for found in read):
            return None
        return (
            f"không lịch nào có kỳ «{text}»; ghi như 2025, 2025-Q3, 2025-M07",
            f"no calendar has a period «{text}»; write it as 2025, 2025-Q3 or 2025-M07",
        )

    def _units_of_other_kinds(self, source: Source) -> Iterator[Inconsistency]:
        """Units that the registered one of the same figures cannot be converted to, where both are constants."""
        units = {row.code: row.unit for row in self.registry.indicators}
        for number, table in enumerate(source.tables):
            for position, values in enumerate(table.values):
                here: Field = ("tables", number)
                chain = [(values, (*here, "values", position)), (table, here), (source.constants, ("constants",))]
                unit, place = next(((h.unit, p) for h, p in chain if h.unit is not None), (None, ()))
                indicator = next((h.indicator for h, _ in chain if h.indicator is not None), None)
                if unit is None or indicator is None:
                    continue
                code, text = _meaning(indicator, "indicator"), _meaning(unit, "unit")
                stated = parse_unit(source.labels.get("unit", {}).get(text or "", text or ""))
                if code not in units or stated is None or same_base(stated, registered_unit(units[code])):
                    continue
                yield (
                    (*place, "unit"),
                    f"«{text}» không quy đổi được ra «{units[code]}», đơn vị đã đăng ký của chỉ tiêu {code}",
                    f"«{text}» cannot be converted to «{units[code]}», the registered unit of the indicator {code}",
                )


def _holders(source: Source) -> Iterator[tuple[Components, Field]]:
    """Whatever has components."""
    yield source.constants, ("constants",)
    for number, table in enumerate(source.tables):
        yield table, ("tables", number)
        yield from ((values, ("tables", number, "values", at)) for at, values in enumerate(table.values))
        yield from ((total, ("tables", number, "totals", at)) for at, total in enumerate(table.totals))


def _labels(holder: Components, here: Field) -> Iterator[tuple[str, LabelSource, Field]]:
    """Component, label source and its place; of alternatives each one, since each is a whole label, and what an
    organisation is within."""
    declared: list[tuple[str, LabelSource, Field]] = [
        (name, label, (*here, name)) for name in SINGLE_COMPONENTS if (label := getattr(holder, name)) is not None
    ]
    declared += [(name, label, (*here, "target_group", name)) for name, label in holder.target_group.items()]
    for name, label, place in declared:
        yield name, label, place
        for number, part in enumerate(label.first_of or ()):
            yield name, part, (*place, "first_of", number)
        if isinstance(label, OrganisationLabel) and label.within is not None:
            yield name, label.within, (*place, "within")


def _meaning(label: LabelSource, name: str) -> str | None:
    """What a constant is looked up as."""
    read = LabelReader(label, name)(label.constant) if label.constant is not None else None
    return read.meaning if read is not None else None


def _if_unknown(vi: str, en: str, text: str, found: Resolved, codes: Iterable[str] = ()) -> tuple[str, str] | None:
    if found.problem != "unknown":
        return None  # which of several bodies is meant depends on the period of each figure
    code = _nearest(text, codes)
    near = "; ".join(filter(None, (f"«{code}»" if code else None, found.candidates)))
    asked = (f"; có phải {near}?", f"; did you mean {near}?") if near else ("", "")
    return f"không có {vi} «{text}» trong sổ đăng ký{asked[0]}", f"the registry has no {en} «{text}»{asked[1]}"


def _nearest(text: str, known: Iterable[str]) -> str | None:
    """The registered code that a misspelt one is likest to."""
    from rapidfuzz import fuzz, process

    choices = {code: code.casefold() for code in sorted(set(known))}
    near = process.extractOne(text.casefold(), choices, scorer=fuzz.ratio, score_cutoff=60)
    return near[2] if near else None


def _sentence(vi: str, en: str, text: str, known: Iterable[str]) -> tuple[str, str]:
    """With the nearest of what is known, else all of it."""
    known = sorted(set(known))
    near = _nearest(text, known)
    if near:
        return f"không có {vi} «{text}»; có phải «{near}»?", f"there is no {en} «{text}»; did you mean «{near}»?"
    listed = ", ".join(known)
    return f"không có {vi} «{text}»; hiện có: {listed}", f"there is no {en} «{text}»; there are: {listed}"
