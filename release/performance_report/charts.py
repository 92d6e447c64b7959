"""Charts as SVG text: every mark has a title that says its number, its coverage and, if it is weak, why.

A figure of full standing is a filled mark, an estimated, provisional or weakly founded one a hollow mark, and where
there is no figure there is a cross and no line: a gap never looks like a zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from release.performance_report.figures import Change, Figure

#: Statuses drawn filled; the others are hollow (SDMX CL_OBS_STATUS: E estimated, P provisional, U low reliability …).
_FIRM = {"A", "V"}
_WIDTH, _ROW = 760, 22
_NAME_WIDTH, _VALUE_WIDTH = 190, 110

Say = Callable[[Figure], str]


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round numbers that enclose ``low`` and ``high``, about ``wanted`` steps apart."""
    largest = max(abs(low), abs(high))
    if high - low <= 1e-9 * max(largest, 1e-3):
        margin = 0.1 * largest if largest > 1e-12 else 1.0
        low, high = low - margin, high + margin
    step = 10 ** math.floor(math.log10((high - low) / wanted))
    step *= next(factor for factor in (1, 2, 2.5, 5, 10) if (high - low) / (step * factor) <= wanted)
    first = math.floor(low / step)
    return [float(f"{number * step:.12g}") for number in range(first, math.ceil(high / step - 1e-9) + 1)]


