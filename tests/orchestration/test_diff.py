"""What moved between two releases, and why, as a person asks for it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end

FIRST = [("Hà Nội", 1000, 900), ("Hải Phòng", 50, 40), ("Đà Nẵng", 10, 9)]
REVISED = [("Hà Nội", 1000, 900), ("Hải Phòng", 50, 41), ("Đà Nẵng", 10, 9)]


def moved(site: Site, *arguments: str) -> list[dict[str, Any]]:
    file = site.folder / "moved.csv"
    result = site.call("diff", "previous", "current", "--csv", str(file), *arguments)
    assert result.status == 0, result.output
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_a_revised_cell_is_named_behind_every_number_that_moved(published_site: Site) -> None:
    site = published_site
    site.write_dossiers("received=2025-05-10/hoso_2025-Q1.xlsx", REVISED)
    assert site.call("run").status == 0
    lines = moved(site)
    numerators = {
        tuple(line["key"].split(" · ")): float(line["after"])
        for line in lines
        if line["mart"] == "mart_ratio" and line["column"] == "numerator"
    }
    of_province = [after for key, after in numerators.items() if {"ON_TIME_SHARE", "31", "2025-Q1"} <= set(key)]
    of_country = [after for key, after in numerators.items() if {"ON_TIME_SHARE", "VN", "2025-Q1"} <= set(key)]
    assert of_province
    assert set(of_province) == {41}
    assert set(of_country) == {950}
    assert not any("UNIT_COST" in key for key in numerators)
    ratios = [line for line in lines if line["mart"] == "mart_ratio"]
    assert {line["cause"] for line in ratios} == {"REVISED"}
    assert {(line["file_name"].split("/")[-1], line["sheet"], line["cell"]) for line in ratios} == {
        ("hoso_2025-Q1.xlsx", "Biểu 1", "C4")
    }
    assert {(float(line["figure_before"]), float(line["figure_after"])) for line in ratios} == {(40, 41)}
    printed = site.call("diff", "previous", "current", "--mart", "mart_ratio").output
    assert "C4" in printed
    assert "figures revised by a resubmission" in printed


def test_a_changed_definition_a_new_period_and_a_figure_held_back_are_told_apart(published_site: Site) -> None:
    site = published_site
    ratios = site.folder / "registry" / "ratios.csv"
    in_thousands = ratios.read_text(encoding="utf-8").replace("1,VND/dossier", "1000,VND/1000 dossier")
    ratios.write_text(in_thousands, encoding="utf-8")
    changed = site.call("run")
    assert changed.status == 0, changed.output
    assert {line["cause"] for line in moved(site) if line["key"].startswith("UNIT_COST")} == {"DEFINITION"}

    site.write_dossiers("received=2025-07-10/hoso_2025-Q2.xlsx", FIRST)
    assert site.call("run").status == 0
    appeared = [line for line in moved(site, "--mart", "mart_indicator") if "2025-Q2" in line["key"]]
    assert {(line["change"], line["cause"]) for line in appeared if line["mart"] == "mart_indicator"} == {
        ("appeared", "NEW_FIGURE")
    }

    indicators = site.folder / "registry" / "indicators.csv"
    text = indicators.read_text(encoding="utf-8").replace("integer_only,hard_min", "integer_only,hard_min,hard_max")
    lines = [line + ("," if number else "") for number, line in enumerate(text.splitlines())]
    lines[1] = lines[1].removesuffix(",") + ",500"
    indicators.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert site.call("run").status == 1
    gone = [line for line in moved(site, "--mart", "mart_indicator") if line["key"].startswith("RESOLVED · 01")]
    assert {line["cause"] for line in gone} == {"QUARANTINED"}


def test_releases_that_are_equal_or_unknown_say_so(published_site: Site) -> None:
    site = published_site
    assert "No number moved" in site.call("diff", "current", "current").output
    unknown = site.call("diff", "2001", "current")
    assert unknown.status == 2
    assert "2001" in unknown.output
    assert site.call("diff", "current", "current", "--mart", "mart_nothing").status == 2
