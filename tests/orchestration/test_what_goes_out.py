"""What is published holds its own gate's account and nothing that is for fewer eyes: no sign of gaming, no person
appraised, no secret, no path of the machine; and outside the administration nothing that was held back or suppressed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from appraisal.vault import KEY_VARIABLE
from expectations.rules import CheckKind, load_rule_book
from ingest.contract import Severity

pytestmark = pytest.mark.end_to_end

SECRETS = {
    KEY_VARIABLE: "a key for this test and for nothing else",
    "TRIAL_PORTAL_TOKEN": "token-5c1fa7d09e",
    "TRIAL_HOOK": "http://127.0.0.1:9/hook-77d1e0",
    "OUTTURN_SMTP_HOST": "127.0.0.1",
    "OUTTURN_SMTP_PASSWORD": "password-e31b9a",
}
SETTINGS = """\
disclosure: {audiences: [public], open: [COST]}
alerts:
  - {name: hook, kind: webhook, address_from: TRIAL_HOOK, severity: WARN}
"""
PORTAL = """\
name: {{vi: Cổng, en: Portal}}
fetch:
  api: json
  url: {url}/v1/dossiers
  message: {{records: items}}
  credentials: {{header: Authorization, env: TRIAL_PORTAL_TOKEN}}
tables:
  - header: [office, quarter, resolved]
    organisation: {{column: office}}
    period: {{column: quarter}}
    values: {{columns: resolved, indicator: RESOLVED}}
