"""Recipes of the reference page, as they stand there, read what such servers answer."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from ingest.fetch import fetch_source
from ingest.read import Refusal
from ingest.recipe.load import load_source
from ingest.registry.models import Indicator, Organisation, TargetGroup
from ingest.resolve import Resolver
from ingest.tidy import Tidied, tidy_answer
from ingest.time.calendar import Calendars

PAGE = (Path(__file__).parents[3] / "docs" / "apis.md").read_text(encoding="utf-8")
RECIPES = {
    re.search(r"api: (\S+)", block)[1]: block  # type: ignore[index]
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    if "\ntables:" in block
}
SDMX_CSV = (
    "STRUCTURE,STRUCTURE_ID,ACTION,FREQ: Frequency,REF_AREA: Area,SEX: Sex,TIME_PERIOD: Year,OBS_VALUE: Value,"
    "OBS_STATUS: Status,UNIT_MULT: Multiplier\r\n"
    "dataflow,GSO:DF_PCI(1.0),I,A: Annual,01: Hà Nội,_T: Total,2023,4120.5,A: Normal,3: Thousands\r\n"
    "dataflow,GSO:DF_PCI(1.0),I,A: Annual,01: Hà Nội,F: Female,2023,2011.25,P: Provisional,3: Thousands\r\n"
    "dataflow,GSO:DF_PCI(1.0),I,A: Annual,04: Cao Bằng,F: Female,2023,,O: Missing,3: Thousands\r\n"
)
JSON_STAT = {
    "version": "2.0",
    "class": "dataset",
    "label": "Dân số",
    "id": ["Region", "Sex", "ContentsCode", "Year"],
    "size": [2, 2, 1, 1],
    "dimension": {
        "Region": {"category": {"index": {"01": 0, "04": 1}, "label": {"01": "Hà Nội", "04": "Cao Bằng"}}},
        "Sex": {"category": {"index": {"1": 0, "2": 1}, "label": {"1": "Nam", "2": "Nữ"}}},
        "ContentsCode": {"category": {"index": {"POP": 0}, "label": {"POP": "Dân số trung bình"}}},
        "Year": {"category": {"index": {"2023": 0}, "label": {"2023": "2023"}}},
    },
    "value": [4_208_100, 4_296_500, 262_300, None],
}
ANALYTICS = {
    "headers": [
        {"name": name, "column": column, "meta": name != "value"}
        for name, column in (("dx", "Data"), ("pe", "Period"), ("ou", "Organisation unit"), ("value", "Value"))
    ],
    "metaData": {
        "items": {
            "fbfJHSPpUQD": {"name": "Dossiers"},
            "O6uvpzGd5pu": {"name": "Hà Nội"},
            "fdc6uOvgoji": {"name": "Cao Bằng"},
            "202507": {"name": "July 2025"},
        },
        "dimensions": {"dx": ["fbfJHSPpUQD"], "pe": ["202507"], "ou": ["O6uvpzGd5pu", "fdc6uOvgoji"]},
    },
    "rows": [["fbfJHSPpUQD", "202507", "O6uvpzGd5pu", "120.0"], ["fbfJHSPpUQD", "2025Q3", "fdc6uOvgoji", "75.0"]],
    "width": 4,
    "height": 2,
}
ANSWERS = {
    "sdmx-csv": SDMX_CSV.encode(),
    "pxweb": json.dumps(JSON_STAT).encode(),
    "dhis2-analytics": json.dumps(ANALYTICS).encode(),
}
FACTS = {
    "sdmx-csv": [
        ("LABOUR_FORCE", "01", "2023", "_T", 4_120_500, "A"),
        ("LABOUR_FORCE", "01", "2023", "SEX=F", 2_011_250, "P"),
        ("LABOUR_FORCE", "04", "2023", "SEX=F", None, "O"),
    ],
    "pxweb": [
        ("POPULATION", "01", "2023", "SEX=M", 4_208_100, "A"),
        ("POPULATION", "01", "2023", "SEX=F", 4_296_500, "A"),
        ("POPULATION", "04", "2023", "SEX=M", 262_300, "A"),
        ("POPULATION", "04", "2023", "SEX=F", None, "O"),
    ],
    "dhis2-analytics": [
        ("DOSSIERS", "01", "2025-M07", "_T", 120, "A"),
        ("DOSSIERS", "04", "2025-Q3", "_T", 75, "A"),
    ],
}


@pytest.fixture(scope="module")
def registry() -> SimpleNamespace:
    first = dt.date(1900, 1, 1)
    return SimpleNamespace(
        tables={
            "organisations": [
                Organisation(code=code, name_vi=name, name_en=name, level="province", valid_from=first)
                for code, name in (("01", "Hà Nội"), ("04", "Cao Bằng"))
            ],
            "indicators": [
                Indicator(code=code, name_vi=code, name_en=code, role="output", unit=unit)
                for code, unit in (("LABOUR_FORCE", "person"), ("POPULATION", "person"), ("DOSSIERS", "dossier"))
            ],
            "target_groups": [
                TargetGroup(dimension="SEX", code=code, name_vi=vi, name_en=en)
                for code, vi, en in (("M", "Nam", "Male"), ("F", "Nữ", "Female"))
            ],
        }
    )


@pytest.fixture
def read(
    server: Any, reply: Any, tmp_path: Path, registry: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Tidied]:
    """Read what the server answers by a recipe, whose host alone is changed to that of the server."""
    monkeypatch.setenv("HMIS_USER", "reader")
    monkeypatch.setenv("HMIS_PASSWORD", "secret")

    def tidied(api: str, recipe: str) -> Tidied:
        server.answer = lambda _: reply(ANSWERS[api])
        path = tmp_path / "source.yml"
        local = re.sub(r"https://[^/]+/", f"http://{urlsplit(server.url).netloc}/", recipe)
        path.write_text("name: {vi: a, en: b}\n" + local, encoding="utf-8")
        source = load_source(path)
        got = fetch_source("source", source.fetch, tmp_path / "landed", tmp_path / "state.json")
        return tidy_answer(
            tmp_path / "landed",
            got.file_sha256,
            got.file_name,
            source,
            Resolver(registry),
            Calendars(),
            submission_id="0" * 16,
            received_at=got.received_at,
        )

    return tidied


@pytest.mark.parametrize("api", sorted(FACTS))
def test_the_recipe_on_the_page_reads_the_answer(read: Callable[[str, str], Tidied], api: str) -> None:
    rows = read(api, RECIPES[api]).observations.to_pylist()
    names = ("indicator_code", "organisation_code", "period_code", "target_group_code", "value", "obs_status")
    assert [tuple(row[name] for name in names) for row in rows] == FACTS[api]
    assert not [row for row in rows if any(row[name] for name in row if name.endswith("_problem"))]


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("header: [dx, pe, ou, value]", "header: [Data, Period]", "«Data» + «Period»"),
        ("values: value", "values: Value of the data", "«Value of the data»"),
    ],
)
def test_a_column_that_is_not_there_is_answered_with_those_that_are(
    read: Callable[[str, str], Tidied], right: str, wrong: str, named: str
) -> None:
    with pytest.raises(Refusal) as caught:
        read("dhis2-analytics", RECIPES["dhis2-analytics"].replace(right, wrong))
    for message in (caught.value.message_vi, caught.value.message_en):
        assert named in message
        assert "«dx», «pe», «ou», «value», «dx.label», «pe.label», «ou.label»" in message
