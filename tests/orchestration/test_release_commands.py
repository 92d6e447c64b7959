"""`outturn release`: what is on the shelf, an earlier release again, one kept for good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end


def test_releases_are_listed_switched_and_kept(published_site: Site) -> None:
    site = published_site
    (first,) = [path.name for path in (site.folder / "published" / "releases").iterdir()]
    tables = site.query("select count(*) from duckdb_tables()")[0][0]
    listed = site.call("release", "list")
    assert listed.status == 0, listed.output
    assert re.search(rf"{first} .* {tables} ", listed.output), "tables are counted, documents are not"

    site.write_dossiers("received=2025-07-10/hoso_2025-Q2.xlsx", [("Hà Nội", 1200, 1000)])
    assert site.call("run").status == 0
    frozen = site.call("release", "freeze", first, "--reason", "Annual report", "--as", "ds")
    assert frozen.status == 0, frozen.output
    restored = site.call("--language", "vi", "release", "restore", first)
    assert restored.status == 0, restored.output
    assert first in restored.output
    assert site.query("select count(*) from core.fct_observation where period_code = '2025-Q2'") == [(0,)]
    again = site.call("release", "list").output
    assert [line.split()[0] for line in again.splitlines() if "◀" in line and first in line] == [first]
    assert "Annual report" in again


def test_a_release_that_is_not_there_is_one_clear_error(published_site: Site) -> None:
    for command in (("restore", "2019"), ("freeze", "2019", "--reason", "x")):
        result = published_site.call("release", *command)
        assert result.status == 2
        assert "2019" in result.output
