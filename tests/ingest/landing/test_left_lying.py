"""Files that lie in an inbox and that the source takes, or does not."""

from __future__ import annotations

from pathlib import Path

from ingest.landing import land, left_lying


def test_names_that_no_pattern_takes_are_told_and_case_does_not_count(tmp_path: Path) -> None:
    inbox, landed = tmp_path / "inbox", tmp_path / "landed"
    (inbox / "2025").mkdir(parents=True)
    for name in ("BAO CAO.XLSX", "2025/bieu.xlsx", "readme.txt", ".DS_Store"):
        (inbox / name).write_bytes(name.encode())
    result = land(inbox, landed, "s", patterns=["*.xlsx"], time_zone="UTC")
    assert sorted(receipt.file_name for receipt in result.new) == ["2025/bieu.xlsx", "BAO CAO.XLSX"]
    assert left_lying(inbox, ["*.xlsx"]) == ["readme.txt"]
    assert left_lying(tmp_path / "absent", ["*"]) == []
