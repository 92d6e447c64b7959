"""The rules for an edition: those of disclosure control, and those of tables that need nothing an edition lacks."""

from __future__ import annotations

from dataclasses import replace

from expectations.rules import RuleBook

#: An edition has neither facts nor findings nor the registry; what it was made from has passed the whole gate.
EDITION_RULES = ("SDC-01", "SDC-02", "VAL-07", "STAT-03", "RAT-09")


def edition_rules(book: RuleBook) -> RuleBook:
    """The rule book with only the rules that an edition is judged by, and what the workspace overrides of them."""
    overrides = tuple(override for override in book.overrides if override.rule in EDITION_RULES)
    return replace(book, rules={rule: book.rules[rule] for rule in EDITION_RULES}, overrides=overrides)
