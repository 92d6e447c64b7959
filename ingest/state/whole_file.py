"""Files that are whole or absent: a reader, or a crash, never meets half of one.

Everything below ``.outturn/`` is written here: beside its place under a name of its own, then moved over it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

#: Rows of one row group of a file that is written piece by piece.
_ROW_GROUP = 1_000_000


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """A path beside ``path`` to write to; moved over it when the block ends well, removed when it does not.

    With ``durable`` the content reaches the disk before the name does: for what cannot be made again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(6)}.unfinished")
    try:
        yield unfinished
        if durable:
            with unfinished.open("rb") as stream:
                os.fsync(stream.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_atomically(path: Path, content: bytes) -> None:
    """Write bytes, durably."""
    with replacing(path, durable=True) as unfinished:
        unfinished.write_bytes(content)


def write_json(path: Path, content: Any) -> None:
    """Write JSON for people and machines; keys keep their order, text stays readable."""
    write_atomically(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())


def copy_atomically(source: Path, path: Path, *, durable: bool = False) -> None:
    """Copy a file's content, however large."""
    with replacing(path, durable=durable) as unfinished:
        shutil.copyfile(source, unfinished)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet. Equal tables make equal bytes."""
    with replacing(path) as unfinished:
        pq.write_table(table, unfinished, compression="zstd")


def write_parquet_pieces(
    path: Path, schema: pa.Schema, pieces: Iterable[pa.Table | pa.RecordBatch], *, statistics: bool = True
) -> int:
    """Write Parquet from pieces of a table, so that a few of them are in memory at a time; returns the rows.

    Pieces are compressed while the next are made. Without ``statistics`` a file costs half the time: for one that
    is only ever read as a whole.
    """
    rows = 0
    with (
        replacing(path) as unfinished,
        pq.ParquetWriter(unfinished, schema, compression="zstd", write_statistics=statistics) as writer,
        ThreadPoolExecutor(1) as beside,
    ):
        writing: Future[None] | None = None
        for group in _row_groups(schema, pieces):
            rows += group.num_rows
            if writing is not None:
                writing.result()
            writing = beside.submit(writer.write_table, group)
        if writing is not None:
            writing.result()
    return rows


def _row_groups(schema: pa.Schema, pieces: Iterable[pa.Table | pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.Table] = []
    count = 0
    for piece in pieces:
        table = pa.Table.from_batches([piece]) if isinstance(piece, pa.RecordBatch) else piece
        waiting.append(table if table.schema.equals(schema) else table.cast(schema))
        count += table.num_rows
        if count >= _ROW_GROUP:
            yield pa.concat_tables(waiting)
            waiting, count = [], 0
    if count:
        yield pa.concat_tables(waiting)
