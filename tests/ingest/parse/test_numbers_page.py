"""The page for stewards names every word that a cell can get."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.parse.markers import MARKER_PROFILES
from ingest.parse.number_locale import LOCALES
from ingest.parse.number_value import VALUE_PROBLEMS, Number

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "numbers.md").read_text("utf-8")
FLAGS = re.findall(r"\b[A-Z]+_?[A-Z]{3,}\b", (Number.__doc__ or "").split("``flags`` are")[1].split(".")[0])


@pytest.mark.parametrize("problem", VALUE_PROBLEMS)
def test_every_problem_is_explained(problem: str) -> None:
    assert f"| `{problem}` |" in PAGE


@pytest.mark.parametrize("profile", [name for name in MARKER_PROFILES if name != "plain"])
def test_every_profile_has_a_row(profile: str) -> None:
    assert f"| `{profile}` |" in PAGE


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_is_named(locale: str) -> None:
    paragraph = PAGE.split("Locales: ")[1].split("\n\n")[0]
    assert re.search(rf"[` ]{locale}[` ]", paragraph)


def test_every_flag_is_named() -> None:
    assert len(FLAGS) == 11
    assert [flag for flag in FLAGS if flag not in PAGE] == []
