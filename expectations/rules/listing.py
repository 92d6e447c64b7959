"""The table of rules in the README, written from the catalogue: ``python -m expectations.rules.listing``."""

from __future__ import annotations

from pathlib import Path

from expectations.rules.book import RuleBook, load_rule_book
from expectations.rules.model import Rule

README = Path(__file__).parent.parent / "README.md"
_HEAD = "| id | rule | severity | gate | to |\n|---|---|---|---|---|\n"


def rule_table(book: RuleBook) -> str:
    """A Markdown table, one line a rule, by id."""
    return _HEAD + "".join(_line(book.rules[identity]) for identity in sorted(book.rules))


def _line(rule: Rule) -> str:
    severities = ", ".join(dict.fromkeys(str(check.severity) for check in rule.checks)) or "by workspace"
    gates = ", ".join(dict.fromkeys(str(check.gate) for check in rule.checks)) or "intake"
    return f"| `{rule.id}` | {rule.title.en} | {severities} | {gates} | {', '.join(rule.route) or '–'} |\n"


def main() -> None:
    before = README.read_text(encoding="utf-8")
    README.write_text(before[: before.index(_HEAD)] + rule_table(load_rule_book()), encoding="utf-8")


if __name__ == "__main__":
    main()
