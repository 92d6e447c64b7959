"""Safety of zipped workbooks (.xlsx, .xlsm, .xlsb, .ods): what is checked before any of their content is parsed.

Nothing is ever extracted to disk, so paths inside the archive can do no harm; macros are never run and links are
never followed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.read.refusal import unreadable

Kind = Literal["xlsx", "xlsb", "ods"]
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """How much of this machine one file may take. Sizes in bytes."""

    file_bytes: int = 1_000_000_000
    unpacked_bytes: int = 1_500_000_000
    ratio: float = 250.0  # unpacked over packed; sheets of real agencies stay below 60
    ratio_from_bytes: int = 100_000_000  # small parts compress as they like
    cells: int = 50_000_000


@dataclass(frozen=True)
class Package:
    """A checked archive: its kind and what is worth a note."""

    kind: Kind
    parts: tuple[str, ...]
    has_macros: bool
    has_external_links: bool


def check_package(path: Path, file_name: str, limits: Limits) -> Package:
    """Check a zipped workbook without unpacking it. Raises ``Refusal`` (STR-01)."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _check(archive, file_name, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, RuntimeError) as error:
        raise unreadable(
            file_name,
            f"tệp bị cắt cụt hoặc hỏng ({error}). Hãy xuất lại tệp và nộp lại.",
            f"the file is truncated or damaged ({error}). Save it again and resubmit.",
        ) from None


def _check(archive: zipfile.ZipFile, file_name: str, limits: Limits) -> Package:
    infos = archive.infolist()
    unpacked = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    if unpacked > limits.unpacked_bytes or (unpacked > limits.ratio_from_bytes and unpacked / packed > limits.ratio):
        size = f"{unpacked / 1e6:,.0f} MB"
        raise unreadable(
            file_name,
            f"tệp giải nén ra {size} từ {packed / 1e6:,.1f} MB: nghi là bom nén nên không mở. Hãy xóa các "
            "dòng và định dạng "
            "trống rồi nộp lại.",
            f"the file unpacks to {size} from {packed / 1e6:,.1f} MB: taken for a zip bomb and not opened. "
            "Remove empty "
            "formatted rows and resubmit.",
        )
    names = tuple(info.filename for info in infos)
    kind = _kind(archive, names)
    if kind is None:
        raise unreadable(
            file_name,
            "tệp nén này không phải là bảng tính (.xlsx, .xlsb, .ods). Hãy nộp chính tệp bảng tính.",
            "this archive is not a workbook (.xlsx, .xlsb, .ods). Hand in the workbook itself.",
        )
    _check_xml(archive, infos, file_name)
    return Package(
        kind=kind,
        parts=names,
        has_macros=any(name.lower().endswith("vbaproject.bin") for name in names),
        has_external_links=any("externallinks/" in name.lower() for name in names),
    )


def _kind(archive: zipfile.ZipFile, names: tuple[str, ...]) -> Kind | None:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:100]:
        return "ods"
    if any(name.endswith("workbook.xml") for name in names) and "[Content_Types].xml" in names:
        return "xlsx"
    return None


def _check_xml(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], file_name: str) -> None:
    """A document type in a workbook's XML has no use but entities that explode or read other files."""
    for info in infos:
        if not info.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(info) as part:
            head = part.read(4096)
        if _DOCTYPE.search(head):
            raise unreadable(
                file_name,
                f"phần {info.filename} khai báo thực thể XML: tệp không an toàn. Hãy lưu lại bằng Excel "
                "hoặc LibreOffice.",
                f"part {info.filename} declares XML entities: the file is unsafe. Save it anew with Excel "
                "or LibreOffice.",
            )
