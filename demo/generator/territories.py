"""Who reports when: the provinces and ministries of the registry, and the old units that each new one is made of.

The registry tables of the workspace are the only source; nothing about the reform is written here a second time.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

PROVINCE_REFORM = date(2025, 7, 1)
MINISTRY_REFORM = date(2025, 3, 1)


@dataclass(frozen=True)
class Body:
    """An organisation for as long as it was one and the same body, and the bodies of before the reform in it."""

    code: str
    name: str
    name_en: str
    level: str
    valid_from: date
    valid_to: date | None
    parts: tuple[tuple[str, Decimal], ...]

    @property
    def part_codes(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.parts)

    def alive(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Territories:
    """Provinces and ministries by day, and the regions that yearbooks list the provinces under."""

    bodies: tuple[Body, ...]
    regions: tuple[tuple[str, str, str, date], ...]

    def provinces(self, day: date) -> list[Body]:
        """Provinces on a day, by code."""
        return self._level("province", day)

    def ministries(self, day: date) -> list[Body]:
        """Ministries on a day, in the order of the registry."""
        return [body for body in self.bodies if body.level == "ministry" and body.alive(day)]

    def by_region(self, day: date) -> list[tuple[str, list[Body]]]:
        """Regions on a day with their provinces, both in the order of the registry."""
        provinces = {body.code: body for body in self.provinces(day)}
        reform_side = PROVINCE_REFORM if day >= PROVINCE_REFORM else date(2008, 8, 1)
        grouped: dict[str, list[Body]] = {}
        for _, name, code, valid_from in self.regions:
            if (valid_from >= PROVINCE_REFORM) == (reform_side >= PROVINCE_REFORM):
                grouped.setdefault(name, []).append(provinces[code])
        return list(grouped.items())

    def _level(self, level: str, day: date) -> list[Body]:
        return sorted((b for b in self.bodies if b.level == level and b.alive(day)), key=lambda body: body.code)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def load_territories(workspace: Path) -> Territories:
    """Read the bodies from the registry of a workspace; a body with no event before it is made of itself."""
    registry = workspace / "registry"
    arriving: dict[tuple[str, date], list[tuple[str, Decimal]]] = {}
    for row in _rows(registry / "organisation_events.csv"):
        key = (row["to_code"], date.fromisoformat(row["date"]))
        arriving.setdefault(key, []).append((row["from_code"], Decimal(row["weight"])))
    bodies = []
    for row in _rows(registry / "organisations.csv"):
        begin = date.fromisoformat(row["valid_from"])
        parts = arriving.get((row["code"], begin), [(row["code"], Decimal(1))])
        bodies.append(
            Body(row["code"], row["name_vi"], row["name_en"], row["level"], begin, _day(row["valid_to"]), tuple(parts))
        )
    regions = tuple(
        (row["peer_group"], row["name_vi"], row["organisation_code"], date.fromisoformat(row["valid_from"]))
        for row in _rows(registry / "peer_groups.csv")
        if row["peer_group"].startswith("REGION_")
    )
    return Territories(tuple(bodies), regions)
