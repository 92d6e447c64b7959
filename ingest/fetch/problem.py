"""Why a fetch failed, in both languages; no secret is ever part of it."""

from __future__ import annotations


class FetchError(Exception):
    """A fetch that cannot go on. What was landed stays, and the next fetch goes on from there.

    ``kind`` is one of configuration, busy, limit, redirect, refused, unavailable, unreadable, paging.
    """

    def __init__(self, kind: str, vi: str, en: str) -> None:
        self.kind, self.message_vi, self.message_en = kind, vi, en
        super().__init__(en)
