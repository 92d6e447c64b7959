"""A mistake in a source file is reported with its line and column, all mistakes at once; the schema is current."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, TypeAdapter
from ruamel.yaml import YAML

from ingest.recipe.components import Components, LabelSource
from ingest.recipe.json_schema import recipe_schema
from ingest.recipe.load import load_source
from ingest.recipe.model import Body, Source, Table, Values
from ingest.recipe.problems import SourceError

DOCS = Path(__file__).parents[3] / "docs"
SOUND = """\
name: {vi: a, en: b}
tables:
  - header: Đơn vị
    organisation: {column: Đơn vị}
    period: 2024
    indicator: X
    values: Số
"""


def write(folder: Path, text: str, name: str = "nguon.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(SourceError) as caught:
        load_source(write(folder, text))
    assert all(problem.file == "nguon.yml" and problem.message_vi for problem in caught.value.problems)
    return [(problem.line, problem.column, problem.field, problem.message_en) for problem in caught.value.problems]


def test_a_sound_source(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, SOUND))
    assert source.code == "nguon"
    assert source.tables[0].period is not None
    assert source.tables[0].period.constant == "2024"


def test_every_mistake_is_reported_with_its_place(tmp_path: Path) -> None:
    text = """\
name: {vi: a, en: b}
prio: 3
numbers:
  locale: xx
tables:
  - heder: "Đơn vị"
    header: {holds: [a], rowss: 2}
    values:
      - columns: {matching: '(('}
        indicator: {column: a, constant: b}
"""
    found = problems_of(tmp_path, text)
    assert [(line, column, field) for line, column, field, _ in found] == [
        (2, 1, "prio"),
        (4, 11, "numbers.locale"),
        (6, 5, "tables.1.heder"),
        (7, 26, "tables.1.header.rowss"),
        (9, 29, "tables.1.values.1.columns.matching"),
        (10, 20, "tables.1.values.1.indicator"),
    ]
    assert "did you mean «priority»" in found[0][3]
    assert "did you mean «header»" in found[2][3]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name: {vi: a, en: b}\ntables: [\n  a: [}\n", 3, "not valid YAML"),
        ("name: {vi: a, en: b}\nname: {vi: a, en: b}\n", 2, "duplicate key"),
        ("- a\n", 1, "block of key: value"),
        ("name: {vi: a}\ntables:\n  - {header: a, values: b}\n", 1, "required"),
        (SOUND.replace("    period: 2024\n", ""), 3, "period is taken from nowhere"),
        (
            SOUND + "    outline: {column: a}\n    note: {outline: 7}\n    measure_kind: ACTUEL\n",
            10,
            "is no measure_kind",
        ),
        (SOUND + "    note: {outline: leaf}\n", 3, "declares none"),
        (SOUND + "    totals: [{rows: a, of: everything}]\n", 8, "must be one of"),
        (SOUND + "    totals: [{rows: a, of: indicator}]\n", 8, "is an indicator of its own: register it"),
        (SOUND + "    target_group: {SEX: {header: 2}}\n", 3, "header: 2, but the table's header is of 1 row "),
        (SOUND + "    unit: {template: '{a}', parts: {a: {header: -3}}}\n", 3, "header: -3, but the table's header"),
        (SOUND + "    sheets: {matching: '(?P<perod>.+)'}\n", 8, "is no component"),
        (SOUND.replace("values: Số", "values: []"), 7, "empty"),
    ],
)
def test_one_mistake(tmp_path: Path, text: str, line: int, words: str) -> None:
    found = problems_of(tmp_path, text)
    assert any(words in message + field for _, _, field, message in found), found
    assert found[0][0] == line


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "nguon.yml"
    path.write_bytes("name: {vi: à, en: b}".encode("cp1252"))
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert "UTF-8" in str(caught.value)


def test_codes_keep_their_leading_zeros(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, SOUND + "labels: {organisation: {Hà Nội: 01, Cao Bằng: 004}}\n"))
    assert source.labels["organisation"] == {"Hà Nội": "01", "Cao Bằng": "004"}


def test_label_map_beside_the_source(tmp_path: Path) -> None:
    write(tmp_path, "\ufeffcomponent,label,code\norganisation,TP HCM,79\nSEX,Nữ,F\n", "nguon.labels.csv")
    path = write(tmp_path, SOUND + "labels: {SEX: {Nam: M}}\n")
    source = load_source(path)
    assert source.labels == {"SEX": {"Nữ": "F", "Nam": "M"}, "organisation": {"TP HCM": "79"}}
    version = source.version
    write(tmp_path, "component,label,code\norganisation,TP HCM,01\n", "nguon.labels.csv")
    assert load_source(path).version != version


def test_label_map_with_a_missing_column_and_a_contradiction(tmp_path: Path) -> None:
    path = write(tmp_path, SOUND)
    write(tmp_path, "component,text,code\n", "nguon.labels.csv")
    with pytest.raises(SourceError, match="label"):
        load_source(path)
    write(tmp_path, "component,label,code\nSEX,Nữ,F\nSEX,Nữ,M\n", "nguon.labels.csv")
    with pytest.raises(SourceError, match=r"nguon.labels.csv:3"):
        load_source(path)


def test_the_json_schema_is_current() -> None:
    published = json.loads((DOCS / "recipe.schema.json").read_text(encoding="utf-8"))
    assert published == recipe_schema(), "run: python -m ingest.recipe.json_schema > docs/recipe.schema.json"


def examples() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (DOCS / "recipe.md").read_text(encoding="utf-8"), re.DOTALL)


def fragments() -> list[tuple[str, str]]:
    """Key and YAML of every fragment on the page; a fragment that shows one key several times shows alternatives."""
    found = []
    for example in examples():
        for part in re.split(r"(?m)^(?=[a-z_-]+ *:|- )", example):
            text = part.removeprefix("- ") if part.startswith("- ") else part
            if not text.strip() or text.startswith("#") or "…" in text:
                continue
            found.append((text.split(":")[0].strip(), textwrap.dedent(part) if not part.startswith("- ") else part))
    return found


MODELS: dict[str, type[BaseModel]] = {
    name: model for model in (LabelSource, Components, Values, Body, Table, Source) for name in model.model_fields
}


@pytest.mark.parametrize(("key", "text"), fragments())
def test_every_example_of_the_reference_page_is_in_the_language(key: str, text: str) -> None:
    content = YAML(typ="safe").load(text)
    if isinstance(content, list):
        Table.model_validate({"values": "x", **content[0]})
        return
    value = content[key]
    if key == "columns":
        Values.model_validate({"columns": value})
        return
    field = MODELS[key].model_fields[key]
    annotation = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    TypeAdapter(annotation).validate_python(value)


def test_the_smallest_source_of_the_reference_page_loads(tmp_path: Path) -> None:
    smallest = next(example for example in examples() if example.startswith("name:") and "tables:\n" in example)
    assert isinstance(load_source(write(tmp_path, smallest)), Source)


def test_every_key_of_the_language_is_on_the_reference_page() -> None:
    page = "".join(page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("*.md")))  # fetch has one of its own
    schema = Source.model_json_schema(by_alias=True)
    keys = {key for model in [schema, *schema["$defs"].values()] for key in model.get("properties", {})}
    assert sorted(key for key in keys if not re.search(rf"\b{key}\b", page)) == []
