"""What is wrong with a source file: every problem with its line and column, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError


@dataclass(frozen=True)
class SourceProblem:
    """One problem of a source file. ``line`` and ``column`` count from 1; ``field`` is the path of keys."""

    file: str
    line: int
    column: int
    field: str
    message_vi: str
    message_en: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.field}: {self.message_en}" if self.field else f"{place}: {self.message_en}"


class SourceError(Exception):
    """A source file cannot be used; ``problems`` holds everything that is wrong with it."""

    def __init__(self, problems: Sequence[SourceProblem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


#: pydantic's error type → sentence in Vietnamese and in English; {braces} are filled from the error.
SENTENCES: dict[str, tuple[str, str]] = {
    "extra_forbidden": (
        "khóa này không có ở đây{near_vi}",
        "there is no such key here{near_en}",
    ),
    "missing": ("thiếu khóa bắt buộc này", "this key is required"),
    "literal_error": ("phải là {expected}; ở đây là «{input}»", "must be {expected}; here it is «{input}»"),
    "value_error": ("không hợp lệ: {error}", "{error}"),
    "string_type": ("phải là chữ; ở đây là «{input}»", "must be a text; here it is «{input}»"),
    "int_parsing": ("phải là số nguyên; ở đây là «{input}»", "must be a whole number; here it is «{input}»"),
    "int_type": ("phải là số nguyên; ở đây là «{input}»", "must be a whole number; here it is «{input}»"),
    "bool_type": ("phải là true hoặc false; ở đây là «{input}»", "must be true or false; here it is «{input}»"),
    "bool_parsing": ("phải là true hoặc false; ở đây là «{input}»", "must be true or false; here it is «{input}»"),
    "dict_type": (
        "phải là một khối khóa: giá trị; ở đây là «{input}»",
        "must be a block of key: value; here it is «{input}»",
    ),
    "model_type": (
        "phải là một khối khóa: giá trị; ở đây là «{input}»",
        "must be a block of key: value; here it is «{input}»",
    ),
    "model_attributes_type": (
        "phải là một khối khóa: giá trị; ở đây là «{input}»",
        "must be a block of key: value; here it is «{input}»",
    ),
    "tuple_type": ("phải là một danh sách; ở đây là «{input}»", "must be a list; here it is «{input}»"),
    "list_type": ("phải là một danh sách; ở đây là «{input}»", "must be a list; here it is «{input}»"),
    "too_short": ("không được để trống", "must not be empty"),
    "greater_than_equal": ("phải từ {ge} trở lên", "must be {ge} or more"),
    "less_than_equal": ("phải từ {le} trở xuống", "must be {le} or less"),
    "greater_than": ("phải lớn hơn {gt}", "must be more than {gt}"),
    "date_from_datetime_parsing": (
        "phải là ngày viết như 2025-12-31; ở đây là «{input}»",
        "must be a date written as 2025-12-31; here it is «{input}»",
    ),
    "date_parsing": (
        "phải là ngày viết như 2025-12-31; ở đây là «{input}»",
        "must be a date written as 2025-12-31; here it is «{input}»",
    ),
    "string_pattern_mismatch": (
        "không đúng dạng {pattern}; ở đây là «{input}»",
        "does not have the form {pattern}; here it is «{input}»",
    ),
}


#: The keys that may stand at a path of the document.
KeysAt = Callable[[Sequence[Any]], list[str]]


def problems_of(error: ValidationError, document: Any, file: str, keys_at: KeysAt) -> list[SourceProblem]:
    """Every error of a validation, placed in the YAML document it came from."""
    problems: dict[tuple[int, int, str], SourceProblem] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # pydantic counts the items that passed; those that did not have errors of their own
        path = _path_in_document(detail["loc"], document)
        line, column = position(document, path, key=detail["type"] == "extra_forbidden")
        field = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)
        if detail["type"] == "missing":
            field = ".".join(filter(None, (field, str(detail["loc"][-1]))))
        vi, en = _sentences(detail, keys_at(path[:-1]) if detail["type"] == "extra_forbidden" else [])
        problems.setdefault((line, column, field), SourceProblem(file, line, column, field, vi, en))
    return sorted(problems.values(), key=lambda problem: (problem.line, problem.column))


def problems_at(found: Iterable[tuple[Sequence[Any], str, str]], document: Any, file: str) -> list[SourceProblem]:
    """Problems given by their path of keys, each at its line and column; shorthands leave out parts of a path."""
    problems: dict[tuple[int, int, str], SourceProblem] = {}
    for field, vi, en in found:
        path = _path_in_document(field, document)
        line, column = position(document, path) if path else (1, 1)
        name = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)
        problems.setdefault((line, column, en), SourceProblem(file, line, column, name, vi, en))
    return list(problems.values())


def _sentences(detail: Any, known_keys: list[str]) -> tuple[str, str]:
    context = dict(detail.get("ctx") or {})
    context["input"] = str(detail.get("input"))[:60]
    context.setdefault("error", detail["msg"].removeprefix("Value error, "))
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    context["near_vi"], context["near_en"] = _suggestion(key, known_keys)
    templates = SENTENCES.get(detail["type"], ("không hợp lệ: {error}", "{error}"))
    return templates[0].format(**context), templates[1].format(**context)


def _suggestion(key: str, known_keys: list[str]) -> tuple[str, str]:
    """The nearest key that may stand there, else all of them."""
    from rapidfuzz import process

    near = process.extractOne(key, known_keys, score_cutoff=65)
    if near:
        return f"; có phải «{near[0]}»?", f"; did you mean «{near[0]}»?"
    if not known_keys:
        return "", ""
    listed = ", ".join(known_keys)
    return f"; ở đây có thể dùng: {listed}", f"; keys here are: {listed}"


def _path_in_document(location: Sequence[Any], document: Any) -> list[Any]:
    """The part of pydantic's location that exists in the document (unions and shorthands add parts of their own)."""
    path: list[Any] = []
    node = document
    for part in location:
        if (isinstance(node, dict) and part in node) or (
            isinstance(node, list) and isinstance(part, int) and part < len(node)
        ):
            path.append(part)
            node = node[part]
    return path


def position(document: Any, path: Sequence[Any], *, key: bool = False) -> tuple[int, int]:
    """Line and column, from 1, of the value (or the key) at a path of a ruamel.yaml document."""
    node: Any = document
    line, column = 1, 1
    if hasattr(document, "lc"):
        line, column = document.lc.line + 1, document.lc.col + 1
    for number, part in enumerate(path):
        if not hasattr(node, "lc"):
            break
        last_key = key and number == len(path) - 1
        marks = node.lc
        find = marks.item if isinstance(node, list) else marks.key if last_key else marks.value
        place = find(part)
        line, column = place[0] + 1, place[1] + 1
        node = node[part]
    return line, column
