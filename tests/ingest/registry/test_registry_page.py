"""The reference page of the registry is that of the models."""

from __future__ import annotations

from ingest.registry.page import PAGE, registry_page


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == registry_page(), "run: python -m ingest.registry.page"
