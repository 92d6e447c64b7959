"""What the ledger has to say of a submission, in both languages: a refusal, or a remark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa

from ingest.corrections.model import Correction, Expected, Place
from ingest.read import Refusal
from ingest.remark import Remark


@dataclass(frozen=True)
class Broken:
    """A guard that does not hold: what was expected, what stands there, and where."""

    correction: Correction
    expected: Expected
    sheet: str | None
    cell: str | None
    there: str | None


def refusal(broken: Sequence[Broken], file_name: str) -> Refusal:
    """COR-01, with the first places named and the others counted."""
    first = broken[0]
    vi, en = [], []
    for one in broken[:5]:
        place_vi = ", ".join(filter(None, (one.sheet and f"trang {one.sheet}", one.cell and f"ô {one.cell}")))
        place_en = ", ".join(filter(None, (one.sheet and f"sheet {one.sheet}", one.cell and f"cell {one.cell}")))
        there_vi = "không có số liệu nào" if one.there is None else f"«{one.there}»"
        there_en = "no figure" if one.there is None else f"«{one.there}»"
        vi.append(f"{place_vi}: đính chính {one.correction.id} cần {one.expected.words}, ở đó có {there_vi}")
        en.append(f"{place_en}: correction {one.correction.id} expects {one.expected.words}, there is {there_en}")
    more_vi = f" và {len(broken) - 5} chỗ khác" if len(broken) > 5 else ""
    more_en = f" and {len(broken) - 5} other places" if len(broken) > 5 else ""
    return Refusal(
        "COR-01",
        first.sheet,
        first.cell,
        f"{file_name}: {'; '.join(vi)}{more_vi}. Nguồn đã sửa lỗi hoặc ô đã dời chỗ: hãy xóa đính chính khỏi "
        "corrections.yml, giới hạn nó vào tệp cũ (file), hoặc sửa lại cho đúng chỗ.",
        f"{file_name}: {'; '.join(en)}{more_en}. The error was mended at its source, or the cell moved: remove the "
        "correction from corrections.yml, limit it to the earlier file (file), or renew it.",
    )


def expired(correction: Correction, rows: pa.Table, received_on: date, file_name: str) -> Remark:
    sheet, cell, count = _first(rows)
    return Remark(
        "COR-02",
        sheet,
        cell,
        correction.id,
        str(correction.expires),
        f"{file_name}: đính chính {correction.id} (đến {correction.expires}) đã hết hạn khi tệp được nhận ngày "
        f"{received_on}, nên không áp dụng cho {count} số liệu. Hãy gia hạn hoặc xóa trong corrections.yml.",
        f"{file_name}: correction {correction.id} (until {correction.expires}) had expired when the file was received "
        f"on {received_on}, and was not applied to {count} figures. Renew or remove it in corrections.yml.",
    )


def dropped(correction: Correction, rows: pa.Table, file_name: str) -> Remark:
    sheet, cell, count = _first(rows)
    return Remark(
        "COR-04",
        sheet,
        cell,
        correction.id,
        None,
        f"{file_name}: đính chính {correction.id} bỏ {count} số liệu: {correction.reason.vi}",
        f"{file_name}: correction {correction.id} drops {count} figures: {correction.reason.en}",
    )


def _first(rows: pa.Table) -> tuple[str | None, str | None, int]:
    if not rows.num_rows:
        return None, None, 0
    return rows.column("sheet")[0].as_py(), rows.column("cell")[0].as_py(), rows.num_rows


def unmatched(correction: Correction) -> Remark:
    """COR-03, for a correction whose place is in no file of its source."""
    places = "; ".join(_described(place) for place in correction.where)
    return Remark(
        "COR-03",
        None,
        None,
        correction.id,
        places,
        f"Đính chính {correction.id} không khớp số liệu nào của nguồn {correction.source} ({places}). "
        "Hãy sửa where hoặc xóa trong corrections.yml.",
        f"Correction {correction.id} matches no figure of the source {correction.source} ({places}). "
        "Mend its where, or remove it from corrections.yml.",
    )


def _described(place: Place) -> str:
    given = place.model_dump(exclude={"expect"}, exclude_none=True)
    return ", ".join(f"{key} {' | '.join(map(str, values))}" for key, values in given.items())


def number(value: Decimal | None) -> str:
    """A figure as a person writes it."""
    return "" if value is None else f"{value.normalize():f}"
