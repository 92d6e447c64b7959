"""Stands in for dbt's ``adapter`` while sqlfluff renders the models: a dispatched macro becomes a function call."""

from __future__ import annotations

import re
from collections.abc import Callable

EXPRESSION = re.compile(r"[\w.]+|.*\(.*\)")


def dispatch(macro_name: str, _package: str | None = None) -> Callable[..., str]:
    """The macro as it would be called in SQL, so that the text around it can be linted."""
    return lambda *arguments: f"{macro_name}({', '.join(map(_in_sql, arguments))})"


def _in_sql(argument: str) -> str:
    return argument if EXPRESSION.fullmatch(argument) else f"'{argument}'"
