"""The invariants of every release, on the workspace that comes with the product: the demo. And its public edition under
attack."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.end_to_end

DEMO = Path(__file__).parents[2] / "demo"


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
