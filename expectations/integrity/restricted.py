"""Where signals are kept: a file in the restricted folder of the workspace, readable by its owner alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.integrity.judge import Signal

#: Below ``WORKSPACE/.outturn``; never below ``published``.
FILE = Path("restricted") / "integrity.parquet"
_SCHEMA = pa.schema(
    [pa.field(one.name, pa.float64() if one.name == "strength" else pa.string()) for one in fields(Signal)]
    + [pa.field("release", pa.string())]
)


def write_signals(state: Path, signals: Sequence[Signal], release: str) -> Path:
    """Write the signals of a release in place of those before, whole or not at all; returns the file."""
    path = state / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    unfinished = path.with_suffix(".unfinished")
    table = pa.Table.from_pylist([asdict(signal) | {"release": release} for signal in signals], schema=_SCHEMA)
    unfinished.touch(mode=0o600)
    pq.write_table(table, unfinished, compression="zstd")
    unfinished.replace(path)
    return path


def read_signals(state: Path) -> list[Signal]:
    """The signals kept for a workspace; none where nobody asked yet."""
    path = state / FILE
    if not path.exists():
        return []
    return [Signal(**{one.name: row[one.name] for one in fields(Signal)}) for row in pq.read_table(path).to_pylist()]
