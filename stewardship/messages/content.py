"""From an alert to what it says: its cases by file, or what is owed, with names in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from ingest.workspace import Workspace
from stewardship.case import Case
from stewardship.outbox import Alert

PHRASES: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text(encoding="utf-8"))
#: Lines a mail shows; the annotated workbook has all of them.
MOST_LINES = 60
HELD = ("BLOCK", "QUARANTINE")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]+)")
_GRAVITY = ("BLOCK", "QUARANTINE", "WARN", "INFO")


@dataclass(frozen=True)
class Line:
    """One finding as a reader sees it."""

    case_id: str
    severity: str
    why: str
    place: str
    figure: str
    observed: str
    expected: str
    what: str
    deadline: date


@dataclass(frozen=True)
class FileSection:
    """The findings of one file, the gravest first."""

    title: str
    submission_id: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class OwedLine:
    """One submission that is owed."""

    source: str
    organisation: str
    period: str
    due: date
    is_late: bool
    remark: str


@dataclass(frozen=True)
class Content:
    """Everything a message says; ``phrase`` gives its words."""

    topic: str
    language: str
    key: str
    workspace: str
    addressee: str
    sections: tuple[FileSection, ...] = ()
    owed: tuple[OwedLine, ...] = ()
    unsettled_by: str = ""
    remarks: tuple[str, ...] = field(default=())
    attachments: int = 0

    def phrase(self, name: str, /, **values: Any) -> str:
        return PHRASES[name][self.language].format(**values)

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines]

    @property
    def subject(self) -> str:
        lines = self.lines
        name = {"digest": "findings"}.get(self.topic, self.topic)
        held = sum(line.severity in HELD for line in lines)
        deadline = day_text(min((line.deadline for line in lines), default=date.min), self.language) if lines else ""
        text = self.phrase(
            f"subject_{name}",
            workspace=self.workspace,
            held=held,
            others=len(lines) - held,
            count=len(lines) or len(self.owed),
            deadline=deadline,
        )
        return " ".join(text.split())

    @property
    def intro(self) -> str:
        name = {"digest": "findings"}.get(self.topic, self.topic)
        return self.phrase(f"intro_{name}", count=len(self.lines) or len(self.owed), steward=self.unsettled_by)


def content_of(alert: Alert, cases: Mapping[str, Case], workspace: Workspace) -> Content | None:
    """What the alert says now; None where everything it speaks of has been settled meanwhile."""
    language = alert.language
    names = _Names(workspace, language)
    content = Content(
        alert.topic, language, alert.alert_id, names.workspace, names.steward(alert.recipient) or names.workspace
    )
    if alert.topic == "test":
        return content
    if alert.topic == "due":
        return _replace(content, owed=tuple(_owed(item.content, names) for item in alert.items))
    why: dict[str, Mapping[str, Any]] = {item.case_id: item.content for item in alert.items if item.case_id}
    shown = [case for case_id in why if (case := cases.get(case_id)) is not None and case.is_unsettled]
    if not shown:
        return None
    behind = dict.fromkeys(names.steward(why[case.case_id].get("steward", "")) for case in shown)
    return _replace(
        content,
        sections=_sections(shown, why, names),
        unsettled_by=", ".join(name for name in behind if name),
    )


def _replace(content: Content, **changes: Any) -> Content:
    from dataclasses import replace

    return replace(content, **changes)


def _sections(cases: Sequence[Case], why: Mapping[str, Mapping[str, Any]], names: _Names) -> tuple[FileSection, ...]:
    files: dict[tuple[str | None, str | None], list[Case]] = {}
    for case in cases:
        files.setdefault((case.fault["submission_id"], case.fault["file_name"]), []).append(case)
    sections = []
    for (submission_id, file_name), of_file in files.items():
        ordered = sorted(
            of_file,
            key=lambda case: (
                _GRAVITY.index(case.severity),
                str(case.fault["sheet"]),
                _cell_order(case.fault["cell"]),
                case.case_id,
            ),
        )
        lines = tuple(_line(case, str(why[case.case_id].get("why", "")), names) for case in ordered)
        title = names.file(file_name, str(ordered[0].fault["found_at"])) if file_name else names.phrase("warehouse")
        source = names.source(ordered[0].fault["source_code"])
        sections.append(FileSection(f"{source} · {title}" if source else title, submission_id, lines))
    return tuple(
        sorted(
            sections, key=lambda section: (min(_GRAVITY.index(line.severity) for line in section.lines), section.title)
        )
    )


def _line(case: Case, why: str, names: _Names) -> Line:
    fault = case.fault
    place = ", ".join(part for part in (fault["sheet"], fault["cell"]) if part)
    figure = [
        names.indicator(fault["indicator_code"]),
        names.organisation(fault["organisation_code"]),
        fault["period_code"],
    ]
    group = fault["target_group_code"]
    if group and group != "_T":
        figure.append(group)
    return Line(
        case.case_id,
        case.severity,
        names.phrase(f"why_{why}") if f"why_{why}" in PHRASES else "",
        place or "–",
        " · ".join(str(part) for part in figure if part) or fault["rule_id"],
        fault["observed"] or "–",
        fault["expected"] or "–",
        f"{fault['rule_id']}: {_without_place(fault, names.language)}",
        case.deadline,
    )


def _without_place(fault: Mapping[str, Any], language: str) -> str:
    """The sentence of a finding without the place that it begins with: the table shows it already."""
    words = ("Tệp ", "trang ", "ô ") if language == "vi" else ("", "sheet ", "cell ")
    parts = zip(words, (fault["file_name"], fault["sheet"], fault["cell"]), strict=True)
    place = ", ".join(f"{word}{part}" for word, part in parts if part)
    message = str(fault[f"message_{language}"])
    rest = message.removeprefix(f"{place}: ")
    return rest[:1].upper() + rest[1:]


def _cell_order(cell: str | None) -> tuple[int, int, str]:
    """Down the sheet, then across it."""
    match = _ADDRESS.match(cell or "")
    return (int(match[2]), len(match[1]), match[1]) if match else (0, 0, "")


def _owed(content: Mapping[str, Any], names: _Names) -> OwedLine:
    remark = names.phrase("late") if content["is_late"] else ""
    if content.get("why") == "escalated":
        remark = ", ".join(part for part in (remark, names.steward(content.get("steward", ""))) if part)
    return OwedLine(
        names.source(content["source_code"]),
        names.organisation(content["organisation_code"]),
        content["period_code"],
        date.fromisoformat(content["due"]),
        content["is_late"],
        remark,
    )


def day_text(day: date, language: str) -> str:
    """A day as people write it: 31/12/2026 in Vietnamese, 31 Dec 2026 in English."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day:%d/%m/%Y}" if language == "vi" else f"{day.day} {months[day.month - 1]} {day.year}"


