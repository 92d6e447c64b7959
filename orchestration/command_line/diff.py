"""``outturn diff``: every published number that moved between two releases, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from orchestration.command_line.terminal import Terminal, print_table, shown


@click.command(
    epilog="\b\nExamples:\n  outturn diff 20261101 current\n  outturn diff previous current --mart mart_ratio\n"
    "  outturn diff 20261101 20261123 --csv moved.csv"
)
@click.argument("release_a")
@click.argument("release_b")
@click.option("--mart", help="List the numbers of this mart only.")
@click.option("--limit", default=20, show_default=True, help="How many numbers to list; all of them are counted.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False), help="Write all of them here.")
@click.pass_obj
def diff(
    terminal: Terminal, release_a: str, release_b: str, mart: str | None, limit: int, csv_file: Path | None
) -> None:
    """Say which published numbers differ between RELEASE_A and RELEASE_B, and why each moved.

    A release is named by its identifier or the beginning of it; `current` is the one readers see, `previous` the one
    before it.
    """
    from release import ReleaseShelf
    from release.comparison import compare
    from release.shelf import ReleaseNotFoundError

    shelf = ReleaseShelf(terminal.workspace.published_dir)
    try:
        earlier, later = (shelf.folder(name).name for name in (release_a, release_b))
    except ReleaseNotFoundError as error:
        raise click.UsageError(str(error)) from error
    with terminal.console.status(terminal.phrase("diff_comparing")), compare(shelf, earlier, later) as comparison:
        if mart and mart not in comparison.compared:
            raise click.UsageError(terminal.phrase("diff_no_mart", mart=mart, marts=", ".join(comparison.compared)))
        summary = [row for row in comparison.summary() if mart in {None, row[0]}]
        numbers = comparison.numbers(mart=mart, limit=limit)
        lines = comparison.write_csv(csv_file) if csv_file else 0
    named = [(row[0], terminal.phrase(f"cause_{row[1].lower()}"), *row[2:]) for row in summary]
    print_table(terminal, "diff_summary", named)
    print_table(terminal, "diff_numbers", [_line(terminal, number) for number in numbers])
    moved = sum(sum(row[2:]) for row in summary)
    if comparison.not_compared:
        terminal.say("diff_not_compared", marts=", ".join(comparison.not_compared))
    terminal.say("diff_total" if moved else "diff_nothing", moved=moved, earlier=earlier, later=later)
    if csv_file:
        terminal.say("diff_written", lines=lines, file=csv_file)


def _line(terminal: Terminal, number: dict[str, Any]) -> tuple[Any, ...]:
    """One moved number as a row: the change of its value, or of what else changed first, and the cell behind it."""
    changes = sorted(number["changes"], key=lambda change: change["column"] != "value")
    first = changes[0] if changes else {"column": "–", "before": None, "after": None}
    more = f" (+{len(changes) - 1})" if len(changes) > 1 else ""
    place = f"{number['file_name']} › {number['sheet']}!{number['cell']}" if number["file_name"] else "–"
    return (
        number["mart"],
        number["key"],
        first["column"] + more,
        _number(first["before"], terminal.language),
        _number(first["after"], terminal.language),
        terminal.phrase(f"cause_{number['cause'].lower()}"),
        place,
    )


def _number(text: str | None, language: str) -> str:
    try:
        return shown(float(text), language) if text is not None else "–"
    except ValueError:
        return text or "–"
