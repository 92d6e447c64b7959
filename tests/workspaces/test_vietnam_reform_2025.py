"""The reform of 1 July 2025 as organisations with validity and events: codes come back with another meaning."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

pytestmark = [pytest.mark.shared_cases, pytest.mark.end_to_end]

REFORM = "2025-07-01"
MAPPING = "convert_legacy_2025_simple.csv"
KINDS = ("Thành phố ", "Tỉnh ")


def bare(province: str) -> str:
    for kind in KINDS:
        province = province.removeprefix(kind)
    return province


def old_commune(row: dict[str, str]) -> str:
    """Five digits again; an island district without communes goes by the code of the district."""
    return f"{int(float(row['wardCode'])):05}" if row["wardCode"] else f"H{int(row['districtCode']):03}"


def organisation(code: str, name: str, level: str, parent: str, **validity: str) -> dict[str, str]:
    return {"code": code, "name_vi": name, "name_en": name, "level": level, "parent_code": parent, **validity}


def provinces(rows: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """63 provinces, of which 11 go on, and the 23 that are formed; with the events between them."""
    parts: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in rows:
        parts[row["newProvinceCode"], row["newProvince"]][f"{int(row['provinceCode']):02}"] = row["province"]
    organisations, events = [], []
    for (code, name), before in sorted(parts.items()):
        end = {} if len(before) == 1 else {"valid_to": REFORM}
        organisations += [
            organisation(old, bare(old_name), "province", "VN", **end) for old, old_name in before.items()
        ]
        if len(before) > 1:
            organisations.append(organisation(code, bare(name), "province", "VN", valid_from=REFORM))
            events += [{"event": "merge", "from_code": old, "to_code": code, "date": REFORM} for old in before]
    return organisations, events


def communes(rows: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The communes of both structures; a divided one goes to its successors in equal parts, for want of a key."""
    organisations: dict[tuple[str, str], dict[str, str]] = {}
    successors: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        old, new = old_commune(row), row["newWardCode"]
        organisations[old, ""] = organisation(
            old, row["ward"] or row["district"], "commune", f"{int(row['provinceCode']):02}", valid_to=REFORM
        )
        organisations[new, REFORM] = organisation(
            new,
            f"{row['newWardType']} {row['newWardShort']}, {bare(row['newProvince'])}",
            "commune",
            row["newProvinceCode"],
            valid_from=REFORM,
        )
        successors[old].append(new)
    events = []
    for old, targets in successors.items():
        share = round(Decimal(1) / len(targets), 6)
        weights = [1 - share * (len(targets) - 1), *[share] * (len(targets) - 1)]
        events += [
            {
                "event": "merge" if len(targets) == 1 else "split",
                "from_code": old,
                "to_code": new,
                "date": REFORM,
                "weight_basis": "equal parts",
                "weight": str(weight),
            }
            for new, weight in zip(targets, weights, strict=True)
        ]
    return list(organisations.values()), events


@pytest.fixture(scope="module")
def release(real_workspace: Any) -> Any:
    workspace = real_workspace("vietnam_reform_2025", "04-vn-admin-reform-2025")
    rows = workspace.read_csv(MAPPING)
    for organisations, events in (provinces(rows), communes(rows)):
        workspace.add_to_registry("organisations", organisations)
        workspace.add_to_registry("organisation_events", events)
    return workspace.run()


class TestProvinces:
    """Known answer 1: 63 → 34, and no province is divided."""

    @pytest.mark.parametrize(("day", "provinces"), [("2025-06-30", 63), (REFORM, 34)])
    def test_number(self, release: Any, day: str, provinces: int) -> None:
        assert (
            release.one(
                "select count(*) from core.dim_organisation where level = 'province' and valid_from <= cast(? as date) "
                "and coalesce(valid_to, date '9999-12-31') > cast(? as date)",
                day,
                day,
            )
            == provinces
        )

    def test_how_many_each_was_formed_from(self, release: Any) -> None:
        assert release.query(
            """
            select parts, count(*) from (
                select bridge.successor_organisation_key, count(distinct bridge.origin_organisation_key) as parts
                from core.bridge_succession as bridge
                inner join core.dim_organisation as origin
                    on bridge.origin_organisation_key = origin.organisation_key
                where origin.level = 'province' and origin.valid_from < date '2025-07-01' and bridge.scope_code = '*'
                group by 1
            )
            group by 1 order by 1
            """
        ) == [(1, 11), (2, 17), (3, 6)]