def _svg(width: float, height: float, label: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, css: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" text-anchor="{anchor}">{escape(text)}</text>'


def _mark(x: float, y: float, figure: Figure, said: str) -> str:
    css = "firm" if figure.status in _FIRM else "weak"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" class="mark {css}"><title>{escape(said)}</title></circle>'


def _cross(x: float, y: float, said: str) -> str:
    arms = f"M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6"
    return f'<path d="{arms}" class="none"><title>{escape(said)}</title></path>'


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The points between the gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _line(points: Sequence[tuple[float, float] | None], css: str) -> str:
    return "".join(
        f'<polyline class="{css}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}"/>'
        for run in _runs(points)
        if len(run) > 1
    )


def sparkline(series: Sequence[Figure], label: str) -> str:
    """The course of a series in the size of a word; gaps stay gaps, the last value has a mark."""
    width, height = 120.0, 28.0
    values = [figure.value for figure in series if figure.value is not None]
    if not values:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = (width - 10) / max(len(series) - 1, 1)
    points = [
        None if f.value is None else (5 + i * step, height - 5 - (f.value - low) / span * (height - 10))
        for i, f in enumerate(series)
    ]
    alone = [run[0] for run in _runs(points) if len(run) == 1]
    parts = [_line(points, "spark"), *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.5" class="dot"/>' for x, y in alone)]
    if points[-1] is not None:
        x, y = points[-1]
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="mark firm"/>')
    return _svg(width, height, label, parts)


def series_chart(series: Sequence[Figure], language: str, label: str, say: Say, write: Callable[[float], str]) -> str:
    """Values over time with their intervals, the trajectory to the target, and below them the coverage."""
    known = [v for f in series for v in (f.value, f.lower, f.upper, f.expected) if v is not None]
    if not known:
        return ""
    marks = ticks(min(known), max(known))
    left, right, top, bottom, strip = 86.0, 16.0, 14.0, 210.0, 34.0
    span = marks[-1] - marks[0]
    step = (_WIDTH - left - right) / max(len(series), 1)

    def at(i: int) -> float:
        return left + (i + 0.5) * step

    def height(value: float) -> float:
        return bottom - (value - marks[0]) / span * (bottom - top)

    parts = [
        f'<line class="grid" x1="{left}" x2="{_WIDTH - right}" y1="{height(m):.1f}" y2="{height(m):.1f}"/>'
        + _text(left - 8, height(m) + 4, write(m), "axis", "end")
        for m in marks
    ]
    for i, f in enumerate(series):
        if f.lower is not None and f.upper is not None:
            parts.append(
                f'<line class="interval" x1="{at(i):.1f}" x2="{at(i):.1f}" y1="{height(f.lower):.1f}" '
                f'y2="{height(f.upper):.1f}"/>'
            )
    parts.append(
        _line([None if f.expected is None else (at(i), height(f.expected)) for i, f in enumerate(series)], "goal")
    )
    parts.append(_line([None if f.value is None else (at(i), height(f.value)) for i, f in enumerate(series)], "course"))
    parts += [
        _cross(at(i), bottom - 8, say(f)) if f.value is None else _mark(at(i), height(f.value), f, say(f))
        for i, f in enumerate(series)
    ]
    every = math.ceil(len(series) / 8)
    base = bottom + strip + 16
    for i, f in enumerate(series):
        tall = (f.coverage or 0) * strip
        parts.append(
            f'<rect class="coverage" x="{at(i) - step * 0.3:.1f}" y="{bottom + 12 + strip - tall:.1f}" '
            f'width="{step * 0.6:.1f}" height="{tall:.1f}"><title>{escape(say(f))}</title></rect>'
        )
        if (len(series) - 1 - i) % every == 0:
            parts.append(_text(at(i), base + 14, period_in_short(f.label[language]), "axis", "middle"))
    parts.append(f'<line class="grid" x1="{left}" x2="{_WIDTH - right}" y1="{bottom + 12}" y2="{bottom + 12}"/>')
    parts.append(_text(left - 8, bottom + 16, "100%", "axis", "end"))
    parts.append(_text(left - 8, bottom + 14 + strip, "0", "axis", "end"))
    return _svg(_WIDTH, base + 22, label, parts)


@dataclass(frozen=True)
class _Rows:
    """The frame of a chart with a named row a member: grid, ticks above, a value at the end of each row."""

    marks: list[float]
    count: int

    @property
    def height(self) -> float:
        return 18 + _ROW * self.count

    def x(self, value: float) -> float:
        span = self.marks[-1] - self.marks[0]
        return _NAME_WIDTH + (value - self.marks[0]) / span * (_WIDTH - _NAME_WIDTH - _VALUE_WIDTH)

    def y(self, row: int) -> float:
        return 18 + _ROW * (row + 0.5)

    def line(self, value: float, css: str) -> str:
        return f'<line class="{css}" x1="{self.x(value):.1f}" x2="{self.x(value):.1f}" y1="16" y2="{self.height}"/>'

    def grid(self, write: Callable[[float], str], zero: str) -> list[str]:
        return [
            self.line(m, zero if m == 0 else "grid") + _text(self.x(m), 11, write(m), "axis", "middle")
            for m in self.marks
        ]

    def name(self, row: int, name: str) -> str:
        return _text(_NAME_WIDTH - 10, self.y(row) + 4, _short(name), "name", "end")

    def value(self, row: int, value: str) -> str:
        return _text(_WIDTH - 4, self.y(row) + 4, value, "value", "end")


def dot_plot(
    figures: Sequence[Figure],
    language: str,
    label: str,
    say: Say,
    write: Callable[[float], str],
    why: Say,
    reference: float | None,
) -> str:
    """A row a figure: its value with its interval, and a line through all rows where the whole stands."""
    known = [v for f in figures for v in (f.value, f.lower, f.upper) if v is not None]
    if not known:
        return ""
    drawn = known if reference is None else [*known, reference]
    rows = _Rows(ticks(min(drawn), max(drawn)), len(figures))
    parts = rows.grid(write, zero="grid")
    if reference is not None:
        parts.append(rows.line(reference, "whole"))
    for i, f in enumerate(figures):
        y = rows.y(i)
        parts.append(rows.name(i, f.label[language]))
        if f.lower is not None and f.upper is not None:
            ends = f'x1="{rows.x(f.lower):.1f}" x2="{rows.x(f.upper):.1f}"'
            parts.append(f'<line class="interval" {ends} y1="{y}" y2="{y}"/>')
        if f.value is None:
            parts.append(_cross(_NAME_WIDTH + 8, y, say(f)) + _text(_NAME_WIDTH + 20, y + 4, why(f), "axis"))
        else:
            parts += [_mark(rows.x(f.value), y, f, say(f)), rows.value(i, write(f.value))]
    return _svg(_WIDTH, rows.height + 4, label, parts)


def effects_chart(change: Change, language: str, label: str, write: Callable[[float], str], most: int = 12) -> str:
    """The greatest effects of a change, each a bar from zero of what rate, mix and entry or exit added."""
    shown = change.effects[:most]
    reach = [sum(v for v in (e.rate, e.mix, e.entry_exit) if v * sign > 0) for e in shown for sign in (1, -1)]
    if not any(reach):
        return ""
    rows = _Rows(ticks(min([0.0, *reach]), max([0.0, *reach])), len(shown))
    parts = rows.grid(write, zero="zero")
    for i, effect in enumerate(shown):
        parts.append(rows.name(i, effect.label[language]))
        ends = {1: 0.0, -1: 0.0}
        for kind, value in (("rate", effect.rate), ("mix", effect.mix), ("entry", effect.entry_exit)):
            if value:
                sign = 1 if value > 0 else -1
                x0, x1 = sorted((rows.x(ends[sign]), rows.x(ends[sign] + value)))
                ends[sign] += value
                parts.append(
                    f'<rect class="{kind}" x="{x0:.1f}" y="{rows.y(i) - 7}" width="{x1 - x0:.1f}" height="14">'
                    f"<title>{escape(effect.label[language])}: {write(value)}</title></rect>"
                )
        parts.append(rows.value(i, write(effect.total)))
    return _svg(_WIDTH, rows.height + 4, label, parts)


def period_in_short(label: str) -> str:
    """A period without the calendar that its label names in brackets."""
    return label.partition(" (")[0]


def _short(name: str, most: int = 28) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