class _Names:
    """Names of what codes stand for, in one language."""

    def __init__(self, workspace: Workspace, language: str) -> None:
        self.language = language
        self._workspace = workspace
        self.workspace = str(getattr(workspace.settings.name, language))
        self._stewards: dict[str, str] = {s.code: getattr(s.name, language) for s in workspace.settings.stewards}
        self._indicators: dict[str, str] = {
            r.code: getattr(r, f"name_{language}") for r in workspace.registry.indicators
        }
        # codes are reused: the body that bears one now names it
        bodies = sorted(workspace.registry.organisations, key=lambda row: row.valid_from)
        self._organisations: dict[str, str] = {r.code: getattr(r, f"name_{language}") for r in bodies}

    def phrase(self, name: str, /, **values: Any) -> str:
        return PHRASES[name][self.language].format(**values)

    def file(self, file_name: str, found_at: str) -> str:
        """The file as the agency knows it, and the day it came."""
        day = datetime.fromisoformat(found_at).astimezone(ZoneInfo(self._workspace.settings.time_zone)).date()
        return self.phrase("file", name=file_name.rpartition("/")[2], day=day_text(day, self.language))

    def steward(self, code: str) -> str:
        return str(self._stewards.get(code, code))

    def indicator(self, code: str | None) -> str:
        return str(self._indicators.get(code or "", code or ""))

    def organisation(self, code: str | None) -> str:
        return str(self._organisations.get(code or "", code or ""))

    def source(self, code: str | None) -> str:
        source = self._workspace.sources.get(code or "")
        return str(getattr(source.name, self.language)) if source is not None else code or ""
