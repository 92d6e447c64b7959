"""What is signed: the figures of an organisation and all below it for a period, as accepted now, and their hash."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from ingest.time.period import Period
from ingest.workspace import Workspace

Key = tuple[str, str, str, str, str, str]
_FIGURES = """
    select source_code, indicator_code, organisation_code, target_group_code, measure_kind, accumulation,
        value, obs_status, submission.file_name, sheet, cell
    from read_parquet($files, union_by_name = true) as observation
    left join read_parquet($submissions, union_by_name = true) as submission using (submission_id, source_code)
    where period_code = $period and list_contains($organisations, organisation_code)
    qualify row_number() over (
        partition by source_code, indicator_code, organisation_code, target_group_code, measure_kind, accumulation
        order by recorded_at desc, submission_id desc, sheet, cell
    ) = 1
    order by all
"""


@dataclass(frozen=True)
class Figure:
    """A figure with its value and status, and the cell it stands in."""

    value: Decimal | None
    status: str
    file_name: str | None
    sheet: str | None
    cell: str | None


@dataclass(frozen=True)
class Difference:
    """A figure that is not what was signed; ``signed`` or ``now`` is missing where it was added or is gone."""

    key: Key
    signed: Figure | None
    now: Figure | None

    @property
    def change(self) -> str:
        return "added" if self.signed is None else "gone" if self.now is None else "changed"


@dataclass(frozen=True)
class Content:
    """Figures by key: source, indicator, organisation, target group, kind, accumulation."""

    figures: dict[Key, Figure]

    @property
    def hash(self) -> str:
        """SHA-256 over keys, values and statuses in order: where a figure stands does not change what it says."""
        lines = [
            "\x1f".join((*key, "" if figure.value is None else f"{figure.value.normalize():f}", figure.status))
            for key, figure in sorted(self.figures.items())
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def packed(self) -> bytes:
        """As it is kept beside the signature."""
        rows = [
            [*key, None if f.value is None else str(f.value), f.status, f.file_name, f.sheet, f.cell]
            for key, f in sorted(self.figures.items())
        ]
        return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())

    def differences(self, now: Content) -> list[Difference]:
        """What changed from this content to ``now``."""
        return [
            Difference(key, before, after)
            for key in sorted(self.figures.keys() | now.figures.keys())
            for before, after in [(self.figures.get(key), now.figures.get(key))]
            if before is None or after is None or (before.value, before.status) != (after.value, after.status)
        ]


def unpacked(content: bytes) -> Content:
    """The content that was kept."""
    figures: dict[Key, Figure] = {}
    for *key, value, status, file_name, sheet, cell in json.loads(zlib.decompress(content)):
        figures[tuple(key)] = Figure(None if value is None else Decimal(value), status, file_name, sheet, cell)
    return Content(figures)


def current_content(workspace: Workspace, organisation: str, period: Period, source: str) -> Content:
    """The figures that are accepted now; ``source`` empty for all sources."""
    accepted = workspace.state.accepted
    files = _files(workspace, "observation", source)
    if not files:
        return Content({})
    organisations = subtree(workspace, organisation, period)
    with duckdb.connect() as connection:
        rows = connection.execute(
            _FIGURES,
            {
                "files": files,
                "submissions": [path.as_posix() for path in sorted((accepted / "submission").glob("*/*.parquet"))],
                "period": period.period_code,
                "organisations": sorted(organisations),
            },
        ).fetchall()
    return Content({tuple(row[:6]): Figure(*row[6:]) for row in rows})


def subtree(workspace: Workspace, organisation: str, period: Period) -> set[str]:
    """Codes of the organisation and of all below it that are valid in the period."""
    end = date(9999, 12, 31)
    children: dict[str, list[str]] = {}
    for row in workspace.registry.organisations:
        if row.parent_code is not None and period.overlaps(row.valid_from, row.valid_to or end):
            children.setdefault(row.parent_code, []).append(row.code)
    found, ahead = {organisation}, [organisation]
    while ahead:
        for child in children.get(ahead.pop(), []):
            if child not in found:
                found.add(child)
                ahead.append(child)
    return found


def _files(workspace: Workspace, table: str, source: str) -> list[str]:
    folders: Iterable[str] = [source] if source else sorted(workspace.sources)
    return [
        path.as_posix()
        for folder in folders
        for path in sorted(workspace.state.accepted_table(table, folder).glob("*.parquet"))
    ]
