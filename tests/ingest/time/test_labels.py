"""Labels of periods as people write them (domain.md 10.6 and published files): what they mean, and what stays open."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.time import Calendars, date_order

#: Label in the Gregorian calendar → code, and accumulation or status where the label says one.
GREGORIAN: tuple[tuple[str, str], ...] = (
    # Vietnamese forms
    ("Tháng 01/2026", "2026-M01"),
    ("Tháng 1 năm 2026", "2026-M01"),
    ("tháng 12-2025", "2025-M12"),
    ("T1/2026", "2026-M01"),
    ("T01.2026", "2026-M01"),
    ("T.7/2026", "2026-M07"),
    ("Thg 7/2026", "2026-M07"),
    ("Tháng giêng năm 2026", "2026-M01"),
    ("Tháng Mười hai/2025", "2025-M12"),
    ("Tháng năm năm 2026", "2026-M05"),
    ("7/2025", "2025-M07"),
    ("07-2025", "2025-M07"),
    ("07.2025", "2025-M07"),
    ("Quý I/2026", "2026-Q1"),
    ("Quý IV năm 2025", "2025-Q4"),
    ("Q.I/2026", "2026-Q1"),
    ("QI/2026", "2026-Q1"),
    ("Quí 2/2026", "2026-Q2"),
    ("quí III - 2025", "2025-Q3"),
    ("QUÝ II/2026", "2026-Q2"),
    ("Quý tư/2025", "2025-Q4"),
    ("Quy I/2026", "2026-Q1"),
    ("Thang 01/2026", "2026-M01"),
    ("Nam 2026", "2026"),
    ("6 tháng đầu năm 2026", "2026-Q2 YTD"),
    ("06 tháng đầu năm 2026", "2026-Q2 YTD"),
    ("6T/2026", "2026-Q2 YTD"),
    ("6 tháng/2026", "2026-Q2 YTD"),
    ("Sáu tháng đầu năm 2026", "2026-Q2 YTD"),
    ("9 tháng năm 2026", "2026-Q3 YTD"),
    ("9T2026", "2026-Q3 YTD"),
    ("9 tháng đầu năm 2026", "2026-Q3 YTD"),
    ("5 tháng đầu năm 2026", "2026-M05 YTD"),
    ("12 tháng năm 2025", "2025-Q4 YTD"),
    ("Cả năm 2026", "2026-Q4 YTD"),
    ("3 tháng đầu năm 2026", "2026-Q1 YTD"),
    ("6 tháng cuối năm 2026", "2026-S2"),
    ("3 tháng cuối năm 2026", "2026-Q4"),
    ("Nửa đầu năm 2026", "2026-S1"),
    ("nửa cuối năm 2026", "2026-S2"),
    ("Năm 2026", "2026"),
    ("2026", "2026"),
    ("2026.0", "2026"),
    ("Năm ngân sách 2025", "2025"),
    ("Niên độ 2025", "2025"),
    ("Lũy kế đến 30/6/2026", "2026-Q2 YTD"),
    ("Luỹ kế từ đầu năm đến hết ngày 31/7/2026", "2026-M07 YTD"),
    ("lũy kế đến 14/6/2026", "2026-06-14 YTD"),
    ("Lũy kế 6 tháng đầu năm 2026", "2026-Q2 YTD"),
    ("LK đến hết quý III/2026", "2026-Q3 YTD"),
    ("Lũy kế đến tháng 5/2026", "2026-M05 YTD"),
    ("Lũy kế từ đầu nhiệm kỳ đến 31/12/2025", "2025-Q4 SINCE_START"),
    ("Tại thời điểm 31/12/2025", "2025-12-31 POINT_IN_TIME"),
    ("tính đến ngày 31/12/2025", "2025-12-31"),
    ("Ước thực hiện năm 2026", "2026 E"),
    ("Ước 6 tháng đầu năm 2026", "2026-Q2 YTD E"),
    ("Năm 2025 (ước)", "2025 E"),
    ("Quý IV/2025 (sơ bộ)", "2025-Q4 P"),
    ("Sơ bộ 2025", "2025 P"),
    ("Sơ bộ Prel. 2025", "2025 P"),
    ("Sơ bộ - Prel. 2025", "2025 P"),
    ("Ước tính - Est. 2025", "2025 E"),
    ("2025p", "2025 P"),
    ("2025 (f)", "2025 F"),
    ("Dự báo 2025", "2025 F"),
    ("2025 forecast", "2025 F"),
    ("Up to March 2025", "2025-M03 YTD"),
    ("đến hết tháng 9/2025", "2025-M09 YTD"),
    ("Đến quý III/2025", "2025-Q3 YTD"),
    ("by 2025", "2025"),
    ("202503", "2025-M03"),
    ("Q3 2025e", "2025-Q3 E"),
    ("2025r", "2025"),
    ("2025 (*)", "2025"),
    ("2025(p)", "2025 P"),
    ("2025 (e)", "2025 E"),
    ("Thực hiện quý I/2026", "2026-Q1"),
    ("Báo cáo tháng 7/2025", "2025-M07"),
    ("Kỳ báo cáo: Quý I/2026", "2026-Q1"),
    ("Giai đoạn 2021-2025", "2021-01-01/P5Y"),
    ("giai đoạn 2021–2025", "2021-01-01/P5Y"),
    ("Giai đoạn 2024-2025", "2024-01-01/P2Y"),
    ("Nhiệm kỳ 2021 - 2026", "2021-01-01/P6Y"),
    ("Từ ngày 15/12/2025 đến ngày 14/3/2026", "2025-12-15/P3M"),
    ("từ 01/01/2026 đến 31/03/2026", "2026-Q1"),
    ("Quý I/2026 (từ ngày 15/12/2025 đến ngày 14/3/2026)", "2025-12-15/P3M"),
    ("từ ngày 15/12 đến ngày 14/3/2026", "2025-12-15/P3M"),
    ("Từ tháng 1 đến tháng 6 năm 2026", "2026-S1"),
    ("T1-T6/2026", "2026-S1"),
    ("Tháng 1-6/2026", "2026-S1"),
    ("Quý I - Quý III/2026", "2026-01-01/P9M"),
    ("Ngày 14 tháng 6 năm 2026", "2026-06-14"),
    ("ngày 03/04/2025", "2025-04-03"),
    ("Tuần 5/2026", "2026-W05"),
    ("tuần 05 năm 2026", "2026-W05"),
    # published files
    ("April 2016 to March 2017", "2016-04-01/P1Y"),
    ("January 2012 to December 2012", "2012"),
    ("January 2014 to December 2015", "2014-01-01/P2Y"),
    ("2017-Q2", "2017-Q2"),
    ("2000 Q1", "2000-Q1"),
    ("17 May to 11 June 2023", "2023-05-17/P26D"),
    ("2018 to 2020", "2018-01-01/P3Y"),
    ("Dec-1984", "1984-M12"),
    ("Jul - Sep 2012", "2012-Q3"),
    ("Oct - Dec 2012", "2012-Q4"),
    ("Jul 2007", "2007-M07"),
    ("2020-12-27", "2020-12-27"),
    ("2020-12-27T00:00:00.000Z", "2020-12-27"),
    ("2007-07-01 00:00:00", "2007-07-01"),
    (" 2015 *", "2015"),
    ("2017(a)", "2017"),
    # English and standard forms
    ("2025-M07", "2025-M07"),
    ("2025M7", "2025-M07"),
    ("2025-07", "2025-M07"),
    ("2025-A1", "2025"),
    ("2025-S1", "2025-S1"),
    ("H1 2025", "2025-S1"),
    ("2H2025", "2025-S2"),
    ("First half of 2025", "2025-S1"),
    ("Q3/2025", "2025-Q3"),
    ("3Q2025", "2025-Q3"),
    ("2025Q3", "2025-Q3"),
    ("Third quarter 2025", "2025-Q3"),
    ("Quarter 3, 2025", "2025-Q3"),
    ("July 2025", "2025-M07"),
    ("Jul. 2025", "2025-M07"),
    ("Sept 2025", "2025-M09"),
    ("2025 July", "2025-M07"),
    ("14 July 2025", "2025-07-14"),
    ("July 14, 2025", "2025-07-14"),
    ("14-Jul-2025", "2025-07-14"),
    ("25/12/2025", "2025-12-25"),
    ("12/25/2025", "2025-12-25"),
    ("05/05/2025", "2025-05-05"),
    ("14.06.2026", "2026-06-14"),
    ("20250714", "2025-07-14"),
    ("2025-W05", "2025-W05"),
    ("Week 5 2025", "2025-W05"),
    ("28 December to 3 January 2023", "2022-12-28/P7D"),
    ("01/04/2016 to 31/03/2017", "2016-04-01/P1Y"),
    ("17-20 May 2023", "2023-05-17/P4D"),
    ("3-4/2025", "2025-03-01/P2M"),
    ("Year ending March 2017", "2016-04-01/P1Y"),
    ("12 months to June 2017", "2016-07-01/P1Y"),
    ("2016-04-01/P1Y", "2016-04-01/P1Y"),
    ("VNR2025-M07", "VNR2025-M07"),
    ("FYUK2025", "FYUK2025"),
    ("Năm học 2025-2026", "SY2025"),
    ("NH 2025-2026", "SY2025"),
    ("Học kỳ I năm học 2025-2026", "SY2025-S1"),
    ("HK2 năm học 2025-2026", "SY2025-S2"),
)

#: Label → codes it may mean. Never guessed.
AMBIGUOUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("03/04/2025", ("2025-04-03", "2025-03-04")),
    ("2011-12", ("2011-M12", "FYUK2011", "FYUS2012", "TAX2011", "SY2011")),
    ("2011/12", ("2011-M12", "FYUK2011", "FYUS2012", "TAX2011", "SY2011")),
    ("2019/20", ("FYUK2019", "FYUS2020", "TAX2019", "SY2019")),
    ("2010 to 2011", ("2010-01-01/P2Y", "FYUK2010", "FYUS2011", "TAX2010", "SY2010")),
    ("2016 - 1", ("2016-S1", "2016-Q1", "2016-M01")),
    ("I/2026", ("2026-S1", "2026-Q1", "2026-M01")),
    ("FY2025", ("FYUK2025", "FYUS2025", "FYVN2025", "TAX2025")),
    ("14/6/26", ()),
    ("T1/26", ()),
    ("Jul-17", ()),
    ("Quý I", ()),
    ("Tháng 7", ()),
    ("6 tháng đầu năm", ()),
    ("Cả năm", ()),
)

UNKNOWN = (
    "",
    "   ",
    "*",
    "There is no data for this indicator yet",
    "Grand Total",
    "Kỳ báo cáo",
    "cùng kỳ năm trước",
    "1974a",
    "Value",
    "2017-Q2 Vol.",
    "Tháng 13/2025",
    "Quý V/2025",
    "31/02/2025",
    "32/01/2025",
    "2020 to 2018",
    "Đơn vị",
    "12345",
    "None",
    "nan",
    "từ ngày 14/3/2026 đến ngày 15/12/2025",
    "Tuần 60/2026",
    "2021-W53",
)

#: In other calendars: calendar, label, code.
ELSEWHERE: tuple[tuple[str, str, str], ...] = (
    ("VNR", "Tháng 7/2025", "VNR2025-M07"),
    ("VNR", "Quý I/2026", "VNR2026-Q1"),
    ("VNR", "Năm 2026", "VNR2026"),
    ("VNR", "6 tháng đầu năm 2026", "VNR2026-Q2 YTD"),
    ("VNR", "9 tháng năm 2026", "VNR2026-Q3 YTD"),
    ("VNR", "lũy kế đến 14/6/2026", "VNR2026-Q2 YTD"),
    ("VNR", "lũy kế đến 14/7/2026", "VNR2026-M07 YTD"),
    ("VNR", "từ ngày 15/12/2025 đến ngày 14/6/2026", "VNR2026-S1"),
    ("VNR", "2025-Q3", "VNR2025-Q3"),
    ("VNR", "từ ngày 01/01/2026 đến ngày 31/03/2026", "2026-Q1"),
    ("VNR", "2025-M07", "VNR2025-M07"),
    ("FY-UK", "2019/20", "FYUK2019"),
    ("FY-UK", "2011-12", "FYUK2011"),
    ("FY-UK", "2010 to 2011", "FYUK2010"),
    ("FY-UK", "2018 to 2020", "2018-04-01/P2Y"),
    ("FY-UK", "FY 2019/20", "FYUK2019"),
    ("FY-UK", "2019", "FYUK2019"),
    ("FY-UK", "April 2016 to March 2017", "FYUK2016"),
    ("FY-UK", "July 2025", "FYUK2025-M04"),
    ("FY-UK", "Q1 2025", "FYUK2025-Q1"),
    ("FY-UK", "2023-24 Q1", "FYUK2023-Q1"),
    ("FY-UK", "Q4 2023/24", "FYUK2023-Q4"),
    ("FY-UK", "Quarter 2, 2023-24", "FYUK2023-Q2"),
    ("FY-UK", "third quarter of 2023-24", "FYUK2023-Q3"),
    ("FY-UK", "H2 2023-24", "FYUK2023-S2"),
    ("FY-US", "FY2026", "FYUS2026"),
    ("FY-US", "Q1 FY2026", "FYUS2026-Q1"),
    ("FY-US", "FY2026 Q2", "FYUS2026-Q2"),
    ("FY-US", "2025-26 Q1", "FYUS2026-Q1"),
    ("FY-US", "2025/26", "FYUS2026"),
    ("FY-US", "October 2025", "FYUS2026-M01"),
    ("SY", "2025-2026", "SY2025"),
    ("SY", "2025/26", "SY2025"),
    ("SY", "2010 to 2011", "SY2010"),
    ("TERM", "giai đoạn 2021-2025", "TERM2021"),
    ("TERM", "Kế hoạch 2021-2025", "TERM2021"),
    ("TERM", "term2021", "TERM2021"),
)

#: With a frequency: label, frequency, code.
WITH_FREQUENCY: tuple[tuple[object, str, str], ...] = (
    ("2016 - 1", "Q", "2016-Q1"),
    ("2016 - 1", "M", "2016-M01"),
    ("2011-12", "M", "2011-M12"),
    ("I/2026", "Q", "2026-Q1"),
    ("Dec-1984", "Q", "1984-Q4"),
    ("1984-12-01", "Q", "1984-Q4"),
    (date(2007, 7, 1), "M", "2007-M07"),
    (datetime(2007, 7, 1, 12, 30, tzinfo=UTC), "A", "2007"),
    (2017, "A", "2017"),
    (2017.0, "A", "2017"),
    ("Cả năm 2026", "A", "2026"),
    ("Cả năm 2026", "M", "2026-M12 YTD"),
    ("Năm 2026", "Q", "2026-Q4 YTD"),
    ("2016", "Q", "2016"),
    ("Quý I/2026", "M", "2026-Q1"),
    ("6 tháng đầu năm 2026", "S", "2026-S1 YTD"),
    ("6 tháng đầu năm 2026", "M", "2026-M06 YTD"),
    ("2026-06-17", "W", "2026-W25"),
    ("tính đến ngày 30/6/2026", "Q", "2026-Q2"),
    ("Tháng 3/2025", "Q", "2025-M03"),
)

#: The year stands elsewhere: label, year, code.
WITH_YEAR: tuple[tuple[str, int | str, str], ...] = (
    ("Quý I", 2026, "2026-Q1"),
    ("Tháng 7", "Năm 2026", "2026-M07"),
    ("6 tháng đầu năm", "2026", "2026-Q2 YTD"),
    ("Cả năm", 2026, "2026-Q4 YTD"),
    ("T1/26", 2026, "2026-M01"),
    ("14/6/26", 2026, "2026-06-14"),
    ("Jan", 2026, "2026-M01"),
    ("từ ngày 15/12 đến ngày 14/3", 2026, "2025-12-15/P3M"),
    ("Quý I/2025", 2026, "2025-Q1"),
)


def said(calendars: Calendars, label: object, **hints: object) -> str:
    """Code, accumulation and status in one line, or the problem."""
    parsed = calendars.parse(label, **hints)  # type: ignore[arg-type]
    if parsed.period is None:
        assert parsed.problem is not None
        return parsed.problem
    assert parsed.problem is None
    return " ".join(filter(None, (parsed.period.period_code, parsed.accumulation, parsed.obs_status)))


@pytest.mark.parametrize(("label", "meaning"), GREGORIAN)
def test_a_label_means(calendars: Calendars, label: str, meaning: str) -> None:
    assert said(calendars, label) == meaning


@pytest.mark.parametrize(("label", "meaning"), GREGORIAN)
def test_normal_form_diacritics_case_and_invisible_characters_do_not_count(
    calendars: Calendars, label: str, meaning: str
) -> None:
    decomposed = unicodedata.normalize("NFD", label)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    bare = bare.replace("đ", "d").replace("Đ", "D")
    for spelling in (decomposed, bare, f"\u00a0{label}\u200b "):
        assert said(calendars, spelling) == meaning, spelling
    if "T00" not in label and "/P" not in label:
        assert said(calendars, label.upper()) == meaning


@pytest.mark.parametrize(("label", "candidates"), AMBIGUOUS)
def test_an_ambiguous_label_is_a_problem_with_its_candidates(
    calendars: Calendars, label: str, candidates: tuple[str, ...]
) -> None:
    parsed = calendars.parse(label)
    assert (parsed.period, parsed.problem, parsed.candidates) == (None, "ambiguous", candidates)


@pytest.mark.parametrize("label", UNKNOWN)
def test_a_label_of_no_period_is_unknown(calendars: Calendars, label: str) -> None:
    assert said(calendars, label) == "unknown"


@pytest.mark.parametrize(("calendar", "label", "meaning"), ELSEWHERE)
def test_a_label_in_another_calendar(calendars: Calendars, calendar: str, label: str, meaning: str) -> None:
    assert said(calendars, label, calendar=calendar) == meaning


@pytest.mark.parametrize(("label", "frequency", "meaning"), WITH_FREQUENCY)
def test_the_frequency_fills_in_what_a_label_leaves_open(
    calendars: Calendars, label: object, frequency: str, meaning: str
) -> None:
    assert said(calendars, label, frequency=frequency) == meaning


@pytest.mark.parametrize(("label", "year", "meaning"), WITH_YEAR)
def test_the_year_may_stand_elsewhere(calendars: Calendars, label: str, year: int | str, meaning: str) -> None:
    assert said(calendars, label, year=year) == meaning


def test_a_month_in_the_middle_of_a_quarter_does_not_name_the_quarter(calendars: Calendars) -> None:
    parsed = calendars.parse("Nov-1984", frequency="Q")
    assert (parsed.problem, parsed.candidates) == ("ambiguous", ("1984-M11", "1984-Q4"))


def test_a_month_of_a_calendar_that_cuts_months_apart_is_ambiguous(calendars: Calendars) -> None:
    assert calendars.parse("May 2025", calendar="TAX-UK").candidates == ("TAX2025-M01", "TAX2025-M02")


def test_a_quarter_of_a_split_year_needs_its_calendar(calendars: Calendars) -> None:
    parsed = calendars.parse("2023-24 Q1")
    assert (parsed.problem, "FYUK2023" in parsed.candidates) == ("ambiguous", True)
    assert calendars.parse("2023-25 Q1", calendar="FY-UK").problem == "unknown"


def test_the_declared_calendar_wins_over_a_code_of_another_that_looks_alike(declare: Any) -> None:
    fiscal = {"kind": "fiscal", "start_day": 1, "name": {"vi": "a", "en": "b"}}
    calendars = declare(
        {"code": "UK", "prefix": "FY", "start_month": 4, "labelled_by": "start", **fiscal},
        {"code": "US", "prefix": "UFY", "start_month": 10, "labelled_by": "end", **fiscal},
    )
    assert said(calendars, "FY2021", calendar="US") == "UFY2021"
    assert said(calendars, "FY2021", calendar="UK") == said(calendars, "FY2021") == "FY2021"


def test_the_column_decides_which_comes_first_day_or_month(calendars: Calendars) -> None:
    column = ["03/04/2025", "25/04/2025", "Tổng"]
    assert date_order(column) == "dmy"
    assert said(calendars, "03/04/2025", order=date_order(column)) == "2025-04-03"
    assert said(calendars, "03/04/2025", order=date_order(["03/04/2025", "04/25/2025"])) == "2025-03-04"


@pytest.mark.parametrize("column", [["03/04/2025"], ["25/04/2025", "04/25/2025"], []])
def test_a_column_that_shows_nothing_or_both_decides_nothing(column: list[str]) -> None:
    assert date_order(column) is None


def test_without_a_school_calendar_a_school_year_is_unknown() -> None:
    assert said(Calendars(), "Năm học 2025-2026") == "unknown"


@given(label=st.one_of(st.text(max_size=30), st.from_regex(r"[tTqQ0-9/. \-]{1,14}", fullmatch=True)))
def test_no_text_breaks_the_reader(calendars: Calendars, label: str) -> None:
    parsed = calendars.parse(label)
    assert (parsed.period is None) != (parsed.problem is None)


@given(day=st.dates(date(1900, 1, 1), date(2190, 1, 1)))
def test_every_code_and_english_label_is_read_back(calendars: Calendars, day: date) -> None:
    from ingest.time.period_table import labels

    for frequency in calendars.frequencies("CAL"):
        period = calendars.containing(day, "CAL", frequency)
        assert said(calendars, period.period_code) == period.period_code
        in_english = labels(calendars, period)[1]
        assert said(calendars, in_english) == period.period_code


def test_there_are_more_than_a_hundred_spellings() -> None:
    assert len({label for label, _ in GREGORIAN}) == len(GREGORIAN) > 100
