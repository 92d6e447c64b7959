"""The pages: static HTML without a script, a request or a clock, in both languages, one page a suite.

Great Expectations' own site asks a content network for its styles, one page a run of a suite, and names neither the
threshold nor the cell (docs/decisions). Its validation results stand beside the pages as JSON, as it made them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from expectations.data_docs.record import Record
from expectations.rules import CheckKind, RuleBook
from expectations.rules.model import Rule, threshold_text
from ingest.contract import Severity

FOLDER = "data_docs"
INDEX = f"{FOLDER}/index.html"
_TEMPLATES = Path(__file__).parent / "templates"
_RANK = {name: place for place, name in enumerate(("BLOCK", "QUARANTINE", "WARN", "INFO"))}


def data_docs(
    records: Sequence[Record], *, title: Mapping[str, str], names: Mapping[str, Mapping[str, str]], book: RuleBook
) -> dict[str, bytes]:
    """Path within the release → content: ``data_docs/index.html``, a page and a JSON file a record, and the rules.

    ``title`` is the workspace's name, ``names`` those of the suites, both by language. Raises ``ValueError`` where
    there is no record: pages that say nothing would look like pages that found nothing.
    """
    if not records:
        raise ValueError("no gate left a record, so that there is nothing to document")
    suites = [_suite(record, names.get(record["name"], {})) for record in records]
    pages = {
        "index.html": _page("index.html.j2", title=title, suites=suites, rules=_by_rule(suites)),
        "rules.html": _page("rules.html.j2", title=title, rules=_documented(book)),
    }
    for suite in suites:
        pages[f"{suite['page']}"] = _page("suite.html.j2", title=title, suite=suite)
    files = {f"{FOLDER}/{name}": text.encode() for name, text in pages.items()}
    for record in records:
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        files[f"{FOLDER}/validations/{record['name']}.json"] = (text + "\n").encode()
    return dict(sorted(files.items()))


def _suite(record: Record, name: Mapping[str, str]) -> dict[str, Any]:
    """A record as its page shows it."""
    checks = [check | {"anchor": check["check_id"].replace("/", "-")} for check in record["checks"]]
    failing = sorted(
        (check for check in checks if check["failed"]),
        key=lambda check: (_RANK.get(check["severity"], len(_RANK)), check["check_id"]),
    )
    expectations = [one for result in record["validations"] for one in result["results"]]
    return record | {
        "page": f"{record['name']}.html",
        "names": {language: name.get(language, record["name"]) for language in ("vi", "en")},
        "checks": checks,
        "failing": failing,
        "failures": {
            severity: sum(check["failed"] for check in checks if check["severity"] == severity) for severity in _RANK
        },
        "expectations": len(expectations),
        "held": sum(bool(one["success"]) for one in expectations),
    }


def _by_rule(suites: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rules in which something was found, with where, the gravest first."""
    found: dict[tuple[int, str, str], dict[str, Any]] = {}
    for suite in suites:
        for check in suite["failing"]:
            key = (_RANK.get(check["severity"], len(_RANK)), check["rule_id"], check["severity"])
            rule = found.setdefault(key, {**check, "failed": 0, "rows_looked_at": 0, "where": []})
            rule["failed"] += check["failed"]
            rule["rows_looked_at"] += check["rows_looked_at"]
            rule["where"].append({"suite": suite, "anchor": check["anchor"], "failed": check["failed"]})
    return [found[key] for key in sorted(found)]


def _documented(book: RuleBook) -> list[dict[str, Any]]:
    """Every rule with its formula, but for the signs that only the performance office knows."""
    rules = []
    for rule in sorted(book.rules.values(), key=lambda rule: rule.id):
        checks = [c for c in rule.checks if c.kind is not CheckKind.SIGNAL and c.severity is not Severity.INTEGRITY]
        if checks:
            rules.append({"rule": rule, "checks": [_formula(rule, check) for check in checks]})
    return rules


def _formula(rule: Rule, check: Any) -> dict[str, Any]:
    identity = check.identity
    stated = f"{' + '.join(identity.left)} {identity.operator} {' + '.join(identity.right)}" if identity else None
    return {
        "check_id": rule.check_id(check),
        "kind": str(check.kind),
        "gate": str(check.gate),
        "severity": str(check.severity),
        "thresholds": {name: threshold_text(value) for name, value in check.thresholds.items()},
        "formula": stated or check.predicate or check.query or check.enforced_in,
    }


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def _page(template: str, **content: Any) -> str:
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    text: str = _environment().get_template(template).render(style=style, **content)
    return text
