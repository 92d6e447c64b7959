"""Texts of the tidy table as codes into dictionaries: a few labels are the same over millions of rows.

Parquet files and DuckDB know them as VARCHAR all the same.
"""

from __future__ import annotations

import pyarrow as pa

ENCODED = pa.dictionary(pa.int32(), pa.string())
#: Columns whose texts differ from row to row.
_PLAIN_COLUMNS = frozenset({"cell"})


def encoded(schema: pa.Schema) -> pa.Schema:
    """A schema of the contract as its rows are held in memory."""
    return pa.schema(
        [
            field.with_type(ENCODED) if field.type == pa.string() and field.name not in _PLAIN_COLUMNS else field
            for field in schema
        ]
    )


def decoded(table: pa.Table) -> pa.Table:
    """The table with its texts written out, for work that changes single cells."""
    plain = [field.with_type(pa.string()) if field.type == ENCODED else field for field in table.schema]
    return table.cast(pa.schema(plain))
