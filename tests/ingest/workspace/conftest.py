"""A small workspace that is right, to be made wrong in one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.workspace.scaffold import write_workspace

WriteWorkspace = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteWorkspace:
    """Writes the template's workspace with some files replaced: path below it → content, None to leave it out."""

    def make(files: dict[str, str | None] | None = None) -> Path:
        folder = tmp_path / "workspace"
        write_workspace(folder)
        for name, content in (files or {}).items():
            if content is None:
                (folder / name).unlink()
            else:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(content, encoding="utf-8")
        return folder

    return make
