"""Who answers: by role, organisation, indicator and source; the deputy for who is away; nobody twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.workspace import Workspace, load_workspace
from stewardship.routing import Route, Routing

from .conftest import WORKSPACE, finding, write_workspace

DAY = date(2026, 3, 4)
FAULT = finding() | {"source_code": "dossiers"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return load_workspace(write_workspace(tmp_path))


@pytest.mark.parametrize(
    ("differences", "route"),
    [
        ({}, Route("HP", "SU", ())),
        ({"organisation_code": "3101"}, Route("HP", "SU", ())),
        ({"organisation_code": "01"}, Route("DS", "SU", ())),
        ({"organisation_code": None}, Route("DS", "SU", ())),
        ({"route": "SU,DS"}, Route("HP", "SU", ("DS",))),
        ({"route": "DS"}, Route("DS", "DS", ())),
        ({"route": "OM"}, Route("REGISTRY", "OM", ())),
        ({"route": "IT"}, Route("DS", "IT", ())),
        ({"route": "SU,AU"}, Route("AUDIT", "AU", ())),
        ({"route": "DS,AU"}, Route("DS", "DS", ("AUDIT",))),
        ({"route": "IT", "source_code": None, "indicator_code": None}, Route("", "IT", ())),
    ],
    ids=[
        "the submitting unit",
        "a unit below it",
        "another unit: who the source names",
        "nobody knows the unit",
        "the data steward is told too",
        "data steward",
        "organisation master",
        "nobody plays the role: who the source names",
        "an integrity signal never goes to the submitting unit",
        "an integrity signal goes to the office",
        "nobody at all",
    ],
)
def test_routes(workspace: Workspace, differences: dict[str, str | None], route: Route) -> None:
    assert Routing(workspace, DAY).route(FAULT | differences) == route


def test_the_deputy_stands_in_for_who_is_away(tmp_path: Path) -> None:
    folder = write_workspace(tmp_path)
    away = "superior: BOSS, away: [{start: 2026-03-01, end: 2026-03-31}],"
    (folder / "workspace.yml").write_text(WORKSPACE.replace("superior: BOSS,", away), encoding="utf-8")
    workspace = load_workspace(folder)
    fault = FAULT | {"organisation_code": "01"}
    assert Routing(workspace, DAY).route(fault).steward == "HP"
    assert Routing(workspace, date(2026, 4, 1)).route(fault).steward == "DS"


def test_two_who_stand_in_for_each_other_and_are_both_away_end_with_the_first(tmp_path: Path) -> None:
    folder = write_workspace(tmp_path)
    away = "away: [{start: 2026-03-01, end: 2026-03-31}]"
    text = WORKSPACE.replace("superior: BOSS,", f"superior: BOSS, {away},").replace(
        "roles: [SU],", f"roles: [SU], deputy: DS, {away},"
    )
    (folder / "workspace.yml").write_text(text, encoding="utf-8")
    assert Routing(load_workspace(folder), DAY).route(FAULT | {"organisation_code": "01"}).steward == "DS"
