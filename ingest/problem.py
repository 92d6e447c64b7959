"""What is wrong with a workspace's own files, in both languages and with its place.

Registry, settings and sources report through this one shape, all problems at once, so that a steward mends a file in
one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """Where in a file: ``row`` and ``column`` of a table, or ``row`` (line), ``column`` and ``key`` of a YAML file.

    Rows count from 1 and include the header, as a spreadsheet shows them.
    """

    row: int = 0
    column: str = ""
    key: str = ""

    def text(self, language: str) -> str:
        """``row 4, column parent_code``; empty where the whole file is meant."""
        row_word, column_word = ("dòng", "cột") if language == "vi" else ("row", "column")
        parts = [f"{row_word} {self.row}" if self.row else "", f"{column_word} {self.column}" if self.column else ""]
        words = ", ".join(part for part in parts if part)
        if self.key:
            return f"{words} ({self.key})" if words else self.key
        return words


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: the file as its owner knows it, the place in it, and what to do."""

    file: str
    place: Place
    message_vi: str
    message_en: str

    def text(self, language: str = "en") -> str:
        """One line: file, place, message."""
        place = ", ".join(part for part in (self.file, self.place.text(language)) if part)
        return f"{place}: {self.message_vi if language == 'vi' else self.message_en}"


class ProblemsError(Exception):
    """A file of the workspace cannot be used; ``problems`` has everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = sorted(set(problems))
        super().__init__(render(self.problems))

    def text(self, language: str = "en") -> str:
        """All problems in one language, a line each."""
        return "\n".join(problem.text(language) for problem in self.problems)


def render(problems: Sequence[Problem]) -> str:
    """Plain text in both languages: the place once, then the message in Vietnamese and in English."""
    lines: list[str] = []
    for problem in problems:
        place = ", ".join(part for part in (problem.file, problem.place.text("en")) if part)
        lines += [place, f"    vi: {problem.message_vi}", f"    en: {problem.message_en}"]
    return "\n".join(lines)
