"""734 services of the UK government in overlapping twelve-month windows: volume, digital take-up, unit cost."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.shared_cases, pytest.mark.end_to_end]

WINDOW = "2016-04-01/P1Y"
DEPARTMENT_CODES = {"Home Office": "HOME_OFFICE"}


def department_code(abbreviation: str) -> str:
    return DEPARTMENT_CODES.get(abbreviation, abbreviation.upper())


def bodies_and_services(workspace: Any) -> list[dict[str, str]]:
    """The bodies below the departments and the services below them, as the publisher lists them."""
    organisations: dict[str, dict[str, str]] = {}
    codes: dict[tuple[str, str], str] = {}
    for department, name, abbreviation, service, slug in workspace.distinct(
        "services.csv", "Abbr", "Agency/body", "Agency abbr", "Name of service", "Slug"
    ):
        key = (department_code(department), name)
        if key not in codes:
            short = abbreviation.upper() or "_".join(name.upper().split())
            codes[key] = short if short not in {*codes.values(), key[0]} else f"{key[0]}_{short}_BODY"
            organisations[codes[key]] = {"code": codes[key], "name": name, "level": "body", "parent_code": key[0]}
        organisations[slug] = {"code": slug, "name": service, "level": "service", "parent_code": codes[key]}
    return [
        {
            "code": row["code"],
            "name_vi": row["name"],
            "name_en": row["name"],
            "level": row["level"],
            "parent_code": row["parent_code"],
        }
        for row in organisations.values()
    ]


@pytest.fixture(scope="module")
def release(real_workspace: Any) -> Any:
    workspace = real_workspace("uk_performance_platform", "01-uk-performance-platform")
    workspace.add_to_registry("organisations", bodies_and_services(workspace))
    return workspace.run()


def test_every_file_is_read(release: Any) -> None:
    rows = release.query("select source_code, status from core.fct_submission order by source_code")
    assert [source for source, _ in rows] == ["dvla_satisfaction", "dvla_tracker", "services", "transaction_volumes"]
    assert all(status in ("accepted", "partly_accepted") for _, status in rows), release.output


class TestAllServices:
    """Known answer 1: the window April 2016 to March 2017."""

    def test_volume(self, release: Any) -> None:
        assert release.figure("TRANSACTIONS", "UK", WINDOW) == 3_309_852_525

    def test_digital_volume(self, release: Any) -> None:
        assert release.figure("DIGITAL_TRANSACTIONS", "UK", WINDOW) == 2_987_113_830

    def test_services_with_a_figure(self, release: Any) -> None:
        assert (
            release.one(
                "select count(distinct organisation_code) from core.fct_observation "
                "where source_code = 'transaction_volumes' and indicator_code = 'TRANSACTIONS' "
                "and period_code = ? and value is not null",
                WINDOW,
            )
            == 549
        )

    def test_take_up_is_a_ratio_of_sums(self, release: Any) -> None:
        row = release.ratio("DIGITAL_TAKE_UP", "UK", WINDOW)
        assert row["value"] == pytest.approx(2_987_113_830 / 3_309_852_525, rel=1e-12)
        assert row["value"] == pytest.approx(0.902492, abs=5e-7)

    def test_both_files_agree_service_by_service(self, release: Any) -> None:
        assert release.query(
            """
            select
                count(*) filter (where volumes is distinct from services) as differing,
                count(*) filter (where volumes is not null) as present,
                sum(services)
            from (
                select
                    organisation_code,
                    sum(value) filter (where source_code = 'transaction_volumes') as volumes,
                    sum(value) filter (where source_code = 'services') as services
                from core.fct_observation
                where indicator_code = 'TRANSACTIONS' and period_code = ?
                group by organisation_code
            )
            """,
            WINDOW,
        ) == [(0, 549, 3_309_852_525)]


class TestDepartments:
    """Known answer 2."""

    @pytest.mark.parametrize(
        ("department", "volume", "cost", "matched", "unit_cost"),
        [
            ("DFT", 777_007_155, 275_176_284.31, 773_461_912, 0.355772),
            ("HMRC", 2_254_703_222, 813_241_739.15, 2_252_884_666, 0.360978),
        ],
    )
    def test_weighted_cost(
        self, release: Any, department: str, volume: int, cost: float, matched: int, unit_cost: float
    ) -> None:
        assert release.figure("TRANSACTIONS", department, WINDOW) == volume
        row = release.ratio("WEIGHTED_CPT", department, WINDOW)
        assert float(row["numerator"]) == pytest.approx(cost, abs=0.01)
        assert float(row["denominator"]) == matched
        assert row["value"] == pytest.approx(unit_cost, abs=5e-7)

    @pytest.mark.parametrize(("department", "take_up"), [("DFT", 0.954692), ("HOME_OFFICE", 0.031682)])
    def test_take_up(self, release: Any, department: str, take_up: float) -> None:
        assert release.ratio("DIGITAL_TAKE_UP", department, WINDOW)["value"] == pytest.approx(take_up, abs=5e-7)

    def test_cost_nobody_reported_is_missing_and_not_zero(self, release: Any) -> None:
        assert release.figure("TRANSACTIONS", "HOME_OFFICE", WINDOW) == 144_338_631
        row = release.ratio("WEIGHTED_CPT", "HOME_OFFICE", WINDOW)
        assert row["value"] is None
        assert row["reason"]


class TestOneService:
    """Known answer 3: vehicle tax renewals."""

    def service(self, release: Any) -> str:
        return str(
            release.one("select organisation_code from core.dim_organisation where name_en = 'Vehicle tax renewals'")
        )

    def test_figures(self, release: Any) -> None:
        service = self.service(release)
        assert release.figure("TRANSACTIONS", service, WINDOW) == 47_658_644
        assert release.figure("DIGITAL_TRANSACTIONS", service, WINDOW) == 38_267_429
        assert release.figure("COST_PER_TRANSACTION", service, WINDOW) == pytest.approx(1.14)

    def test_ratios(self, release: Any) -> None:
        service = self.service(release)
        assert release.ratio("DIGITAL_TAKE_UP", service, WINDOW)["value"] == pytest.approx(0.802948, abs=5e-7)
        cost = release.ratio("WEIGHTED_CPT", service, WINDOW)["numerator"]
        assert float(cost) == pytest.approx(54_330_854.16, abs=0.005)

    def test_its_agency(self, release: Any) -> None:
        assert release.figure("TRANSACTIONS", "DVLA", WINDOW) == 769_638_023
        assert release.one("select count(*) from core.dim_organisation where parent_organisation_code = 'DVLA'") == 36


class TestReform:
    """Known answer 4: by the department of before June 2016 and by that of today."""

    @pytest.mark.parametrize(
        ("former", "now", "services"),
        [("BIS", "BEIS", 134), ("BIS", "DFE", 16), ("BIS", "DIT", 8), ("DECC", "BEIS", 52)],
    )
    def test_services_that_moved(self, release: Any, former: str, now: str, services: int) -> None:
        assert (
            release.one(
                """
            select count(distinct observation.organisation_key)
            from core.fct_observation as observation
            inner join core.bridge_organisation as bridge
                on observation.organisation_key = bridge.descendant_organisation_key
            where
                bridge.structure = 'as_was' and bridge.ancestor_organisation_code = ?
                and observation.target_group_code like ?
            """,
                now,
                f"%FORMER_DEPARTMENT={former}",
            )
            == services
        )

    @pytest.mark.parametrize(
        ("department", "former", "volume"),
        [
            ("UK", "BIS", 32_665_411),
            ("BEIS", "BIS", 27_110_006),
            ("DFE", "BIS", 5_245_161),
            ("DIT", "BIS", 310_244),
            ("BEIS", "DECC", 608_823),
        ],
    )
    def test_volume_by_former_department(self, release: Any, department: str, former: str, volume: int) -> None:
        assert release.figure("TRANSACTIONS", department, WINDOW, f"FORMER_DEPARTMENT={former}") == volume

    def test_volume_by_present_department(self, release: Any) -> None:
        assert release.figure("TRANSACTIONS", "BEIS", WINDOW) == 27_718_829


class TestCustomers:
    """Known answer 5."""

    @pytest.mark.parametrize(
        ("customer", "volume"),
        [
            ("BUSINESS", 2_265_600_696),
            ("INDIVIDUALS", 1_042_149_910),
            ("_U", 2_044_270),
            ("BUSINESS_AND_INDIVIDUALS", 57_649),
        ],
    )
    def test_volume_by_customer(self, release: Any, customer: str, volume: int) -> None:
        assert release.figure("TRANSACTIONS", "UK", WINDOW, f"CUSTOMER={customer}") == volume

    def test_charities_reported_nothing_which_is_no_zero(self, release: Any) -> None:
        assert release.query(
            "select distinct value, obs_status from core.fct_observation where indicator_code = 'TRANSACTIONS' "
            "and period_code = ? and target_group_code like 'CUSTOMER=CHARITY%'",
            WINDOW,
        ) == [(None, "O")]

    def test_they_make_the_whole(self, release: Any) -> None:
        assert release.one(
            "select sum(share_of_total) from marts.mart_disaggregation where measure_code = 'TRANSACTIONS' "
            "and organisation_code = 'UK' and period_code = ? and dimension = 'CUSTOMER'",
            WINDOW,
        ) == pytest.approx(1)


class TestTracker:
    """Known answer 6: hidden columns, July 2007 to June 2008."""

    @pytest.mark.parametrize(
        ("group", "transactions"),
        [
            ("CHANNEL=WEB|LICENCE=RELICENSING", 10_659_829),
            ("CHANNEL=IVR|LICENCE=RELICENSING", 2_539_493),
            ("CHANNEL=AGENT|LICENCE=RELICENSING", 91_992),
            ("CHANNEL=WEB|LICENCE=SORN", 1_531_776),
            ("LICENCE=RELICENSING", 10_659_829 + 2_539_493 + 91_992),
        ],
    )
    def test_year(self, release: Any, group: str, transactions: int) -> None:
        assert release.figure("LICENSING_TRANSACTIONS", "DVLA", "FYJ2008", group) == transactions

    def test_only_the_agency_s_own_months(self, release: Any) -> None:
        months = release.query(
            "select min(period_start), max(period_start), count(distinct period_code) from core.fct_observation "
            "inner join core.dim_time using (time_key, period_code) where indicator_code = 'LICENSING_TRANSACTIONS'"
        )
        assert [(str(first), str(last), count) for first, last, count in months] == [("2007-07-01", "2008-07-01", 13)]

    def test_the_printed_totals_are_no_facts(self, release: Any) -> None:
        assert (
            release.one("select count(*) from core.fct_observation where indicator_code = 'LICENSING_TRANSACTIONS'")
            == 13 * 7
        )


class TestSatisfaction:
    """Known answer 7."""

    def test_january_2013(self, release: Any) -> None:
        assert release.figure("SATISFACTION_SCORE", "DVLA", "2013-M01", "LICENCE=RELICENSING") == pytest.approx(
            1.169684300816089, abs=1e-12
        )
        assert release.figure("SATISFACTION_SCORE", "DVLA", "2013-M01", "LICENCE=SORN") == pytest.approx(
            1.3522100715471277, abs=1e-12
        )

    def test_months_and_gaps(self, release: Any) -> None:
        rows = release.query(
            "select target_group_code, count(value), count(*) - count(value) from core.fct_observation "
            "where indicator_code = 'SATISFACTION_SCORE' group by 1 order by 1"
        )
        assert rows == [("LICENCE=RELICENSING", 111, 2), ("LICENCE=SORN", 113, 0)]

    def test_the_grand_total_is_no_month(self, release: Any) -> None:
        mean = release.one(
            "select avg(cast(value as double)) from core.fct_observation "
            "where indicator_code = 'SATISFACTION_SCORE' and target_group_code = 'LICENCE=RELICENSING'"
        )
        assert mean == pytest.approx(1.2458065876466138, abs=1e-12)


class TestErrorsInTheData:
    """What the publisher got wrong is found, and named with its cell."""

    def test_digital_volume_above_the_volume(self, release: Any) -> None:
        with_more = {
            (row["Name of service"].strip(), header.split(":")[0])
            for row in release.workspace.read_csv("transaction-volumes.csv")
            for header in row
            if header.endswith(": digital volume")
            and row[header]
            and row[header.replace("digital ", "")]
            and int(row[header]) > int(row[header.replace("digital ", "")])
        }
        assert len(with_more) == 6
        found = release.query(
            "select distinct organisation_code, period_code from core.fct_finding "
            "where rule_id = 'RAT-03' and source_code = 'transaction_volumes'"
        )
        assert len(found) == 6

    def test_the_mistyped_window(self, release: Any) -> None:
        assert release.query(
            "select period_code, count(value) from core.fct_observation where source_code = 'transaction_volumes' "
            "and indicator_code = 'TRANSACTIONS' and period_label like 'January 2014%' group by 1"
        ) == [("2014", 587)]


def test_invariants_hold(release: Any, invariant: Any, rows_that_break: Any) -> None:
    """domain.md 11.3."""
    assert rows_that_break(invariant, release.database) == []
