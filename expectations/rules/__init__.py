"""The rule book: rules as data, loaded once, checked as a whole, with the thresholds that apply."""

from expectations.rules.book import RuleBook, load_rule_book
from expectations.rules.model import Check, CheckKind, Gate, Override, Rule, RuleError, Text

__all__ = ["Check", "CheckKind", "Gate", "Override", "Rule", "RuleBook", "RuleError", "Text", "load_rule_book"]
