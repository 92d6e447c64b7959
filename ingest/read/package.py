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
from typing import IO, Literal

from ingest.read.refusal import unreadable

Kind = Literal["xlsx", "xlsb", "ods"]
_ROOT = re.compile(rb"<[A-Za-z_]")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
#: White space and byte order marks.
_BEFORE_XML = b" \t\r\n\xef\xbb\xbf\xff\xfe"
_LONGEST_PROLOG = 1_000_000
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
    _check_names(names, file_name)
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


def _check_names(names: tuple[str, ...], file_name: str) -> None:
    """No program writes parts that lie outside the archive; whoever does means harm to what unpacks it."""
    for name in names:
        steps = name.replace("\\", "/").split("/")
        if ".." in steps or steps[0] == "" or steps[0].endswith(":"):
            raise unreadable(
                file_name,
                f"tệp chứa phần có đường dẫn ra ngoài tệp ({name!r}): không an toàn nên không mở. Hãy lưu lại bằng "
                "Excel hoặc LibreOffice.",
                f"the file has a part whose path leads out of it ({name!r}): it is unsafe and was not opened. Save it "
                "anew with Excel or LibreOffice.",
            )


def _check_xml(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], file_name: str) -> None:
    """A document type in a workbook's XML has no use but entities that explode or read other files.

    It stands before the root element, however far down and whatever the part is called.
    """
    for info in infos:
        if info.is_dir():
            continue
        with archive.open(info) as part:
            prolog = _prolog(part)
        if _DOCTYPE.search(prolog):
            raise unreadable(
                file_name,
                f"phần {info.filename} khai báo thực thể XML: tệp không an toàn. Hãy lưu lại bằng Excel "
                "hoặc LibreOffice.",
                f"part {info.filename} declares XML entities: the file is unsafe. Save it anew with Excel "
                "or LibreOffice.",
            )


def _prolog(part: IO[bytes]) -> bytes:
    """What stands before the root element of an XML part, in any encoding; nothing of a part that is no XML."""
    found = b""
    while piece := part.read(4096):
        found += piece.replace(b"\0", b"")  # UTF-16 and UTF-32 are ASCII with zeros between
        if not found.lstrip(_BEFORE_XML).startswith(b"<"):
            return b""
        if _ROOT.search(_COMMENT.sub(b"", found)) or len(found) > _LONGEST_PROLOG:
            break
    return found
