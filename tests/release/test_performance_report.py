"""The pages that people look at: numbers as each language writes them, and charts that hide no gap."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.unit_table import CURRENCIES, UNITS
from release.performance_report.charts import dot_plot, effects_chart, series_chart, sparkline, ticks
from release.performance_report.figures import Change, Effect, Figure, RatioReport
from release.performance_report.numbers import number, share
from release.performance_report.site import _HERE, Tongue

values = st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False))


def figure(code: str, value: float | None, *, status: str = "A", **more: float | None) -> Figure:
    bounds = {"lower": None, "upper": None, "coverage": 1.0} | more
    reason = None if value is not None else "COVERAGE"
    return Figure({"vi": code, "en": code}, code, value, share_estimated=0.0, status=status, reason=reason, **bounds)


def said(figure: Figure) -> str:
    return f"<{figure.code}> & {figure.value}"


def drawn(chart: str) -> ElementTree.Element:
    return ElementTree.fromstring(chart)


def count(chart: str, css: str) -> int:
    return sum(css in element.get("class", "").split() for element in drawn(chart).iter())


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1234.5, "1.234,50", "1,234.50"),
        (-0.004, "0,00", "0.00"),
        (-12.3, "−12,30", "−12.30"),
        (95_015_256.4, "95.015.256", "95,015,256"),
        (None, "–", "–"),
        (float("inf"), "–", "–"),
    ],
)
def test_numbers_are_written_as_each_language_does(value: float | None, vi: str, en: str) -> None:
    assert (number(value, "vi"), number(value, "en")) == (vi, en)


@pytest.mark.parametrize(("value", "text"), [(1.0, "100%"), (0.9999, "99%"), (0.29, "29%"), (0.0, "0%"), (None, "–")])
def test_coverage_never_rounds_up_to_all(value: float | None, text: str) -> None:
    assert share(value, "en") == text


@given(low=st.floats(-1e12, 1e12), high=st.floats(-1e12, 1e12))
def test_ticks_enclose_what_is_drawn_in_equal_steps(low: float, high: float) -> None:
    low, high = sorted((low, high))
    found = ticks(low, high)
    slack = 1e-9 * (found[-1] - found[0])  # far below a pixel
    assert found[0] - slack <= low <= high <= found[-1] + slack
    assert 2 <= len(found) <= 12
    steps = [after - before for before, after in pairwise(found)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-3)


@given(series=st.lists(values, min_size=1, max_size=24))
def test_a_gap_is_a_cross_and_breaks_the_line(series: list[float | None]) -> None:
    figures = [figure(f"p{number}", value) for number, value in enumerate(series)]
    chart = series_chart(figures, "en", "On time & <all>", said, str)
    if all(value is None for value in series):
        assert chart == ""
        return
    assert count(chart, "none") == series.count(None)
    assert count(chart, "mark") == len(series) - series.count(None)
    joined = sum(
        len(line.get("points", "").split()) - 1 for line in drawn(chart).iter() if line.get("class") == "course"
    )
    assert joined == sum(a is not None and b is not None for a, b in pairwise(series))
    drawn(sparkline(figures, "On time"))


def test_what_stands_on_little_is_hollow_and_what_is_withheld_says_why() -> None:
    figures = [figure("U", 50, lower=20, upper=80, status="U"), figure("A", 60, lower=58, upper=62), figure("O", None)]
    chart = dot_plot(figures, "en", "On time", said, str, lambda one: one.reason or "", 59.0)
    assert (count(chart, "weak"), count(chart, "firm"), count(chart, "none")) == (1, 1, 1)
    assert count(chart, "interval") == 2
    assert count(chart, "whole") == 1
    assert "COVERAGE" in "".join(drawn(chart).itertext())


def test_effects_stand_on_the_side_of_their_sign() -> None:
    label = {"vi": "x", "en": "x"}
    change = Change("ORGANISATION", label, 0.5, is_simpson=False, effects=(Effect(label, 2.0, -1.5, 0.0),))
    chart = drawn(effects_chart(change, "en", "why", str))
    bars = {
        bar.get("class"): (float(bar.get("x", 0)), float(bar.get("width", 0)))
        for bar in chart.iter()
        if bar.get("width")
    }
    (zero,) = [float(line.get("x1", 0)) for line in chart.iter() if line.get("class") == "zero"]
    assert bars["rate"][0] == pytest.approx(zero, abs=0.2)
    assert bars["mix"][0] + bars["mix"][1] == pytest.approx(zero, abs=0.2)
    assert bars["rate"][1] / bars["mix"][1] == pytest.approx(2 / 1.5, abs=0.01)


@pytest.mark.parametrize(
    ("unit", "scale", "vi", "en"),
    [
        ("percent", 100, "%", "%"),
        ("VND/dossier", 1, "VND/hồ sơ", "VND/dossier"),
        ("complaint/dossier", 10_000, "phản ánh/10.000 hồ sơ", "complaint/10,000 dossier"),
        ("VND/VND", 1e9, "VND/1.000.000.000 VND", "VND/1,000,000,000 VND"),
        ("VND/person", 1e-6, "1.000.000 VND/người", "1,000,000 VND/person"),
        ("widget", 1, "widget", "widget"),
    ],
)
def test_a_unit_says_what_the_value_is_scaled_to(unit: str, scale: float, vi: str, en: str) -> None:
    ratio = RatioReport("R", {}, "efficiency", {}, {}, unit, scale, 2, "lower", {}, "VN", ())
    assert (Tongue("vi").unit(ratio), Tongue("en").unit(ratio)) == (vi, en)


def test_every_unit_that_is_a_word_is_worded() -> None:
    wording = yaml.safe_load((_HERE / "wording.yml").read_text(encoding="utf-8"))
    words = {unit.code for unit in UNITS if len(unit.code) > 3} - CURRENCIES
    assert words - wording["units"].keys() == set()


def test_every_wording_is_in_both_languages() -> None:
    wording = yaml.safe_load((_HERE / "wording.yml").read_text(encoding="utf-8"))

    def entries(node: dict[str, object]) -> list[dict[str, object]]:
        return [node] if "vi" in node else [one for part in node.values() for one in entries(part)]  # type: ignore[arg-type]

    assert all(entry.keys() == {"vi", "en"} for entry in entries(wording))
