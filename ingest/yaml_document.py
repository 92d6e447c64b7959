"""A YAML file of a workspace as a document that knows the line and column of everything in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from ingest.problem import Place, Problem
from ingest.recipe.json_schema import keys_at
from ingest.recipe.problems import KeysAt, SourceProblem, problems_of

Model = TypeVar("Model", bound=BaseModel)


def read_document(path: Path, problems: list[Problem]) -> Any:
    """The block of keys and values in a file; None, and a problem added, where it is none."""

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


def model_of(model: type[Model], document: Any, file: str, problems: list[Problem]) -> Model | None:
    """The document as a model; None, and every problem added with its line and column, where it does not fit."""
    try:
        return model.model_validate(plain(document))
    except ValidationError as error:
        problems.extend(problem_of(found) for found in problems_of(error, document, file, keys_of(model)))
        return None


def problem_of(found: SourceProblem, folder: str = "") -> Problem:
    """A problem of a YAML file in the shape that all files of a workspace share."""
    place = Place(found.line, str(found.column), found.field)
    return Problem(f"{folder}{found.file}", place, found.message_vi, found.message_en)


def plain(node: Any) -> Any:
    """The document without ruamel's own kinds of text and number."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def keys_of(model: type[BaseModel]) -> KeysAt:
    """The keys that may stand at a path of a model's document, for "did you mean"."""
    return partial(keys_at, TypeAdapter(model).json_schema())
