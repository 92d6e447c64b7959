"""The pages of a release, one folder a language: an overview, and a page a ratio."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from release.performance_report.charts import dot_plot, effects_chart, period_in_short, series_chart, sparkline
from release.performance_report.figures import Figure, RatioReport, read_ratios
from release.performance_report.numbers import number, share

FOLDER = "report"
#: The page to begin at, within a release.
INDEX = f"{FOLDER}/index.html"
_HERE = Path(__file__).parent


def performance_report(
    database: Path, *, title: Mapping[str, str], languages: Sequence[str], is_traceable: bool = False
) -> dict[str, bytes]:
    """Path within the release → content: ``report/index.html``, and for each language an overview and a page a ratio.

    ``database`` has the published schemas (a warehouse that passed its gate, or an edition); ``title`` is the
    workspace's name by language; ``is_traceable`` says whether the readers have the workspace, to go back to the cells.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        ratios = read_ratios(connection)
    pages: dict[str, str] = {}
    for language in languages:
        tongue = Tongue(language)
        content = {"t": tongue, "language": language, "languages": languages, "title": title.get(language, "")}
        pages[f"{language}/index.html"] = _page("index.html.j2", **content, types=_by_type(ratios), page="index.html")
        for ratio in ratios:
            page = _file_name(ratio.code)
            pages[f"{language}/{page}"] = _page(
                "ratio.html.j2", **content, ratio=ratio, page=page, is_traceable=is_traceable
            )
    pages["index.html"] = _page(
        "entry.html.j2", languages=languages, title=title, says={x: Tongue(x) for x in languages}
    )
    return {f"{FOLDER}/{name}": text.encode() for name, text in sorted(pages.items())}


@dataclass(frozen=True)
class Tongue:
    """How a language words, writes and draws what the pages show."""

    language: str

    def say(self, phrase: str, **values: str) -> str:
        """A phrase of ``wording.yml``; a name within a group is ``group.name``, and itself where nothing words it."""
        entry: Any = _wording()
        for part in phrase.split("."):
            entry = entry.get(part, {})
        text: str = entry.get(self.language, phrase.rpartition(".")[2])
        return text.format(**values)

    def unit(self, ratio: RatioReport) -> str:
        """The unit in words, with the scale of the ratio in it: ``complaint/10,000 dossier``."""
        words = [self.say(f"units.{code}") for code in ratio.unit.split("/")]
        if len(words) == 2 and ratio.scale > 1:
            words[1] = f"{number(ratio.scale, self.language, 0)} {words[1]}"
        elif len(words) == 2 and 0 < ratio.scale < 1:
            words[0] = f"{number(1 / ratio.scale, self.language, 0)} {words[0]}"
        return "/".join(words)

    def scale(self, ratio: RatioReport) -> str:
        """What the quotient is multiplied by, as a factor; empty for 1."""
        if ratio.scale == 1:
            return ""
        return f"× {number(ratio.scale, self.language, 0)}" if ratio.scale > 1 else f"× {ratio.scale:g}"

    def dimension(self, code: str) -> str:
        return self.say(f"dimensions.{code}")

    def number(self, ratio: RatioReport, value: float | None) -> str:
        return number(value, self.language, ratio.decimals)

    def difference(self, ratio: RatioReport, value: float) -> str:
        """With one decimal more, so that parts of a small change are seen to add up."""
        return number(value, self.language, ratio.decimals + 1, signed=True)

    def share(self, value: float | None) -> str:
        return share(value, self.language)

    def change(self, ratio: RatioReport) -> str:
        """The latest value less the one before; a dash if either is withheld."""
        if ratio.latest is None or ratio.before is None or ratio.latest.value is None or ratio.before.value is None:
            return "–"
        return self.difference(ratio, ratio.latest.value - ratio.before.value)

    def standing(self, figure: Figure) -> str:
        """Status and reason in words."""
        words = [self.say(f"statuses.{figure.status}")] if figure.value is not None or not figure.reason else []
        if figure.reason:
            words.append(self.say(f"reasons.{figure.reason}"))
        if figure.share_estimated > 0:
            words.append(self.say("estimated_share", share=self.share(figure.share_estimated)))
        if figure.open_findings:
            words.append(self.say("open_findings", count=number(figure.open_findings, self.language, 0)))
        return ", ".join(words)

    def interval(self, ratio: RatioReport, figure: Figure) -> str:
        if figure.lower is None or figure.upper is None:
            return ""
        return f"{self.number(ratio, figure.lower)} – {self.number(ratio, figure.upper)}"

    def figure(self, ratio: RatioReport, figure: Figure) -> str:
        """A figure in a sentence, as the marks of a chart say it."""
        if figure.value is None:
            return f"{figure.label[self.language]}: {self.standing(figure)}"
        interval = self.interval(ratio, figure)
        return (
            f"{figure.label[self.language]}: {self.number(ratio, figure.value)}"
            + (f" ({interval})" if interval else "")
            + f"; {self.say('coverage').lower()} {self.share(figure.coverage)}; {self.standing(figure)}"
        )

    def sparkline(self, ratio: RatioReport) -> str:
        return sparkline(ratio.series, ratio.name[self.language])

    def series_chart(self, ratio: RatioReport) -> str:
        return series_chart(ratio.series, self.language, ratio.name[self.language], *self._marks(ratio))

    def dot_plot(self, ratio: RatioReport, figures: Sequence[Figure]) -> str:
        reference = ratio.latest.value if ratio.latest else None
        name = ratio.name[self.language]
        return dot_plot(figures, self.language, name, *self._marks(ratio), self.standing, reference)

    def effects_chart(self, ratio: RatioReport, change: Any) -> str:
        return effects_chart(
            change, self.language, ratio.name[self.language], lambda value: self.difference(ratio, value)
        )

    def _marks(self, ratio: RatioReport) -> tuple[Callable[[Figure], str], Callable[[float], str]]:
        return (lambda figure: self.figure(ratio, figure)), (lambda value: self.number(ratio, value))


def _by_type(ratios: Sequence[RatioReport]) -> dict[str, list[RatioReport]]:
    """In the order in which ``wording.yml`` names the types: inputs first, what people get last."""
    order = list(_wording()["types"])
    found: dict[str, list[RatioReport]] = {}
    for ratio in sorted(ratios, key=lambda r: order.index(r.ratio_type) if r.ratio_type in order else len(order)):
        found.setdefault(ratio.ratio_type, []).append(ratio)
    return found


def _file_name(code: str) -> str:
    """A file for a code, whatever signs are in it."""
    return "".join(sign if re.match("[A-Za-z0-9_-]", sign) else f"~{ord(sign):x}" for sign in code) + ".html"


@cache
def _wording() -> dict[str, Any]:
    import yaml

    wording: dict[str, Any] = yaml.safe_load((_HERE / "wording.yml").read_text(encoding="utf-8"))
    return wording


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["file_name"] = _file_name
    environment.filters["in_short"] = period_in_short
    return environment


def _page(template: str, **content: Any) -> str:
    text: str = _environment().get_template(template).render(**content)
    return text
