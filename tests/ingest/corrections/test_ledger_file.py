"""The ledger is checked like every setting: all problems at once, each with its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.workspace import WorkspaceError, load_workspace

GOOD = """\
corrections:
  - id: cor-1
    source: dossiers
    where: {file: "*Q1*", sheet: Biểu 1, cell: B4}
    action: override
    value: 45
    expect: "40"
    reason: {vi: "Gõ nhầm", en: "Typing error"}
    owner: ds
    expires: 2025-12-31
"""


def test_a_ledger_is_read_with_its_shorthands(workspace_folder: Path) -> None:
    (workspace_folder / "corrections.yml").write_text(GOOD, encoding="utf-8")
    workspace = load_workspace(workspace_folder)
    (correction,) = workspace.corrections_of("dossiers")
    assert correction.where[0].cell == ("B4",)
    assert correction.expect is not None
    assert correction.expect.text == "40"
    assert workspace.corrections_of("other") == ()


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("source: dossiers", "source: dosiers", 3, "dosiers"),
        ("cell: B4", "indicator: REZOLVED", 4, "REZOLVED"),
        ("cell: B4", "cell: 4B", 4, "4B"),
        ('file: "*Q1*", sheet', "sheet", 4, "file"),
        ("action: override", "action: overwrite", 5, "override"),
        ("value: 45", "factor: 45", 3, "override"),
        ('    expect: "40"\n', "", 3, "expect"),
        ("owner: ds", "owner: nobody", 9, "nobody"),
        ("expires: 2025-12-31", "expires: soon", 10, "soon"),
        ("reason:", "raison:", 8, "raison"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    workspace_folder: Path, before: str, after: str, line: int, words: str
) -> None:
    assert before in GOOD
    (workspace_folder / "corrections.yml").write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(WorkspaceError) as error:
        load_workspace(workspace_folder)
    problems = error.value.problems
    assert any(words in problem.text("en") for problem in problems), error.value.text("en")
    assert min(abs(problem.place.row - line) for problem in problems) <= 1
    assert all(problem.file == "corrections.yml" for problem in problems)


def test_all_mistakes_are_said_at_once(workspace_folder: Path) -> None:
    text = GOOD.replace("owner: ds", "owner: nobody").replace("source: dossiers", "source: none_such")
    (workspace_folder / "corrections.yml").write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError) as error:
        load_workspace(workspace_folder)
    assert len(error.value.problems) == 2
