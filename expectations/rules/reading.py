"""Reading rule files: YAML, with queries in ``.sql`` files beside it, or a ``.sql`` file that is a rule by itself.

A ``.sql`` file that is a rule begins with comments that are the rule's YAML, its one check among the keys; what follows
is the query, or for ``kind: row`` the predicate::

    -- id: OWN-02
    -- title: {vi: …, en: …}
    -- kind: set
    -- severity: WARN
    select …
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from expectations.rules.model import Addition, Check, CheckKind, Override, Rule, RuleModel, Text
from expectations.rules.yaml_places import line_and_column, plain


class RuleFile(RuleModel):
    """A file of rules: one family in the catalogue; in a workspace also additions and overrides."""

    family: Text | None = None
    rules: tuple[Rule, ...] = ()
    additions: tuple[Addition, ...] = ()
    overrides: tuple[Override, ...] = Field(())


@dataclass(frozen=True)
class ReadRules:
    """What a file says, and on which line each rule or addition stands."""

    content: RuleFile
    file: str
    lines: Mapping[str, int]

    def place(self, rule_id: str) -> str:
        return f"{self.file}:{self.lines.get(rule_id, 1)}"


def rule_files(folder: Path) -> list[Path]:
    """The rule files of a folder, in an order that says nothing."""
    return sorted(path for path in folder.iterdir() if path.suffix in {".yml", ".yaml", ".sql"})


def read_rule_file(path: Path, errors: list[str]) -> ReadRules:
    """The rules of a file; what is wrong with it is added to ``errors`` and leaves the file without rules.

    A ``.sql`` file without keys in comments is part of a YAML file's rule: it has no rules of its own.
    """
    text = path.read_text(encoding="utf-8-sig")
    try:
        if path.suffix == ".sql":
            document = _rule_in_sql(text)
            given = document
        else:
            document = YAML(typ="rt").load(text) or {}
            given = _with_sql(plain(document), path, document)
        content = RuleFile.model_validate(given)
    except ValidationError as error:
        errors += [_sentence(path, document, detail["loc"], detail["msg"]) for detail in error.errors()]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        errors.append(f"{path.name}:{mark.line + 1 if mark else 1}: not valid YAML: {error.problem or error.context}")
    except _SqlError as error:
        errors.append(str(error))
    else:
        return ReadRules(content, path.name, _lines(document))
    return ReadRules(RuleFile(), path.name, {})


def _sentence(path: Path, document: Any, location: Sequence[Any], message: str) -> str:
    line, column, keys = line_and_column(document, location)
    where = ".".join(str(key + 1) if isinstance(key, int) else str(key) for key in keys)
    return f"{path.name}:{line}:{column}: {where or 'file'}: {message}"


class _SqlError(ValueError):
    """A query is not where a rule says it is."""


def unused_sql(files: Sequence[Path]) -> list[str]:
    """Queries that no rule uses: a rule that its author believes in and that never runs."""
    used = {
        path.parent / str(check["sql"])
        for path in files
        if path.suffix != ".sql"
        for _, _, check in _checks(_plain_or_nothing(path))
        if "sql" in check
    }
    return [
        f"{path.name}:1: no rule uses this query; write `sql: {path.name}` in a check, or the rule's keys in comments "
        "at its top, beginning with `-- id:`"
        for path in files
        if path.suffix == ".sql" and path not in used and not _header(path.read_text(encoding="utf-8-sig"))
    ]


def _plain_or_nothing(path: Path) -> Any:
    try:
        return plain(YAML(typ="rt").load(path.read_text(encoding="utf-8-sig")) or {})
    except MarkedYAMLError:
        return {}  # reported where the file is read


def _with_sql(document: Any, path: Path, marked: Any) -> Any:
    """The document with each ``sql: FILE`` replaced by what the file says."""
    for kind, place, check in _checks(document):
        if "sql" not in check:
            continue
        file = path.parent / str(check["sql"])
        if not file.is_file():
            line, _, _ = line_and_column(marked, [*place, "sql"])
            raise _SqlError(f"{path.name}:{line}: there is no file {check['sql']} beside it")
        check["predicate" if kind == CheckKind.ROW else "query"] = file.read_text(encoding="utf-8-sig")
    return document


def _checks(document: Any) -> list[tuple[str, list[Any], dict[str, Any]]]:
    """Kind, path and content of every check of a document, as far as it has the shape of one."""
    found = []
    for part in ("rules", "additions"):
        rules = document.get(part) if isinstance(document, dict) else None
        for number, rule in enumerate(rules if isinstance(rules, list) else ()):
            checks = rule.get("checks") if isinstance(rule, dict) else None
            for index, check in enumerate(checks if isinstance(checks, list) else ()):
                if isinstance(check, dict):
                    found.append((str(check.get("kind")), [part, number, "checks", index], check))
    return found


def _header(text: str) -> list[str]:
    """The comments at the top of a query, if they are a rule."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("-- ").removeprefix("--"))
    return lines if any(line.startswith("id:") for line in lines) else []


def _rule_in_sql(text: str) -> dict[str, Any]:
    header = _header(text)
    if not header:
        return {}
    keys: dict[str, Any] = YAML(typ="rt").load("\n".join(header))
    query = "\n".join(text.splitlines()[len(header) :]).strip()
    own = {key: plain(keys[key]) for key in keys if key in Check.model_fields and key not in Rule.model_fields}
    rule = {key: plain(value) for key, value in keys.items() if key not in own}
    own["predicate" if own.get("kind") == CheckKind.ROW else "query"] = query
    return {"rules": [{**rule, "checks": [own]}]}


def _lines(document: Any) -> dict[str, int]:
    lines = {}
    for part in ("rules", "additions"):
        for number, rule in enumerate(document.get(part) or ()):
            lines[str(rule["id"])] = line_and_column(document, [part, number])[0]
    return lines
