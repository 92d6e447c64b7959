"""Lists of records (JSON objects, or lists beside a list of names) as a table: what most APIs answer with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ingest.messages.json_text import escape, text_of
from ingest.messages.table import Document, MessageRefusedError, TableBuilder


class RecordTable(TableBuilder):
    """Collects records of several pages. With ``key``, a record that a later page repeats is told from a new one."""

    def __init__(self, key: Sequence[str] = ()) -> None:
        super().__init__()
        self._key = tuple(key)
        self._seen: dict[tuple[str, ...], tuple[dict[str, str | None], str]] = {}
        self._repeated = 0

    def identify_by(self, key: Sequence[str]) -> None:
        """Columns that identify a record, where the format itself has them."""
        self._key = tuple(key)

    def add_objects(
        self,
        records: Iterable[Any],
        pointer: str,
        document: Document,
        *,
        above: Mapping[str, Any] | None = None,
        clean: Callable[[Any], Any] | None = None,
    ) -> None:
        """Add JSON objects; members of objects inside them become columns named with a dot (``country.id``).

        ``above`` is what objects around the list say of all its records; ``clean`` takes away what is no data of a
        record, or gives None for an entry that is no record.
        """
        outer = {name: text_of(value) for name, value in (above or {}).items()}
        for number, raw in enumerate(records):
            place = f"{pointer}/{number}"
            record = clean(raw) if clean else raw
            if clean and record is None and isinstance(raw, dict):
                continue
            if not isinstance(record, dict):
                raise MessageRefusedError(
                    document.name, place, "bản ghi không phải là một đối tượng.", "the record is not an object."
                )
            row = dict(outer)
            self._flatten(record, "", "", row, document, place)
            self.add_record(row, place, document)

    def add_lists(
        self, records: Iterable[Any], names: Sequence[str], pointer: str, document: Document, *, first: int = 0
    ) -> None:
        """Add records that are lists in the order of ``names``; one that is longer or shorter is refused.

        ``first`` is the position of the first of them in the list of the message.
        """
        for number, record in enumerate(records, start=first):
            place = f"{pointer}/{number}"
            if not isinstance(record, list) or len(record) != len(names):
                given = len(record) if isinstance(record, list) else 0
                raise MessageRefusedError(
                    document.name,
                    place,
                    f"bản ghi có {given} giá trị, cần {len(names)}.",
                    f"the record has {given} values where {len(names)} are named.",
                )
            self.add_record({name: text_of(item) for name, item in zip(names, record, strict=True)}, place, document)
        self.places.update({name: f"/{position}" for position, name in enumerate(names)})

    def add_record(self, row: dict[str, str | None], place: str, document: Document) -> None:
        if self._key and self._is_repeat(row, place, document):
            return
        self.add(row, place, document)

    def note_repeats(self) -> None:
        """Report what was left out because a page before had it."""
        if self._repeated:
            self.find(
                "rows_repeated",
                f"{self._repeated} bản ghi lặp lại giữa các trang, chỉ giữ một lần.",
                f"{self._repeated} records were repeated between pages and are kept once.",
            )

    def _is_repeat(self, row: dict[str, str | None], place: str, document: Document) -> bool:
        if any(row.get(name) is None for name in self._key):
            raise MessageRefusedError(
                document.name,
                place,
                f"thiếu cột khóa {', '.join(self._key)}.",
                f"a key column is missing: {', '.join(self._key)}.",
            )
        identity = tuple(row[name] or "" for name in self._key)
        before = self._seen.get(identity)
        if before is None:
            self._seen[identity] = (row, document.request)
            return False
        if before[0] != row:
            named = ", ".join(f"{name}={value}" for name, value in zip(self._key, identity, strict=True))
            raise MessageRefusedError(
                document.name,
                place,
                f"bản ghi {named} xuất hiện hai lần với nội dung khác nhau; hãy tải lại.",
                f"the record {named} came twice with different content; fetch again.",
            )
        self._repeated += 1
        return True

    def _flatten(
        self,
        record: Mapping[str, Any],
        prefix: str,
        below: str,
        row: dict[str, str | None],
        document: Document,
        at: str,
    ) -> None:
        for key, value in record.items():
            name, place = f"{prefix}{key}", f"{below}/{escape(key)}"
            if isinstance(value, dict) and value:
                self._flatten(value, f"{name}.", place, row, document, at)
                continue
            if name in row:
                raise MessageRefusedError(
                    document.name,
                    at + place,
                    f"có hai giá trị cho cột {name}.",
                    f"two values belong to column {name}.",
                )
            row[name] = text_of(value)
            self.places.setdefault(name, place)
