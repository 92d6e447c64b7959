"""``outturn check`` tells who is missing in a form that several organisations report in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Site

HANOI, HAIPHONG, DANANG = (("Hà Nội", 900, 800), ("Hải Phòng", 50, 40), ("Đà Nẵng", 10, 9))


@pytest.mark.parametrize(
    ("rows", "lacking"),
    [
        ([HANOI, HAIPHONG], {"Da Nang (48)"}),
        ([HANOI, HAIPHONG, DANANG], set()),
        # a form of one organisation says nothing of the others
        ([HANOI], set()),
    ],
)
def test_the_form_of_several_lacks_who_owes_a_row(
    site: Site, rows: list[tuple[str, int, int]], lacking: set[str]
) -> None:
    path = site.write_dossiers("hoso_2025-Q2.xlsx", rows)
    result = site.call("check", str(path), "--source", "dossiers", "--output", str(site.folder / "checked.xlsx"))
    assert result.status == 0, result.output
    told = {name for name in ("Ha Noi (01)", "Hai Phong (31)", "Da Nang (48)") if name in result.output}
    assert told == lacking
    # twenty days after the quarter
    assert ("2025-07-20" in result.output) is bool(lacking)


def test_who_handed_in_elsewhere_is_not_lacking(published_site: Site) -> None:
    path = published_site.write_dossiers("hoso_2025-Q1.xlsx", [HANOI, HAIPHONG])
    copy = published_site.folder / "checked.xlsx"
    result = published_site.call("check", str(path), "--source", "dossiers", "--output", str(copy))
    assert "Da Nang (48)" not in result.output
