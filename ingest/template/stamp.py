"""The stamp of a form: what it is and which code stands for which row and column, on a hidden sheet of its own.

The stamp's version is a fingerprint of everything else in it, so that a form whose codes were changed is seen. It is
no signature: it guards against accidents, not against forgery.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.read import Sheet
from ingest.state import fingerprint

#: Name of the hidden sheet, and what stands in its first cell.
STAMP_SHEET, MARK = "_outturn", "outturn_template"
#: How the stamp is laid out; a reader of a later layout knows the earlier ones by it.
LAYOUT = "1"
#: What stands where the form's hidden row of codes meets its hidden column of codes.
CORNER = "outturn:codes"
#: Header rows between the row of codes and the first record: indicator, group, unit, kind of column.
HEADER_ROWS = 4
#: Parts of a measure's columns.
FIGURE, STATUS, BEFORE, REMARK = "figure", "status", "before", "remark"
#: Statuses a person may choose → SDMX code; the texts are those of the drop-down.
STATUSES = {
    "Ước tính / Estimate": "E",
    "Sơ bộ / Provisional": "P",
    "Không có thông tin / Missing": "O",
    "Không thu thập / Not collected": "L",
    "Không áp dụng / Not applicable": "M",
    "Không công bố / Withheld": "Q",
}


@dataclass(frozen=True)
class Measure:
    """What one column of figures holds."""

    indicator: str
    target_group: str
    measure_kind: str
    accumulation: str

    @property
    def code(self) -> str:
        return ";".join((self.indicator, self.target_group, self.measure_kind, self.accumulation))

    @classmethod
    def from_code(cls, code: str) -> Measure:
        """Raises ``ValueError`` where the code has not four parts."""
        indicator, target_group, measure_kind, accumulation = code.split(";")
        return cls(indicator, target_group, measure_kind, accumulation)


@dataclass(frozen=True)
class Stamp:
    """``rows`` and ``columns``: code → label as printed; rows are CODE@valid_from, columns codes of measures."""

    source: str
    calendar: str
    period: str
    sheet: str
    rows: dict[str, str]
    columns: dict[str, str]

    @property
    def version(self) -> str:
        entries = [text for line in self.entries for text in line]
        return fingerprint(LAYOUT, self.source, self.calendar, self.period, self.sheet, *entries)

    @property
    def entries(self) -> list[tuple[str, str, str]]:
        """Lines of the code list: what, code, label."""
        rows = [("row", code, one_line(label)) for code, label in self.rows.items()]
        return rows + [("column", code, one_line(label)) for code, label in self.columns.items()]

    def lines(self) -> list[tuple[str, ...]]:
        """The stamp as the cells of its sheet."""
        head = [
            (MARK, LAYOUT),
            ("version", self.version),
            ("source", self.source),
            ("calendar", self.calendar),
            ("period", self.period),
            ("sheet", self.sheet),
        ]
        return [*head, *self.entries]


@dataclass(frozen=True)
class ReadStamp:
    """A stamp as it came back, and the version that it says it has."""

    stamp: Stamp
    version: str

    @property
    def is_intact(self) -> bool:
        return self.stamp.version == self.version


def read_stamp(sheet: Sheet) -> ReadStamp | None:
    """The stamp on a hidden sheet; None where the sheet is no stamp of a known layout."""
    grid = sheet.grid
    if grid.text(0, 0) != MARK or grid.text(0, 1) != LAYOUT:
        return None
    head = {grid.text(row, 0): grid.text(row, 1) for row in range(1, 6)}
    if set(head) != {"version", "source", "calendar", "period", "sheet"}:
        return None
    lists: dict[str, dict[str, str]] = {"row": {}, "column": {}}
    for row in range(6, grid.height):
        what = grid.text(row, 0)
        if what in lists:
            lists[what][grid.text(row, 1)] = grid.text(row, 2)
    stamp = Stamp(head["source"], head["calendar"], head["period"], head["sheet"], lists["row"], lists["column"])
    return ReadStamp(stamp, head["version"])


def one_line(text: str) -> str:
    """A label without line breaks and double spaces, which spreadsheets change at will."""
    return " ".join(text.split())
