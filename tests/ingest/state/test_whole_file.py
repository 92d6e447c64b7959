"""Whatever is written stands whole under its name or not at all, and nothing is left beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.state.whole_file import copy_atomically, replacing, write_json, write_parquet, write_parquet_pieces

SCHEMA = pa.schema([("n", pa.int64())])


def pieces(count: int) -> Iterator[pa.Table]:
    for number in range(count):
        yield pa.table({"n": [number] * 400_000}, SCHEMA)


def test_pieces_come_out_in_order_as_one_table(tmp_path: Path) -> None:
    path = tmp_path / "new" / "table.parquet"
    assert write_parquet_pieces(path, SCHEMA, pieces(7)) == 2_800_000
    assert pq.read_table(path).equals(pa.concat_tables(pieces(7)))
    assert list(path.parent.iterdir()) == [path]


def interrupted(path: Path) -> None:
    with replacing(path) as unfinished:
        unfinished.write_bytes(b"half")
        raise KeyboardInterrupt


def test_no_pieces_make_an_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    assert write_parquet_pieces(path, SCHEMA, []) == 0
    assert pq.read_table(path).schema.equals(SCHEMA)


def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write_parquet(path, pa.table({"n": [1]}, SCHEMA))
    before = path.read_bytes()

    def broken() -> Iterator[pa.Table]:
        yield from pieces(3)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        write_parquet_pieces(path, SCHEMA, broken())
    with pytest.raises(KeyboardInterrupt):
        interrupted(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_copies_and_json_replace_what_stood_there(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b" / "c"
    source.write_bytes(b"x" * 100)
    for _ in range(2):
        copy_atomically(source, target, durable=True)
    assert target.read_bytes() == source.read_bytes()
    write_json(target, {"tên": "Huế"})
    assert target.read_text(encoding="utf-8") == '{\n  "tên": "Huế"\n}\n'


def test_a_file_has_the_rights_that_any_new_file_has(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    write_json(tmp_path / "json", 1)
    assert (tmp_path / "json").stat().st_mode == plain.stat().st_mode
