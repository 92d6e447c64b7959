"""What the commands share: the workspace, the language, and a console that behaves in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.workspace import Workspace, load_workspace
from release.performance_report.numbers import as_written

Row = tuple[Any, ...]

#: Tables are as wide as the terminal; in a pipe or a log they get this many characters.
WIDTH_IN_A_PIPE = 160
#: Above it a double is shown with two decimals, below with six digits.
SIGNIFICANT = 1e5

_PHRASES: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8")
)


@dataclass
class Terminal:
    """The person at the terminal: which workspace, which language."""

    folder: Path
    chosen_language: str | None

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, loaded once; raises ``WorkspaceError`` with everything that is wrong in it."""
        return load_workspace(self.folder)

    @property
    def language(self) -> str:
        return self.chosen_language or self.workspace.settings.languages[0]

    @cached_property
    def console(self) -> Console:
        console = Console(highlight=False, soft_wrap=True)
        if not console.is_terminal:
            console.width = WIDTH_IN_A_PIPE
        return console

    def say(self, phrase: str, **values: Any) -> None:
        """Print a phrase in the person's language. Brackets in what it quotes are text, not markup."""
        quoted = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
        self.console.print(self.phrase(phrase, **quoted), markup=True)

    def phrase(self, phrase: str, **values: Any) -> str:
        """A phrase of ``phrases.yml`` in the person's language, with its numbers as that language writes them."""
        written = {
            name: shown(value, self.language) if isinstance(value, int | float | Decimal) else value
            for name, value in values.items()
        }
        return _PHRASES[phrase][self.language].format(**written)


def fail(message: str) -> None:
    """Print an error where errors go."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, style="red", markup=False)


def print_table(terminal: Terminal, phrase: str, rows: Sequence[Row], **values: Any) -> None:
    """A table whose title and columns stand in the phrases, separated by |; nothing where there are no rows."""
    if not rows:
        return
    title, *columns = terminal.phrase(f"table_{phrase}", **values).split("|")
    table = Table(
        title=title, title_justify="left", title_style="bold", header_style="dim", box=None, padding=(0, 2, 0, 0)
    )
    for number, column in enumerate(columns):
        numeric = all(isinstance(row[number], int | float | Decimal | None) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(shown(cell, terminal.language)) for cell in row))
    terminal.console.print(table)
    terminal.console.print()


def shown(cell: Any, language: str) -> str:
    """A value as people read it: thousands apart, no zeros that say nothing, a dash for nothing."""
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, Decimal):
        whole = cell == cell.to_integral_value()
        return as_written(f"{cell:,.0f}" if whole else f"{cell.normalize():,f}", language)
    if isinstance(cell, float):
        return as_written(f"{cell:,.6g}" if abs(cell) < SIGNIFICANT else f"{cell:,.2f}", language)
    return as_written(f"{cell:,}", language) if isinstance(cell, int) else str(cell)
