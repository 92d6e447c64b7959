"""What a correction does to the rows it means: whole columns at once, exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.contract import DECIMAL, VALUELESS_STATUSES, ObsStatus
from ingest.corrections.model import Correction
from ingest.corrections.places import Mask
from ingest.resolve.decimals import times

#: Flag of a figure that the ledger changed, and of one that it only remarks on.
CORRECTED, FLAGGED = "CORRECTED", "FLAGGED"


def changed(table: pa.Table, mask: Mask, correction: Correction) -> pa.Table:
    """The table with one correction applied to the rows of the mask."""
    if not mask.any():
        return table
    at = pa.array(mask)
    columns: dict[str, Any] = {
        "flags": _appended(table, "flags", at, FLAGGED if correction.action == "flag" else CORRECTED, ","),
        "note": _appended(table, "note", at, f"[{correction.id}] {correction.reason.both}", "; "),
    }
    if correction.action == "override":
        columns |= _overridden(table, at, correction)
    elif correction.action == "scale" and correction.factor is not None:
        columns |= _scaled(table, at, correction.factor)
    for name, values in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), values)
    return table


def _appended(table: pa.Table, name: str, at: pa.Array, text: str, separator: str) -> pa.ChunkedArray:
    column = table.column(name)
    there = pc.match_substring(pc.fill_null(column, ""), text)
    joined = pc.binary_join_element_wise(column, pa.scalar(text), separator, null_handling="skip")
    return pc.if_else(pc.and_not(at, there), joined, column)


def _overridden(table: pa.Table, at: pa.Array, correction: Correction) -> dict[str, Any]:
    """The right figure, or why there is none; what was wrong with reading the cell no longer matters."""
    nothing = pa.scalar(None, DECIMAL)
    status = table.column("obs_status")
    if correction.status is not None:
        new_status: Any = pa.scalar(correction.status)
    else:
        empty = pc.is_in(status, value_set=pa.array([str(code) for code in VALUELESS_STATUSES]))
        new_status = pc.if_else(pc.or_kleene(empty, pc.is_null(status)), str(ObsStatus.NORMAL), status)
    return {
        "value": pc.if_else(at, pa.scalar(correction.value, DECIMAL), table.column("value")),
        "value_low": pc.if_else(at, nothing, table.column("value_low")),
        "value_high": pc.if_else(at, nothing, table.column("value_high")),
        "obs_status": pc.if_else(at, new_status, status),
        "value_problem": pc.if_else(at, pa.scalar(None, pa.string()), table.column("value_problem")),
    }


def _scaled(table: pa.Table, at: pa.Array, factor: Decimal) -> dict[str, Any]:
    """Value and bounds times the factor, exactly; what no longer fits is a problem of its cell."""
    columns: dict[str, Any] = {}
    for name in ("value", "value_low", "value_high"):
        before = table.column(name).combine_chunks()
        chosen, too_large = times(before.filter(at), factor)
        columns[name] = pc.replace_with_mask(before, at, chosen)
        if name == "value" and too_large.any():
            lost = np.zeros(table.num_rows, bool)
            lost[np.flatnonzero(at.to_numpy(zero_copy_only=False))[too_large]] = True
            columns["value_problem"] = pc.if_else(
                pa.array(lost), pa.scalar("out_of_precision"), table.column("value_problem")
            )
            columns["obs_status"] = pc.if_else(
                pa.array(lost), pa.scalar(str(ObsStatus.MISSING)), table.column("obs_status")
            )
    return columns
