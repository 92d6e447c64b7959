"""The message as HTML that mail programs show as meant: tables, styles inside the tags, no image, no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from stewardship.messages.content import HELD, MOST_LINES, Content, FileSection, Line, day_text

_FONT = "font-family:'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"
_CELL = "padding:8px 10px;border-bottom:1px solid #e3e6ea;vertical-align:top;font-size:13px;line-height:1.45"
_HEAD = "padding:6px 10px;text-align:left;font-size:11px;font-weight:600;color:#5b6570;border-bottom:2px solid #cfd5db"
_CODE = "font-family:Consolas,'Noto Sans Mono',monospace;font-size:12px;white-space:nowrap"
#: Shares of place, figure, value, expected, what to do and deadline.
_WIDTHS = (18, 18, 12, 13, 28, 11)
#: Severity → text and background, readable also without colour because the word stands there.
_COLOURS = {
    "BLOCK": ("#8a1020", "#fde0e3"),
    "QUARANTINE": ("#8a1020", "#fde0e3"),
    "WARN": ("#7a5200", "#fff0c9"),
    "INFO": ("#1f4f82", "#e1eefb"),
}


def html_text(content: Content, *, most_lines: int = MOST_LINES) -> str:
    """The whole document."""
    body = "\n".join(_parts(content, most_lines))
    return (
        f'<!DOCTYPE html>\n<html lang="{content.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(content.subject)}</title></head>"
        f'<body style="margin:0;padding:0;background:#f4f6f8;color:#1c2733;{_FONT}">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f4f6f8">'
        '<tr><td align="center" style="padding:24px 12px">'
        '<table role="presentation" width="860" cellpadding="0" cellspacing="0" border="0" '
        'style="width:100%;max-width:860px;background:#ffffff;border:1px solid #dde2e7;border-radius:6px">'
        f"{body}</table></td></tr></table></body></html>\n"
    )


def _parts(content: Content, most_lines: int) -> Iterator[str]:
    yield _row(
        f'<div style="font-size:12px;color:#5b6570">{escape(content.workspace)}</div>'
        f'<div style="font-size:20px;font-weight:600;margin-top:2px">{escape(_headline(content))}</div>',
        "padding:22px 26px 6px",
    )
    yield _row(
        f'<p style="margin:0 0 10px">{escape(content.phrase("greeting", name=content.addressee))}</p>'
        f'<p style="margin:0">{escape(content.intro)}</p>',
        "padding:10px 26px;font-size:14px;line-height:1.55",
    )
    left = most_lines
    for section in content.sections:
        if left <= 0:
            break
        yield _row(_section(content, section, left), "padding:14px 26px 4px")
        left -= len(section.lines)
    if left < 0:
        yield _row(escape(content.phrase("more", count=-left)), "padding:6px 26px;font-size:13px;color:#5b6570")
    if content.owed:
        yield _row(_owed(content, most_lines), "padding:14px 26px 4px")
    if content.sections:
        items = "".join(
            f'<li style="margin:0 0 6px">{escape(content.phrase(name))}</li>'
            for name in ("how_mend", "how_confirm", "how_waive")
        )
        yield _row(
            f'<div style="font-weight:600;margin-bottom:6px">{escape(content.phrase("how_title"))}</div>'
            f'<ul style="margin:0;padding-left:18px">{items}</ul>',
            "padding:16px 26px;font-size:13px;line-height:1.5",
        )
    notes = [*([content.phrase("attached")] if content.attachments else []), *content.remarks]
    if notes:
        yield _row("<br>".join(escape(note) for note in notes), "padding:0 26px 12px;font-size:13px;line-height:1.5")
    footer = content.phrase("footer", workspace=content.workspace, key=content.key)
    yield _row(escape(footer), "padding:14px 26px 20px;border-top:1px solid #e3e6ea;font-size:11px;color:#78828c")


def _headline(content: Content) -> str:
    return content.subject.partition("] ")[2] or content.subject


def _row(inner: str, style: str) -> str:
    return f'<tr><td style="{style}">{inner}</td></tr>'


def _table(headings: list[str], rows: Iterator[str], widths: Sequence[int] = ()) -> str:
    shares = [f' width="{width}%"' for width in widths] or [""] * len(headings)
    head = "".join(
        f'<th style="{_HEAD}"{share}>{escape(heading)}</th>' for heading, share in zip(headings, shares, strict=True)
    )
    layout = "table-layout:fixed;" if widths else ""
    return (
        '<table width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="border-collapse:collapse;{layout}width:100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _section(content: Content, section: FileSection, most: int) -> str:
    title = f'<div style="font-size:14px;font-weight:600;margin-bottom:6px">{escape(section.title)}</div>'
    names = ("place", "figure", "observed", "expected", "what", "deadline")
    headings = [content.phrase(f"column_{name}") for name in names]
    return title + _table(headings, (_finding(content, line) for line in section.lines[:most]), _WIDTHS)


def _finding(content: Content, line: Line) -> str:
    colour, ground = _COLOURS[line.severity]
    word = content.phrase(f"severity_{line.severity}")
    chip = (
        f'<span style="display:inline-block;padding:1px 7px;border-radius:9px;font-size:11px;font-weight:600;'
        f'color:{colour};background:{ground}">{escape(word)}</span>'
    )
    why = f'<div style="font-size:11px;color:#5b6570">{escape(line.why)}</div>' if line.why else ""
    edge = f"border-left:3px solid {colour if line.severity in HELD else '#e0b040'};"
    return (
        "<tr>"
        f'<td style="{_CELL};{edge}"><div style="font-weight:600;overflow-wrap:anywhere">{escape(line.place)}</div>'
        f"{chip}{why}"
        f'<div style="{_CODE};color:#78828c">{escape(line.case_id[:8])}</div></td>'
        f'<td style="{_CELL}">{escape(line.figure)}</td>'
        f'<td style="{_CELL};font-weight:600;color:{colour};overflow-wrap:anywhere">{escape(line.observed)}</td>'
        f'<td style="{_CELL};overflow-wrap:anywhere">{escape(line.expected)}</td>'
        f'<td style="{_CELL}">{escape(line.what)}</td>'
        f'<td style="{_CELL};white-space:nowrap">{day_text(line.deadline, content.language)}</td>'
        "</tr>"
    )


def _owed(content: Content, most: int) -> str:
    headings = [content.phrase(f"column_{name}") for name in ("source", "organisation", "period", "due")]
    rows = (
        f'<tr><td style="{_CELL}">{escape(owed.source)}</td><td style="{_CELL}">{escape(owed.organisation)}</td>'
        f'<td style="{_CELL}">{escape(owed.period)}</td>'
        f'<td style="{_CELL};white-space:nowrap">{day_text(owed.due, content.language)}'
        + (f'<div style="color:#8a1020;font-weight:600">{escape(owed.remark)}</div>' if owed.remark else "")
        + "</td></tr>"
        for owed in content.owed[:most]
    )
    return _table(headings, iter(rows))
