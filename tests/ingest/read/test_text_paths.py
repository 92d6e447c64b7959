"""A text file is read the fast way or, where its rows differ in length, the slow way: both must read the same."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.read.text_file import _ragged_columns, _regular_columns

CELLS = st.text(st.sampled_from('ab ,;"\n\té1.'), max_size=6)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


PLAIN_CELLS = st.text(st.sampled_from("ab é1."), min_size=1, max_size=6)
PLAIN_TABLES = st.lists(st.lists(PLAIN_CELLS, min_size=3, max_size=3), min_size=1, max_size=8)


@settings(deadline=None)
@given(TABLES | PLAIN_TABLES, st.sampled_from([",", ";", "\t"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_both_ways_read_the_same_cells(rows: list[list[str]], delimiter: str, quoting: int) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    slow, height, _ = _ragged_columns(stream.getvalue(), delimiter)
    fast = _regular_columns(stream.getvalue(), delimiter, stream.getvalue().encode())
    assert fast is not None
    assert fast[1] == height == len(rows)
    assert [[text or "" for text in column.to_pylist()] for column in fast[0]] == [
        column.to_pylist() for column in slow
    ]
