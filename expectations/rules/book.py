"""Loading the rule book: the catalogue of the engine, then what the workspace adds and overrides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from expectations.rules.model import (
    THRESHOLD,
    Addition,
    Check,
    CheckKind,
    Gate,
    Override,
    Rule,
    RuleError,
    RuleModel,
    Text,
)
from ingest.contract import Severity

CATALOGUE = Path(__file__).parent.parent / "catalogue"


class RuleFile(RuleModel):
    """A file of rules: one family in the catalogue; in a workspace also additions and overrides."""

    family: Text | None = None
    rules: tuple[Rule, ...] = ()
    additions: tuple[Addition, ...] = ()
    overrides: tuple[Override, ...] = Field(())


@dataclass(frozen=True)
class RuleBook:
    """Every rule in force, by id, and the overrides that apply."""

    rules: dict[str, Rule]
    overrides: tuple[Override, ...] = ()

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


@dataclass(frozen=True)
class CheckInForce:
    """A check as it applies to one source: thresholds and severity resolved, per indicator where they differ."""

    rule: Rule
    check: Check
    overrides: tuple[Override, ...]

    @property
    def check_id(self) -> str:
        return self.rule.check_id(self.check)

    @property
    def enabled(self) -> bool:
        whole = [o for o in self.overrides if o.indicator is None]
        return whole[-1].enabled if whole else True

    @property
    def severity(self) -> Severity:
        stated = [o.severity for o in self.overrides if o.indicator is None and o.severity is not None]
        return stated[-1] if stated else self.check.severity

    @property
    def excepted_indicators(self) -> tuple[str, ...]:
        """Indicators that the check leaves alone."""
        return tuple(sorted({o.indicator for o in self.overrides if o.indicator is not None and not o.enabled}))

    @property
    def severity_sql(self) -> str:
        """The severity as SQL over ``indicator_code``."""
        own = {
            o.indicator: f"'{o.severity}'" for o in self.overrides if o.indicator is not None and o.severity is not None
        }
        return _by_indicator(own, f"'{self.severity}'")

    def threshold_sql(self, name: str) -> str:
        """The threshold as SQL: a number, or a choice by ``indicator_code``."""
        value = self.check.thresholds[name]
        own: dict[str | None, str] = {}
        for override in self.overrides:
            if name in override.thresholds:
                if override.indicator is None:
                    value = override.thresholds[name]
                else:
                    own[override.indicator] = f"{override.thresholds[name]:f}"
        return _by_indicator(own, f"{value:f}")

    def threshold_values(self) -> dict[str, Decimal]:
        """Thresholds for messages: those of the source as a whole."""
        values = dict(self.check.thresholds)
        for override in self.overrides:
            if override.indicator is None:
                values |= {name: value for name, value in override.thresholds.items() if name in values}
        return values

    def sql(self, text: str) -> str:
        """The text with each ``$name`` replaced by its threshold."""
        return THRESHOLD.sub(lambda match: self.threshold_sql(match.group(1)), text)


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
        in_force = CheckInForce(rule, check, tuple(sorted(applying, key=lambda override: override.specificity)))
        if in_force.enabled:
            found.append(in_force)
    return found


@cache
def _catalogue() -> dict[str, Rule]:
    return _merge({}, sorted(CATALOGUE.glob("*.yml")))[0]


def load_rule_book(workspace_rules: Path | None = None) -> RuleBook:
    """The catalogue, and the rules of a workspace (a folder of YAML files) over it.

    Raises ``RuleError`` with every error of every file.
    """
    files = sorted(workspace_rules.glob("*.yml")) if workspace_rules and workspace_rules.is_dir() else []
    rules, overrides = _merge(_catalogue(), files)
    book = RuleBook(rules, tuple(overrides))
    _raise_all(book.errors())
    return book


def _merge(known: dict[str, Rule], files: Iterable[Path]) -> tuple[dict[str, Rule], list[Override]]:
    rules, errors = dict(known), []
    overrides: list[Override] = []
    for file in files:
        try:
            content = RuleFile.model_validate(_read(file))
        except ValidationError as error:
            errors += [f"{file.name}: {_place(e['loc'])}: {e['msg']}" for e in error.errors()]
            continue
        except YAMLError as error:
            errors.append(f"{file.name}: not valid YAML: {error}")
            continue
        for rule in content.rules:
            if rule.id in rules:
                errors.append(
                    f"{file.name}: rule {rule.id} exists already; to add checks to it write them under additions"
                )
            rules[rule.id] = rule
        for addition in content.additions:
            try:
                rules[addition.id] = _extended(rules, addition)
            except (KeyError, ValueError) as error:
                errors.append(f"{file.name}: addition to {addition.id}: {error}")
        overrides += content.overrides
    _raise_all(errors)
    return rules, overrides


def _extended(rules: dict[str, Rule], addition: Addition) -> Rule:
    if addition.id not in rules:
        raise KeyError("there is no such rule in the catalogue; declare it under rules")
    rule = rules[addition.id]
    return Rule.model_validate(
        {**rule.model_dump(), "checks": [c.model_dump() for c in (*rule.checks, *addition.checks)]}
    )


def _read(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {}


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _by_indicator(own: dict[Any, str], default: str) -> str:
    if not own:
        return default
    cases = " ".join(f"when '{_quoted(code)}' then {value}" for code, value in sorted(own.items()))
    return f"(case indicator_code {cases} else {default} end)"


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _raise_all(errors: list[str]) -> None:
    if errors:
        raise RuleError("the rules cannot be used:\n" + "\n".join(f"- {error}" for error in errors))
