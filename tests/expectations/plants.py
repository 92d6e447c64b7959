"""One planted fault for each check, and its clean twin: the same rows without the fault.

A plant says which rows carry it, which rule must find it, and in which cell; nothing else may be found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from tidy_tables import RATIOS, RECEIVED, Row, submission, tidy_row


@dataclass(frozen=True)
class Plant:
    """``expected``: (check id, cell) of every finding that the faulty rows must give; the clean rows give none."""

    name: str
    faulty: Sequence[Row]
    clean: Sequence[Row]
    expected: Sequence[tuple[str, str | None]]
    totals: Sequence[Row] = ()
    clean_totals: Sequence[Row] | None = None
    history: Sequence[Row] = ()
    submissions: Sequence[Row] = field(default_factory=lambda: (submission(),))
    clean_submissions: Sequence[Row] | None = None
    registry: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    rules: str | None = None


EARLIER = RECEIVED - timedelta(days=90)
BEFORE = "bbbbbbbbbbbbbbbb"


def year(number: int) -> Row:
    return {
        "period_code": str(number),
        "period_start": date(number, 1, 1),
        "period_end_exclusive": date(number + 1, 1, 1),
        "period_label": f"Năm {number}",
    }


def quarter(number: int, quarter_number: int) -> Row:
    start = date(number, 3 * quarter_number - 2, 1)
    end = date(number + quarter_number // 4, 3 * quarter_number % 12 + 1, 1)
    return {"period_code": f"{number}-Q{quarter_number}", "period_start": start, "period_end_exclusive": end}


def period_columns(code: str) -> Row:
    return {"period_code": code, "label_vi": code, "label_en": code, "sdmx_time_period": code}


def percents(values: Sequence[str], submission_id: str | None = None) -> list[Row]:
    """On-time rates of one province over the years, as the source states them."""
    return [
        tidy_row(
            indicator_code="ON_TIME_RATE",
            measure_kind="REPORTED_RATIO",
            unit_code="percent",
            value=value,
            cell=f"C{5 + n}",
            **year(2015 + n),
            **({"submission_id": submission_id, "recorded_at": EARLIER} if submission_id else {}),
        )
        for n, value in enumerate(values)
    ]


def shares(values: Mapping[str, str]) -> list[Row]:
    return [
        tidy_row(
            indicator_code="STRUCTURE",
            measure_kind="REPORTED_RATIO",
            unit_code="percent",
            value=value,
            cell=f"{chr(ord('C') + n)}5",
            target_group_code=f"SEX={code}",
        )
        for n, (code, value) in enumerate(values.items())
    ]


def many_provinces(parts: Sequence[tuple[int, int]]) -> list[Row]:
    """On time and resolved of as many provinces, one a line from 5 on."""
    return [
        tidy_row(
            organisation_code=f"P{number}",
            organisation_label=None,
            indicator_code=code,
            value=value,
            cell=f"{column}{4 + number}",
        )
        for number, pair in enumerate(parts, start=1)
        for code, column, value in zip(("ON_TIME", "RESOLVED"), "CD", pair, strict=True)
    ]


def series(values: Sequence[float], first_year: int = 2017, **differences: Any) -> list[Row]:
    """One figure over years, the last one in cell C5 and the earlier ones to the left of it in row 9."""
    rows = [
        tidy_row(value=value, cell=f"C{20 + position}", **year(first_year + position), **differences)
        for position, value in enumerate(values)
    ]
    return [*rows[:-1], {**rows[-1], "cell": "C5"}]


def steps(values: Sequence[float]) -> list[Row]:
    """One figure over twelve years from C20 on."""
    return [tidy_row(value=value, cell=f"C{20 + n}", **year(2014 + n)) for n, value in enumerate(values)]


def seasons(pattern: Sequence[int], years: int, last: int | None = None) -> list[Row]:
    """Quarters with a season and a little growth; the last figure, in C5, as it should be or as given."""
    rows = [
        tidy_row(
            value=round(value * 1.04**n) + (n + q) % 3,
            cell=f"C{20 + 4 * n + q}",
            **quarter(2025 - years + 1 + n, q + 1),
        )
        for n in range(years)
        for q, value in enumerate(pattern)
    ]
    return [*rows[:-1], {**rows[-1], "cell": "C5"} | ({"value": Decimal(last), "raw_text": str(last)} if last else {})]


def one(check: str, clean: Row | None = None, **fault: Any) -> Plant:
    """A single faulty row in C5."""
    return Plant(check, [tidy_row(**fault)], [clean or tidy_row()], [(check, "C5")])


def groups(dimension: str, total: float, parts: Mapping[str, float], **differences: Any) -> list[Row]:
    """A total in C5 and its parts in D5, E5 …"""
    rows = [tidy_row(value=total, **differences)]
    rows += [
        tidy_row(value=value, cell=f"{chr(ord('D') + number)}5", target_group_code=f"{dimension}={code}", **differences)
        for number, (code, value) in enumerate(parts.items())
    ]
    return rows


def provinces(values: Sequence[float], **differences: Any) -> list[Row]:
    return [
        tidy_row(
            organisation_code=f"{number:02d}",
            organisation_label=None,
            value=value,
            cell=f"C{4 + number}",
            **differences,
        )
        for number, value in enumerate(values, start=1)
    ]


def by_sex(values: Sequence[float]) -> list[Row]:
    """The figures of provinces, each as two sexes in columns C and D, and none of both."""
    return [
        tidy_row(
            organisation_code=f"{number:02d}",
            organisation_label=None,
            value=value * share,
            cell=f"{column}{4 + number}",
            target_group_code=f"SEX={sex}",
        )
        for number, value in enumerate(values, start=1)
        for column, sex, share in (("C", "F", 0.25), ("D", "M", 0.75))
    ]


def printed_total(value: float) -> Row:
    return tidy_row(
        cell="C4", value=value, organisation_code=None, organisation_valid_from=None, organisation_label="Tổng số"
    ) | {"total_of": "organisation"}


def quarters(values: Sequence[float], **differences: Any) -> list[Row]:
    """The figures of the quarters of 2025 of one province, in D5, E5 …"""
    return [
        tidy_row(value=value, cell=f"{column}5", **quarter(2025, number), **differences)
        for number, (column, value) in enumerate(zip("DEFG", values, strict=False), start=1)
    ]


JANUARY = {"period_code": "2025-M01", "period_start": date(2025, 1, 1), "period_end_exclusive": date(2025, 2, 1)}


def printed_year(value: float, **differences: Any) -> Row:
    return tidy_row(cell="H5", value=value, **differences) | {"total_of": "period"}


def ratio_claim(numerator: float, denominator: float, claim: str) -> list[Row]:
    return [
        tidy_row(indicator_code="ON_TIME", value=numerator, cell="C5"),
        tidy_row(indicator_code="RESOLVED", value=denominator, cell="D5"),
        tidy_row(
            indicator_code="ON_TIME_RATE",
            measure_kind="REPORTED_RATIO",
            unit_code="percent",
            value=claim,
            cell="E5",
            raw_text=claim,
        ),
    ]


def form_ii06(opening_and_received: float, resolved: float, pending: float) -> list[Row]:
    """Column 3 = 7 + 11 of the one-stop-shop form: received (with the opening stock) = resolved + pending."""
    return [
        tidy_row(value=opening_and_received, cell="C5"),
        tidy_row(indicator_code="RESOLVED", value=resolved, cell="G5"),
        tidy_row(indicator_code="PENDING", value=pending, cell="K5", accumulation="POINT_IN_TIME"),
    ]


def many_cells(bad: int, of: int) -> list[Row]:
    """One column of ``of`` years for one province, the last ``bad`` of them no numbers."""
    rows = []
    for number in range(of):
        day = date(2020, 1, 1) + timedelta(days=number)
        period = {
            "period_code": day.isoformat(),
            "period_start": day,
            "period_end_exclusive": day + timedelta(days=1),
            "period_label": None,
        }
        row = tidy_row(value=100, cell=f"C{5 + number}", **period)
        if number >= of - bad:
            row |= {"value": None, "raw_text": "một trăm", "value_problem": "not_a_number", "obs_status": "O"}
        rows.append(row)
    return rows


def wide_row(organisation: str, row_number: int, start: int, step: int, **differences: Any) -> list[Row]:
    """Twelve years of one province in one row of cells: 2014 in C, 2015 in D …"""
    return [
        tidy_row(
            organisation_code=organisation,
            organisation_label=None,
            value=start + step * number,
            cell=f"{chr(ord('C') + number)}{row_number}",
            **year(2014 + number),
            **differences,
        )
        for number in range(12)
    ]


def two_quarters(second: Sequence[int]) -> list[Row]:
    """Ten target groups in two quarters; the second quarter as given."""
    rows = []
    for number, value in enumerate(second):
        group = {"target_group_code": f"FIELD=F{number}"}
        rows.append(tidy_row(value=100 + 7 * number, cell=f"C{5 + number}", **quarter(2025, 1), **group))
        rows.append(tidy_row(value=value, cell=f"D{5 + number}", **quarter(2025, 2), **group))
    return rows


FIELDS = {
    "target_groups": tuple(
        {"dimension": "FIELD", "code": f"F{n}", "name_vi": f"F{n}", "name_en": f"F{n}", "relation": "overlapping"}
        for n in range(12)
    )
}
PROVINCES = {
    "organisations": (
        {"code": "VN", "name_vi": "Cả nước", "name_en": "Viet Nam", "level": "national"},
        *(
            {"code": f"P{n}", "name_vi": f"P{n}", "name_en": f"P{n}", "level": "province", "parent_code": "VN"}
            for n in range(1, 11)
        ),
    )
}
MERGER = {
    "organisations": (
        {"code": "VN", "name_vi": "Cả nước", "name_en": "Viet Nam", "level": "national"},
        *(
            {
                "code": c,
                "name_vi": c,
                "name_en": c,
                "level": "province",
                "parent_code": "VN",
                "valid_to": date(2025, 7, 1),
            }
            for c in ("A", "B")
        ),
        {
            "code": "AB",
            "name_vi": "AB",
            "name_en": "AB",
            "level": "province",
            "parent_code": "VN",
            "valid_from": date(2025, 7, 1),
        },
    ),
    "organisation_events": tuple(
        {"event": "merge", "from_code": c, "to_code": "AB", "date": date(2025, 7, 1), "weight": Decimal(1)}
        for c in ("A", "B")
    ),
}


def merged_opening(opening: int) -> list[Row]:
    """Two provinces leave 30 and 40 pending; the one they became opens as given."""
    stock = {
        "indicator_code": "PENDING",
        "accumulation": "POINT_IN_TIME",
        "organisation_label": None,
        **quarter(2025, 2),
    }
    return [
        tidy_row(organisation_code="A", value=30, **stock),
        tidy_row(organisation_code="B", value=40, cell="C6", **stock),
        tidy_row(
            organisation_code="AB",
            organisation_label=None,
            organisation_valid_from=date(2025, 7, 1),
            value=opening,
            cell="E5",
            **quarter(2025, 3),
        ),
    ]


def structure_by_province(values: Sequence[str]) -> list[Row]:
    return [
        tidy_row(
            organisation_code=f"{n:02d}",
            organisation_label=None,
            indicator_code="STRUCTURE",
            measure_kind="REPORTED_RATIO",
            unit_code="percent",
            value=value,
            cell=f"C{4 + n}",
        )
        for n, value in enumerate(values, start=1)
    ]


def printed_hundred() -> Row:
    return printed_total(100) | {
        "indicator_code": "STRUCTURE",
        "measure_kind": "REPORTED_RATIO",
        "unit_code": "percent",
    }


def year_to_date(quarters: Sequence[int], cumulated: int) -> list[Row]:
    """Quarters of 2025 in C5, D5 …, and beside them what the form says they add up to."""
    rows = [tidy_row(value=v, cell=f"{chr(ord('C') + n)}5", **quarter(2025, n + 1)) for n, v in enumerate(quarters)]
    return [*rows, tidy_row(value=cumulated, cell="H5", accumulation="YTD", **quarter(2025, len(quarters)))]


CARRY = """
additions:
  - id: SUM-04
    checks:
      - {name: carried, kind: identity, severity: WARN,
         identity: {left: [RECEIVED], right: [PENDING], right_period: previous}}
