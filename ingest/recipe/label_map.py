"""``NAME.labels.csv`` beside a source: labels that a steward has confirmed, and those that wait for it.

A row without a code confirms nothing: it is a question to the steward, with the nearest registered labels beside it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.recipe.problems import SourceProblem

LABEL_COLUMNS = ("component", "label", "code")
NEAREST = "nearest"


@dataclass(frozen=True)
class OpenLabel:
    """A label that resolved to nothing: of which component, on how many figures, and what is nearest to it."""

    component: str
    label: str
    figures: int
    nearest: str | None
    place: str


def label_map_of(source: Path) -> Path:
    """Where the label map of a source stands: beside its YAML file."""
    return source.with_name(f"{source.stem}.labels.csv")


def read_label_map(content: bytes, file: str, problems: list[SourceProblem]) -> dict[str, dict[str, str]]:
    """Component → label → code, of the rows that have a code."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    missing = [column for column in LABEL_COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        names = ", ".join(missing)
        problems.append(SourceProblem(file, 1, 1, "", f"thiếu cột {names}", f"the columns {names} are missing"))
        return {}
    labels: dict[str, dict[str, str]] = {}
    for row in reader:
        code = (row["code"] or "").strip()
        if not code:
            continue
        entry = labels.setdefault(row["component"], {})
        known = entry.get(row["label"])
        if known is not None and known != code:
            problems.append(
                SourceProblem(
                    file,
                    reader.line_num,
                    1,
                    "label",
                    f"«{row['label']}» đã được gán cho {known}",
                    f"«{row['label']}» is already mapped to {known}",
                )
            )
        entry[row["label"]] = code
    return labels


def line_of(content: bytes, component: str, label: str) -> int | None:
    """The line at which a label map ends the row of a label; None where it has none."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    rows = ((row, reader.line_num) for row in reader)
    return next((line for row, line in rows if (row["component"], row["label"]) == (component, label)), None)


def with_open_labels(content: bytes, labels: Iterable[OpenLabel]) -> tuple[bytes, int]:
    """A label map with a row for each label it does not have yet, its code left empty; and how many were added."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    columns = list(reader.fieldnames or LABEL_COLUMNS)
    columns += [column for column in (*LABEL_COLUMNS, NEAREST) if column not in columns]
    rows = list(reader)
    known = {(row["component"], row["label"]) for row in rows}
    added = [
        {"component": label.component, "label": label.label, "code": "", NEAREST: label.nearest or ""}
        for label in labels
        if (label.component, label.label) not in known
    ]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, *added])
    return stream.getvalue().encode(), len(added)


def open_labels(quarantine: Path, dimensions: frozenset[str]) -> list[OpenLabel]:
    """The labels of the figures held back that resolved to nothing or to several, most figures first.

    ``quarantine`` holds a Parquet file a submission. Labels of target groups are named by their dimension where the
    source has one (``dimensions``); of several it cannot be told whose label it is.
    """
    import duckdb

    if not any(quarantine.glob("*.parquet")):
        return []
    group = next(iter(dimensions)) if len(dimensions) == 1 else "target_group"
    names = {"indicator": "indicator", "organisation": "organisation", "period": "period", "target_group": group}
    parts = " union all ".join(
        f"select '{shown}' as component, {column}_label as label, candidates, sheet, cell from held_back "
        f"where {column}_problem in ('unknown', 'ambiguous') and {column}_label is not null"
        for column, shown in names.items()
    )
    with duckdb.connect() as connection:
        connection.read_parquet(str(quarantine / "*.parquet"), union_by_name=True).create_view("held_back")
        found = connection.execute(
            f"select component, label, count(*), min(candidates), min(sheet || ' ' || cell) "
            f"from ({parts}) group by component, label order by count(*) desc, component, label"
        ).fetchall()
    return [OpenLabel(*row) for row in found]
