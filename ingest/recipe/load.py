"""Reads ``sources/NAME.yml`` and the label map beside it, and reports all problems at once, each with its line."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarint import ScalarInt

from ingest.recipe.consistency import inconsistencies
from ingest.recipe.json_schema import keys_of_a_source
from ingest.recipe.label_map import read_label_map
from ingest.recipe.model import Source
from ingest.recipe.problems import SourceError, SourceProblem, position, problems_of


def load_source(path: Path | str) -> Source:
    """The source described by a YAML file; its code is the file's name.

    ``NAME.labels.csv`` beside it (columns component, label, code) adds to its ``labels``.
    Raises ``SourceError`` with every problem, each with line and column.
    """
    path = Path(path)
    content = path.read_bytes()
    document = _document(content, path.name)
    label_map = path.with_name(f"{path.stem}.labels.csv")
    label_bytes = label_map.read_bytes() if label_map.is_file() else b""
    problems: list[SourceProblem] = []
    labels = read_label_map(label_bytes, label_map.name, problems) if label_bytes else {}
    try:
        source = Source.model_validate(_plain(document))
    except ValidationError as error:
        problems = problems_of(error, document, path.name, keys_of_a_source()) + problems
        raise SourceError(problems) from None
    for field, vi, en in inconsistencies(source):
        line, column = position(document, field)
        name = ".".join(str(part + 1) if isinstance(part, int) else part for part in field)
        problems.append(SourceProblem(path.name, line, column, name, vi, en))
    if problems:
        raise SourceError(problems)
    merged = {
        component: {**labels.get(component, {}), **source.labels.get(component, {})}
        for component in sorted({*labels, *source.labels})
    }
    source = source.model_copy(update={"labels": merged})
    source._code = path.stem
    source._version = hashlib.sha256(content + b"\0" + label_bytes).hexdigest()[:16]
    return source


def _document(content: bytes, file: str) -> Any:
    try:
        document = YAML(typ="rt").load(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _unusable(file, (line, 1), "tệp không phải UTF-8", "the file is not UTF-8") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = " ".join(filter(None, (error.context, error.problem)))
        raise _unusable(file, place, f"không phải YAML hợp lệ: {what}", f"not valid YAML: {what}") from None
    except YAMLError as error:
        raise _unusable(file, (1, 1), f"không phải YAML hợp lệ: {error}", f"not valid YAML: {error}") from None
    if not isinstance(document, dict):
        raise _unusable(file, (1, 1), "phải là một khối khóa: giá trị", "must be a block of key: value")
    return document


def _unusable(file: str, place: tuple[int, int], message_vi: str, message_en: str) -> SourceError:
    return SourceError([SourceProblem(file, *place, "", message_vi, message_en)])


def _plain(node: Any) -> Any:
    """The document without ruamel's types, which pydantic would take for their bases."""
    if isinstance(node, dict):
        return {_plain(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if isinstance(node, date):
        return node.isoformat()
    width = getattr(node, "_width", None)
    if isinstance(node, ScalarInt) and width:
        return str(int(node)).zfill(width)  # 01 is a code, not the number 1
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node
