"""Where in the data an override applies, as SQL over the columns that tell (domain.md 6.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from expectations.rules.model import Override


@dataclass(frozen=True)
class Scope:
    """SQL expressions of what an override may name: indicator, organisations' level, frequency, start of the period."""

    indicator: str = "indicator_code"
    organisation_level: str = "organisation_level"
    frequency: str = "frequency"
    period_start: str = "period_start"

    def matches(self, override: Override) -> str:
        """True where the override applies, as SQL."""
        named = (
            (self.indicator, override.indicator),
            (self.organisation_level, override.organisation_level),
            (self.frequency, override.frequency),
        )
        conditions = [f"{column} = '{_quoted(value)}'" for column, value in named if value is not None]
        if override.valid_from is not None:
            conditions.append(f"{self.period_start} >= date '{override.valid_from}'")
        return " and ".join(conditions) or "true"

    def choice(self, overrides: Sequence[Override], value_of: Callable[[Override], str | None], default: str) -> str:
        """What the most specific override says that says anything, as SQL; ``overrides`` come least specific first."""
        cases: list[str] = []
        for override in overrides:
            value = value_of(override)
            if value is None:
                continue
            if override.is_partial:
                cases.insert(0, f"when {self.matches(override)} then {value}")
            else:  # for all rows of the source: nothing less specific is heard any more
                default, cases = value, []
        return f"(case {' '.join(cases)} else {default} end)" if cases else default


def _quoted(text: str) -> str:
    return text.replace("'", "''")
