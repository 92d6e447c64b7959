"""A release is immutable, complete, described, and switched to in one step."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from release import Release, ReleaseShelf, publish
from release.shelf import ReleaseNotFoundError

NAMES = {"vi": "Thử nghiệm", "en": "Trial"}


def _warehouse(path: Path, value: int, *, rows_shuffled: bool = False) -> Path:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create schema core; create schema staging")
        order = "desc" if rows_shuffled else "asc"
        connection.execute(
            f"create table marts.mart_ratio as select i as ratio_key, {value} + i as value from range(100) r(i) "
            f"order by i {order}"
        )
        connection.execute("comment on table marts.mart_ratio is 'Ratios; it''s the grain'")
        connection.execute("comment on column marts.mart_ratio.value is 'Giá trị'")
        connection.execute("create table core.dim_time as select date '2025-01-01' as period_start")
        connection.execute("create table staging.stg_observation as select 1 as x")
    return path


@pytest.fixture
def shelf(tmp_path: Path) -> ReleaseShelf:
    return ReleaseShelf(tmp_path / "published")


def test_a_release_has_the_published_schemas_with_comments_and_nothing_else(
    tmp_path: Path, shelf: ReleaseShelf
) -> None:
    release = publish(_warehouse(tmp_path / "w.duckdb", 1), shelf, workspace=NAMES)
    with duckdb.connect(str(shelf.current_link / "outturn.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
        ).fetchall()
        assert sorted(tables) == [("core.dim_time",), ("marts.mart_ratio",)]
        comment = connection.execute(
            "select comment from duckdb_columns() where table_name = 'mart_ratio' and column_name = 'value'"
        ).fetchone()
        assert comment == ("Giá trị",)
        assert connection.execute("select count(*) from marts.mart_ratio").fetchone() == (100,)
    assert release.rows == {"core.dim_time": 1, "marts.mart_ratio": 100}


def test_the_description_names_every_file_with_its_hash_and_every_column(tmp_path: Path, shelf: ReleaseShelf) -> None:
    release = publish(_warehouse(tmp_path / "w.duckdb", 1), shelf, workspace=NAMES)
    description = json.loads((release.folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in description["resources"]:
        content = (release.folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
    ratio = next(r for r in description["resources"] if r["path"].endswith("mart_ratio.parquet"))
    assert {"name": "value", "type": "integer", "description": "Giá trị"} in ratio["schema"]["fields"]


def test_the_same_content_makes_no_new_release_whatever_the_order_of_rows(tmp_path: Path, shelf: ReleaseShelf) -> None:
    first = publish(_warehouse(tmp_path / "w.duckdb", 1), shelf, workspace=NAMES)
    again = publish(_warehouse(tmp_path / "w.duckdb", 1, rows_shuffled=True), shelf, workspace=NAMES)
    assert (again.identifier, again.is_new) == (first.identifier, False)
    changed = publish(_warehouse(tmp_path / "w.duckdb", 2), shelf, workspace=NAMES)
    assert changed.is_new
    assert shelf.current() == changed.identifier


def test_a_release_cannot_be_written_to_and_an_old_one_can_be_had_again(tmp_path: Path, shelf: ReleaseShelf) -> None:
    morning, evening = datetime(2025, 1, 1, 8, tzinfo=UTC), datetime(2025, 1, 1, 20, tzinfo=UTC)
    first = publish(_warehouse(tmp_path / "w.duckdb", 1), shelf, workspace=NAMES, now=morning)
    publish(_warehouse(tmp_path / "w.duckdb", 2), shelf, workspace=NAMES, now=evening)
    assert all(path.stat().st_mode & 0o222 == 0 for path in first.folder.rglob("*") if path.is_file())
    shelf.switch("20250101T08")
    assert shelf.current() == first.identifier
    with pytest.raises(ReleaseNotFoundError, match="not on the shelf"):
        shelf.folder("2031")


def test_what_a_crash_left_behind_is_never_visible_and_is_cleared(tmp_path: Path, shelf: ReleaseShelf) -> None:
    (shelf.releases / ".unfinished-20250101T000000Z-00000000").mkdir(parents=True)
    assert shelf.identifiers() == []
    publish(_warehouse(tmp_path / "w.duckdb", 1), shelf, workspace=NAMES)
    assert [path.name for path in shelf.releases.iterdir()] == shelf.identifiers()


_READER = """
import duckdb, sys, time
from pathlib import Path
current, stop = Path(sys.argv[1]), Path(sys.argv[2])
seen = set()
while not stop.exists():
    with duckdb.connect(str(current / 'outturn.duckdb'), read_only=True) as connection:
        low, high, rows = connection.execute('select min(value - ratio_key), max(value - ratio_key), count(*) '
                                             'from marts.mart_ratio').fetchone()
        assert low == high and rows == 100, (low, high, rows)
        seen.add(low)
