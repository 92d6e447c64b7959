"""`outturn template`: a form is made, filled in, handed in and published without a recipe for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end


def test_a_form_goes_out_comes_back_and_is_published_with_its_cells(published_site: Site) -> None:
    site = published_site
    form = site.folder / "form.xlsx"
    result = site.call("template", "dossiers", "--period", "2025-Q2", "-o", str(form))
    assert result.status == 0, result.output
    book = load_workbook(form)
    sheet = book["Biểu mẫu"]
    shown = [sheet[cell].value for cell in ("B9", "E8", "E9", "H10")]
    assert shown == ["Hà Nội / Ha Noi", "Kỳ trước\n2025-Q1", 1000, 40]
    sheet["C9"], sheet["F9"] = 1100, 1000
    sheet["C10"], sheet["F10"] = "l2", 50
    sheet["D11"] = sheet["G11"] = "Không áp dụng / Not applicable"
    inbox = site.folder / "inbox" / "dossiers" / "received=2025-07-05"
    inbox.mkdir(parents=True)
    book.save(inbox / "any_name.xlsx")
    result = site.call("run")
    assert result.status == 1, "one cell was held back"
    figures = """
        select organisation_code, indicator_code, sheet, cell, raw_text, value, obs_status from core.fct_observation
        where period_code = '2025-Q2' order by all
    """
    assert site.query(figures) == [
        ("01", "ON_TIME", "Biểu mẫu", "F9", "1000", 1000, "A"),
        ("01", "RESOLVED", "Biểu mẫu", "C9", "1100", 1100, "A"),
        ("31", "ON_TIME", "Biểu mẫu", "F10", "50", 50, "A"),
        ("48", "ON_TIME", "Biểu mẫu", "F11", None, None, "M"),
        ("48", "RESOLVED", "Biểu mẫu", "C11", None, None, "M"),
    ]
    assert site.query("select cell, observed from core.fct_finding where rule_id = 'STR-03'") == [("C10", "l2")]
    wrong = site.call("template", "dossiers", "--period", "2025", "-o", str(form))
    assert wrong.status == 2
    assert "frequency Q" in wrong.output
