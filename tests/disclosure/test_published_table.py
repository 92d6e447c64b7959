"""The worked table of domain.md 5.5 (WE-14, golden fixture GF-16)."""

from __future__ import annotations

import duckdb
import pytest
from small_warehouse import Organisation, SmallWarehouse

ROWS = {"A": (40, 12, 3), "B": (35, 9, 8), "C": (25, 14, 11)}
MEMBERS = ("KINH", "TAY", "OTHER")


@pytest.fixture
def placed() -> SmallWarehouse:
    """Persons placed in jobs by area and ethnicity."""
    warehouse = SmallWarehouse()
    warehouse.organisations |= {area: Organisation("N") for area in ROWS}
    warehouse.facts["PLACED"] = {
        (area, "2025-Q1", f"ETHNICITY={member}"): value
        for area, row in ROWS.items()
        for member, value in zip(MEMBERS, row, strict=True)
    }
    return warehouse


def statuses(path) -> dict[tuple[str, str], str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute(
            "select organisation_code, target_group_code, conf_status from marts.mart_indicator "
            "where obs_status = 'Q' and value is null and value_state = 'suppressed'"
        ).fetchall()
    return {(organisation, group.removeprefix("ETHNICITY=")): status for organisation, group, status in rows}


def test_the_cheapest_rectangle_is_suppressed(publisher, placed):
    edition = publisher.publish(placed)
    assert statuses(edition.path) == {("A", "OTHER"): "A", ("A", "TAY"): "D", ("B", "TAY"): "D", ("B", "OTHER"): "D"}
    assert edition.passed
    assert (edition.cells, edition.cells_primary, edition.cells_complementary) == (16, 1, 3)


def test_the_outsider_is_left_with_twelve_solutions(publisher, placed):
    publisher.publish(placed)
    intervals = sorted((round(i.low), round(i.high)) for i in publisher.attack())
    assert intervals == [(0, 11), (0, 11), (4, 15), (6, 17)]
    assert not any(interval.is_recovered for interval in publisher.attack())


def test_without_complementary_suppression_the_outsider_knows_it_is_three(publisher, placed):
    edition = publisher.publish(placed, complementary=False)
    (interval,) = publisher.attack()
    assert (round(interval.low), round(interval.high), interval.is_recovered) == (3, 3, True)
    assert not edition.passed
    assert edition.derivable == 1


def test_every_mart_hides_the_same_figures(publisher, placed):
    edition = publisher.publish(placed)
    with duckdb.connect(str(edition.path), read_only=True) as connection:
        rows = connection.execute(
            "select organisation_code, member_code, value, share_of_total, gap_to_total, gap_to_best, conf_status "
            "from marts.mart_disaggregation where value is null or conf_status <> 'F' order by 1, 2"
        ).fetchall()
        siblings = connection.execute(
            "select count(*) from marts.mart_disaggregation "
            "where organisation_code in ('A', 'B') and gap_to_best is not null"
        ).fetchone()
    assert {row[:2] for row in rows} == set(statuses(edition.path))
    assert all(row[2:6] == (None, None, None, None) for row in rows)
    assert siblings == (0,)


def test_the_loss_of_information_is_stated(publisher, placed):
    edition = publisher.publish(placed)
    account = edition.account()
    assert account["share_of_cells_suppressed"] == pytest.approx(4 / 16)
    # 3 + 12 + 8 + 9 of everything that the table adds up to, at four levels of margins: 4 x 157.
    assert account["share_of_value_suppressed"] == pytest.approx(32 / 628, abs=1e-6)
    with duckdb.connect(str(edition.path), read_only=True) as connection:
        lost = connection.execute("select * from quality.mart_disclosure").fetchall()
    assert lost == [("mart_indicator", "value", 16, 1, 3, 0.25, pytest.approx(32 / 628))]
