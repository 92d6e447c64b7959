"""From a verdict written aside to the accepted edition: only a gate that did its work replaces the last one."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from ingest.state.whole_file import copy_atomically

#: Folder of the verdict → table it becomes below ``accepted/``; quarantine has a place of its own.
ACCEPTED_TABLES = ("observation", "submission", "finding")
QUARANTINE = "quarantine"
#: The record of the judgement, beside the folders of the verdict.
RECORD = "record.json"


def take_over(judged_dir: Path, accepted_dir: Path, quarantine_dir: Path, source_code: str) -> dict[str, int]:
    """Make the verdict in ``judged_dir`` the accepted edition of the source; returns rows by table.

    ``judged_dir`` has folders observation, submission, finding and quarantine, as ``IntakeVerdict.write_aside`` wrote
    them. Files of submissions that are no longer there are removed. A crash between two files is mended by the next
    call, because the folder is copied and stays until the next verdict. The gate's record goes with them, to
    ``accepted_dir / record / SOURCE.json``.
    """
    (accepted_dir / "record").mkdir(parents=True, exist_ok=True)
    copy_atomically(judged_dir / RECORD, accepted_dir / "record" / f"{source_code}.json")
    targets = {name: accepted_dir / name / source_code for name in ACCEPTED_TABLES} | {QUARANTINE: quarantine_dir}
    return {name: _replace(judged_dir / name, target) for name, target in targets.items()}


def _replace(judged: Path, target: Path) -> int:
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(judged.glob("*.parquet"))
    for file in files:
        copy_atomically(file, target / file.name)
    for old in target.glob("*.parquet"):
        if old.name not in {file.name for file in files}:
            old.unlink()
    return sum(pq.read_metadata(file).num_rows for file in files)
