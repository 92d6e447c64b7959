"""Loading the rule book: the catalogue of the engine, then what the workspace adds and overrides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from expectations.rules.model import THRESHOLD, Addition, Check, CheckKind, Gate, Override, Rule, RuleError
from expectations.rules.reading import read_rule_file, rule_files, unused_sql
from expectations.rules.scope import Scope
from ingest.contract import Severity

CATALOGUE = Path(__file__).parent.parent / "catalogue"


#: What an override may name of a row: two that name different values never meet at one row.
SCOPES = ("indicator", "organisation_level", "frequency")
#: Kinds whose queries know no single row, so that nothing can be said by part of the data.
WHOLE_KINDS = (CheckKind.TABLE, CheckKind.FORMULA, CheckKind.SIGNAL, CheckKind.READER, CheckKind.ELSEWHERE)


@dataclass(frozen=True)
class RuleBook:
    """Every rule in force, by id, and the overrides that apply."""

    rules: dict[str, Rule]
    overrides: tuple[Override, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    """Rule → file and line, for the rules that a workspace wrote or added to."""

    def with_overrides(self, overrides: Sequence[Override]) -> RuleBook:
        """The same rules with further overrides. Raises ``RuleError`` for one that fits no rule."""
        book = replace(self, overrides=(*self.overrides, *overrides))
        _raise_all(book.errors())
        return book

    def checks(self, gate: Gate, *kinds: CheckKind) -> Iterator[tuple[Rule, Check]]:
        for rule in self.rules.values():
            for check in rule.checks:
                if check.gate is gate and check.kind in kinds:
                    yield rule, check

    def errors(self) -> list[str]:
        """What is wrong with the book as a whole."""
        expectations = [rule.expectation for rule in self.rules.values()]
        found = [f"expectation {name} is used by two rules" for name in _repeated(expectations)]
        found += [
            f"{rule.id}: explained_by names {other}, which is no rule"
            for rule in self.rules.values()
            for other in rule.explained_by
            if other not in self.rules
        ]
        return found + [error for override in self.overrides for error in self._override_errors(override)]

    def _override_errors(self, override: Override) -> Iterator[str]:
        rule = self.rules.get(override.rule)
        if rule is None:
            yield f"override of {override.rule}: there is no such rule"
            return
        checks = [check for check in rule.checks if override.check in (None, check.name)]
        if not checks:
            yield f"override of {override.rule}: it has no check {override.check}"
        known = {name for check in checks for name in check.thresholds}
        unknown = sorted(set(override.thresholds) - known)
        if unknown:
            has = ", ".join(sorted(known)) or "none"
            yield f"override of {override.rule}: no threshold {', '.join(unknown)}; it has {has}"
        if override.is_partial and any(check.kind in WHOLE_KINDS for check in checks):
            yield f"override of {override.rule}: it runs over whole tables and cannot differ by part of the data"


@dataclass(frozen=True)
class CheckInForce:
    """A check as it applies to one source: ``overrides`` that apply to any of its rows, least specific first."""

    rule: Rule
    check: Check
    overrides: tuple[Override, ...]
    place: str = ""

    @property
    def check_id(self) -> str:
        return self.rule.check_id(self.check)

    @property
    def name(self) -> str:
        """Its id, and where it is written if a workspace wrote it: for errors."""
        return f"{self.check_id} ({self.place})" if self.place else self.check_id

    @property
    def enabled(self) -> bool:
        """Whether it applies to any row."""
        whole = [o.enabled for o in self.overrides if not o.is_partial]
        return (whole[-1] if whole else True) or any(o.enabled for o in self.overrides if o.is_partial)

    @property
    def severity(self) -> Severity:
        """Its severity where no part of the data has one of its own."""
        stated = [o.severity for o in self.overrides if not o.is_partial and o.severity is not None]
        return stated[-1] if stated else self.check.severity

    def enabled_sql(self, scope: Scope) -> str:
        """Whether it applies to a row, as SQL."""
        return scope.choice(self.overrides, lambda o: "true" if o.enabled else "false", "true")

    def severity_sql(self, scope: Scope) -> str:
        """The severity at a row, as SQL."""
        return scope.choice(self.overrides, lambda o: f"'{o.severity}'" if o.severity else None, f"'{self.severity}'")

    def threshold_sql(self, name: str, scope: Scope) -> str:
        """The threshold at a row, as SQL: a number, or a choice."""
        return scope.choice(
            self.overrides,
            lambda o: f"{o.thresholds[name]:f}" if name in o.thresholds else None,
            f"{self.check.thresholds[name]:f}",
        )

    def threshold_values(self) -> dict[str, Decimal]:
        """Thresholds of the source as a whole."""
        values = dict(self.check.thresholds)
        for override in self.overrides:
            if not override.is_partial:
                values |= {name: value for name, value in override.thresholds.items() if name in values}
        return values

    def threshold_variants(self) -> list[dict[str, Decimal]]:
        """Every combination of thresholds that may apply to some row; one where no override is partial."""
        found: list[tuple[dict[str, object], dict[str, Decimal]]] = [({}, self.threshold_values())]
        for override in self.overrides:
            own = {name: value for name, value in override.thresholds.items() if name in self.check.thresholds}
            if not (override.is_partial and own):
                continue
            scope = {name: value for name in SCOPES if (value := getattr(override, name)) is not None}
            found += [
                (named | scope, values | own)
                for named, values in found
                if all(named.get(name, value) == value for name, value in scope.items())
            ]
        return list({tuple(values.items()): values for _, values in found}.values())

    def sql(self, text: str, thresholds: Mapping[str, Decimal] | None = None) -> str:
        """The text with each ``$name`` replaced by a number: those given, or those of the source as a whole."""
        values = thresholds or self.threshold_values()
        return THRESHOLD.sub(lambda match: f"{values[match.group(1)]:f}", text)

    def row_sql(self, text: str, scope: Scope) -> str:
        """The text with each ``$name`` replaced by the threshold of the row it is asked of."""
        return THRESHOLD.sub(lambda match: self.threshold_sql(match.group(1), scope), text)


def checks_in_force(book: RuleBook, gate: Gate, source_code: str | None, *kinds: CheckKind) -> list[CheckInForce]:
    """The enabled checks of a gate for a source, with the overrides that apply, least specific first."""
    found = []
    for rule, check in book.checks(gate, *kinds):
        applying = [
            override
            for override in book.overrides
            if override.rule == rule.id
            and override.check in (None, check.name)
            and override.source in (None, source_code)
        ]
        ordered = tuple(sorted(applying, key=lambda override: override.specificity))
        in_force = CheckInForce(rule, check, ordered, book.places.get(rule.id, ""))
        if in_force.enabled:
            found.append(in_force)
    return found


@cache
def _catalogue() -> RuleBook:
    book = _merge(RuleBook({}), sorted(CATALOGUE.glob("*.yml")))
    return replace(book, places={})


def load_rule_book(workspace_rules: Path | None = None) -> RuleBook:
    """The catalogue, and the rules of a workspace (a folder of ``.yml`` and ``.sql`` files) over it.

    Raises ``RuleError`` with every error of every file, each with file and line.
    """
    files = rule_files(workspace_rules) if workspace_rules and workspace_rules.is_dir() else []
    book = _merge(_catalogue(), files)
    _raise_all(book.errors())
    return book


def _merge(known: RuleBook, files: Sequence[Path]) -> RuleBook:
    rules, places = dict(known.rules), dict(known.places)
    errors: list[str] = []
    overrides = list(known.overrides)
    for file in files:
        read = read_rule_file(file, errors)
        for rule in read.content.rules:
            if rule.id in rules:
                errors.append(
                    f"{read.place(rule.id)}: rule {rule.id} exists already; to add checks to it write them under "
                    "additions"
                )
            rules[rule.id], places[rule.id] = rule, read.place(rule.id)
        for addition in read.content.additions:
            place = read.place(addition.id)
            try:
                rules[addition.id], places[addition.id] = _extended(rules, addition), place
            except (KeyError, ValueError) as error:
                errors.append(f"{place}: addition to {addition.id}: {error}")
        overrides += read.content.overrides
    errors += unused_sql(files)
    _raise_all(errors)
    return RuleBook(rules, tuple(overrides), places)


def _extended(rules: dict[str, Rule], addition: Addition) -> Rule:
    if addition.id not in rules:
        raise KeyError("there is no such rule in the catalogue; declare it under rules")
    rule = rules[addition.id]
    return Rule.model_validate(
        {**rule.model_dump(), "checks": [c.model_dump() for c in (*rule.checks, *addition.checks)]}
    )


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _raise_all(errors: list[str]) -> None:
    if errors:
        raise RuleError("the rules cannot be used:\n" + "\n".join(f"- {error}" for error in errors))
