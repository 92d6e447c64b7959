"""What a message becomes: a long table of texts, each with its place in the message.

Nothing is interpreted here. A value is the text that stood in the message (``186204652922.262``, ``NaN``, an empty
text); ``None`` is what the message left out or gave as null. Numbers, markers, periods and codes are for the recipe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

#: Ends the name of a column of labels: ``GEO`` holds the codes, ``GEO.label`` what they are called.
LABEL = ".label"
#: The column of figures, where a message has one.
VALUE = "value"


@dataclass(frozen=True)
class Document:
    """One landed response. ``request`` names the query it answers; pages of one query bear the same name."""

    name: str
    content: bytes
    request: str = ""
    role: Literal["data", "structure"] = "data"
    media_type: str | None = None


class MessageOptions(BaseModel):
    """How a message is read, where its format leaves it open (``fetch: message:`` of a source file)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    records: str | None = Field(
        None, description="Where the records stand: /data/items, or data.items[*].rows; default: that of the format."
    )
    total: str | None = Field(None, description="Where the message says how many records there are, e.g. /meta/total.")
    key: tuple[str, ...] = Field((), description="Columns that identify a record, to tell repeats between pages.")
    header: bool = Field(False, description="Records are lists, and the first one holds the names of the columns.")
    columns: str | None = Field(
        None,
        description="Records are lists, and the names of their columns stand here, e.g. /columns: texts, or objects "
        "with a name, id, code, field or key.",
    )
    columnar: bool = Field(
        False, description="An object of lists stands there, one list a column; its plain members hold for all rows."
    )
    language: str = Field("en", description="Language of labels, where the message has several.")
    encoding: str | None = Field(None, description="Of delimited text; default: told from the answer.")
    delimiter: str | None = Field(None, min_length=1, max_length=1, description="Of delimited text; default: told.")


class MessageRefusedError(Exception):
    """A message that cannot be read without losing, doubling or inventing a value, and why, in both languages."""

    def __init__(self, document: str, place: str, vi: str, en: str) -> None:
        self.document, self.place = document, place
        where = f"{document}: {place}" if place else document
        self.message_vi, self.message_en = f"{where}: {vi}", f"{where}: {en}"
        super().__init__(self.message_en)


@dataclass(frozen=True)
class MessageFinding:
    """Something the reader noticed. ``kind`` is one of rows_missing, rows_repeated, deletions, unknown_code,
    unstable_total, estimated_total, personal_data, sparse, warning.

    ``place`` is the query or response it is about; ``observed`` and ``expected`` are numbers, where there are any.
    """

    kind: str
    message_vi: str
    message_en: str
    place: str | None = None
    observed: str | None = None
    expected: str | None = None


@dataclass
class MessageTable:
    """One row an observation (or record). All columns and ``pointers`` have the same length.

    ``pointers[i]`` says where row i stood in ``documents[i]``: a JSON pointer (RFC 6901), an XPath, or a line.
    ``announced_rows`` is how many rows the server said there are, ``None`` if it did not say.
    """

    columns: dict[str, list[str | None]]
    pointers: list[str]
    documents: list[str]
    announced_rows: int | None = None
    notes: list[str] = field(default_factory=list)
    findings: list[MessageFinding] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    addressing: Literal["path", "grid"] = "path"

    @property
    def received_rows(self) -> int:
        return len(self.pointers)

    def address(self, row: int, column: str = VALUE) -> str:
        """Where a cell stood: the row's pointer and the column's place below it; ``C17`` in delimited text."""
        place = self.places.get(column, "")
        return place + self.pointers[row] if self.addressing == "grid" else self.pointers[row] + place

    def text_at(self, document: str, address: str) -> str | None:
        """The text that stands at an address of a document; ``None`` if nothing does, or null.

        Where columns share an address (attributes that no place of their own is known for), it is the figure's.
        """
        for name in sorted(self.columns, key=lambda name: name != VALUE):
            place = self.places.get(name, "")
            before = self.addressing == "grid"
            if address.startswith(place) if before else address.endswith(place):
                pointer = address.removeprefix(place) if before else address.removesuffix(place)
                row = self._row_at.get((document, pointer))
                if row is not None:
                    return self.columns[name][row]
        return None

    @cached_property
    def _row_at(self) -> dict[tuple[str, str], int]:
        return {place: row for row, place in enumerate(zip(self.documents, self.pointers, strict=True))}

    def rows(self) -> list[dict[str, str | None]]:
        """The table by rows; for small tables and tests."""
        names = list(self.columns)
        return [dict(zip(names, values, strict=True)) for values in zip(*self.columns.values(), strict=True)]


