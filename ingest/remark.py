"""Something worth a finding that was seen while a submission was read and that is no property of one row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """``rule_id`` is of the catalogue, which gives it its severity; ``sheet`` and ``cell`` where there is one."""

    rule_id: str
    sheet: str | None
    cell: str | None
    observed: str | None
    expected: str | None
    message_vi: str
    message_en: str
