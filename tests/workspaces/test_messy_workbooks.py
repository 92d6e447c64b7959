"""Official workbooks and csv files that people made for people, from six countries."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

pytestmark = [pytest.mark.shared_cases, pytest.mark.end_to_end]

SURVEY_DAY = "2017-11-15"
STATES = {
    "New South Wales": "AU1",
    "Victoria": "AU2",
    "Queensland": "AU3",
    "South Australia": "AU4",
    "Western Australia": "AU5",
    "Tasmania": "AU6",
    "Northern Territory": "AU7",
    "Australian Capital Territory": "AU8",
}


def organisation(code: str, name: str, level: str, parent_code: str) -> dict[str, str]:
    return {"code": code, "name_vi": name, "name_en": name, "level": level, "parent_code": parent_code}


def electoral_divisions(workspace: Any) -> list[dict[str, str]]:
    """The 150 divisions below their states, without the footnote letters that stick to their names."""
    sheet = openpyxl.load_workbook(workspace.case / "ozmarriage.xlsx", read_only=True)["Table 2"]
    state, found = "", []
    for name, figure in sheet.iter_rows(min_row=8, max_row=180, max_col=2, values_only=True):
        if name and figure is None:
            state = STATES[name.removesuffix(" Divisions")]
        elif name and "(Total)" not in name:
            bare = re.sub(r"\([a-z]\)$", "", name)
            found.append(organisation(f"{state}-{len(found) + 1:03}", bare, "division", state))
    return found


def providers(workspace: Any) -> list[dict[str, str]]:
    text = (workspace.case / "utf-16le_encoded.csv").read_text(encoding="utf-16")
    return [
        organisation(row["Organisation_code"], row["Organisation_name"].strip(), "provider", "NHS")
        for row in csv.DictReader(text.splitlines())
    ]


def group(dimension: str, code: str, name: str, parent: str = "") -> dict[str, str]:
    return {
        "dimension": dimension,
        "code": code,
        "name_vi": name,
        "name_en": name,
        "parent": parent,
        "relation": "partition",
    }


def specialities(workspace: Any) -> list[dict[str, str]]:
    """The specialities of doctors below their fields, as the indentation of the table shows them."""
    lines = (workspace.case / "weird_head_padding.csv").read_text(encoding="utf-8").replace("\xa0", " ").splitlines()
    found, field = [], ""
    for match in filter(None, (re.match(r'"( {3}| {6})(\S[^"]*)";', line) for line in lines)):
        indentation, name = match.groups()
        if len(indentation) == 3:
            field = name
        else:
            found.append(group("SPECIALITY", f"S{len(found) + 1:02}", f"{field} > {name}"))
    return found


def functions(workspace: Any) -> list[dict[str, str]]:
    """The three levels of Mexico's classification of spending, coded by their ids."""
    text = (workspace.case / "spanish_chars.csv").read_text(encoding="cp1252")
    found, path = [], ["", "", ""]
    for row in csv.reader(text.splitlines()[1:]):
        level = next((number for number in range(3) if row[number].isdigit()), None)
        if level is not None:
            path[level] = row[level]
            name = "".join(row[3:6])  # one name stands in the wrong column
            found.append(group("FUNCTION", ".".join(path[: level + 1]), name, ".".join(path[:level])))
    return found


@pytest.fixture(scope="module")
def release(real_workspace: Any) -> Any:
    workspace = real_workspace("messy_workbooks", "05-messy-workbooks-and-csv")
    workspace.add_to_registry("organisations", [*electoral_divisions(workspace), *providers(workspace)])
    workspace.add_to_registry("target_groups", [*specialities(workspace), *functions(workspace)])
    workspace.hand_in("hours_worked", "2018-10-18", "6202021.xls")
    workspace.hand_in("hours_worked", "2021-11-11", "6202021.xlsx")
    return workspace.run()