"""
#: One obligation of the source for each quarter of 2024 and 2025.
OWED_QUARTERS = {
    "obligation": tuple(
        {
            "source_code": "one_stop_shop",
            "calendar_code": "CAL",
            "period_code": f"{y}-Q{q}",
            "organisation_level": "province",
            "due_date": date(2026, 6, 1),
        }
        for y in (2024, 2025)
        for q in (1, 2, 3, 4)
    ),
    "period": tuple(
        {"calendar_code": "CAL", "frequency": "Q", "year_label": str(y), **period_columns(f"{y}-Q{q}"), **dated}
        for y in (2024, 2025)
        for q in (1, 2, 3, 4)
        for dated in [{k: v for k, v in quarter(y, q).items() if k != "period_label"}]
    ),
}
STRUCTURE = {
    "ratios": (
        {
            **RATIOS[0],
            "code": "STRUCTURE",
            "name_vi": "Cơ cấu",
            "name_en": "Structure",
            "ratio_class": "share",
            "numerator": "RECEIVED",
            "denominator": "RECEIVED",
        },
    ),
    "ratio_term": (),
}
#: WE-15: eight years around 210.
STEADY = (210, 205, 220, 198, 215, 207, 212, 209)
II06 = """
additions:
  - id: SUM-03
    checks:
      - {name: received, kind: identity, severity: QUARANTINE, identity: {left: [RECEIVED], right: [RESOLVED, PENDING]}}