"""
ANSWER = {"items": [{"office": code, "quarter": "2025-Q3", "resolved": 640} for code in ("01", "31", "48")]}
HELD_BACK, SMALL = -777777, 2


@dataclass(frozen=True)
class Shelf:
    """A folder of releases, and every text in them: of files, and of the cells, comments and functions of tables."""

    audience: str
    folder: Path
    texts: dict[str, str]

    def __str__(self) -> str:
        return self.audience


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".parquet":
            yield name, _cells(f"read_parquet('{path}')")
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                rows = connection.execute(
                    "select schema_name || '.' || table_name from duckdb_tables() where not internal"
                ).fetchall()
                said = connection.execute(
                    "select comment from duckdb_tables() union all select comment from duckdb_columns() "
                    "union all select coalesce(macro_definition, comment) from duckdb_functions() where not internal"
                ).fetchall()
                cells = [_cells(table, connection) for (table,) in rows]
                yield name, "\n".join([*cells, *(text for (text,) in said if text)])
        elif path.is_file():
            yield name, path.read_text(encoding="utf-8")


def _cells(table: str, connection: duckdb.DuckDBPyConnection | None = None) -> str:
    rows = (connection or duckdb.connect()).execute(f"from {table}").fetchall()
    return "\n".join("\t".join(str(value) for value in row if value is not None) for row in rows)


@pytest.fixture(scope="module")
def shelves(new_site: Any, new_server: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shelf]:
    server = new_server()
    server.answer = lambda asked: server.reply(json.dumps(ANSWER).encode())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        site = new_site(tmp_path_factory.mktemp("what_goes_out") / "workspace")
        settings = site.folder / "workspace.yml"
        settings.write_text(settings.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
        (site.folder / "sources/portal.yml").write_text(PORTAL.format(url=server.url), encoding="utf-8")
        rows = [("Hà Nội", 1000, HELD_BACK), ("Hải Phòng", 500, 400), ("Đà Nẵng", 700, SMALL)]
        site.write_dossiers("received=2025-07-10/hoso_2025-Q2.xlsx", rows)
        assert site.call("appraisal", "example").status == 0
        vault = site.folder / "restricted" / "appraisal.duckdb"
        before = vault.read_bytes()
        result = site.call("run")
        assert result.status == 1, result.output
        assert vault.read_bytes() == before
    server.stop()
    assert {asked.headers.get("authorization") for asked in server.asked} == {SECRETS["TRIAL_PORTAL_TOKEN"]}
    published = site.folder / "published"
    places = {"internal": published, "public": published / "public"}
    found = {}
    for audience, place in places.items():
        folder = place / "releases" / (place / "current").readlink().name
        texts = {name: text for one in sorted((place / "releases").iterdir()) for name, text in _texts(one)}
        found[audience] = Shelf(audience, folder, texts)
    return found


@pytest.fixture(params=["internal", "public"])
def shelf(request: pytest.FixtureRequest, shelves: dict[str, Shelf]) -> Shelf:
    return shelves[request.param]


def _having(shelf: Shelf, *patterns: str) -> list[tuple[str, str]]:
    return [
        (name, match.group()) for name, text in shelf.texts.items() for p in patterns if (match := re.search(p, text))
    ]


def test_every_file_is_described_with_its_hash(shelf: Shelf) -> None:
    description = json.loads((shelf.folder / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"]: resource["hash"] for resource in description["resources"]}
    files = {path.relative_to(shelf.folder).as_posix(): path for path in shelf.folder.rglob("*") if path.is_file()}
    assert set(files) - set(described) == {"outturn.duckdb", "datapackage.json"}
    for name, expected in described.items():
        assert f"sha256:{hashlib.sha256(files[name].read_bytes()).hexdigest()}" == expected
    assert description["outturn"]["documents"] == ["report/index.html", "data_docs/index.html"]
    assert "(data_docs/index.html)" in shelf.texts["README.md"]


def test_the_report_shows_its_own_release_in_both_languages_and_leads_nowhere_else(shelf: Shelf) -> None:
    with duckdb.connect(str(shelf.folder / "outturn.duckdb"), read_only=True) as connection:
        ratios = connection.execute(
            "select distinct ratio_code from marts.mart_ratio where structure = 'as_is' and value is not null"
        ).fetchall()
    assert ratios
    for language in ("vi", "en"):
        for (code,) in ratios:
            assert f'href="{code}.html"' in shelf.texts[f"report/{language}/index.html"]
            assert "<svg" in shelf.texts[f"report/{language}/{code}.html"]
    for name, text in shelf.texts.items():
        if name.startswith("report/"):
            assert "<script" not in text
            for target in re.findall(r'(?:href|src)="([^"]*)"', text):
                assert (shelf.folder / name).parent.joinpath(target).resolve().is_relative_to(shelf.folder.resolve())
                assert (shelf.folder / name).parent.joinpath(target).exists(), (name, target)


def test_no_sign_of_gaming_is_published(shelf: Shelf) -> None:
    signs = [
        rule
        for rule in load_rule_book().rules.values()
        if rule.checks and all(c.kind is CheckKind.SIGNAL or c.severity is Severity.INTEGRITY for c in rule.checks)
    ]
    assert len(signs) > 3
    assert _having(shelf, *(rf"\b{rule.id}\b" for rule in signs), r"\bINTEGRITY\b") == []
    assert _having(shelf, *(re.escape(rule.title.en) for rule in signs)) == []


def test_nothing_about_individuals_is_published(shelf: Shelf, shelves: dict[str, Shelf]) -> None:
    vault = shelves["internal"].folder.parents[2] / "restricted" / "appraisal.duckdb"
    with duckdb.connect(str(vault), read_only=True) as connection:
        keys = [key for (key,) in connection.execute("select distinct person_key from score").fetchall()]
    assert len(keys) > 10
    assert _having(shelf, *map(re.escape, keys), "EX-A", "person_key") == []
    kept = [path for path in (vault.parents[1] / ".outturn").rglob("*") if path.is_file()]
    assert len(kept) > 20
    words = [key.encode() for key in keys] + [b"EX-A"]
    assert [path for path in kept for content in [path.read_bytes()] if any(word in content for word in words)] == []


def test_no_secret_is_published(shelf: Shelf) -> None:
    assert _having(shelf, *(re.escape(value) for value in SECRETS.values()), *SECRETS) == []


def test_no_path_of_the_machine_is_published(shelf: Shelf, shelves: dict[str, Shelf]) -> None:
    places = {str(shelves["internal"].folder.parents[2]), str(Path(__file__).parents[2]), str(Path.home())}
    patterns = [re.escape(place) for place in places if len(place) > 1]
    assert _having(shelf, *patterns, r"(^|[\s\"'(=])/(home|root|tmp|var|usr|Users)/", r"\b[A-Z]:\\\\") == []


def test_what_was_held_back_is_told_inside_and_stands_in_no_public_edition(shelves: dict[str, Shelf]) -> None:
    held_back = (str(HELD_BACK), "hoso_2025")
    inside = {name for name, _ in _having(shelves["internal"], *held_back)}
    assert {"data_docs/intake.dossiers.html", "data_docs/validations/intake.dossiers.json"} <= inside
    public = shelves["public"]
    assert _having(public, *held_back) == []
    assert {name for name in public.texts if name.startswith("data_docs/")} == {
        "data_docs/index.html",
        "data_docs/rules.html",
        "data_docs/disclosure.html",
        "data_docs/validations/disclosure.json",
    }
    assert not any("fct_" in name or "finding" in name for name in public.texts)
