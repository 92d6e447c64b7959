"""A file that cannot be taken as a whole, and why: one message that names the place and what to do."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it is an outcome of reading, with a name of the domain
    """A submission that must be refused. ``rule_id`` is of domain.md 6.3; ``sheet`` and ``cell`` where there is one."""

    def __init__(self, rule_id: str, sheet: str | None, cell: str | None, message_vi: str, message_en: str) -> None:
        self.rule_id = rule_id
        self.sheet = sheet
        self.cell = cell
        self.message_vi = message_vi
        self.message_en = message_en
        super().__init__(f"{rule_id}: {message_en}")


def unreadable(file_name: str, why_vi: str, why_en: str) -> Refusal:
    """STR-01 for a file whose content cannot be read at all."""
    return Refusal("STR-01", None, None, f"{file_name}: {why_vi}", f"{file_name}: {why_en}")
