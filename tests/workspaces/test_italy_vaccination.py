"""Italy's vaccine deliveries, doses and populations by region, day, age, sex and supplier."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.shared_cases, pytest.mark.end_to_end]

SUMMARY = "vaccini-summary-latest.csv"


def regions(workspace: Any) -> list[dict[str, str]]:
    """The regions and autonomous provinces as the ministry codes them, below their NUTS macro-region."""
    short_names = dict(workspace.distinct("platea.csv", "area", "reg"))
    return [
        {
            "code": area,
            "name_vi": name,
            "name_en": name,
            "level": "region",
            "parent_code": macro_region,
            "aliases": short_names[area] if short_names[area] != name else "",
        }
        for area, name, macro_region in workspace.distinct(SUMMARY, "area", "reg", "N1")
    ]


@pytest.fixture(scope="module")
def release(real_workspace: Any) -> Any:
    workspace = real_workspace("italy_vaccination", "06-it-vaccini")
    workspace.add_to_registry("organisations", regions(workspace))
    return workspace.run()


def _rows_of_2023(release: Any) -> int:
    rows = release.workspace.read_csv("somministrazioni-vaccini-summary-latest.csv")
    return sum(row["data"].startswith("2023-") for row in rows)


def test_every_row_is_read(release: Any) -> None:
    assert release.query(
        "select source_code, sum(rows_read), sum(rows_quarantined) from core.fct_submission group by 1 order by 1"
    ) == [
        ("campaign_2023_2024", 24_950 * 2, 0),
        ("deliveries", 7_690, 0),
        ("doses_by_age", (425 + 27_123) * 2, 0),
        ("doses_daily", 18_223 + 6 * _rows_of_2023(release), 0),
        ("doses_to_date", 21 * 2 + 11 * 2, 0),
        ("population", 210 + 189, 0),
    ], release.output


class TestDosesGiven:
    """Known answer 1: the same by three routes."""

    @pytest.mark.parametrize(
        ("year", "doses"), [(2020, 40_666), (2021, 111_358_671), (2022, 32_996_266), (2023, 738_429)]
    )
    def test_by_year(self, release: Any, year: int, doses: int) -> None:
        assert release.figure("DOSES_GIVEN", "IT", str(year)) == doses

    def test_three_routes(self, release: Any) -> None:
        by_day = release.one(
            "select sum(value) from core.fct_observation "
            "where indicator_code = 'DOSES_GIVEN' and target_group_code = '_T'"
        )
        by_region = release.figure("DOSES_GIVEN_TO_DATE", "IT", "2023")
        by_age = release.figure("DOSES_BY_AGE_TO_DATE", "IT", "2023")
        assert by_day == by_region == by_age == 145_134_032


class TestDeliveries:
    """Known answer 2: with returns and transfers, which are negative."""

    def test_delivered(self, release: Any) -> None:
        assert release.query(
            "select sum(value), sum(value) filter (where value < 0), count(*) filter (where value < 0) "
            "from core.fct_observation where indicator_code = 'DOSES_DELIVERED'"
        ) == [(159_922_147, -1_167_466, 56)]

    def test_given_per_delivered(self, release: Any) -> None:
        row = release.ratio("USE_OF_DELIVERIES", "IT", "2023")
        assert (row["numerator"], row["denominator"]) == (145_134_032, 159_922_147)
        assert row["value"] == pytest.approx(0.907529, abs=5e-7)

    def test_the_published_percentages(self, release: Any) -> None:
        published = {
            area: float(percentage)
            for area, percentage in release.workspace.distinct(SUMMARY, "area", "percentuale_somministrazione")
        }
        computed = release.query(
            "select organisation_code, value from marts.mart_ratio where ratio_code = 'USE_OF_DELIVERIES' "
            "and period_code = '2023' and target_group_code = '_T' and structure = 'as_was'"
        )
        regional = {area: value * 100 for area, value in computed if area in published}
        assert len(regional) == 21
        assert regional == {area: pytest.approx(value, abs=0.0501) for area, value in published.items()}


class TestDosesPerHead:
    """Known answer 3."""

    @pytest.mark.parametrize(
        ("region", "doses", "population", "value"),
        [("LOM", 25_723_773, 10_222_431, 2.516405), ("PAB", 1_167_120, 523_778, 2.228272)],
    )
    def test_region(self, release: Any, region: str, doses: int, population: int, value: float) -> None:
        row = release.ratio("DOSES_PER_HEAD", region, "2023")
        assert (row["numerator"], row["denominator"]) == (doses, population)
        assert row["value"] == pytest.approx(value, abs=5e-7)

    def test_target_population(self, release: Any) -> None:
        assert release.figure("POPULATION", "IT", "2023") == 59_496_362


class TestYear2023:
    """Known answer 4."""

    def test_by_kind_of_dose(self, release: Any) -> None:
        assert (
            release.one(
                "select sum(value) from marts.mart_disaggregation where measure_code = 'DOSES_GIVEN' "
                "and organisation_code = 'IT' and period_code = '2023' and dimension = 'DOSE'"
            )
            == 738_429
        )

    @pytest.mark.parametrize(
        ("region", "group", "doses"),
        [
            ("%", "%SEX=%", 738_429),
            ("LOM", "%SEX=%", 182_197),
            ("LOM", "AGE=Y80T89|SEX=F|%", 19_336),
            ("%", "AGE=Y60T69|%", 161_095),
        ],
    )
    def test_facts(self, release: Any, region: str, group: str, doses: int) -> None:
        assert (
            release.one(
                "select sum(value) from core.fct_observation where source_code = 'doses_by_age' "
                "and organisation_code like ? and target_group_code like ? and period_code >= '2023'",
                region,
                group,
            )
            == doses
        )

    def test_region(self, release: Any) -> None:
        assert release.figure("DOSES_GIVEN", "LOM", "2023") == 182_197

    @pytest.mark.parametrize(
        ("region", "group", "doses"), [("LOM", "AGE=Y80T89|SEX=F", 19_336), ("IT", "AGE=Y60T69", 161_095)]
    )
    def test_groups_without_a_dose_on_a_day_are_zero_and_not_missing(
        self, release: Any, region: str, group: str, doses: int
    ) -> None:
        figure = release.one(
            "select value from marts.mart_indicator where indicator_code = 'DOSES_GIVEN' "
            "and organisation_code = ? and period_code = '2023' and target_group_code = ?",
            region,
            group,
        )
        assert figure == doses


class TestCampaign:
    """Known answer 5: the campaign from September 2023, over two calendar years."""

    def doses(self, release: Any, region: str, group: str) -> int:
        return int(
            release.one(
                "select sum(value) from core.fct_observation where indicator_code = 'CAMPAIGN_DOSES' "
                "and organisation_code like ? and target_group_code like ?",
                region,
                group,
            )
        )

    @pytest.mark.parametrize(
        ("region", "group", "doses"),
        [("%", "%", 2_215_202), ("LOM", "%", 566_584), ("%", "AGE=Y80T89|%", 567_063)],
    )
    def test_facts(self, release: Any, region: str, group: str, doses: int) -> None:
        assert self.doses(release, region, group) == doses

    def test_share_of_women(self, release: Any) -> None:
        share = self.doses(release, "%", "%SEX=F%") / self.doses(release, "%", "%")
        assert share == pytest.approx(0.514913, abs=5e-7)

    def test_the_printed_totals_agree_with_their_parts(self, release: Any) -> None:
        assert (
            release.one(
                "select count(*) from core.fct_finding where rule_id = 'SUM-01' and source_code = 'campaign_2023_2024'"
            )
            == 0
        )


class TestAgeBandsThatDiffer:
    """Known answer 6: the population is known for 80 and over only."""

    @pytest.mark.parametrize("band", ["Y80T89", "Y_GE90"])
    def test_no_ratio_without_its_population(self, release: Any, band: str) -> None:
        row = release.ratio("DOSES_PER_HEAD_BY_AGE", "IT", "2023", f"AGE={band}")
        assert (row["value"], row["reason"]) == (None, "DEN_MISSING")


def test_invariants_hold(release: Any, invariant: Any, rows_that_break: Any) -> None:
    """domain.md 11.3."""
    assert rows_that_break(invariant, release.database) == []
