"""Labels that stand in the names of the folders a file was handed in by: ``Hà Nội/2025/report.xlsx``."""

from __future__ import annotations

from ingest.read import Refusal

#: Folders that say when a file was received, and nothing about what is in it.
RECEIVED = "received="


def folder_name(file_name: str, level: int, *, optional: bool) -> str | None:
    """The folder at a level below the source's inbox: 1 the outermost, -1 the innermost.

    Raises ``Refusal`` (STR-02) where a file lies in fewer folders, unless that is optional.
    """
    folders = [part for part in file_name.split("/")[:-1] if not part.startswith(RECEIVED)]
    at = level - 1 if level > 0 else level
    if level != 0 and -len(folders) <= at < len(folders):
        return folders[at]
    if optional:
        return None
    raise Refusal(
        "STR-02",
        None,
        None,
        f"{file_name}: công thức lấy nhãn từ thư mục cấp {level} dưới hộp nhận của nguồn, nhưng tệp nằm trong "
        f"{len(folders)} thư mục. Hãy đặt tệp vào đúng thư mục.",
        f"{file_name}: the recipe takes a label from folder {level} below the source's inbox, but the file lies in "
        f"{len(folders)} folders. Put it into its folder.",
    )
