"""Where in a rule file something stands, for errors that name line and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def line_and_column(document: Any, location: Sequence[Any]) -> tuple[int, int, list[Any]]:
    """Line and column, from 1, of as much of a path of keys as the ruamel.yaml document has, and the path.

    A key that is missing, or that the checks of a model point at as a whole, is placed at what holds it; the path keeps
    its name.
    """
    node: Any = document
    line, column = 1, 1
    for key in location:
        there = key in node if isinstance(node, Mapping) else isinstance(node, list) and isinstance(key, int)
        if not there or not hasattr(node, "lc"):
            break
        marks: Any = node.lc
        place = marks.item(key) if isinstance(node, list) else marks.value(key)
        line, column = place[0] + 1, place[1] + 1
        node = node[key]
    return line, column, list(location)


def plain(node: Any) -> Any:
    """The document without ruamel's own kinds of text, number, list and block."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node
