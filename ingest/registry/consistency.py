"""What rows of the registry must satisfy together: codes that exist, trees without cycles, validity without overlap.

Sources: domain.md 4.5 (events), 2.2 (roles of a ratio), 8.3 (weights), 11.3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ingest.problem import Place, Problem
from ingest.registry.ratio_terms import FormulaError, parse_terms
from ingest.registry.ratio_types import derived_type

FOREVER = date.max
WEIGHTS_MAY_MISS = Decimal("0.000000001")
Placed = Any
Tables = Mapping[str, Sequence[Placed]]


def inconsistencies(tables: Tables) -> list[Problem]:
    """Every problem of the registry as a whole, in the order of the tables."""
    checks: tuple[Callable[[Tables], Iterator[Problem]], ...] = (
        _codes_are_unique, _organisation_parents, _trees_have_no_cycles, _events, _ratios, _targets, _scorecards,
    )
    return [problem for check in checks for problem in check(tables)]


def _problem(placed: Placed, column: str, vi: str, en: str) -> Problem:
    return Problem(placed.file, Place(placed.line, column), vi, en)


def _validity(row: Any) -> tuple[date, date]:
    return row.valid_from, row.valid_to or FOREVER


def _overlap(one: Any, other: Any) -> bool:
    (start, end), (other_start, other_end) = _validity(one), _validity(other)
    return start < other_end and other_start < end


def _codes_are_unique(tables: Tables) -> Iterator[Problem]:
    """A code means one thing at a time; for tables without validity, one thing."""
    keys: dict[str, Callable[[Any], Any]] = {
        "organisations": lambda row: row.code,
        "indicators": lambda row: (row.code, row.version),
        "ratios": lambda row: row.code,
        "target_groups": lambda row: (row.dimension, row.code),
        "objectives": lambda row: row.code,
        "scorecards": lambda row: (row.scorecard, row.code),
    }
    for table, key in keys.items():
        seen: dict[Any, list[Placed]] = defaultdict(list)
        for placed in tables[table]:
            row = placed.row
            for earlier in seen[key(row)]:
                if not hasattr(row, "valid_from") or _overlap(row, earlier.row):
                    yield _problem(
                        placed, "code",
                        f"mã «{row.code}» đã dùng ở dòng {earlier.line} trong cùng thời gian",
                        f"code «{row.code}» is already used in row {earlier.line} at the same time",
                    )
            seen[key(row)].append(placed)
            if hasattr(row, "valid_from") and row.valid_to is not None and row.valid_to <= row.valid_from:
                yield _problem(
                    placed, "valid_to",
                    "phải sau valid_from: đó là ngày đầu tiên không còn hiệu lực",
                    "must be after valid_from: it is the first day on which it no longer holds",
                )


def _organisation_parents(tables: Tables) -> Iterator[Problem]:
    by_code = _by_code(tables["organisations"])
    for placed in tables["organisations"]:
        row = placed.row
        if row.parent_code is None:
            continue
        parents = by_code.get(row.parent_code, [])
        if not parents:
            yield _problem(placed, "parent_code", f"không có tổ chức mã «{row.parent_code}»",
                           f"there is no organisation with code «{row.parent_code}»")
        elif not any(_overlap(row, parent.row) for parent in parents):
            yield _problem(
                placed, "parent_code",
                f"«{row.parent_code}» không có hiệu lực trong thời gian của «{row.code}»",
                f"«{row.parent_code}» is not valid while «{row.code}» is",
            )


def _by_code(rows: Iterable[Placed]) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = defaultdict(list)
    for placed in rows:
        found[placed.row.code].append(placed)
    return found


def _trees_have_no_cycles(tables: Tables) -> Iterator[Problem]:
    trees: dict[str, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
        "organisations": ("parent_code", lambda r: r.code, lambda r: r.parent_code),
        "objectives": ("parent_code", lambda r: r.code, lambda r: r.parent_code),
        "target_groups": ("parent", lambda r: (r.dimension, r.code), lambda r: r.parent and (r.dimension, r.parent)),
        "scorecards": ("parent", lambda r: (r.scorecard, r.code), lambda r: r.parent and (r.scorecard, r.parent)),
    }
    for table, (column, key, parent) in trees.items():
        rows = {key(placed.row): placed for placed in tables[table]}
        reported: set[Any] = set()
        for start, placed in rows.items():
            path = [start]
            while (above := parent(rows[path[-1]].row)) and above in rows and above not in path:
                path.append(above)
            if above in path and not reported & set(path):
                reported |= set(path)
                circle = " → ".join(str(part) for part in [*path[path.index(above):], above])
                yield _problem(placed, column, f"cây bị vòng: {circle}", f"the tree runs in a circle: {circle}")
            elif above and above not in rows and table != "organisations":
                yield _problem(placed, column, f"không có mục cha «{above}»", f"there is no parent «{above}»")


def _events(tables: Tables) -> Iterator[Problem]:
    by_code = _by_code(tables["organisations"])
    shares: dict[tuple[Any, ...], list[Placed]] = defaultdict(list)
    for placed in tables["organisation_events"]:
        event = placed.row
        if not any((p.row.valid_to or FOREVER) >= event.date > p.row.valid_from for p in by_code.get(event.from_code, [])):
            yield _problem(placed, "from_code", f"không có tổ chức «{event.from_code}» ngay trước {event.date}",
                           f"there is no organisation «{event.from_code}» right before {event.date}")
        if event.to_code is None:
            if event.event != "abolish":
                yield _problem(placed, "to_code", "chỉ «abolish» mới được bỏ trống", "may be empty only for abolish")
            continue
        if not any(
            p.row.valid_from <= event.date < (p.row.valid_to or FOREVER) for p in by_code.get(event.to_code, [])
        ):
            yield _problem(placed, "to_code", f"không có tổ chức «{event.to_code}» vào ngày {event.date}",
                           f"there is no organisation «{event.to_code}» on {event.date}")
        shares[(event.date, event.from_code, event.weight_basis, event.scope)].append(placed)
    for (day, code, basis, _), rows in shares.items():
        total = sum((placed.row.weight for placed in rows), Decimal(0))
        if abs(total - 1) > WEIGHTS_MAY_MISS:
            yield _problem(
                rows[0], "weight",
                f"tổng trọng số của «{code}» ngày {day} ({basis or '–'}) là {total}, phải bằng 1",
                f"the weights of «{code}» on {day} ({basis or '–'}) add to {total}; they must add to 1",
            )


def _ratios(tables: Tables) -> Iterator[Problem]:
    indicators = {placed.row.code: placed.row for placed in tables["indicators"]}
    for placed in tables["ratios"]:
        ratio, roles = placed.row, {}
        for part in ("numerator", "denominator"):
            try:
                codes = [code for _, one, two in parse_terms(getattr(ratio, part)) for code in (one, two) if code]
            except FormulaError as error:
                yield _problem(placed, part, f"không hiểu «{error.args[0]}»; viết như A + B - C * D",
                               f"«{error.args[0]}» is not understood; write A + B - C * D")
                continue
            for code in codes:
                if code not in indicators:
                    yield _problem(placed, part, f"không có chỉ tiêu «{code}»", f"there is no indicator «{code}»")
            roles[part] = indicators[codes[0]].role if codes[0] in indicators else None
        if None in roles.values() or len(roles) < 2:
            continue
        derived = derived_type(roles["numerator"], roles["denominator"])
        if ratio.ratio_type and ratio.ratio_type != derived:
            yield _problem(
                placed, "ratio_type",
                f"vai trò {roles['numerator']} / {roles['denominator']} cho loại «{derived}», không phải «{ratio.ratio_type}»",
                f"the roles {roles['numerator']} / {roles['denominator']} make it «{derived}», not «{ratio.ratio_type}»",
            )
        if ratio.lag and not ratio.lagged_part:
            yield _problem(placed, "lagged_part", "cần có khi lag khác 0", "is needed where lag is not 0")


def _targets(tables: Tables) -> Iterator[Problem]:
    measures = {p.row.code for p in (*tables["indicators"], *tables["ratios"])}
    organisations = {p.row.code for p in tables["organisations"]}
    for placed in tables["targets"]:
        row = placed.row
        if row.measure_code not in measures:
            yield _problem(placed, "measure_code", f"không có chỉ tiêu hay tỷ số «{row.measure_code}»",
                           f"there is no indicator or ratio «{row.measure_code}»")
        if row.organisation_code not in organisations:
            yield _problem(placed, "organisation_code", f"không có tổ chức «{row.organisation_code}»",
                           f"there is no organisation «{row.organisation_code}»")
        if row.value is None and row.low is None and row.high is None:
            yield _problem(placed, "value", "cần có value, hoặc low và high", "value is needed, or low and high")


def _scorecards(tables: Tables) -> Iterator[Problem]:
    measures = {p.row.code for p in (*tables["indicators"], *tables["ratios"])}
    siblings: dict[tuple[str, str | None], list[Placed]] = defaultdict(list)
    for placed in tables["scorecards"]:
        row = placed.row
        siblings[(row.scorecard, row.parent)].append(placed)
        if row.node_type == "measure" and row.measure_code not in measures:
            yield _problem(placed, "measure_code", f"không có chỉ tiêu hay tỷ số «{row.measure_code}»",
                           f"there is no indicator or ratio «{row.measure_code}»")
    for (_, parent), rows in siblings.items():
        total = sum((placed.row.weight for placed in rows), Decimal(0))
        if abs(total - 1) > WEIGHTS_MAY_MISS:
            yield _problem(rows[0], "weight", f"tổng trọng số dưới «{parent or '–'}» là {total}, phải bằng 1",
                           f"the weights under «{parent or '–'}» add to {total}; they must add to 1")
