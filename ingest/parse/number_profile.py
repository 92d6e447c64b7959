"""How one source writes its figures: the part of a recipe that decides what a cell means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from ingest.contract import ObsStatus, ValueState
from ingest.parse.markers import MARKER_PROFILES, marker_state, marker_table
from ingest.parse.number_locale import NumberLocale, locale_named
from ingest.parse.number_text import Parentheses
from ingest.parse.number_value import Number, of_state

_PLAIN_FIGURE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class NumberProfile:
    """How one source writes figures. Raises ``ValueError`` for an unknown locale, profile, state or status.

    ``locale``: a name of ``number_locale.LOCALES``, or None to infer it from each column.
    ``markers``: what stands for no figure, and why there is none; they win over the markers of ``profile``.
    ``profile``: a family of sources in ``markers.MARKER_PROFILES``.
    ``blank``: what an empty cell means.
    ``percent``: ``keep`` leaves 95% at 95, ``fraction`` makes it 0.95.
    ``parentheses``: what (5) is: -5, a 5 of low reliability, or no figure; None leaves it to ``profile``.
    ``intervals``: whether <5 is kept as an interval; otherwise it is ``not_a_number``.
    ``status_marks``: letters behind a figure that state its status, such as p for provisional.
    """

    locale: str | None = None
    markers: Mapping[str, ValueState | str] = field(default_factory=dict)
    profile: str = "plain"
    blank: ValueState | str = ValueState.MISSING
    percent: Literal["keep", "fraction"] = "keep"
    parentheses: Parentheses | None = None
    intervals: bool = True
    status_marks: Mapping[str, ObsStatus] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.locale is not None:
            locale_named(self.locale)
        marks = {**MARKER_PROFILES.get(self.profile, MARKER_PROFILES["plain"]).status_marks, **self.status_marks}
        object.__setattr__(self, "blank", marker_state(self.blank))
        object.__setattr__(self, "markers", MappingProxyType(marker_table(self.profile, self.markers)))
        object.__setattr__(self, "status_marks", MappingProxyType({mark: ObsStatus(marks[mark]) for mark in marks}))

    @cached_property
    def declared_locale(self) -> NumberLocale | None:
        """The locale that the source declares."""
        return None if self.locale is None else locale_named(self.locale)

    @cached_property
    def read_parentheses(self) -> Parentheses:
        """What figures in parentheses are in this source."""
        return self.parentheses or MARKER_PROFILES[self.profile].parentheses

    @cached_property
    def outcomes(self) -> Mapping[str, Number]:
        """What each marker comes to, by its key (``markers.marker_key``)."""
        return {key: of_state(ValueState(state), _zero_flag(key)) for key, state in self.markers.items()}

    @cached_property
    def figure_markers(self) -> Mapping[Decimal, Number]:
        """Markers that are figures themselves (9999, -1): a native cell can hold them too."""
        return {Decimal(key): number for key, number in self.outcomes.items() if _PLAIN_FIGURE.fullmatch(key)}

    @cached_property
    def blank_outcome(self) -> Number:
        """What an empty cell comes to."""
        return of_state(ValueState(self.blank), "BLANK_ZERO")

    @cached_property
    def marks(self) -> frozenset[str]:
        """The letters behind a figure that are a status."""
        return frozenset(self.status_marks)


def _zero_flag(key: str) -> str:
    return "DASH_ZERO" if set(key) == {"-"} else "MARKER_ZERO"
