"""Exact decimals in arrays: from stored doubles at the fifteen digits a spreadsheet holds, and shifts of the point."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from ingest.contract import DECIMAL

PLACES = DECIMAL.scale
_EXACT_INTEGER = 2.0**53
_WIDE = Context(prec=80)


def decimals_of(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> pa.Array:
    """Each double as the decimal it stands for: 15 significant digits, every digit of a whole number; nan is null.

    Doubles whose 15 digits reach beyond twelve places are rounded to twelve.
    """
    missing = ~np.isfinite(numbers)
    present = np.where(missing, 0.0, numbers)
    common = common_places(present)
    if common is not None:
        return _scaled(np.rint(present * 10.0**common).astype(np.int64), common, missing)
    whole = missing | ((numbers == np.floor(numbers)) & (np.abs(numbers) < _EXACT_INTEGER))
    with np.errstate(divide="ignore"):
        digits = np.floor(np.log10(np.abs(np.where(missing | (numbers == 0), 1, numbers)))).astype(np.int64) + 1
    places = np.where(whole, 0, np.minimum(PLACES, 15 - digits))
    places = np.where(places < 0, 0, places)
    result: pa.Array | None = None
    for count in np.unique(places):
        at = places == count
        scaled = np.rint(np.where(at & ~missing, numbers, 0) * 10.0**count)
        if np.abs(scaled).max() >= _EXACT_INTEGER:
            part = pa.array(
                [_slow(value) if chosen else None for value, chosen in zip(numbers, at & ~missing, strict=True)],
                DECIMAL,
            )
        else:
            part = _scaled(scaled.astype(np.int64), int(count), missing | ~at)
        result = part if result is None else pa.compute.coalesce(result, part)
    return result


def common_places(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> int | None:
    """The least number of decimal places at which every number is exactly what it is written as; None beyond six.

    A whole number below 10^15, divided by the power of ten, gives back the very double: so it has no more digits.
    """
    for places in range(7):
        scaled = np.rint(numbers * 10.0**places)
        if np.abs(scaled).max(initial=0) >= 1e15:
            return None
        if (scaled / 10.0**places == numbers).all():
            return places
    return None


def _scaled(integers: np.ndarray[Any, np.dtype[np.int64]], places: int, missing: np.ndarray[Any, Any]) -> pa.Array:
    """Integers divided by 10^places: laid out as the bytes of 128-bit decimals, and read at that scale."""
    words = np.empty((len(integers), 2), np.int64)
    words[:, 0] = integers
    words[:, 1] = integers >> 63
    bitmap = pa.array(~missing).buffers()[1] if missing.any() else None
    narrow = pa.Array.from_buffers(
        pa.decimal128(38 - PLACES + places, places), len(integers), [bitmap, pa.py_buffer(words)]
    )
    return narrow.cast(DECIMAL)


def _slow(value: float) -> Decimal | None:
    decimal = Context(prec=15).create_decimal(repr(float(value)))
    return decimal.quantize(Decimal(1).scaleb(-PLACES), context=_WIDE) if abs(decimal) < Decimal(1).scaleb(26) else None


def shift(values: pa.Array, power: int) -> tuple[pa.Array, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Values times ten to a power, and which of them no longer fit DECIMAL(38, 12) and became null."""
    fits = np.zeros(len(values), bool)
    if power == 0:
        return values, fits
    if 0 < power <= PLACES or (-power <= 38 - PLACES and power < 0):
        values = pa.concat_arrays([values]) if values.offset else values
        moved = pa.Array.from_buffers(
            pa.decimal128(38, PLACES - power), len(values), values.buffers(), offset=values.offset
        )
        try:
            return moved.cast(DECIMAL), fits
        except pa.ArrowInvalid:
            pass
    return times(values, Decimal(1).scaleb(power))


def times(values: pa.Array, factor: Decimal) -> tuple[pa.Array, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Values times any factor, one by one, rounded to twelve places; and which of them do not fit."""
    smallest, limit = Decimal(1).scaleb(-PLACES), Decimal(1).scaleb(38 - PLACES)
    results: list[Decimal | None] = []
    too_large = np.zeros(len(values), bool)
    for position, value in enumerate(values.to_pylist()):
        product = None if value is None else _WIDE.multiply(value, factor)
        if product is not None and abs(product) >= limit:
            too_large[position], product = True, None
        results.append(None if product is None else product.quantize(smallest, context=_WIDE))
    return pa.array(results, DECIMAL), too_large
