"""``docs/workspace.md`` says everything that can be written, and nothing that cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter
from ruamel.yaml import YAML

from ingest.registry.models import REGISTRY_TABLES
from ingest.registry.ratio_type import PERMITTED
from ingest.time import Calendars
from ingest.time.definition import CalendarDefinition
from ingest.workspace.settings import Settings

PAGE = (Path(__file__).parents[3] / "docs" / "workspace.md").read_text(encoding="utf-8")


def _keys(model: Any) -> Iterator[str]:
    """Every key of a model and of the models in it, except parts of calendars: the example shows those."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, field in model.model_fields.items():
            yield name
            if name != "calendars":
                yield from _keys(field.annotation)
    else:
        for part in get_args(model):
            yield from _keys(part)


@pytest.mark.parametrize("key", sorted(set(_keys(Settings))))
def test_every_key_is_on_the_page(key: str) -> None:
    assert re.search(rf"[`{{ ]{key}[`:}},]", PAGE)


@pytest.mark.parametrize("table", REGISTRY_TABLES)
def test_every_table_is_on_the_page(table: str) -> None:
    assert f"| `{table}` |" in PAGE


@pytest.mark.parametrize("ratio_type", PERMITTED.values())
def test_every_type_of_ratio_is_on_the_page(ratio_type: str) -> None:
    assert ratio_type in PAGE


def test_the_calendars_of_the_page_load_and_have_the_codes_it_names() -> None:
    example = PAGE.split("```yaml\n")[1].split("```")[0]
    declared = YAML(typ="safe").load(example)["calendars"]
    calendars = Calendars(TypeAdapter(tuple[CalendarDefinition, ...]).validate_python(declared))
    codes = PAGE.split("| period | code |")[1].split("###")[0]
    for code in re.findall(r"`([A-Z]*\d{4}[^`]*)`", codes):
        assert calendars.period(code).period_code == code
    kinds = {definition.kind for definition in calendars.definitions.values()}
    assert kinds == {"cut_off", "fiscal", "school_year", "list"}


def test_the_labels_of_the_page_are_read_as_it_says() -> None:
    declared = [
        {"code": "SY", "kind": "school_year", "name": {"vi": "Năm học", "en": "School year"}},
        {"code": "FY", "kind": "fiscal", "start_month": 4, "labelled_by": "start", "name": {"vi": "Năm", "en": "Year"}},
    ]
    calendars = Calendars(TypeAdapter(tuple[CalendarDefinition, ...]).validate_python(declared))
    section = PAGE.split("### Labels of periods")[1].split("## Registry")[0]
    readable = section.split("\n- ")[0].split("English:")[1]
    for label in re.findall(r"`([^`]+)`", readable):
        calendar = "FY" if "2019" in label or label.startswith("FY") else "CAL"
        assert calendars.parse(label, calendar=calendar).period is not None, label
    ambiguous = section.split("Nothing is guessed.")[1].split("are ambiguous")[0]
    for label in re.findall(r"`([^`]+)`", ambiguous):
        assert calendars.parse(label).problem == "ambiguous", label
