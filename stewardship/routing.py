"""Who answers for a finding: rule role → steward, by organisation, indicator and source (domain.md 6.8).

A steward is found in this order: who is declared for the role with the narrowest scope that fits; for data, who the
indicator or the source names. Whoever is away has the deputy stand in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ingest.workspace import Workspace
from ingest.workspace.stewards import Steward

#: Roles that a steward without declared roles plays.
OF_DATA = ("SU", "DS")
#: Roles that do not see the submitting unit's mailbox: integrity signals are for the office (domain.md 6.8).
OFFICE = ("AU", "DS", "RM")


@dataclass(frozen=True)
class Route:
    """Who settles a finding, in which role, and who else is told. ``steward`` is empty where nobody is declared."""

    steward: str
    role: str
    informed: tuple[str, ...]


class Routing:
    """The stewards of a workspace and what they answer for on a day."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self.workspace = workspace
        self.today = today
        self.stewards = {steward.code: steward for steward in workspace.settings.stewards}

    def route(self, finding: Mapping[str, Any]) -> Route:
        """The route of a row of FINDING: the first role of its rule that somebody plays settles it."""
        roles = [role for role in str(finding["route"] or "").split(",") if role]
        if "AU" in roles:
            roles = [role for role in roles if role in OFFICE]
        found = [(role, code) for role in roles if (code := self._of(role, finding))]
        if not found:
            code = self._named(finding) if "AU" not in roles else ""
            return Route(code, roles[0] if roles else "DS", ())
        role, steward = found[0]
        others = dict.fromkeys(code for _, code in found[1:] if code != steward)
        return Route(steward, role, tuple(others))

    def for_submission(self, source_code: str, organisation_code: str | None) -> Route:
        """Who hands in a source's figures for an organisation."""
        return self.route(
            {"route": "SU", "source_code": source_code, "organisation_code": organisation_code, "indicator_code": None}
        )

    def superior(self, code: str) -> str:
        """Who is told when a steward does not settle in time: superior, else deputy, else nobody."""
        steward = self.stewards.get(code)
        if steward is None:
            return ""
        above = steward.superior or steward.deputy
        return self.standing_in(above) if above and above != code else ""

    def standing_in(self, code: str) -> str:
        """The steward, or the deputy where the steward is away; where all are away, the steward."""
        seen = [code]
        while (steward := self.stewards.get(seen[-1])) is not None and steward.is_away(self.today):
            if steward.deputy is None or steward.deputy in seen:
                return code
            seen.append(steward.deputy)
        return seen[-1]

    def _of(self, role: str, finding: Mapping[str, Any]) -> str:
        fitting = [
            (fit, steward.code) for steward in self.stewards.values() if (fit := self._fit(steward, role, finding))
        ]
        if fitting:
            best = max(fit for fit, _ in fitting)
            return self.standing_in(next(code for fit, code in fitting if fit == best))
        return self._named(finding) if role in OF_DATA else ""

    def _fit(self, steward: Steward, role: str, finding: Mapping[str, Any]) -> int:
        """How narrowly the steward is declared for this: 0 not at all, else more for each scope that fits."""
        declared = role in steward.roles
        scoped = bool(steward.organisations or steward.sources or steward.indicators)
        if not declared and (steward.roles or role not in OF_DATA or not scoped):
            return 0
        narrowness = 1 + declared
        for scope, values, weight in (
            (steward.organisations, list(self._upwards(finding["organisation_code"])), 16),
            (steward.indicators, [finding["indicator_code"]], 8),
            (steward.sources, [finding["source_code"]], 4),
        ):
            if scope:
                within = [position for position, value in enumerate(values) if value in scope]
                if not within:
                    return 0
                narrowness += weight * 100 - within[0]
        return narrowness

    def _named(self, finding: Mapping[str, Any]) -> str:
        """Whom the indicator, else the source, names."""
        indicator, source = finding["indicator_code"], self.workspace.sources.get(finding["source_code"] or "")
        code = self._indicator_stewards.get(indicator) or (source.steward if source is not None else None)
        return self.standing_in(code) if code else ""

    @cached_property
    def _indicator_stewards(self) -> dict[str | None, str]:
        return {row.code: row.steward for row in self.workspace.registry.indicators if row.steward}

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        """Code → parent of the body that bears the code now, or bore it last."""
        rows = sorted(self.workspace.registry.organisations, key=lambda row: row.valid_from)
        return {row.code: row.parent_code for row in rows}

    def _upwards(self, code: str | None) -> Iterator[str]:
        seen: set[str] = set()
        while code is not None and code not in seen:
            seen.add(code)
            yield code
            code = self._parents.get(code)
