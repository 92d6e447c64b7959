"""One cell as read, and the limits of the decimal it is kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from types import MappingProxyType

from ingest.contract import ObsStatus, ValueState
from ingest.parse.markers import STATUS_OF_STATE
from ingest.parse.units import Unit

#: DECIMAL(38, 12) of the contract: 26 digits before the point, 12 behind it.
DECIMAL_PLACES, INTEGER_DIGITS = 12, 26
#: A double carries 15 decimal digits; what it shows beyond them is noise of the binary form (0.30000000000000004).
FLOAT_DIGITS = 15
#: Wide enough for every exact step in between.
WIDE = Context(prec=400, rounding=ROUND_HALF_EVEN)

_SMALLEST = Decimal(1).scaleb(-DECIMAL_PLACES)
_LIMIT = Decimal(1).scaleb(INTEGER_DIGITS)
_FLOAT = Context(prec=FLOAT_DIGITS, rounding=ROUND_HALF_EVEN)
_GREATEST_EXACT_INTEGER = 2**53

#: The words of ``value_problem`` in ``ingest.contract.PROBLEM_COLUMNS``, and when each is given.
VALUE_PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        "ambiguous_number": "It can be read in two ways, and nothing in the column says which holds.",
        "not_a_number": "It is a word, a range, an approximation, a code, or malformed.",
        "unmapped_marker": "It is a sign in place of a figure, and the source does not say what the sign means.",
        "date_in_number": "It is a date or a time: usually a spreadsheet has replaced what was typed.",
        "error_value": "It is an error of the spreadsheet, such as #DIV/0!.",
        "formula_without_value": "It is a formula whose result was not stored.",
        "misplaced": "It cannot be told to which row and column it belongs: the line has more cells than the header, "
        "or one merged cell lies over several figures.",
        "lost_label": "Its row may stand under another's label: in its section a number or a fact comes twice.",
        "out_of_precision": "It does not fit 26 digits and 12 decimals, or digits were lost before it reached us.",
    }
)


@dataclass(frozen=True, slots=True)
class Number:
    """One cell as read.

    ``value`` is None where ``obs_status`` says why (O, L, M, Q), where the figure is an interval (``low`` or ``high``,
    flag INTERVAL, status A), or where there is a ``problem``. ``flags`` are DASH_ZERO, MARKER_ZERO, BLANK_ZERO,
    PERCENT, PER_MILLE, MAGNITUDE, GROWTH, FOOTNOTE, INTERVAL, STRICT_BOUND, ROUNDED.

    ``unit`` is what the cell itself states, and takes the place of the column's unit; None leaves that in force. With
    the flag MAGNITUDE the value is already multiplied by the word in the cell, and ``unit`` says so: its power of ten
    no longer holds that word, so ``2,5 tỷ`` is 2500000000 of ``Unit(None, 0)`` even under a heading in million.
    """

    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    obs_status: ObsStatus = ObsStatus.NORMAL
    flags: tuple[str, ...] = ()
    problem: str | None = None
    footnote: str | None = None
    unit: Unit | None = None


PLAIN_NUMBER = Number(None)
#: No value and no claim: the status says that no information reached us.
_PROBLEMS = {word: Number(None, obs_status=ObsStatus.MISSING, problem=word) for word in VALUE_PROBLEMS}


def with_problem(word: str) -> Number:
    """The outcome for a cell that cannot be read; ``word`` is one of ``VALUE_PROBLEMS``."""
    return _PROBLEMS[word]


def of_state(state: ValueState, zero_flag: str) -> Number:
    """The outcome for a cell that stands for a state; a zero carries the flag that says how it was written."""
    if state is ValueState.ZERO:
        return Number(Decimal(0), flags=(zero_flag,))
    return Number(None, obs_status=STATUS_OF_STATE[state])


def fitted(value: Decimal, described: Number = PLAIN_NUMBER) -> Number:
    """``described`` with the value within DECIMAL(38, 12).

    Digits beyond the twelfth decimal are rounded (half to even, flag ROUNDED) only where they are those of a double,
    in a cell or written out by a program (44.800000000000004); all others are ``out_of_precision``.
    """
    if abs(value) >= _LIMIT:
        return with_problem("out_of_precision")
    exponent = value.as_tuple().exponent
    flags = described.flags
    if isinstance(exponent, int) and exponent < -DECIMAL_PLACES:
        rounded = value.quantize(_SMALLEST, context=WIDE)
        if rounded != value:
            if not _is_double(value):
                return with_problem("out_of_precision")
            rounded, flags = _FLOAT.plus(value).quantize(_SMALLEST, context=WIDE), (*flags, "ROUNDED")
        value = rounded
    return Number(value, None, None, described.obs_status, flags, None, described.footnote, described.unit)


def _is_double(value: Decimal) -> bool:
    """Whether the digits are the shortest form of a double, as programs write it."""
    return Decimal(repr(float(value))) == value


def float_to_decimal(value: float) -> Decimal:
    """The decimal a stored double stands for: 15 significant digits, and every digit of an exact whole number."""
    if value.is_integer() and abs(value) <= _GREATEST_EXACT_INTEGER:
        return Decimal(int(value))
    return _FLOAT.create_decimal(repr(value))


def bounded(number: Number, bound: str) -> Number:
    """``<5`` as an interval without a value. The bound is the figure as written; STRICT_BOUND says it is excluded."""
    if number.value is None:
        return number
    flags = (*number.flags, "INTERVAL", *(("STRICT_BOUND",) if bound in "<>" else ()))
    low, high = (None, number.value) if bound in "<≤" else (number.value, None)
    return replace(number, value=None, low=low, high=high, flags=flags)
