"""``outturn trace``: a published number down to sheet, cell and original text, proved by reading it again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from orchestration.command_line.terminal import Terminal, fail, print_table

#: Flags of figures that do not stand in their cell as they are: corrected, remarked on, or withdrawn.
_CHANGED = {"CORRECTED", "FLAGGED", "RETRACTED"}
_SHOWN = ("value", "numerator", "denominator", "unit", "status", "obs_status", "reason", "coverage", "matched_share")


@click.command(
    epilog="\b\nExamples:\n"
    "  outturn trace mart_indicator indicator_code=PAS_RESOLVED organisation_code=01 period_code=VNR2024-Q4\n"
    "  outturn trace mart_ratio ratio_code=PAS_R_ONTIME organisation_code=VN period_code=VNR2025-Q4 structure=as_is"
)
@click.argument("mart")
@click.argument("keys", nargs=-1, metavar="KEY=VALUE …")
@click.option("--release", "release_id", default="current", show_default=True, help="Release to trace in.")
@click.option("--limit", default=30, show_default=True, help="How many cells to list; all of them are read again.")
@click.pass_obj
def trace(terminal: Terminal, mart: str, keys: tuple[str, ...], release_id: str, limit: int) -> None:
    """Trace one number of MART, named by KEY=VALUE, down to the cells it rests on.

    Each cell is read again from the landed file, and its text compared with what the warehouse says stood there. Exit
    status 1 if one differs.
    """
    from release import ReleaseShelf
    from release.lineage import NotOneNumberError
    from release.lineage import trace as trace_number
    from release.shelf import ReleaseNotFoundError

    wrong = [key for key in keys if "=" not in key]
    if wrong:
        raise click.UsageError(f"{wrong[0]!r}: write KEY=VALUE, for example organisation_code=01")
    named = dict(key.split("=", 1) for key in keys)
    shelf = ReleaseShelf(terminal.workspace.published_dir)
    try:
        folder = shelf.folder(release_id)
        number = trace_number(folder, mart, named)
    except (NotOneNumberError, ReleaseNotFoundError) as error:
        raise click.UsageError(str(error)) from error
    print_table(terminal, "traced", [(name, number.row[name]) for name in _SHOWN if number.row.get(name) is not None])
    proved = _read_again(terminal, number.observations)
    cells = [
        (
            " · ".join(o[f"{part}_code"] for part in ("indicator", "organisation", "period", "target_group")),
            f"{o['file_name']} › {o['sheet']}!{o['cell']}",
            o["raw_text"],
            o["value"],
            o["unit"],
            o["obs_status"],
            o["flags"],
        )
        for o in number.observations[:limit]
    ]
    print_table(terminal, "traced_cells", cells)
    changed = [o for o in number.observations if _CHANGED & set((o["flags"] or "").split(","))]
    corrections = [(o["sheet"], o["cell"], o["raw_text"], o["value"], o["flags"], o["note"]) for o in changed[:limit]]
    print_table(terminal, "traced_corrections", corrections)
    message = f"message_{terminal.language}"
    found = [(f["sheet"], f["cell"], f["rule_id"], f["severity"], f[message]) for f in number.findings]
    print_table(terminal, "traced_findings", found)
    terminal.say("trace_summary", release=folder.name, cells=len(number.observations), proved=proved)
    if proved < len(number.observations):
        sys.exit(1)


def _read_again(terminal: Terminal, observations: list[dict[str, Any]]) -> int:
    """How many cells hold, in the landed bytes, the text that the warehouse says; the others are named."""
    from ingest.fetch import FetchError
    from ingest.landing.delivery import content_path, sha256_of

    proved = 0
    by_file: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for observation in observations:
        key = tuple(observation[name] for name in ("source_code", "file_name", "file_sha256", "medium"))
        by_file.setdefault(key, []).append(observation)
    for (source_code, file_name, sha256, medium), cells in by_file.items():
        path = content_path(terminal.workspace.state.landed, sha256)
        if not path.exists() or sha256_of(path) != sha256:
            fail(terminal.phrase("trace_bytes_gone", file=file_name))
            continue
        try:
            texts = _texts_of_answer(terminal, sha256, source_code) if medium == "api" else None
        except (OSError, FetchError):
            fail(terminal.phrase("trace_bytes_gone", file=file_name))
            continue
        texts = texts or _texts(terminal, path, file_name, source_code)
        for cell in cells:
            if "RETRACTED" in (cell["flags"] or "").split(","):
                proved += 1  # no cell to read: the figure's absence is what the file says, and its bytes are unchanged
                continue
            there = texts(cell["sheet"], cell["cell"])
            if there == (cell["raw_text"] or ""):
                proved += 1
            else:
                place = f"{file_name}, {cell['sheet']}!{cell['cell']}"
                fail(terminal.phrase("trace_differs", place=place, there=there, said=cell["raw_text"]))
    return proved


def _texts_of_answer(terminal: Terminal, sha256: str, source_code: str) -> Callable[[str, str], str]:
    """A function from response and place in it to the text that stands there.

    Raises ``FetchError`` or ``OSError`` where the bytes of a response are gone or altered.
    """
    from ingest.fetch import read_answer

    source = terminal.workspace.sources.get(source_code)
    table = read_answer(terminal.workspace.state.landed, sha256, source.fetch if source else None)
    return lambda response, place: table.text_at(response, place) or ""


def _texts(terminal: Terminal, path: Path, file_name: str, source_code: str) -> Callable[[str, str], str]:
    """A function from sheet and address to the text that stands there."""
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    from ingest.read import open_workbook

    source = terminal.workspace.sources.get(source_code)
    encoding, delimiter = (source.encoding, source.delimiter) if source else (None, None)
    book = open_workbook(path, file_name, encoding=encoding, delimiter=delimiter)
    sheets = {sheet.name: sheet for sheet in book.sheets}

    def text(sheet: str, cell: str) -> str:
        letters, row = coordinate_from_string(cell)
        return str(sheets[sheet].grid.text(row - 1, column_index_from_string(letters) - 1))

    return text