class TableBuilder:
    """Collects rows whose columns become known as they come. A column that a row does not have is ``None`` there."""

    def __init__(self) -> None:
        self.columns: dict[str, list[str | None]] = {}
        self.pointers: list[str] = []
        self.documents: list[str] = []
        self.notes: list[str] = []
        self.findings: list[MessageFinding] = []
        self.places: dict[str, str] = {}
        self._announced: dict[str, int] = {}
        self._started: dict[str, int] = {}
        self._received: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.pointers)

    def declare(self, names: Sequence[str]) -> None:
        """Fix the order of columns before the first row."""
        for name in names:
            self.columns.setdefault(name, [])

    def add(self, row: Mapping[str, str | None], pointer: str, document: Document) -> None:
        count = len(self.pointers)
        for name, text in row.items():
            column = self.columns.setdefault(name, [])
            if len(column) < count:
                column.extend([None] * (count - len(column)))
            column.append(text)
        self.pointers.append(pointer)
        self.documents.append(document.name)
        self._received[document.request] = self._received.get(document.request, 0) + 1

    def set(self, row: int, name: str, text: str) -> None:
        """Fill a cell of a row that stands already, if it is empty: attributes given for many rows at once."""
        column = self.columns.setdefault(name, [])
        column.extend([None] * (len(self.pointers) - len(column)))
        if column[row] is None:
            column[row] = text

    def announce(self, document: Document, total: int) -> None:
        """What the server says of the whole answer; pages of one request should agree."""
        before = self._announced.get(document.request)
        if before is not None and before != total:
            self.find(
                "unstable_total",
                f"{document.name}: tổng số bản ghi đổi từ {before} thành {total} trong khi tải; hãy tải lại.",
                f"{document.name}: the number of records changed from {before} to {total} while fetching; fetch again.",
                place=document.request,
                observed=str(total),
                expected=str(before),
            )
        self._announced[document.request] = max(total, before or 0)

    def starts_at(self, document: Document, offset: int) -> None:
        """The answer to a request begins at this record: those before it are not expected."""
        self._started[document.request] = min(offset, self._started.get(document.request, offset))

    def find(
        self,
        kind: str,
        vi: str,
        en: str,
        *,
        place: str | None = None,
        observed: str | None = None,
        expected: str | None = None,
    ) -> None:
        finding = MessageFinding(kind, vi, en, place or None, observed, expected)
        if finding not in self.findings:
            self.findings.append(finding)

    def note(self, text: str | None) -> None:
        """Keep a remark of the message itself (source, footnote, date of update), once."""
        if text and text.strip() and text.strip() not in self.notes:
            self.notes.append(text.strip())

    def finish(self, *, addressing: Literal["path", "grid"] = "path") -> MessageTable:
        """The table, with the gap between announced and received rows among its findings."""
        for column in self.columns.values():
            column.extend([None] * (len(self.pointers) - len(column)))
        announced = None
        for request, total in self._announced.items():
            expected = max(0, total - self._started.get(request, 0))
            announced = (announced or 0) + expected
            self._report_gap(request, expected, self._received.get(request, 0))
        return MessageTable(
            self.columns, self.pointers, self.documents, announced, self.notes, self.findings, self.places, addressing
        )

    def _report_gap(self, request: str, announced: int, received: int) -> None:
        named = f"{request}: " if request else ""
        if announced != received:
            self.find(
                "rows_missing",
                f"{named}máy chủ báo {announced} bản ghi, nhận được {received}.",
                f"{named}the server announced {announced} records, {received} were received.",
                place=request,
                observed=str(received),
                expected=str(announced),
            )


def data_documents(documents: Sequence[Document]) -> list[Document]:
    return [document for document in documents if document.role == "data"]


def structure_documents(documents: Sequence[Document]) -> list[Document]:
    return [document for document in documents if document.role == "structure"]
