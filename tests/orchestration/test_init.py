"""`outturn init`: the workspace it writes runs as it is, and its release keeps the invariants of every release."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.command_line.main import call

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init") / "workspace"
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        statuses = [call(["init", str(folder)]), call(["--workspace", str(folder), "run"])]
    assert statuses == [0, 0], output.getvalue()
    return folder / "published" / "current" / "outturn.duckdb"


def test_invariants_hold_in_a_new_workspace(
    release: Path, invariant: Any, rows_that_break: Callable[[Any, Path], list[tuple[Any, ...]]]
) -> None:
    assert rows_that_break(invariant, release) == []