class TestCommunes:
    """Known answers 2, 3 and 6."""

    def test_numbers(self, release: Any) -> None:
        assert release.query(
            "select valid_from = date '2025-07-01', count(*) from core.dim_organisation where level = 'commune' "
            "group by 1 order by 1"
        ) == [(False, 10_040), (True, 3_321)]

    def test_kinds(self, release: Any) -> None:
        assert release.query(
            "select case when name_vi like 'Đặc khu %' then 'Đặc khu' else split_part(name_vi, ' ', 1) end, count(*) "
            "from core.dim_organisation where level = 'commune' and valid_from = date '2025-07-01' "
            "group by 1 order by 2"
        ) == [("Đặc khu", 13), ("Phường", 687), ("Xã", 2_621)]

    def test_how_many_each_went_to(self, release: Any) -> None:
        assert release.query(
            """
            select successors, count(*) from (
                select bridge.origin_organisation_key, count(*) as successors
                from core.bridge_succession as bridge
                inner join core.dim_organisation as origin
                    on bridge.origin_organisation_key = origin.organisation_key
                where origin.level = 'commune' and origin.valid_to = date '2025-07-01' and bridge.scope_code = '*'
                group by 1
                having sum(bridge.weight) between 0.999999 and 1.000001
            )
            group by 1 order by 1
            """
        ) == [(1, 9_569), (2, 397), (3, 58), (4, 15), (5, 1)]

    def test_every_code_of_the_statistics_office(self, release: Any) -> None:
        list_of_communes = "danhmuchanhchinh.gso.gov.vn_ward_2025-07-18.csv"
        listed = {code for (code,) in release.workspace.distinct(list_of_communes, "Mã")}
        known = {
            code
            for (code,) in release.query(
                "select organisation_code from core.dim_organisation where level = 'commune' and valid_to is not null"
            )
            if not code.startswith("H")
        }
        assert listed == known
        assert len(listed) == 10_035

    @pytest.mark.parametrize(("commune", "parts"), [("29869", 15), ("00070", 14)])
    def test_largest_mergers(self, release: Any, commune: str, parts: int) -> None:
        assert (
            release.one(
                "select count(distinct bridge.origin_organisation_key) from core.bridge_succession as bridge "
                "inner join core.dim_organisation as origin "
                "on bridge.origin_organisation_key = origin.organisation_key "
                "where bridge.successor_organisation_code = ? and origin.valid_to = date '2025-07-01' "
                "and bridge.scope_code = '*'",
                commune,
            )
            == parts
        )


class TestHoChiMinhCity:
    """Known answer 4."""

    def test_communes(self, release: Any) -> None:
        assert (
            release.one(
                "select count(*) from core.dim_organisation "
                "where parent_organisation_code = '79' and level = 'commune' "
                "and valid_from = date '2025-07-01'"
            )
            == 168
        )

    def test_figures(self, release: Any) -> None:
        assert release.figure("POPULATION", "79", "2025-07-17") == 14_002_598
        assert release.figure("AREA", "79", "2025-07-17") == pytest.approx(6_772.59)


class TestCountry:
    """Known answer 5: dot thousands, comma decimals."""

    def test_figures(self, release: Any) -> None:
        assert release.figure("POPULATION", "VN", "2025-07-17") == 112_093_848
        assert release.figure("AREA", "VN", "2025-07-17") == pytest.approx(331_333.54)

    def test_density_is_a_ratio_of_sums(self, release: Any) -> None:
        assert release.ratio("DENSITY", "VN", "2025-07-17")["value"] == pytest.approx(112_093_848 / 331_333.54)


def test_every_commune_is_read_under_its_own_code(release: Any) -> None:
    assert release.query("select source_code, rows_read, rows_quarantined from core.fct_submission order by 1") == [
        ("communes", 2 * 3_321, 0),
        ("provinces", 2 * 34, 0),
    ], release.output
    assert (
        release.one("select count(distinct organisation_code) from core.fct_observation where source_code = 'communes'")
        == 3_321
    )


def test_invariants_hold(release: Any, invariant: Any, rows_that_break: Any) -> None:
    """domain.md 11.3."""
    assert rows_that_break(invariant, release.database) == []
