"""Reads ``workspace.yml`` and reports all problems at once, each with its line and column."""

from __future__ import annotations

from pathlib import Path

from ingest.problem import Place, Problem
from ingest.workspace.settings import Settings
from ingest.yaml_document import model_of, read_document

SETTINGS_FILE = "workspace.yml"


def load_settings(folder: Path, problems: list[Problem]) -> Settings | None:
    """The settings of a workspace; None, and every problem added, where they cannot be used."""
    path = folder / SETTINGS_FILE
    if not path.is_file():
        problems.append(
            Problem(
                SETTINGS_FILE,
                Place(),
                f"không có tệp này trong {folder}: thư mục chưa phải là không gian làm việc (outturn init tạo cái mới)",
                f"there is no such file in {folder}; the folder is no workspace yet (outturn init makes a new one)",
            )
        )
        return None
    document = read_document(path, problems)
    return None if document is None else model_of(Settings, document, SETTINGS_FILE, problems)
