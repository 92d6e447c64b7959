"""From one page to the next. The place reached is data, so that it can be written down and taken up again.

Pages are counted by the records that came, not by those asked for: servers give fewer than asked (World Bank v1), and
some point to a next page behind the last one (CKAN).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.fetch.spec import NextCursor, NextLink, NoPaging, Offset, PageNumber, Paging
from ingest.messages.json_text import find, text_of, whole_number


@dataclass(frozen=True)
class Place:
    """Where a fetch stands in the pages of one query: what to ask next, and how many records came so far."""

    page: int = 1
    parameters: dict[str, str] = field(default_factory=dict)
    link: str | None = None
    alone: bool = False
    received: int = 0


@dataclass(frozen=True)
class Page:
    """What paging needs to know of a page. ``count`` is None where records cannot be counted."""

    message: Any
    headers: Mapping[str, str]
    count: int | None
    total: int | None


def first_place(paging: Paging) -> Place:
    """What to ask for the first page."""
    match paging:
        case PageNumber():
            size = {paging.size_parameter: str(paging.size)} if paging.size_parameter and paging.size else {}
            return Place(parameters={paging.parameter: str(paging.first), **size})
        case Offset():
            return Place(parameters={paging.parameter: "0", paging.limit_parameter: str(paging.limit)})
        case _:
            return Place()


def next_place(paging: Paging, place: Place, page: Page) -> Place | None:
    """What to ask after this page; None after the last one."""
    received = place.received + (page.count or 0)
    if isinstance(paging, NoPaging) or (page.total is not None and received >= page.total):
        return None
    match paging:
        case PageNumber():
            return _next_number(paging, place, page, received)
        case Offset():
            parameters = place.parameters | {paging.parameter: str(received)}
            return Place(place.page + 1, parameters, received=received) if page.count else None
        case NextLink():
            link = text_of(find(page.message, paging.path)) if paging.path else link_header(page.headers)
            return Place(place.page + 1, {}, link, received=received) if link else None
        case NextCursor():
            return _next_cursor(paging, place, page, received)


def _next_number(paging: PageNumber, place: Place, page: Page, received: int) -> Place | None:
    pages = whole_number(find(page.message, paging.pages)) if paging.pages else None
    if page.count == 0 or (pages is not None and place.page >= pages):
        return None
    parameters = place.parameters | {paging.parameter: str(paging.first + place.page)}
    return Place(place.page + 1, parameters, received=received)


def _next_cursor(paging: NextCursor, place: Place, page: Page, received: int) -> Place | None:
    cursor = text_of(find(page.message, paging.path))
    if not cursor or (paging.more and find(page.message, paging.more) is not True):
        return None
    return Place(place.page + 1, {paging.parameter: cursor}, alone=paging.by == "resumption", received=received)


def link_header(headers: Mapping[str, str]) -> str | None:
    """Address of ``rel="next"`` in the HTTP header Link (RFC 8288)."""
    for address, relations in re.findall(r"<([^>]*)>\s*;[^,<]*?rel=\"?([^\",;]+)", headers.get("link", "")):
        if "next" in relations.split():
            return str(address)
    return None
