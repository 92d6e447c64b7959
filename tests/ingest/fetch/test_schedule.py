"""A schedule that no scheduler could keep is found where it is written."""

from __future__ import annotations

import pytest

from ingest.fetch.schedule import checked_schedule


@pytest.mark.parametrize(
    "text", ["0 6 * * 1", "*/15 * * * *", "0 0 1,15 * *", "30 5 1-7 * mon-fri", "0 22 * jan-mar/2 *", "59 23 31 12 7"]
)
def test_sound(text: str) -> None:
    assert checked_schedule(text) == text


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("0 6 * *", "five fields"),
        ("@daily", "five fields"),
        ("60 6 * * *", "minute"),
        ("0 24 * * *", "hour"),
        ("0 6 0 * *", "day"),
        ("0 6 * 13 *", "month"),
        ("0 6 * * funday", "weekday"),
        ("0 6 9-2 * *", "day"),
        ("0 6 */0 * *", "day"),
        ("0 6,, * * *", "hour"),
    ],
)
def test_unsound(text: str, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        checked_schedule(text)