def test_nothing_is_refused_or_held_back(release: Any) -> None:
    rows = release.query(
        "select source_code, sum(rows_read), sum(rows_quarantined) from core.fct_submission "
        "where status in ('accepted', 'partly_accepted') group by 1 order by 1"
    )
    assert rows == [
        ("detentions", 2 * 327, 0),
        ("doctors", 50 * 9, 0),
        ("federal_spending", len(functions(release.workspace)), 0),
        ("hours_worked", 7 * (136 + 148), 0),
        ("marriage_survey", 4 * (8 + 150), 0),
        ("municipal_budgets", 4 * 12, 0),
        ("ridership", 12 * 33, 0),
    ], release.output


class TestMarriageSurvey:
    """Known answer 1."""

    @pytest.mark.parametrize(
        ("indicator", "place", "people"),
        [
            ("YES_VOTES", "AU", 7_817_247),
            ("NO_VOTES", "AU", 4_873_987),
            ("ELIGIBLE", "AU", 16_006_180),
            ("YES_VOTES", "AU1", 2_374_362),
        ],
    )
    def test_counts(self, release: Any, indicator: str, place: str, people: int) -> None:
        assert release.figure(indicator, place, SURVEY_DAY) == people

    def test_divisions_of_each_state(self, release: Any) -> None:
        rows = dict(
            release.query(
                "select parent_organisation_code, count(distinct organisation_code) from core.fct_observation "
                "inner join core.dim_organisation using (organisation_key, organisation_code) "
                "where level = 'division' and indicator_code = 'YES_VOTES' group by 1 order by 1"
            )
        )
        assert list(rows.values()) == [47, 37, 30, 11, 16, 5, 2, 2]

    def test_votes_of_the_divisions(self, release: Any) -> None:
        assert (
            release.one(
                "select sum(value) from core.fct_observation inner join core.dim_organisation "
                "using (organisation_key, organisation_code) where level = 'division' and indicator_code = 'YES_VOTES'"
            )
            == 7_817_247
        )

    def test_share_of_clear_responses(self, release: Any) -> None:
        row = release.ratio("CLEAR_SHARE", "AU", SURVEY_DAY)
        assert (row["numerator"], row["denominator"]) == (12_691_234, 16_006_180)
        assert row["value"] == pytest.approx(0.792896, abs=5e-7)


class TestRidership:
    """Known answer 2: three breakdowns of one total."""

    @pytest.mark.parametrize(
        ("dimension", "parts"),
        [
            ("FARE", [417_608, 78_044, 25_019, 6_728, 1_086, 448, 4_283]),
            ("MODE", [261_113, 272_103]),
            ("DAY", [424_155, 109_061]),
        ],
    )
    def test_year_2017(self, release: Any, dimension: str, parts: list[int]) -> None:
        rows = release.query(
            "select value from core.fct_observation where indicator_code = 'RIDES' and period_code = '2017' "
            "and value is not null and target_group_code like ?",
            f"{dimension}=%",
        )
        assert sorted(value for (value,) in rows) == sorted(1000 * part for part in parts)

    def test_the_three_breakdowns_agree_in_every_year(self, release: Any) -> None:
        assert (
            release.one(
                """
            select count(*) from (
                select period_code from (
                    select period_code, split_part(target_group_code, '=', 1) as dimension, sum(value) as rides
                    from core.fct_observation where indicator_code = 'RIDES' group by all
                )
                group by period_code
                having count(*) = 3 and min(rides) = max(rides)
            )
            """
            )
            == 33
        )

    def test_total(self, release: Any) -> None:
        assert release.figure("RIDES", "TTC", "2017") == 533_216_000


class TestHoursWorked:
    """Known answer 3: two vintages of one workbook."""

    @pytest.mark.parametrize(
        ("period", "first", "second"),
        [("1984-Q4", "2939234.1866", "2923556.4817"), ("2018-Q3", "5261008.4064", "5233555.5804")],
    )
    def test_vintages(self, release: Any, period: str, first: str, second: str) -> None:
        rows = release.query(
            "select vintage_no, value, is_current from core.fct_observation where indicator_code = 'HOURS_WORKED' "
            "and period_code = ? and target_group_code = 'SERIES=A84426298K' order by vintage_no",
            period,
        )
        assert rows == [(1, Decimal(first) * 1000, False), (2, Decimal(second) * 1000, True)]

    def test_the_last_one_holds(self, release: Any) -> None:
        assert release.figure("HOURS_WORKED", "AU", "1984-Q4", "SERIES=A84426298K") == pytest.approx(2_923_556_481.7)

    def test_observations(self, release: Any) -> None:
        assert release.query(
            "select right(file_name, 4), rows_read from core.fct_submission "
            "where source_code = 'hours_worked' order by 1"
        ) == [(".xls", 7 * 136), ("xlsx", 7 * 148)]


