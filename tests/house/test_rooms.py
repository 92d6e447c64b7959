"""The rules of the house, as tests: who may import whom, what things are called, how long they may be."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

HOUSE = Path(__file__).parents[2]
ROOMS = ("ingest", "expectations", "stewardship", "disclosure", "release", "appraisal", "orchestration")

#: Room → rooms it may import. Data flows one way; orchestration stands on top.
MAY_IMPORT = {
    "ingest": set(),
    "expectations": {"ingest.contract", "ingest.registry.models", "ingest.state"},
    "stewardship": {
        "ingest.contract",
        "ingest.landing.refusals",
        "ingest.workspace",
        "ingest.time",
        "ingest.state",
        "ingest.registry",
    },
    "disclosure": {"ingest.workspace.settings"},
    "release": {"ingest.contract"},
    "appraisal": set(),
    "orchestration": {"ingest", "expectations", "stewardship", "disclosure", "release", "appraisal"},
    "demo": {"ingest"},
}
#: Names that say nothing.
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common", "tools", "stuff", "base"}
LONGEST_FILE, USUAL_FILE, SHARE_OVER_USUAL = 420, 300, 0.06


def _tracked(*patterns: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [HOUSE / name for name in names if (HOUSE / name).is_file()]


def _python(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in _tracked(f"{room}/*.py")]


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("room", list(MAY_IMPORT))
def test_a_room_imports_only_the_rooms_before_it(room: str) -> None:
    others = {*MAY_IMPORT, "tests", "benchmarks"} - {room}
    wrong = [
        f"{path.relative_to(HOUSE)} imports {name}"
        for path in _python(room)
        for name in _imports(path)
        if name.split(".")[0] in others
        and not any(name == allowed or name.startswith(f"{allowed}.") for allowed in MAY_IMPORT[room])
        and not any(allowed.startswith(f"{name}.") for allowed in MAY_IMPORT[room])
    ]
    assert wrong == []


def test_only_orchestration_knows_the_orchestrator() -> None:
    wrong = [
        str(path.relative_to(HOUSE))
        for path in _python("ingest", "expectations", "stewardship", "disclosure", "release", "appraisal", "demo")
        if any(name.split(".")[0].startswith("dagster") for name in _imports(path))
    ]
    assert wrong == []


def test_only_its_own_command_opens_what_is_about_individuals() -> None:
    wrong = [
        str(path.relative_to(HOUSE))
        for path in [*_python(*ROOMS, "demo", "benchmarks"), *_tracked("dbt_project/*.sql")]
        if path.relative_to(HOUSE).parts[0] != "appraisal"
        and path != HOUSE / "orchestration/command_line/appraisal.py"
        and path.suffix == ".py"
        and any(name.split(".")[0] == "appraisal" for name in _imports(path))
    ]
    mentions = [
        str(path.relative_to(HOUSE))
        for path in [*_python(*ROOMS), *_tracked("dbt_project/*.sql", "disclosure/*.sql", "release/*.sql")]
        if re.search(r"restricted_dir|appraisal\.duckdb", path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
    assert set(mentions) <= {
        "ingest/workspace/workspace.py",
        "orchestration/command_line/appraisal.py",
        "appraisal/vault.py",
    }


def test_names_explain_themselves() -> None:
    wrong = [str(path.relative_to(HOUSE)) for path in _tracked("*.py", "*.sql") if path.stem in BANNED_NAMES]
    assert wrong == []


def test_a_file_is_one_idea() -> None:
    lengths = {
        path.relative_to(HOUSE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in [*_python(*ROOMS, "demo"), *_tracked("dbt_project/*.sql")]
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}
    over = [name for name, lines in lengths.items() if lines > USUAL_FILE]
    assert len(over) <= SHARE_OVER_USUAL * len(lengths), over


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        str(path.relative_to(HOUSE))
        for path in _python(*ROOMS, "demo")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("room", [*ROOMS, "dbt_project", "demo", "benchmarks"])
def test_every_room_has_its_page(room: str) -> None:
    assert (HOUSE / room / "README.md").is_file()


def test_no_file_names_a_machine_or_a_package_index() -> None:
    pattern = re.compile(r"(/home/|/root/|/Users/|C:\\\\Users|--index-url|--extra-index-url|pypi\.org/simple)")
    wrong = [
        f"{path.relative_to(HOUSE)}: {match.group()}"
        for path in _tracked()
        if path != Path(__file__) and path.suffix not in {".png", ".xlsx"}
        for match in [pattern.search(path.read_text(encoding="utf-8", errors="ignore"))]
        if match
    ]
    assert wrong == []


def test_every_locked_package_has_a_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (HOUSE / lock).read_text(encoding="utf-8")
        packages = re.split(r"\n(?=[a-z0-9])", text)
        assert packages
        assert [package.splitlines()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_the_command_line_speaks_both_languages() -> None:
    phrases = yaml.safe_load((HOUSE / "orchestration/command_line/phrases.yml").read_text(encoding="utf-8"))
    for name, phrase in phrases.items():
        assert set(phrase) == {"vi", "en"}, name
        fields = {language: set(re.findall(r"{(\w+)", text)) for language, text in phrase.items()}
        assert fields["vi"] == fields["en"], name
        assert phrase["vi"].count("|") == phrase["en"].count("|"), name


def test_decisions_are_numbered_one_after_the_other() -> None:
    pages = sorted((HOUSE / "docs/decisions").glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    titles = [page.read_text(encoding="utf-8").split(maxsplit=2)[1] for page in pages]
    assert titles == [f"{number}." for number in range(1, len(pages) + 1)]
