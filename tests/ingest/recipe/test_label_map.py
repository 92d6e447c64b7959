"""Labels that match nothing, put to a steward in the label map beside the source, and confirmed there."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.contract import QUARANTINE
from ingest.recipe.label_map import OpenLabel, open_labels, read_label_map, with_open_labels
from ingest.recipe.load import load_source
from ingest.recipe.problems import SourceProblem

RECIPE = """
name: {vi: a, en: b}
tables:
  - header: A
    organisation: {column: A}
    period: "2024"
    values: {columns: B, indicator: X}
"""


def held_back(folder: Path, *rows: dict[str, str]) -> None:
    whole = [dict.fromkeys(QUARANTINE.column_names) | row for row in rows]
    pq.write_table(pa.Table.from_pylist(whole, schema=QUARANTINE.schema), folder / "s.parquet")


def test_labels_of_figures_held_back_are_listed_with_their_candidates(tmp_path: Path) -> None:
    place = {"sheet": "Biểu 1"}
    unknown = {"organisation_label": "Hà Lội", "organisation_problem": "unknown", "candidates": "Hà Nội (01)"}
    held_back(
        tmp_path,
        {**place, "cell": "B2", **unknown},
        {**place, "cell": "B3", **unknown},
        {**place, "cell": "B4", "target_group_label": "Namm", "target_group_problem": "unknown"},
        {**place, "cell": "B5", "organisation_label": "Huế", "organisation_problem": "not_valid_in_period"},
        {**place, "cell": "B6", "organisation_label": "Hà Nội", "value_problem": "not_a_number"},
    )
    assert open_labels(tmp_path, frozenset({"SEX"})) == [
        OpenLabel("organisation", "Hà Lội", 2, "Hà Nội (01)", "Biểu 1 B2"),
        OpenLabel("SEX", "Namm", 1, None, "Biểu 1 B4"),
    ]
    assert [label.component for label in open_labels(tmp_path, frozenset({"SEX", "AGE"}))][1] == "target_group"


def test_nothing_is_held_back(tmp_path: Path) -> None:
    assert open_labels(tmp_path, frozenset()) == []


def test_a_label_is_put_once_and_confirmed_by_its_code(tmp_path: Path) -> None:
    label = OpenLabel("organisation", "Hà Lội", 2, "Hà Nội (01)", "Biểu 1 B2")
    content, added = with_open_labels(b"", [label])
    assert (added, with_open_labels(content, [label])) == (1, (content, 0))
    (tmp_path / "s.yml").write_text(RECIPE, encoding="utf-8")
    beside = tmp_path / "s.labels.csv"
    beside.write_bytes(content)
    assert load_source(tmp_path / "s.yml").labels == {}
    beside.write_bytes(content.replace("Hà Lội,,".encode(), "Hà Lội,01,".encode()))
    assert load_source(tmp_path / "s.yml").labels == {"organisation": {"Hà Lội": "01"}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"component,label\na,b\n", "the columns code are missing"),
        (b"component,label,code\nSEX,x,M\nSEX,x,F\n", "already mapped to M"),
    ],
)
def test_a_label_map_that_says_too_little_or_too_much(content: bytes, said: str) -> None:
    problems: list[SourceProblem] = []
    read_label_map(content, "s.labels.csv", problems)
    assert said in problems[0].message_en
