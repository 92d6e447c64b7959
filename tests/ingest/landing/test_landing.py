"""Landing keeps bytes as they are, once, with a receipt for each delivery."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.landing import land, receipts, waiting
from ingest.landing.delivery import Receipt, submission_id, write_receipt

ZONE = "Asia/Ho_Chi_Minh"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def _land(inbox: Path, landed: Path):
    return land(inbox, landed, "source", patterns=["*"], time_zone=ZONE)


def test_bytes_are_kept_unchanged_and_read_only(inbox: Path, tmp_path: Path) -> None:
    (inbox / "a.csv").write_bytes(b"x;1\r\n")
    receipt = _land(inbox, tmp_path / "landed").new[0]
    kept = receipt.bytes_path(tmp_path / "landed")
    assert kept.read_bytes() == b"x;1\r\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444
    assert kept.name == receipt.file_sha256


def test_the_folder_says_when_it_was_received_in_the_workspace_time_zone(inbox: Path, tmp_path: Path) -> None:
    folder = inbox / "received=2025-07-18T0930"
    folder.mkdir()
    (folder / "a.csv").write_text("1")
    receipt = _land(inbox, tmp_path / "landed").new[0]
    assert receipt.received_at == datetime(2025, 7, 18, 2, 30, tzinfo=UTC)
    assert receipt.file_name == "received=2025-07-18T0930/a.csv"


def test_a_file_that_did_not_change_is_not_landed_again_and_a_changed_one_is(inbox: Path, tmp_path: Path) -> None:
    (inbox / "a.csv").write_text("1")
    assert len(_land(inbox, tmp_path / "landed").new) == 1
    assert waiting(inbox, tmp_path / "landed", "source", patterns=["*"]) == []
    assert _land(inbox, tmp_path / "landed").new == []
    (inbox / "a.csv").write_text("2")
    assert waiting(inbox, tmp_path / "landed", "source", patterns=["*"]) == ["a.csv"]
    assert len(_land(inbox, tmp_path / "landed").new) == 1
    (inbox / "a.csv").write_text("1")
    assert len(_land(inbox, tmp_path / "landed").new) == 1, "going back to the first content is a new statement"
    assert len(receipts(tmp_path / "landed", "source")) == 3


def test_a_symbolic_link_is_refused_with_its_name_and_the_rest_is_landed(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("not for you")
    (inbox / "link.csv").symlink_to(tmp_path / "secret.txt")
    (inbox / "a.csv").write_text("1")
    result = _land(inbox, tmp_path / "landed")
    assert [receipt.file_name for receipt in result.new] == ["a.csv"]
    assert "link.csv" in result.refused[0].message_en
    assert "link.csv" in result.refused[0].message_vi


def test_left_overs_of_editors_are_not_submissions(inbox: Path, tmp_path: Path) -> None:
    for name in ("~$a.xlsx", ".DS_Store", "Thumbs.db", "a.csv.tmp"):
        (inbox / name).write_text("1")
    assert _land(inbox, tmp_path / "landed").new == []


def _receipt(content: str, day: int) -> Receipt:
    moment = datetime(2025, 1, day, tzinfo=UTC)
    return Receipt(submission_id("s", "a.csv", content, moment), "s", "a.csv", content, 1, moment, moment)


def test_a_repeat_is_a_duplicate_only_while_nothing_else_came_between(tmp_path: Path) -> None:
    for receipt in (_receipt("A", 1), _receipt("A", 2), _receipt("B", 3), _receipt("A", 4)):
        write_receipt(tmp_path, receipt)
    assert [bool(receipt.duplicate_of) for receipt in receipts(tmp_path, "s")] == [False, True, False, False]


@settings(max_examples=30, deadline=None)
@given(order=st.permutations([("A", 1), ("A", 2), ("B", 3), ("A", 4), ("C", 5), ("C", 6)]))
def test_the_order_in_which_deliveries_were_landed_makes_no_difference(
    order: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    landed = tmp_path_factory.mktemp("landed")
    for content, day in order:
        write_receipt(landed, _receipt(content, day))
    assert [(receipt.file_sha256, bool(receipt.duplicate_of)) for receipt in receipts(landed, "s")] == [
        ("A", False),
        ("A", True),
        ("B", False),
        ("A", False),
        ("C", False),
        ("C", True),
    ]
