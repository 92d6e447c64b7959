"""The invariants of every release, on the workspace that comes with the product: the demo. And its public edition under
attack."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from orchestration.command_line.main import call

pytestmark = pytest.mark.end_to_end

DEMO = Path(__file__).parents[2] / "demo"


def published(workspace: Path) -> Path:
    """Run the workspace and give the DuckDB file of its release.

    It goes on from what the demo itself has, if ``make run`` was called: a run makes anew what is not current.
    """
    for built in (".outturn", "published"):
        if (DEMO / built).exists():
            shutil.copytree(DEMO / built, workspace / built, symlinks=True)
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        call(["--workspace", str(workspace), "run"])
    database = workspace / "published" / "current" / "outturn.duckdb"
    assert database.exists(), output.getvalue()
    return database


@pytest.fixture(scope="module")
def demo_release(workspace: Path) -> Path:
    return published(workspace)


def test_invariants_hold_in_the_demo(
    demo_release: Path, invariant: Any, rows_that_break: Callable[[Any, Path], list[tuple[Any, ...]]]
) -> None:
    assert rows_that_break(invariant, demo_release) == []


@pytest.fixture(scope="module")
def outsider() -> ModuleType:
    """The outsider of the disclosure tests, who has the editions, their bridges and a solver."""
    spec = spec_from_file_location("outsider", Path(__file__).parents[1] / "disclosure" / "attack.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_public_edition_is_out_and_an_outsider_recovers_nothing_of_it(
    demo_release: Path, outsider: ModuleType
) -> None:
    edition = demo_release.parents[1] / "public" / "current" / "outturn.duckdb"
    assert edition.exists(), "the demo's public edition was held back"
    # What is true says only which of the equations that the bridges suggest hold.
    intervals = outsider.attack([edition], [outsider.figures_of(demo_release)], sample=60)
    assert len(intervals) == 60
    assert [interval for interval in intervals if interval.is_recovered] == []
