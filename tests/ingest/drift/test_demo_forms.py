"""Every kind of form of the demonstration, mutated: the same facts, fewer, or a refusal. No value shifts.

``OUTTURN_MUTATIONS=50 pytest tests/ingest/drift`` makes fifty times as many of each form.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from form_mutations import TIMES, check_no_shift

import ingest.tidy
from demo.generator.inbox import flawless_workbooks, render
from ingest.read import open_workbook
from ingest.resolve import Resolver
from ingest.workspace import load_workspace

DEMO = Path(__file__).parents[3] / "demo"
SOURCES = sorted(path.stem for path in (DEMO / "sources").glob("*.yml"))


@pytest.fixture(scope="module")
def loaded() -> Any:
    return load_workspace(DEMO)


@pytest.fixture(scope="module")
def books() -> dict[str, Any]:
    """The first file of each source."""
    found: dict[str, Any] = {}
    for book in flawless_workbooks(DEMO, 20260101):
        found.setdefault(book.source, book)
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_no_value_shifts(loaded: Any, books: dict[str, Any], tmp_path: Path, source: str) -> None:
    book = books[source]
    path = tmp_path / "form"
    path.write_bytes(render(book))
    recipe, resolver = loaded.sources[source], Resolver(loaded.registry)
    whole = open_workbook(path, book.file_name, encoding=recipe.encoding, delimiter=recipe.delimiter)

    def tidied() -> Any:
        received = book.received.astimezone(UTC)
        return ingest.tidy.tidy(
            path, book.file_name, recipe, resolver, loaded.calendars, submission_id="0" * 16, received_at=received
        )

    result = check_no_shift(source, whole, tidied, int(40 * TIMES), fallbacks=None)
    assert 0 < result.outcomes.total() > len(result.refusals)
    for refusal in result.refusals:
        assert refusal.message_vi.startswith(book.file_name), refusal.message_vi
        assert "«" in refusal.message_vi, refusal.message_vi