class TestDetentions:
    """Known answer 4."""

    @pytest.mark.parametrize(
        ("indicator", "group", "answer"),
        [
            ("PART_II_DETENTIONS", "_T", 27_872),
            ("ADMISSIONS", "_T", 478_640),
            ("ADMISSIONS", "PROVIDER=NHS", 471_178),
        ],
    )
    def test_sums(self, release: Any, indicator: str, group: str, answer: int) -> None:
        assert release.figure(indicator, "NHS", "FY2010", group) == answer

    def test_providers(self, release: Any) -> None:
        assert release.query(
            "select target_group_code, count(distinct organisation_code) from core.fct_observation "
            "where source_code = 'detentions' group by 1 order by 1"
        ) == [("PROVIDER=INDEPENDENT", 207), ("PROVIDER=NHS", 120)]


class TestMunicipalBudgets:
    """Known answer 5."""

    def test_country(self, release: Any) -> None:
        assert release.figure("INHABITANTS", "NL", "2011") == 14_372_050
        assert release.figure("MUNICIPALITIES", "NL", "2011") == 411

    def test_groningen(self, release: Any) -> None:
        assert release.figure("EXPENSES_PER_HEAD", "NL20", "2011") == -1414
        assert release.figure("INCOME_PER_HEAD", "NL20", "2011") == 1414


class TestDoctors:
    """Known answer 6."""

    def test_total(self, release: Any) -> None:
        assert release.figure("DOCTORS", "DE", "2010") == 17_818

    @pytest.mark.parametrize(("year", "doctors"), [("2010", 17_818), ("1993", 7_423)])
    def test_sum_of_specialities(self, release: Any, year: str, doctors: int) -> None:
        assert (
            release.one(
                "select sum(value) from core.fct_observation where indicator_code = 'DOCTORS' and period_code = ?", year
            )
            == doctors
        )

    def test_no_total_of_a_year_in_which_half_the_specialities_are_not_known(self, release: Any) -> None:
        assert (
            release.query(
                "select value from marts.mart_indicator where indicator_code = 'DOCTORS' and period_code = '1993' "
                "and target_group_code = '_T' and value is not null"
            )
            == []
        )

    def test_a_dot_that_groups_thousands(self, release: Any) -> None:
        assert (
            release.one(
                "select value from core.fct_observation where indicator_code = 'DOCTORS' and period_code = '2010' "
                "and target_group_label like '%Unfallchirurgie%'"
            )
            == 2_590
        )

    def test_what_was_not_known_is_no_zero(self, release: Any) -> None:
        assert release.query(
            "select distinct obs_status, value from core.fct_observation "
            "where indicator_code = 'DOCTORS' and period_code = '1985'"
        ) == [("L", None)]


class TestFederalSpending:
    """Known answer 7: three levels that are each a whole, and no total together."""

    @pytest.mark.parametrize(("level", "spending"), [(1, "2622527.9"), (2, "2622527.8"), (3, "2622528.0")])
    def test_level(self, release: Any, level: int, spending: str) -> None:
        assert release.one(
            "select sum(value) from core.fct_observation where indicator_code = 'SPENDING' "
            "and len(string_split(target_group_code, '.')) = ?",
            level,
        ) == Decimal(spending)

    def test_the_total_counts_each_peso_once(self, release: Any) -> None:
        assert release.figure("SPENDING", "MX", "2011") == pytest.approx(2_622_527.9)


def test_invariants_hold(release: Any, invariant: Any, rows_that_break: Any) -> None:
    """domain.md 11.3."""
    assert rows_that_break(invariant, release.database) == []
