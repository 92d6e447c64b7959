"""Reads ``sources/NAME.yml`` and the label map beside it, and reports all problems at once, each with its line."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from ingest.recipe.consistency import inconsistencies
from ingest.recipe.json_schema import keys_of_a_source
from ingest.recipe.label_map import label_map_of, read_label_map
from ingest.recipe.model import Source
from ingest.recipe.problems import SourceError, SourceProblem, problems_at, problems_of
from ingest.yaml_document import DocumentError, parse_document, plain


def load_source(path: Path | str) -> Source:
    """The source described by a YAML file; its code is the file's name.

    ``NAME.labels.csv`` beside it (columns component, label, code) adds to its ``labels``.
    Raises ``SourceError`` with every problem, each with line and column.
    """
    path = Path(path)
    content = path.read_bytes()
    try:
        document = parse_document(content)
    except DocumentError as error:
        place = (error.line, error.column)
        raise SourceError([SourceProblem(path.name, *place, "", error.message_vi, error.message_en)]) from None
    label_map = label_map_of(path)
    label_bytes = label_map.read_bytes() if label_map.is_file() else b""
    problems: list[SourceProblem] = []
    labels = read_label_map(label_bytes, label_map.name, problems) if label_bytes else {}
    try:
        source = Source.model_validate(plain(document))
    except ValidationError as error:
        problems = problems_of(error, document, path.name, keys_of_a_source()) + problems
        raise SourceError(problems) from None
    problems += problems_at(inconsistencies(source), document, path.name)
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
