"""The corrections ledger and resubmission, end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end

LEDGER = """\
corrections:
  - id: typing-error-31
    source: dossiers
    where: {file: "hoso_2025-Q1.xlsx", sheet: Biểu 1, cell: C4}
    action: override
    value: 45
    expect: "40"
    reason: {vi: "Công văn 12: gõ nhầm", en: "Letter 12: typing error"}
    owner: ds
    expires: 2026-12-31
  - id: nowhere
    source: dossiers
    where: {organisation: "48", period: 2024-Q1}
    action: drop
    expect: {min: 0}
    reason: Never reported
    owner: ds
    expires: 2026-12-31
"""
ON_TIME = """
    select organisation_code, value, raw_text, flags, note, is_current from core.fct_observation
    where indicator_code = 'ON_TIME' and organisation_code = '31' order by vintage_no
"""


def test_a_declared_error_is_corrected_traced_and_the_correction_ends_with_it(site: Site) -> None:
    settings = site.folder / "workspace.yml"
    settings.write_text(settings.read_text() + "stewards: [{code: ds, name: {vi: a, en: b}}]\n", encoding="utf-8")
    (site.folder / "corrections.yml").write_text(LEDGER, encoding="utf-8")
    result = site.call("run")
    assert result.status == 0, result.output
    note = "[typing-error-31] Công văn 12: gõ nhầm / Letter 12: typing error"
    assert site.query(ON_TIME) == [("31", 45, "40", "CORRECTED", note, True)]
    assert site.query("select rule_id, observed from core.fct_finding") == [("COR-03", "nowhere")]
    keys = ("indicator_code=ON_TIME", "organisation_code=31", "period_code=2025-Q1")
    trace = site.call("trace", "mart_indicator", *keys)
    assert trace.status == 0, trace.output
    assert "CORRECTED" in trace.output
    assert "typing-error-31" in trace.output

    site.write_dossiers("received=2025-05-10/hoso_2025-Q1.xlsx", [("Hà Nội", 1000, 900), ("Hải Phòng", 50, 46)])
    stopped = site.call("run")
    assert stopped.status == 1
    assert "typing-error-31" in stopped.output
    assert site.query("select rule_id, severity, cell from core.fct_finding where severity = 'BLOCK'") == [
        ("COR-01", "BLOCK", "C4")
    ]
    assert len(site.query(ON_TIME)) == 1


def test_a_row_that_a_resubmission_lacks_is_withdrawn_whatever_the_order_of_landing(site: Site) -> None:
    source = site.folder / "sources" / "dossiers.yml"
    source.write_text(source.read_text(encoding="utf-8") + "resubmission: {replaces: [period]}\n", encoding="utf-8")
    site.write_dossiers("received=2025-06-10/hoso_2025-Q1.xlsx", [("Hà Nội", 1000, 900), ("Đà Nẵng", 10, 9)])
    without_48 = [("Hà Nội", 1000, 900), ("Hải Phòng", 51, 40)]
    middle = site.write_dossiers("received=2025-05-10/hoso_2025-Q1.xlsx", without_48)
    late = middle.with_name("kept_for_later")
    middle.rename(late)
    assert site.call("run").status == 0
    late.rename(middle)
    result = site.call("run")
    assert result.status == 0, result.output
    vintages = """
        select organisation_code, cast(recorded_at + interval 7 hours as date)::varchar, value, obs_status, flags,
            is_current
        from core.fct_observation where indicator_code = 'RESOLVED' and organisation_code <> '01'
        order by organisation_code, vintage_no
    """
    assert site.query(vintages) == [
        ("31", "2025-04-10", 50, "A", None, False),
        ("31", "2025-05-10", 51, "A", None, False),
        ("31", "2025-06-10", None, "O", "RETRACTED", True),
        ("48", "2025-04-10", 10, "A", None, False),
        ("48", "2025-05-10", None, "O", "RETRACTED", False),
        ("48", "2025-06-10", 10, "A", None, True),
    ]
    places = site.query("select distinct cell from core.fct_observation where flags = 'RETRACTED'")
    assert places == [("B3:C4",)]
    assert site.query("select count(*) from core.fct_finding where rule_id = 'RSB-01'")[0][0] == 4
    keys = ("indicator_code=RESOLVED", "organisation_code=VN", "period_code=2025-Q1")
    trace = site.call("trace", "mart_indicator", *keys)
    assert trace.status == 0, trace.output
    assert "RETRACTED" in trace.output
