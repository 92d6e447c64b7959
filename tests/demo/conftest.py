"""The demo's workbooks, made once for all tests of this room."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

import pytest

from demo.generate import SEED, generate
from demo.generator.inbox import flawless_workbooks
from demo.generator.planted import PlantedError, load_planted, plant
from demo.generator.sheet import Workbook
from demo.generator.territories import Territories, load_territories
from orchestration.command_line.main import call

DEMO = Path(__file__).resolve().parents[2] / "demo"


@pytest.fixture(scope="session")
def territories() -> Territories:
    return load_territories(DEMO)


@pytest.fixture(scope="session")
def flawless() -> list[Workbook]:
    return flawless_workbooks(DEMO, SEED)


@pytest.fixture(scope="session")
def planted_errors() -> list[PlantedError]:
    return load_planted(DEMO / "planted_errors.yml")


@pytest.fixture(scope="session")
def handed_in(planted_errors: list[PlantedError]) -> list[Workbook]:
    """The workbooks as they lie in the inbox: errors and all."""
    workbooks = flawless_workbooks(DEMO, SEED)
    plant(workbooks, planted_errors)
    return workbooks


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo workspace with its inbox; the repository's own stays untouched."""
    folder = tmp_path_factory.mktemp("demo")
    for name in ("workspace.yml", "registry", "sources", "rules", "planted_errors.yml"):
        (folder / name).symlink_to(DEMO / name)
    generate(folder)
    return folder


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


@pytest.fixture(scope="session")
def demo_release(workspace: Path) -> Path:
    return published(workspace)
