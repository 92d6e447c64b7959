"""A new workspace that runs as it is: the files under ``template/``, copied (contract.md 3, ``outturn init``)."""

from __future__ import annotations

from pathlib import Path

from ingest.problem import Place, Problem, ProblemsError
from ingest.state.whole_file import write_atomically

TEMPLATE = Path(__file__).with_name("template")
#: Files of the template, by their place in the workspace.
SUFFIXES = frozenset({".yml", ".csv", ".md"})


def template_files() -> dict[str, bytes]:
    """Content of the new workspace's files, by path below its folder."""
    files = sorted(path for path in TEMPLATE.rglob("*") if path.suffix in SUFFIXES)
    return {path.relative_to(TEMPLATE).as_posix(): path.read_bytes() for path in files}


def write_workspace(folder: Path | str) -> list[Path]:
    """Write a new workspace into a folder that is empty or not there yet; returns the files written.

    Raises ``ProblemsError`` if the folder holds anything: nothing is ever overwritten.
    """
    folder = Path(folder)
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise ProblemsError(
            [
                Problem(
                    str(folder),
                    Place(),
                    "đã có nội dung; hãy chọn thư mục trống hoặc chưa có",
                    "there is something here already; choose a folder that is empty or does not exist",
                )
            ]
        )
    written = []
    for name, content in template_files().items():
        write_atomically(folder / name, content)
        written.append(folder / name)
    return written
