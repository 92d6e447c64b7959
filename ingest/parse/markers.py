"""What stands in a cell in place of a number, by source: a dash, dots, a letter, a word.

``-`` and ``...`` are opposite things in a Vietnamese yearbook (nothing occurred; occurred but not known), and a dash
means missing elsewhere. So nothing is mapped for an unknown source but blanks and the signs that can only mean "no
figure available"; the rest comes from a named profile or from the source's own words (domain.md 0.3, 10.3, VAL-08).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from ingest.contract import ObsStatus, ValueState
from ingest.parse.text import HYPHENS, fold_case

#: SDMX status of a cell in each state (domain.md 3.4).
STATUS_OF_STATE: Mapping[ValueState, ObsStatus] = MappingProxyType(
    {
        ValueState.VALUE: ObsStatus.NORMAL,
        ValueState.ZERO: ObsStatus.NORMAL,
        ValueState.MISSING: ObsStatus.MISSING,
        ValueState.NOT_COLLECTED: ObsStatus.NOT_COLLECTED,
        ValueState.NOT_APPLICABLE: ObsStatus.NOT_APPLICABLE,
        ValueState.SUPPRESSED: ObsStatus.SUPPRESSED,
    }
)

_HYPHENS_TO_ONE = str.maketrans(dict.fromkeys(HYPHENS.replace("_", ""), "-"))
_DOTS = re.compile(r"\.(?: ?\.)+")


def marker_key(text: str) -> str:
    """The form in which markers are compared: case, kind of dash, and how many dots beyond three do not count."""
    key = fold_case(text).translate(_HYPHENS_TO_ONE).replace("…", "...")
    return _DOTS.sub(lambda dots: dots.group().replace(" ", "")[:3], key)


@dataclass(frozen=True)
class MarkerProfile:
    """The markers of one family of sources: ``markers`` stand alone, ``status_marks`` stand after a figure.

    ``parentheses``: what a figure in parentheses is.
    """

    name: str
    description: str
    markers: Mapping[str, ValueState]
    status_marks: Mapping[str, ObsStatus] = field(default_factory=dict)
    parentheses: Literal["negative", "low_reliability", "refused"] = "negative"


#: Read so in every source: they say that a figure is not to hand, and nothing else.
UNIVERSAL_MARKERS: Mapping[str, ValueState] = MappingProxyType(
    dict.fromkeys(
        (
            *("...", "..", "n/a", "nan", "null", "not available", "no data"),
            *("chưa có số liệu", "chưa có", "không có số liệu", "ccsl"),
        ),
        ValueState.MISSING,
    )
)

_ZERO, _MISSING, _NOT_APPLICABLE, _SUPPRESSED = (
    ValueState.ZERO,
    ValueState.MISSING,
    ValueState.NOT_APPLICABLE,
    ValueState.SUPPRESSED,
)

#: Letters behind a figure, in the statistical offices that use them.
_STATUS_LETTERS = {
    "b": ObsStatus.BREAK,
    "e": ObsStatus.ESTIMATED,
    "f": ObsStatus.FORECAST,
    "p": ObsStatus.PROVISIONAL,
    "u": ObsStatus.LOW_RELIABILITY,
}

MARKER_PROFILES: Mapping[str, MarkerProfile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            MarkerProfile("plain", "No more than what every source means.", {}),
            MarkerProfile(
                "yearbook",
                "Vietnamese statistical yearbooks and forms: - nothing occurred, ... not known, x cannot exist.",
                {"-": _ZERO, "...": _MISSING, "x": _NOT_APPLICABLE},
            ),
            MarkerProfile(
                "dash_missing",
                "Sources that put a dash where they have no figure.",
                {"-": _MISSING, "--": _MISSING},
            ),
            MarkerProfile(
                "gss",
                "United Kingdom Government Analysis Function: symbols in square brackets.",
                {"[x]": _MISSING, "[z]": _NOT_APPLICABLE, "[c]": _SUPPRESSED, ":": _MISSING},
                {f"[{letter}]": status for letter, status in _STATUS_LETTERS.items()},
            ),
            MarkerProfile(
                "eurostat",
                "Eurostat: a colon where there is no figure, flags as letters behind it.",
                {
                    ":": _MISSING,
                    ":u": _MISSING,
                    ": u": _MISSING,
                    "-": _NOT_APPLICABLE,
                    ":c": _SUPPRESSED,
                    ": c": _SUPPRESSED,
                    ":z": _NOT_APPLICABLE,
                    ": z": _NOT_APPLICABLE,
                },
                _STATUS_LETTERS,
            ),
            MarkerProfile(
                "destatis",
                "German official statistics: - nothing, . unknown or secret, x meaningless, / unreliable, ... later; "
                "( ) of limited reliability.",
                {"-": _ZERO, ".": _MISSING, "x": _NOT_APPLICABLE, "/": _SUPPRESSED, "...": _MISSING},
                parentheses="low_reliability",
            ),
            MarkerProfile(
                "abs",
                "Australian Bureau of Statistics: .. cannot exist, na not available, np not published, - nil.",
                {
                    "..": _NOT_APPLICABLE,
                    "-": _ZERO,
                    "na": _MISSING,
                    "n.a.": _MISSING,
                    "np": _SUPPRESSED,
                    "n.p.": _SUPPRESSED,
                },
            ),
        )
    }
)

#: Words and signs that some profile, or usage, maps: unmapped, they are a marker and not a stray word.
KNOWN_MARKERS: frozenset[str] = frozenset(
    {marker_key(marker) for profile in MARKER_PROFILES.values() for marker in profile.markers}
    | {"k.có", "không có", "không", "không phát sinh", "không áp dụng", "đạt", "không đạt", "bảo mật", "nil", "none"}
    | {"n.a.", "n.d.", "///", "not applicable", "not collected", "suppressed", "confidential", "error"}
)


def is_marker_like(key: str) -> bool:
    """Whether a cell without digits is a marker and not a word: known as one, all signs, or three letters at most."""
    return key in KNOWN_MARKERS or len(key) <= 3 or not any(character.isalnum() for character in key)


def marker_table(profile: str, own: Mapping[str, ValueState | str]) -> dict[str, ValueState]:
    """The markers that hold for a source: what every source means, its named profile, and its own words over both.

    Raises ``ValueError`` for a profile that is not declared and for a state that a marker cannot have.
    """
    if profile not in MARKER_PROFILES:
        raise ValueError(f"marker profile {profile!r} is unknown; known are {', '.join(MARKER_PROFILES)}")
    table: dict[str, ValueState] = {}
    for markers in (UNIVERSAL_MARKERS, MARKER_PROFILES[profile].markers, own):
        table.update({marker_key(marker): marker_state(state) for marker, state in markers.items()})
    return table


def marker_state(state: ValueState | str) -> ValueState:
    """The state by name; ``value`` is refused, because a marker is what stands in place of one."""
    allowed = [other.value for other in ValueState if other is not ValueState.VALUE]
    if state not in allowed:
        raise ValueError(f"marker state {str(state)!r} is unknown; known are {', '.join(allowed)}")
    return ValueState(state)
