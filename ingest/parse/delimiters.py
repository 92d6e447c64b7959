"""The delimiter of a text table, told from the regularity of its rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

CANDIDATES = ("\t", ",", ";", "|")
_ROWS = 500
_SAMPLE = 1_000_000


def sniff_delimiter(text: str) -> str | None:
    """The delimiter that cuts most rows into the same number of fields, or None where the text is a single column.

    Titles and notes above and below a table do not disturb it: they have one field. Quoted fields are respected, so
    commas in figures and prose count only where they are really separators. Of equal regularity the greater number of
    fields wins, then the order of ``CANDIDATES``.
    """
    scores = {delimiter: _regularity(text, delimiter) for delimiter in CANDIDATES}
    best = max(CANDIDATES, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > (0, 0) else None


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    """The share of the rows with content that have the commonest number of fields above one, and that number."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=delimiter), _ROWS))
    except csv.Error:
        return (0, 0)
    filled = [row for row in rows if any(field.strip() for field in row)]
    counts = Counter(len(row) for row in filled if len(row) > 1)
    if not counts:
        return (0, 0)
    fields, rows_alike = max(counts.items(), key=lambda count: (count[1], count[0]))
    return (rows_alike / len(filled), fields)
