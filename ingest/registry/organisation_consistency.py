"""What organisations and their events must satisfy together (domain.md 4.4, 4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from ingest.problem import Problem
from ingest.registry.models import Organisation, OrganisationEvent
from ingest.registry.trees import FOREVER, UNKNOWN_START, cycle_sentences, cycle_through, overlap

if TYPE_CHECKING:
    from ingest.registry.registry import Registry

#: How far the weights of one event may be from 1 (domain.md 4.5).
WEIGHT_TOLERANCE = Decimal("1e-9")


def check_organisations(registry: Registry) -> Iterator[Problem]:
    """One body a code at a time, parents valid as long as their children, no circles."""
    table, rows = registry.sources["organisations"], registry.organisations
    by_code = _by_code(rows)
    in_circle: set[Organisation] = set()
    earlier: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            yield table.problem(
                index,
                "valid_to",
                f"{row.valid_to} không sau valid_from {row.valid_from}",
                f"{row.valid_to} is not after valid_from {row.valid_from}",
            )
        for other_index in earlier.setdefault(row.code, []):
            other = rows[other_index]
            if overlap(row.valid_from, row.valid_to, other.valid_from, other.valid_to):
                number = table.row_numbers[other_index]
                yield table.problem(
                    index,
                    "code",
                    f"mã «{row.code}» đã dùng ở dòng {number} trong cùng thời gian; "
                    "hãy sửa valid_from, valid_to hoặc mã",
                    f"the code «{row.code}» is used at the same time in row {number}; "
                    "change valid_from, valid_to or the code",
                )
        earlier[row.code].append(index)
        if row.parent_code is not None:
            yield from _check_parent(registry, index, row, by_code)
            if row not in in_circle and (cycle := cycle_through(row, lambda child: _parents(child, by_code))):
                in_circle.update(cycle)
                yield table.problem(index, "parent_code", *cycle_sentences([node.code for node in cycle]))


def _by_code(rows: tuple[Organisation, ...]) -> dict[str, list[Organisation]]:
    by_code: dict[str, list[Organisation]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    return by_code


def _parents(child: Organisation, by_code: dict[str, list[Organisation]]) -> list[Organisation]:
    """The bodies that bore the parent's code while the child existed."""
    return [
        parent
        for parent in by_code.get(child.parent_code or "", [])
        if overlap(child.valid_from, child.valid_to, parent.valid_from, parent.valid_to)
    ]


def _check_parent(
    registry: Registry, index: int, row: Organisation, by_code: dict[str, list[Organisation]]
) -> Iterator[Problem]:
    table = registry.sources["organisations"]
    parent = row.parent_code or ""
    if parent not in by_code:
        yield table.problem(
            index, "parent_code", f"không có tổ chức nào mang mã «{parent}»", f"no organisation has the code «{parent}»"
        )
        return
    gap = _first_day_without(row, _parents(row, by_code))
    if gap is not None:
        yield table.problem(
            index,
            "parent_code",
            f"cấp trên «{parent}» không có hiệu lực vào ngày {gap}, khi «{row.code}» có hiệu lực",
            f"the parent «{parent}» is not valid on {gap}, when «{row.code}» is",
        )


def _first_day_without(child: Organisation, parents: list[Organisation]) -> date | None:
    """The first day of the child on which no parent is valid; a child without a known start begins with its parent."""
    ordered = sorted(parents, key=lambda parent: parent.valid_from)
    day = child.valid_from
    if day == UNKNOWN_START and ordered:
        day = max(day, ordered[0].valid_from)
    for parent in ordered:
        if parent.valid_from > day:
            return day
        day = max(day, parent.valid_to or FOREVER)
    return day if day < (child.valid_to or FOREVER) else None


def check_events(registry: Registry) -> Iterator[Problem]:
    """Events name bodies that end and begin on their day, and pass on the whole of what they take."""
    table, events = registry.sources["organisation_events"], registry.organisation_events
    by_code = _by_code(registry.organisations)
    for index, event in enumerate(events):
        if event.to_code is None and event.event != "abolish":
            yield table.problem(
                index,
                "to_code",
                f"sự kiện {event.event} phải có tổ chức kế thừa",
                f"an event {event.event} needs a successor",
            )
        for column, code in (("from_code", event.from_code), ("to_code", event.to_code)):
            if code is not None and code not in by_code:
                yield table.problem(
                    index, column, f"không có tổ chức nào mang mã «{code}»", f"no organisation has the code «{code}»"
                )
            elif code is not None and (fault := _date_fault(event, column, by_code[code])):
                yield table.problem(index, "date", *fault)
    yield from _check_weights(registry)


def _date_fault(event: OrganisationEvent, column: str, bodies: list[Organisation]) -> tuple[str, str] | None:
    """What is wrong with the event's day for the body that gives or receives, or None."""
    day, before = event.date, event.date - timedelta(days=1)
    code = bodies[0].code
    if column == "from_code" and event.event in {"merge", "split", "abolish"}:
        ends = sorted(body.valid_to for body in bodies if body.valid_to is not None)
        if day in ends:
            return None
        known = ", ".join(map(str, ends)) or "–"
        return (
            f"«{code}» phải có valid_to bằng {day}, ngày nó chấm dứt; hiện có: {known}",
            f"«{code}» must have valid_to {day}, the day it ends; there is: {known}",
        )
    if column == "to_code" and event.event in {"merge", "split"}:
        starts = sorted(body.valid_from for body in bodies)
        if day in starts:
            return None
        return (
            f"«{code}» phải có valid_from bằng {day}, ngày nó bắt đầu; hiện có: {', '.join(map(str, starts))}",
            f"«{code}» must have valid_from {day}, the day it begins; there is: {', '.join(map(str, starts))}",
        )
    wanted = before if column == "from_code" else day
    if any(body.valid_from <= wanted < (body.valid_to or FOREVER) for body in bodies):
        return None
    return f"«{code}» không có hiệu lực vào ngày {wanted}", f"«{code}» is not valid on {wanted}"


def _check_weights(registry: Registry) -> Iterator[Problem]:
    """Σ weights = 1 for each body, day, basis and scope; a transfer takes a part, so there they add to 1 at most."""
    table = registry.sources["organisation_events"]

    def key(item: tuple[int, OrganisationEvent]) -> tuple[date, str, str, str]:
        event = item[1]
        return event.date, event.from_code, event.weight_basis or "", event.scope or ""

    for (day, code, basis, scope), group in groupby(sorted(enumerate(registry.organisation_events), key=key), key=key):
        members = list(group)
        total = sum((event.weight for _, event in members), Decimal(0))
        only_transfers = all(event.event == "transfer" for _, event in members)
        if abs(total - 1) <= WEIGHT_TOLERANCE or (only_transfers and total < 1):
            continue
        where = ", ".join(part for part in (str(day), code, basis, scope) if part)
        rows = ", ".join(str(table.row_numbers[index]) for index, _ in members)
        yield table.problem(
            members[0][0],
            "weight",
            f"tổng trọng số ({where}) là {total}, phải bằng 1; các dòng {rows}",
            f"the weights ({where}) add to {total}, not 1; rows {rows}",
        )
