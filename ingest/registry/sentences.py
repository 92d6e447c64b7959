"""What is wrong with a cell of the registry, in one sentence of each language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.problem import Place, Problem

#: pydantic's error type → sentences; {input} is what stands in the cell, {expected} what may.
_SENTENCES = {
    "missing": ("bắt buộc phải có", "is required"),
    "extra_forbidden": ("không phải là cột của bảng này{near_vi}", "is not a column of this table{near_en}"),
    "literal_error": ("phải là {expected}; ở đây là «{input}»", "must be {expected}; here it is «{input}»"),
    "date_from_datetime_parsing": ("phải là ngày dạng 2025-07-01; ở đây là «{input}»",
                                   "must be a date such as 2025-07-01; here it is «{input}»"),
    "date_parsing": ("phải là ngày dạng 2025-07-01; ở đây là «{input}»",
                     "must be a date such as 2025-07-01; here it is «{input}»"),
    "decimal_parsing": ("phải là số; ở đây là «{input}»", "must be a number; here it is «{input}»"),
    "int_parsing": ("phải là số nguyên; ở đây là «{input}»", "must be a whole number; here it is «{input}»"),
    "bool_parsing": ("phải là true hoặc false; ở đây là «{input}»", "must be true or false; here it is «{input}»"),
    "greater_than_equal": ("phải từ {ge} trở lên; ở đây là «{input}»", "must be {ge} or more; here it is «{input}»"),
    "less_than_equal": ("phải từ {le} trở xuống; ở đây là «{input}»", "must be {le} or less; here it is «{input}»"),
}


def explain(file: str, line: int, detail: Any, known_columns: Sequence[str]) -> Problem:
    """A pydantic error of one row as a problem with its row and column."""
    from rapidfuzz import process

    column = str(detail["loc"][0]) if detail["loc"] else ""
    near = process.extractOne(column, known_columns, score_cutoff=70)
    values = {
        "input": str(detail.get("input"))[:60],
        "near_vi": f"; có phải «{near[0]}»?" if near else "",
        "near_en": f"; did you mean «{near[0]}»?" if near else "",
        **(detail.get("ctx") or {}),
    }
    vi, en = _SENTENCES.get(detail["type"], ("không hợp lệ: " + detail["msg"], detail["msg"]))
    return Problem(file, Place(line, column), vi.format(**values), en.format(**values))