print(len(seen))
"""


def test_a_reader_in_another_process_never_sees_half_a_release(tmp_path: Path, shelf: ReleaseShelf) -> None:
    publish(_warehouse(tmp_path / "w.duckdb", 0), shelf, workspace=NAMES, now=datetime(2025, 1, 1, tzinfo=UTC))
    stop = tmp_path / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(shelf.current_link), str(stop)], stdout=subprocess.PIPE, text=True
    )

    def write() -> None:
        for number in range(1, 9):
            moment = datetime(2025, 1, 1, number, tzinfo=UTC)
            publish(_warehouse(tmp_path / "w.duckdb", number * 1000), shelf, workspace=NAMES, now=moment)

    writer = threading.Thread(target=write)
    writer.start()
    writer.join()
    stop.touch()
    out, _ = reader.communicate(timeout=60)
    assert reader.returncode == 0
    assert int(out) >= 1


def test_a_frozen_release_outlives_the_policy_and_readers_keep_theirs(tmp_path: Path, shelf: ReleaseShelf) -> None:
    made = []
    for day in range(1, 6):
        moment = datetime(2026, 1, day, tzinfo=UTC)
        release = publish(
            _warehouse(tmp_path / "w.duckdb", day), shelf, workspace=NAMES, keep=2 if day > 2 else 0, now=moment
        )
        made.append(release.identifier)
        if day == 1:
            assert shelf.freeze("current", by="office", reason="Annual report") == release.identifier
            shelf.freeze(release.identifier[:9], by="somebody else", reason="again")
    assert shelf.identifiers() == [made[0], made[3], made[4]]
    assert shelf.current() == made[4]
    assert shelf.frozen()[made[0]]["reason"] == "Annual report"
    shelf.switch(made[0])
    assert shelf.discard_beyond(1) == [made[3]]
    assert shelf.identifiers() == [made[0], made[4]]


def test_the_description_says_what_identifies_a_row(tmp_path: Path, shelf: ReleaseShelf) -> None:
    grains = {"marts.mart_ratio": ["ratio_key"]}
    release = publish(_warehouse(tmp_path / "w.duckdb", 1), shelf, workspace=NAMES, grains=grains)
    resources = shelf.description(release.identifier)["resources"]
    tables = [resource for resource in resources if resource["format"] == "parquet"]
    keys = {Path(resource["path"]).stem: resource["schema"].get("primaryKey") for resource in tables}
    assert keys == {"mart_ratio": ["ratio_key"], "dim_time": None}


def test_documents_go_into_the_folder_and_are_described_but_make_no_new_release(
    tmp_path: Path, shelf: ReleaseShelf
) -> None:
    def made(page: str) -> Release:
        documents = {"data_docs/index.html": page.encode(), "data_docs/validations/release.json": b"{}"}
        warehouse = _warehouse(tmp_path / "w.duckdb", 1)
        return publish(
            warehouse,
            shelf,
            workspace=NAMES,
            documents=documents,
            entries={"data_docs/index.html": {"vi": "đã kiểm định", "en": "checked"}},
        )

    first, again = made("<p>first</p>"), made("<p>second</p>")
    assert again.identifier == first.identifier
    assert not again.is_new
    assert (first.folder / "data_docs/index.html").read_text(encoding="utf-8") == "<p>first</p>"
    description = shelf.description("current")
    assert description["outturn"]["documents"] == ["data_docs/index.html"]
    files = {path.relative_to(first.folder).as_posix() for path in first.folder.rglob("*") if path.is_file()}
    described = {resource["path"] for resource in description["resources"]}
    assert described == files - {"outturn.duckdb", "datapackage.json"}
    assert "(data_docs/index.html)" in (first.folder / "README.md").read_text(encoding="utf-8")
    assert not any(path.stat().st_mode & 0o222 for path in first.folder.rglob("*") if path.is_file())
