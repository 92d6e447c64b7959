"""JSON read without loss: numbers keep their digits, a key given twice is refused, and places have names.

Standards: RFC 8259 (JSON), RFC 6901 (JSON pointer).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ingest.messages.table import Document, MessageRefusedError


class Number(str):
    """A JSON number as it was written. It is a text, so no digit is lost; its type tells it from a string."""

    __slots__ = ()


class _RepeatedKeyError(ValueError):
    pass


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: dict[str, Any] = {}
        for key, value in pairs:
            if key in seen and seen[key] != value:
                raise _RepeatedKeyError(key)
            seen[key] = value
    return members


def load_json(document: Document) -> Any:
    """Parse a document: numbers as ``Number``, the rest as Python has it.

    Raises ``MessageRefusedError`` for anything that is not one whole JSON text, or says two things under one key.
    """
    try:
        text = document.content.decode(json.detect_encoding(document.content)).removeprefix("\ufeff")
        return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=_members)
    except _RepeatedKeyError as error:
        raise MessageRefusedError(
            document.name,
            str(error),
            "khóa này có hai giá trị khác nhau trong cùng một đối tượng.",
            "this key has two different values in one object.",
        ) from None
    except RecursionError:
        raise MessageRefusedError(
            document.name, "", "JSON lồng nhau quá sâu.", "the JSON is nested too deeply."
        ) from None
    except ValueError as error:
        place = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise MessageRefusedError(
            document.name,
            place,
            "không phải JSON hoàn chỉnh (bị cắt, hoặc là trang báo lỗi?).",
            "is not complete JSON (cut off, or an error page?).",
        ) from None


def text_of(value: Any) -> str | None:
    """A value as text: null is None, true is ``true``, lists and objects are JSON again."""
    if value is None:
        return None
    if isinstance(value, str):
        return str(value)
    return _json_again(value)


def _json_again(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json_again(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_json_again(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def whole_number(value: Any) -> int | None:
    """A count, however it was written (``248``, ``"248"``, ``248.0``); None if it is none."""
    match = re.fullmatch(r"(\d{1,15})(?:\.0+)?", str(value)) if isinstance(value, str) else None
    return int(match.group(1)) if match else None


def escape(step: str) -> str:
    """A key as a step of a JSON pointer."""
    return step.replace("~", "~0").replace("/", "~1")


def path_steps(path: str) -> list[str]:
    """Steps of a path, written as a JSON pointer (``/data/items``) or with dots (``$.data.items[*].rows``)."""
    if path.startswith("/"):
        return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]
    dotted = re.sub(r"\[(\*|\d+)\]", r".\1", path.removeprefix("$"))
    return [step for step in dotted.split(".") if step]


def find(value: Any, path: str) -> Any:
    """What stands at a path without ``*``; None if nothing does."""
    for step in path_steps(path):
        value = _member(value, step)
        if value is None:
            return None
    return value


def _member(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        return value[int(step)]
    return None


def find_lists(value: Any, path: str) -> Iterator[tuple[list[Any], str, dict[str, Any]]]:
    """The lists of records at a path, each with its pointer and with what the objects passed through by ``*`` say.

    ``regions[*].rows`` gives the rows of each region; the region's own plain members come as ``regions.NAME``, those of
    objects in it as ``regions.OBJECT.NAME``, and the key it stands under, if it has one, as ``regions.key``.
    """
    yield from _walk(value, path_steps(path), 0, "", {})


def _walk(
    value: Any, steps: list[str], at: int, pointer: str, above: dict[str, Any]
) -> Iterator[tuple[list[Any], str, dict[str, Any]]]:
    last = at == len(steps) - 1
    if at == len(steps) or (last and steps[at] == "*" and isinstance(value, list)):
        if isinstance(value, list):
            yield value, pointer, above
        return
    if steps[at] != "*":
        member = _member(value, steps[at])
        if member is not None:
            yield from _walk(member, steps, at + 1, f"{pointer}/{escape(steps[at])}", above)
        return
    prefix = ".".join(step for step in steps[:at] if step != "*")
    keyed = isinstance(value, dict)
    members = value.items() if keyed else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        said = {f"{prefix}.key".lstrip("."): key} if keyed else {}
        if isinstance(member, dict):
            said |= _plain_members(member, f"{prefix}." if prefix else "")
        yield from _walk(member, steps, at + 1, f"{pointer}/{escape(str(key))}", above | said)


def _plain_members(record: dict[str, Any], prefix: str) -> dict[str, Any]:
    """What an object says besides lists, objects in it taken apart."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            found |= _plain_members(value, f"{prefix}{name}.")
        elif not isinstance(value, list):
            found[f"{prefix}{name}"] = value
    return found
