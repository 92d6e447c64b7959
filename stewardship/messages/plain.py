"""The message as plain text: for mail programs without HTML, and for every channel that is not mail."""

from __future__ import annotations

from collections.abc import Iterator

from stewardship.messages.content import MOST_LINES, Content, day_text


def plain_text(content: Content, *, most_lines: int = MOST_LINES) -> str:
    """The words of the message, a finding a paragraph."""
    return "\n".join(_parts(content, most_lines)).rstrip() + "\n"


def _parts(content: Content, most_lines: int) -> Iterator[str]:
    yield content.phrase("greeting", name=content.addressee)
    yield ""
    yield content.intro
    yield ""
    left = most_lines
    for section in content.sections:
        if left <= 0:
            break
        yield section.title
        for line in section.lines[:left]:
            head = " · ".join(part for part in (content.phrase(f"severity_{line.severity}"), line.why) if part)
            yield f"  [{line.case_id[:8]}] {line.place} – {head}"
            yield f"      {line.figure}: {line.observed}" + (f" ({line.expected})" if line.expected != "–" else "")
            yield f"      {line.what}"
            yield f"      {content.phrase('column_deadline')}: {day_text(line.deadline, content.language)}"
        left -= len(section.lines)
        yield ""
    if left < 0:
        yield content.phrase("more", count=-left)
        yield ""
    for owed in content.owed[:most_lines]:
        late = f" ({owed.remark})" if owed.remark else ""
        yield f"  {owed.source} · {owed.organisation} · {owed.period}: {day_text(owed.due, content.language)}{late}"
    if len(content.owed) > most_lines:
        yield content.phrase("more", count=len(content.owed) - most_lines)
    if content.sections:
        yield f"{content.phrase('how_title')}:"
        yield from (f"  - {content.phrase(name)}" for name in ("how_mend", "how_confirm", "how_waive"))
    if content.attachments:
        yield content.phrase("attached")
    yield from content.remarks
    yield ""
    yield content.phrase("footer", workspace=content.workspace, key=content.key)
