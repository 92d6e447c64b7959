"""Reads ``workspace.yml`` and reports all problems at once, each with its line and column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from ingest.problem import Place, Problem
from ingest.recipe.problems import SourceProblem, problems_of
from ingest.workspace.settings import Settings

SETTINGS_FILE = "workspace.yml"


def load_settings(folder: Path, problems: list[Problem]) -> Settings | None:
    """The settings of a workspace; None, and every problem added, where they cannot be used."""
    path = folder / SETTINGS_FILE
    if not path.is_file():
        problems.append(Problem(
            SETTINGS_FILE, Place(),
            f"không có tệp này trong {folder}: thư mục chưa phải là không gian làm việc (outturn init tạo một cái mới)",
            f"there is no such file in {folder}; the folder is no workspace yet (outturn init makes a new one)",
        ))
        return None
    document = _document(path, problems)
    if document is None:
        return None
    try:
        return Settings.model_validate(_plain(document))
    except ValidationError as error:
        keys = sorted(_keys(Settings))
        problems.extend(problem_of(found) for found in problems_of(error, document, SETTINGS_FILE, keys))
        return None


def problem_of(found: SourceProblem, folder: str = "") -> Problem:
    """A problem of a YAML file in the shape that all files of a workspace share."""
    place = Place(found.line, str(found.column), found.field)
    return Problem(f"{folder}{found.file}", place, found.message_vi, found.message_en)


def _document(path: Path, problems: list[Problem]) -> Any:
    def problem(row: int, column: str, vi: str, en: str) -> None:
        problems.append(Problem(path.name, Place(row, column), vi, en))

    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        problem(error.object[: error.start].count(b"\n") + 1, "", "tệp không phải UTF-8", "the file is not UTF-8")
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, (error.context, error.problem)))
        row, column = (mark.line + 1, str(mark.column + 1)) if mark else (0, "")
        problem(row, column, f"không phải YAML hợp lệ: {what}", f"not valid YAML: {what}")
        return None
    if not isinstance(document, Mapping):
        problem(1, "", "phải là một khối khóa: giá trị", "must be a block of key: value")
        return None
    return document


def _plain(node: Any) -> Any:
    """The document without ruamel's own kinds of text and number."""
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _keys(model: type[BaseModel]) -> set[str]:
    """Every key of a model and of the models within it, for "did you mean"."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(model).json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}