"""
ORDER = """
additions:
  - id: SUM-06
    checks:
      - {name: on_time, kind: identity, severity: QUARANTINE,
         identity: {left: [ON_TIME], operator: "<=", right: [RESOLVED]}}
"""
MISSING_VALUE = {"value": None, "obs_status": "O"}

PLANTS: tuple[Plant, ...] = (
    one(
        "ORG-01",
        organisation_code=None,
        organisation_valid_from=None,
        organisation_label="Hà Nọi",
        organisation_problem="unknown",
    ),
    one("ORG-01", organisation_code="99", organisation_label="99"),
    one("ORG-02", organisation_problem="not_valid_in_period", organisation_code="91", organisation_label="Kiên Giang"),
    one("ORG-02", organisation_code="91", organisation_label="Kiên Giang", **quarter(2025, 3)),
    one("ORG-03", organisation_problem="name_code_disagree"),
    Plant(
        "ORG-04",
        [
            tidy_row(
                organisation_code="91",
                organisation_valid_from=date(2025, 7, 1),
                organisation_label="91",
                **quarter(2025, 3),
            )
        ],
        [
            tidy_row(
                organisation_code="91",
                organisation_valid_from=date(2025, 7, 1),
                organisation_label="An Giang",
                **quarter(2025, 3),
            )
        ],
        [("ORG-04", "C5")],
    ),
    one("ORG-05", organisation_code="VN", organisation_label="Cả nước"),
    one("IND-01", indicator_problem="unknown", indicator_code=None, indicator_label="Hồ sơ tiếp nhân"),
    one("IND-01", indicator_code="OLD"),
    one("PER-01", period_problem="unknown", period_code=None, period_start=None, period_end_exclusive=None),
    one("PER-01/dates", period_start=date(2025, 1, 15)),
    one("PER-02", **year(2026), clean=tidy_row(**year(2026), obs_status="E")),
    Plant(
        "PER-03: last year's heading under this year's name",
        [tidy_row(**year(2024))],
        [tidy_row()],
        [("PER-03", "C5")],
        submissions=[submission(file_name="received=2026-01-20/BC_Nam_2025.xlsx")],
    ),
    Plant(
        "PER-03: another quarter than the name says; a name of a day, and one of the year it came out, say nothing",
        [
            tidy_row(**quarter(2025, 3)),
            tidy_row(submission_id=BEFORE, **year(2024)),
            tidy_row(submission_id="c" * 16, organisation_code="02", organisation_label="Hải Phòng", **year(2023)),
        ],
        [tidy_row(**quarter(2025, 4))],
        [("PER-03", "C5")],
        submissions=[
            submission(file_name="II.06a_QuyIV_2025.xlsx"),
            submission(BEFORE, file_name="received=2026-01-20/export 2026-01-20.xlsx"),
            submission("c" * 16, file_name="Niên giám 2024.xlsx", received_at=RECEIVED.replace(year=2024, month=7)),
        ],
        clean_submissions=[submission(file_name="II.06a_QuyIV_2025.xlsx")],
    ),
    one("GRP-01", target_group_problem="unknown", target_group_code=None),
    one("GRP-01", target_group_code="SEX=X", clean=tidy_row(target_group_code="SEX=F")),
    one("GRP-01", target_group_code="SEX=F|SEX=M", clean=tidy_row(target_group_code="CHANNEL=POST|SEX=F")),
    one("UNIT-01", unit_problem="unknown", unit_code=None, reported_unit="sào"),
    one("UNIT-01", unit_code="VND"),
    one("UNIT-01/undeclared", unit_problem="undeclared", unit_code=None, reported_unit="Chi (triệu đồng)"),
    one("VAL-01", value=-5, clean=tidy_row(indicator_code="NET_CHANGE", value=-5)),
    one("VAL-02", value=1_000_001, clean=tidy_row(value=500_000)),
    one("VAL-03", value=500_001, clean=tidy_row(value=500_000)),
    one("VAL-04", value="1.5", clean=tidy_row(indicator_code="COST", unit_code="VND", value="1.5")),
    one(
        "VAL-05",
        indicator_code="ON_TIME_RATE",
        measure_kind="REPORTED_RATIO",
        unit_code="percent",
        value="100.1",
        clean=tidy_row(indicator_code="ON_TIME_RATE", measure_kind="REPORTED_RATIO", unit_code="percent", value=100),
    ),
    one("VAL-08", value_problem="unmapped_marker", raw_text="-", **MISSING_VALUE),
    one("VAL-08/error_value", value_problem="error_value", raw_text="#REF!", **MISSING_VALUE),
    one("STR-03/cell", value_problem="not_a_number", raw_text="l00", **MISSING_VALUE),
    one("STR-03/cell", value_problem="out_of_precision", raw_text="1e40", **MISSING_VALUE),
    one("STR-03/formula", value_problem="formula_without_value", raw_text="=A1+B1", **MISSING_VALUE),
    one("STR-03/lost_label", value_problem="lost_label", raw_text="234", **MISSING_VALUE),
    one("STR-03/misplaced", value_problem="misplaced", raw_text="234", **MISSING_VALUE),
    Plant(
        "STR-03/share",
        many_cells(3, 100),
        many_cells(0, 100),
        [("STR-03/share", None), *(("STR-03/cell", f"C{row}") for row in (102, 103, 104))],
    ),
    Plant(
        "STR-06/conflict",
        [tidy_row(), tidy_row(cell="D9", value=121)],
        [tidy_row(), tidy_row(cell="D9", value=121, **year(2024))],
        [("STR-06/conflict", "C5"), ("STR-06/conflict", "D9")],
    ),
    Plant("STR-06/copy", [tidy_row(), tidy_row(cell="D9")], [tidy_row()], [("STR-06/copy", "D9")]),
    Plant(
        "STR-06/copy of a blank",
        [tidy_row(cell="D9"), tidy_row(raw_text=None, **MISSING_VALUE)],
        [tidy_row()],
        [("STR-06/copy", "C5")],
    ),
    one("TXT-02", text_problem="legacy_encoding", organisation_label="Hµ Néi"),
    one("TXT-03", text_problem="mojibake", organisation_label="HÃ  Ná»™i"),
    one("TXT-04/d_with_stroke", text_problem="homoglyph", organisation_label="Ðà Nẵng"),
    one("TXT-04/other_alphabet", text_problem="homoglyph", organisation_label="Hа Nội"),
    one("TXT-01", indicator_label=normalize("NFD", "Hồ sơ tiếp nhận")),
    one("TXT-05", raw_text="1\u00a0200"),
    one("TXT-06", value_problem="ambiguous_number", raw_text="1.234", **MISSING_VALUE),
    one("TXT-07", value_problem="date_in_number", raw_text="2025-05-03", **MISSING_VALUE),
    one("STAT-01", value=None, clean=tidy_row(raw_text=None, **MISSING_VALUE)),
    one("STAT-01", obs_status="M", clean=tidy_row(obs_status="P")),
    one(
        "RSB-01",
        flags="RETRACTED",
        note="withdrawn",
        raw_text=None,
        clean=tidy_row(raw_text=None, **MISSING_VALUE),
        **MISSING_VALUE,
    ),
    one("CON-01", measure_kind="REAL"),
    one("CON-01", obs_status=None),
    one("CON-01", accumulation=None),
    Plant(
        "SUM-01/material partition (GF-21; its twin is GF-22)",
        groups("PLACE", 628, {"A": 304, "B": 20, "C": 2, "D": 146}),
        groups("PLACE", 144, {"A": 139, "B": 3, "C": 2, "D": 0}),
        [("SUM-01/material", "C5")],
        registry={
            "target_groups": tuple(
                {"dimension": "PLACE", "code": c, "name_vi": c, "name_en": c, "relation": "partition"} for c in "ABCD"
            )
        },
    ),
    Plant(
        "SUM-01/small partition",
        groups("SEX", 10_001, {"F": 4_000, "M": 6_000}),
        groups("SEX", 10_000, {"F": 4_000, "M": 6_000}),
        [("SUM-01/small", "C5")],
    ),
    Plant(
        "SUM-01/material of which (GF-21)",
        groups("CHANNEL", 100, {"ONLINE": 70, "POST": 40}),
        groups("CHANNEL", 628, {"ONLINE": 304, "POST": 20}),
        [("SUM-01/material", "C5")],
    ),
    Plant(
        "SUM-01/material overlapping",
        groups("VULNERABLE", 100, {"POOR": 70, "ELDERLY": 120}),
        groups("VULNERABLE", 100, {"POOR": 70, "ELDERLY": 90}),
        [("SUM-01/material", "C5")],
    ),
    Plant(
        "SUM-01/material printed",
        provinces([100, 200, 300]),
        provinces([100, 200, 300]),
        [("SUM-01/material", "C4")],
        totals=[printed_total(650)],
        clean_totals=[printed_total(600)],
    ),
    Plant(
        "SUM-01/material printed year",
        quarters([100, 200, 300, 400]),
        quarters([100, 200, 300, 400]),
        [("SUM-01/material", "H5")],
        totals=[printed_year(1_100)],
        clean_totals=[printed_year(1_000)],
    ),
    Plant(
        "SUM-01/small printed year",
        quarters([100, 200, 300, 400]),
        quarters([100, 200, 300]),  # a quarter is missing: nothing can be said
        [("SUM-01/small", "H5")],
        totals=[printed_year(1_001)],
        clean_totals=[printed_year(1_001)],
    ),
    # quarters beside the months of two of them: the year is compared with what fills it
    Plant(
        "SUM-01/material printed year of quarters and months",
        [*quarters([100, 200, 300, 400]), tidy_row(value=50, cell="C9", **JANUARY)],
        [*quarters([100, 200, 300, 400]), tidy_row(value=50, cell="C9", **JANUARY)],
        [("SUM-01/material", "H5")],
        totals=[printed_year(900)],
        clean_totals=[printed_year(1_000)],
    ),
    # the printed total has no row of its own group beside it: the two sexes of every province make it up
    Plant(
        "SUM-01/material printed over groups",
        by_sex([100, 200, 300]),
        by_sex([100, 200, 300]),
        [("SUM-01/material", "C4")],
        totals=[printed_total(650)],
        clean_totals=[printed_total(600)],
    ),
    Plant(
        "SUM-01/small printed over groups",
        by_sex([100, 200, 300]),
        by_sex([100, 200, 300])[:-1],  # a member is missing: nothing can be said
        [("SUM-01/small", "C4")],
        totals=[printed_total(601)],
        clean_totals=[printed_total(650)],
    ),
    Plant(
        "SUM-01 rounding",
        groups("SEX", 1, {"F": 2, "M": 3}, indicator_code="COST", unit_code="VND")[:0]
        + [
            tidy_row(
                indicator_code="COST", unit_code="VND", raw_text=raw, value=value, cell=cell, target_group_code=group
            )
            for raw, value, cell, group in (
                ("12,8", 12_800, "C5", "_T"),
                ("5,3", 5_300, "D5", "SEX=F"),
                ("7,2", 7_200, "E5", "SEX=M"),
            )
        ],
        [
            tidy_row(
                indicator_code="COST", unit_code="VND", raw_text=raw, value=value, cell=cell, target_group_code=group
            )
            for raw, value, cell, group in (
                ("12,6", 12_600, "C5", "_T"),
                ("5,3", 5_300, "D5", "SEX=F"),
                ("7,2", 7_200, "E5", "SEX=M"),
            )
        ],
        [("SUM-01/material", "C5")],
    ),
    Plant(
        "SUM-02",
        [*provinces([100, 200, 300]), tidy_row(organisation_code="VN", organisation_label=None, value=700, cell="C4")],
        [*provinces([100, 200, 300]), tidy_row(organisation_code="VN", organisation_label=None, value=600, cell="C4")],
        [("SUM-02", "C4")],
        registry={
            "organisations": tuple(
                {"code": c, "name_vi": c, "name_en": c, "level": "province", "parent_code": p}
                for c, p in (("VN", None), ("01", "VN"), ("02", "VN"), ("03", "VN"))
            ),
        },
    ),
    Plant("SUM-03 (GF-25)", form_ii06(101, 80, 20), form_ii06(100, 80, 20), [("SUM-03/received", "C5")], rules=II06),
    Plant(
        "SUM-06",
        [tidy_row(indicator_code="ON_TIME", value=5), tidy_row(indicator_code="RESOLVED", value=4, cell="D5")],
        [tidy_row(indicator_code="ON_TIME", value=4), tidy_row(indicator_code="RESOLVED", value=4, cell="D5")],
        [("SUM-06/on_time", "C5")],
        rules=ORDER,
        registry={"ratio_term": ()},
    ),
    Plant(
        "RAT-03",
        [tidy_row(indicator_code="ON_TIME", value=101), tidy_row(indicator_code="RESOLVED", value=100, cell="D5")],
        [tidy_row(indicator_code="ON_TIME", value=100), tidy_row(indicator_code="RESOLVED", value=100, cell="D5")],
        [("RAT-03", "C5")],
    ),
    Plant(
        "RAT-04/differs (GF-18; its twin is GF-20)",
        ratio_claim(4818, 5421, "37.31"),
        ratio_claim(3085, 4888, "63.1"),
        [("RAT-04/differs", "E5")],
    ),
    Plant(
        "RAT-04/truncated (GF-19; its twin is GF-20)",
        ratio_claim(2371, 6974, "33.9"),
        ratio_claim(2269, 6974, "32.5"),
        [("RAT-04/truncated", "E5")],
    ),
    Plant(
        "RAT-04/differs (GF-23; its twin is GF-20)",
        ratio_claim(470, 470, "94.19"),
        ratio_claim(3071, 4888, "62.8"),
        [("RAT-04/differs", "E5")],
    ),
    Plant("OUT-01 (GF-17)", series([*STEADY, 2090]), series([*STEADY, 231]), [("OUT-01", "C5")]),
    Plant("OUT-01 constant history", series([12] * 7 + [13, 20]), series([12] * 7 + [13, 14]), [("OUT-01", "C5")]),
    Plant(
        "OUT-03 a summer figure typed in winter",
        seasons([100, 400, 900, 200], 5, last=900),
        seasons([100, 400, 900, 200], 5),
        [("OUT-03", "C5")],
    ),
    Plant(
        "BRK-01",
        steps([210, 205, 220, 198, 215, 207, 212, 209, 402, 410, 396, 405]),
        steps([210, 205, 220, 198, 215, 207, 212, 209, 202, 210, 196, 205]),
        [("BRK-01", "C28")],
    ),
    Plant("SCALE-01", series([*STEADY, 209_500]), series([*STEADY, 209]), [("SCALE-01", "C5")]),
    Plant(
        "SCALE-01 in a series that grows",
        series([100, 140, 200, 276, 392, 545, 762, 1_070, 1.5], indicator_code="COST", unit_code="VND"),
        series([100, 140, 200, 276, 392, 545, 762, 1_070, 1_500], indicator_code="COST", unit_code="VND"),
        [("SCALE-01", "C5")],
    ),
    Plant(
        "SCALE-01 after one figure",
        series([412, 423_000], first_year=2024),
        series([412, 423], first_year=2024),
        [("SCALE-01", "C5")],
    ),
    Plant(
        "SCALE-01 before a figure that shows what it should be",
        [tidy_row(value=v, cell=f"C{20 + n}", **year(2021 + n)) for n, v in enumerate((421, 432_000, 429))],
        [tidy_row(value=v, cell=f"C{20 + n}", **year(2021 + n)) for n, v in enumerate((421, 432, 429))],
        [("SCALE-01", "C21")],
    ),
    Plant("JMP-01", series([100, 160], first_year=2024), series([100, 149], first_year=2024), [("JMP-01", "C5")]),
    Plant(
        "ACC-01 (GF-11)",
        [
            tidy_row(value=v, cell=f"{c}5", accumulation="YTD", **quarter(2025, q))
            for q, c, v in ((1, "C", 120), (2, "D", 260), (3, "E", 255), (4, "F", 400))
        ],
        [
            tidy_row(value=v, cell=f"{c}5", accumulation="YTD", **quarter(2025, q))
            for q, c, v in ((1, "C", 120), (2, "D", 260), (3, "E", 265), (4, "F", 400))
        ],
        [("ACC-01", "E5")],
    ),
    Plant(
        "COPY-01",
        two_quarters([100 + 7 * n for n in range(10)]),
        two_quarters([101 + 7 * n for n in range(10)]),
        [("COPY-01", "D5")],
        registry=FIELDS,
    ),
    Plant(
        "COPY-02",
        [*wide_row("01", 5, 500, 3), *wide_row("02", 6, 500, 3)],
        [*wide_row("01", 5, 500, 3), *wide_row("02", 6, 501, 3)],
        [("COPY-02", "C5")],
    ),
    Plant(
        "REVZ-01/large",
        [tidy_row(value=150)],
        [tidy_row(value=104)],
        [("REVZ-01/large", "C5")],
        history=[tidy_row(value=100, submission_id=BEFORE, recorded_at=EARLIER)],
    ),
    Plant(
        "REVZ-01/notable",
        [tidy_row(value=110)],
        [tidy_row(value=104)],
        [("REVZ-01/notable", "C5")],
        history=[tidy_row(value=100, submission_id=BEFORE, recorded_at=EARLIER)],
    ),
    Plant(
        "REVZ-01/restated",
        [
            tidy_row(value=110 + n, cell=f"C{5 + n}", organisation_code=f"P{n}", organisation_label=None)
            for n in range(1, 7)
        ],
        [
            tidy_row(value=101 + n, cell=f"C{5 + n}", organisation_code=f"P{n}", organisation_label=None)
            for n in range(1, 7)
        ],
        [("REVZ-01/restated", "C6")],
        history=[
            tidy_row(value=100 + n, organisation_code=f"P{n}", submission_id=BEFORE, recorded_at=EARLIER)
            for n in range(1, 7)
        ],
        registry=PROVINCES,
    ),
    Plant(
        "SUB-01",
        [tidy_row()],
        [tidy_row(recorded_at=datetime(2026, 1, 9, tzinfo=UTC))],
        [("SUB-01", None)],
        clean_submissions=(submission(received_at=datetime(2026, 1, 9, tzinfo=UTC)),),
        registry={
            "obligation": (
                {
                    "source_code": "one_stop_shop",
                    "calendar_code": "CAL",
                    "period_code": "2025",
                    "organisation_level": "province",
                    "due_date": date(2026, 1, 10),
                },
            )
        },
    ),
    Plant(
        "SUB-04/incomplete",
        [*series([100] * 5), tidy_row(cell="C6", raw_text=None, **year(2010), **MISSING_VALUE)],
        [*series([100] * 5), tidy_row(cell="C6", raw_text="x", **year(2010), value=None, obs_status="M")],
        [("SUB-04/incomplete", None)],
    ),
    Plant(
        "SUB-04/mostly_empty",
        [
            *series([100] * 3),
            *(tidy_row(cell=f"C{6 + n}", raw_text=None, **year(2010 + n), **MISSING_VALUE) for n in range(2)),
        ],
        [
            *series([100] * 3),
            *(tidy_row(cell=f"C{6 + n}", raw_text="x", **year(2010 + n), value=None, obs_status="M") for n in range(2)),
        ],
        [("SUB-04/mostly_empty", "C20")],
        registry={
            "obligation": (*OWED_QUARTERS["obligation"][:0], {**OWED_QUARTERS["obligation"][0], "period_code": "2025"})
        },
    ),
    Plant(
        "SUB-03",
        [
            tidy_row(**quarter(2025, 1)),
            tidy_row(
                cell="C6",
                period_code="2025-02-15/P3M",
                period_start=date(2025, 2, 15),
                period_end_exclusive=date(2025, 5, 15),
            ),
        ],
        [tidy_row(**quarter(2025, 1)), tidy_row(cell="C6", **quarter(2025, 2))],
        [("SUB-03", "C6")],
        registry=OWED_QUARTERS,
    ),
    one(
        "STR-07/label",
        organisation_code=None,
        organisation_valid_from=None,
        organisation_label="Tổng cộng",
        organisation_problem="unknown",
    ),
    Plant(
        "STR-07/equal_to_sum",
        [
            row
            for code, column, values in (
                ("RECEIVED", "C", (100, 200, 300, 600)),
                ("RESOLVED", "D", (90, 150, 280, 520)),
            )
            for row in [
                tidy_row(
                    organisation_code=organisation,
                    organisation_label=None,
                    indicator_code=code,
                    value=value,
                    cell=f"{column}{5 + n}",
                )
                for n, (organisation, value) in enumerate(zip(("P1", "P2", "P3", "P4"), values, strict=True))
            ]
        ],
        [
            row
            for code, column, values in (
                ("RECEIVED", "C", (100, 200, 300, 600)),
                ("RESOLVED", "D", (90, 150, 280, 521)),
            )
            for row in [
                tidy_row(
                    organisation_code=organisation,
                    organisation_label=None,
                    indicator_code=code,
                    value=value,
                    cell=f"{column}{5 + n}",
                )
                for n, (organisation, value) in enumerate(zip(("P1", "P2", "P3", "P4"), values, strict=True))
            ]
        ],
        [("STR-07/equal_to_sum", "C8")],
        registry=PROVINCES,
    ),
    Plant(
        "VAL-06/against_history",
        percents(["0.95", "0.91", "0.88"]),
        percents(["95", "91", "88"]),
        [("VAL-06/against_history", "C5")],
        history=percents(["94.2", "91.7", "89.4"], BEFORE),
    ),
    Plant(
        "VAL-06/alone",
        percents(["0.95", "0.91", "0.88", "0.97", "0.93"]),
        percents(["95", "91", "88", "97", "93"]),
        [("VAL-06/alone", "C5")],
        registry={"targets": ()},  # judged alone
    ),
    Plant(
        "SUM-04",
        [
            tidy_row(indicator_code="PENDING", value=40, accumulation="POINT_IN_TIME", **quarter(2025, 1)),
            tidy_row(value=41, cell="D5", **quarter(2025, 2)),
        ],
        [
            tidy_row(indicator_code="PENDING", value=40, accumulation="POINT_IN_TIME", **quarter(2025, 1)),
            tidy_row(value=40, cell="D5", **quarter(2025, 2)),
        ],
        [("SUM-04/carried", "D5")],
        rules=CARRY,
    ),
    Plant(
        "SUM-04 after a merger",
        merged_opening(71),
        merged_opening(70),
        [("SUM-04/carried", "E5")],
        rules=CARRY,
        registry=MERGER,
    ),
    Plant(
        "SUM-05/groups",
        shares({"F": "48.2", "M": "50.8"}),
        shares({"F": "48.2", "M": "51.8"}),
        [("SUM-05/groups", "C5")],
        registry=STRUCTURE,
    ),
    Plant(
        "SUM-05/printed",
        structure_by_province(["30.1", "29.9", "39.0"]),
        structure_by_province(["30.1", "29.9", "40.0"]),
        [("SUM-05/printed", "C4")],
        totals=[printed_hundred()],
        clean_totals=[printed_hundred()],
        registry=STRUCTURE,
    ),
    Plant(
        "RAT-08/part_of_nothing",
        [tidy_row(indicator_code="ON_TIME", value=3), tidy_row(indicator_code="RESOLVED", value=0, cell="D5")],
        [tidy_row(indicator_code="ON_TIME", value=0), tidy_row(indicator_code="RESOLVED", value=0, cell="D5")],
        [("RAT-08/part_of_nothing", "C5")],
    ),
    Plant(
        "RAT-08/without_exposure",
        [tidy_row(indicator_code="ON_TIME", value=3), tidy_row(indicator_code="RESOLVED", value=0, cell="D5")],
        [tidy_row(indicator_code="ON_TIME", value=0), tidy_row(indicator_code="RESOLVED", value=0, cell="D5")],
        [("RAT-08/without_exposure", "C5")],
        registry={"ratios": ({**RATIOS[0], "ratio_class": "rate"},)},
    ),
    Plant(
        "OUT-02",
        many_provinces([*((1900 + 10 * n, 2000 + 10 * n) for n in range(9)), (400, 2000)]),
        many_provinces([*((1900 + 10 * n, 2000 + 10 * n) for n in range(9)), (1850, 2000)]),
        [("OUT-02", "C14")],
        registry=PROVINCES,
    ),
    Plant(
        "ACC-02",
        year_to_date([100, 120, 130], 340),
        year_to_date([100, 120, 130], 350),
        [("ACC-02", "H5")],
        registry={"period": OWED_QUARTERS["period"]},
    ),
    one("PII-01/citizen_number", note="Ghi chú: 001085012345", clean=tidy_row(note="Ghi chú: 1 085 012 345")),
    one("PII-01/contact", note="Liên hệ 0912 345 678", clean=tidy_row(note="Liên hệ văn phòng")),
)
