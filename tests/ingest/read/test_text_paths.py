"""A text file is read the fast way or, where its rows differ in length, the slow way: both must read the same."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from ingest.read.text_file import _ragged_columns, _regular_columns

CELLS = st.text(st.sampled_from('ab ,;"\n\té1.'), max_size=6)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(TABLES, st.sampled_from([",", ";", "\t"]))
def test_both_ways_read_the_same_cells(rows: list[list[str]], delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    slow, height, _ = _ragged_columns(stream.getvalue(), delimiter)
    fast = _regular_columns(stream.getvalue(), delimiter)
    assert fast is not None
    assert fast[1] == height == len(rows)
    assert [[text or "" for text in column.to_pylist()] for column in fast[0]] == [
        column.to_pylist() for column in slow
    ]
