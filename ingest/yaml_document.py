"""A YAML file of a workspace as a document that knows the line and column of everything in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarint import ScalarInt

from ingest.problem import Place, Problem
from ingest.recipe.json_schema import keys_at
from ingest.recipe.problems import KeysAt, SourceProblem, problems_of

Model = TypeVar("Model", bound=BaseModel)


class DocumentError(ValueError):
    """Bytes that are no block of keys and values; ``line`` and ``column`` count from 1."""

    def __init__(self, line: int, column: int, message_vi: str, message_en: str) -> None:
        super().__init__(message_en)
        self.line, self.column, self.message_vi, self.message_en = line, column, message_vi, message_en


def parse_document(content: bytes) -> Any:
    """The block of keys and values in a file's bytes. Raises ``DocumentError``."""
    try:
        document = YAML(typ="rt").load(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DocumentError(line, 1, "tệp không phải UTF-8", "the file is not UTF-8") from None
    except YAMLError as error:
        marked = error if isinstance(error, MarkedYAMLError) else None
        mark = marked and (marked.problem_mark or marked.context_mark)
        what = " ".join(filter(None, (marked.context, marked.problem))) if marked else str(error)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise DocumentError(line, column, f"không phải YAML hợp lệ: {what}", f"not valid YAML: {what}") from None
    if not isinstance(document, Mapping):
        raise DocumentError(1, 1, "phải là một khối khóa: giá trị", "must be a block of key: value")
    return document


def read_document(path: Path, problems: list[Problem]) -> Any:
    """The block of keys and values in a file; None, and a problem added, where it is none."""
    try:
        return parse_document(path.read_bytes())
    except DocumentError as error:
        place = Place(error.line, str(error.column))
        problems.append(Problem(path.name, place, error.message_vi, error.message_en))
        return None


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
    """The document without ruamel's own kinds, which pydantic would take for their bases.

    A code such as 01 keeps its zeros and is a text; a day is its text in ISO form; keys are texts.
    """
    if isinstance(node, Mapping):
        return {str(plain(key)): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, date):
        return node.isoformat()
    width = getattr(node, "_width", None)
    if isinstance(node, ScalarInt) and width:
        return str(int(node)).zfill(width)
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def keys_of(model: type[BaseModel]) -> KeysAt:
    """The keys that may stand at a path of a model's document, for "did you mean"."""
    return partial(keys_at, TypeAdapter(model).json_schema())
