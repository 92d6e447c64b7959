"""The figures behind the demo are consistent: identities, mergers, lags, a Simpson's paradox, trends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from demo.generate import SEED
from demo.generator.periods import Quarter, quarters
from demo.generator.sheet import Fact, Workbook
from demo.generator.territories import PROVINCE_REFORM, Territories
from demo.generator.truth.employment import LAG, EmploymentService
from demo.generator.truth.finance import OneStopShopFinance
from demo.generator.truth.one_stop_shop import NO_DOSSIERS, PROCEDURES, Dossiers, OneStopShops
from demo.generator.truth.regulations import FUNCTIONS, TYPES, Half, Regulations
from demo.generator.truth.roads import SURFACES, Roads
from demo.generator.truth.service_portal import ServicePortal

BEFORE, AFTER = date(2025, 6, 30), PROVINCE_REFORM


@pytest.fixture(scope="module")
def shops() -> OneStopShops:
    return OneStopShops(SEED)


def facts(workbooks: list[Workbook]) -> Iterator[Fact]:
    for workbook in workbooks:
        for sheet in workbook.sheets:
            for cell in sheet.cells.values():
                if cell.fact is not None:
                    yield cell.fact


def lines(shops: OneStopShops, territories: Territories) -> Iterator[tuple[str, str, Quarter, Dossiers]]:
    for quarter in quarters(administrative=True):
        for body in territories.provinces(quarter.last_day):
            for procedure in PROCEDURES:
                yield body.code, procedure, quarter, shops.line(body, procedure, quarter)


def test_form_identities_hold_and_nothing_is_negative(shops: OneStopShops, territories: Territories) -> None:
    for code, procedure, quarter, line in lines(shops, territories):
        assert line.total == line.resolved + line.pending, (code, procedure, quarter)
        assert min(getattr(line, field) for field in line.__dataclass_fields__) >= 0


def test_each_quarter_opens_with_what_the_one_before_left(shops: OneStopShops, territories: Territories) -> None:
    pending: dict[tuple[int, str, str], int] = {}
    for quarter in quarters(administrative=True):
        for body in territories.provinces(BEFORE):
            for procedure in PROCEDURES:
                line = shops.line(body, procedure, quarter)
                pending[quarter.index, body.code, procedure] = line.pending
                if quarter.index:
                    assert line.carried == pending[quarter.index - 1, body.code, procedure]


def test_new_provinces_report_exactly_what_they_were_merged_from(shops: OneStopShops, territories: Territories) -> None:
    quarter = Quarter(2025, 4, True)
    old = sum((shops.line(b, p, quarter) for b in territories.provinces(BEFORE) for p in PROCEDURES), NO_DOSSIERS)
    new = sum((shops.line(b, p, quarter) for b in territories.provinces(AFTER) for p in PROCEDURES), NO_DOSSIERS)
    assert old == new


def test_hue_shows_simpsons_paradox(shops: OneStopShops, territories: Territories) -> None:
    hue = next(body for body in territories.provinces(BEFORE) if body.code == "46")
    share: dict[tuple[int, str], Fraction] = {}
    for year in (2023, 2024):
        by_group = {
            p: sum((shops.line(hue, p, Quarter(year, n, True)) for n in (1, 2, 3, 4)), NO_DOSSIERS) for p in PROCEDURES
        }
        for name, line in (*by_group.items(), ("all", by_group["SIMPLE"] + by_group["COMPLEX"])):
            share[year, name] = Fraction(line.early + line.due, line.resolved)
    assert share[2024, "SIMPLE"] > share[2023, "SIMPLE"]
    assert share[2024, "COMPLEX"] > share[2023, "COMPLEX"]
    assert share[2024, "all"] < share[2023, "all"] - Fraction(5, 100)


def test_the_country_gets_better_every_year(shops: OneStopShops, territories: Territories) -> None:
    def national(year: int) -> Fraction:
        total = sum((line for _, _, q, line in lines(shops, territories) if q.year == year), NO_DOSSIERS)
        return Fraction(total.early + total.due, total.resolved)

    assert national(2022) < national(2023) < national(2024) < national(2025)


def test_the_portal_counts_the_same_dossiers(shops: OneStopShops, territories: Territories) -> None:
    portal = ServicePortal(SEED, shops)
    quarter = Quarter(2024, 3, True)
    for body in territories.provinces(quarter.last_day):
        channels = portal.received(body, quarter)
        both = shops.line(body, "SIMPLE", quarter) + shops.line(body, "COMPLEX", quarter)
        assert (channels["ONLINE"], sum(channels.values())) == (both.online, both.received)


def test_tet_lowers_the_first_quarter(shops: OneStopShops, territories: Territories) -> None:
    received = dict.fromkeys(quarters(administrative=True), 0)
    for _, _, quarter, line in lines(shops, territories):
        received[quarter] += line.received
    for year in (2022, 2023, 2024, 2025):
        assert received[Quarter(year, 1, True)] < 0.9 * received[Quarter(year, 2, True)]


def test_placement_follows_training_with_its_lag(territories: Territories) -> None:
    service = EmploymentService(SEED)
    for body in territories.provinces(BEFORE)[:10]:
        for quarter in quarters(administrative=False)[LAG:14]:
            earlier = quarters(administrative=False)[quarter.index - LAG]
            for sex in ("F", "M"):
                placed, trained = service.placed(body, sex, quarter), service.trained(body, sex, earlier)
                assert 0.5 < placed / trained < 0.8
                assert service.kept(body, sex, quarter) <= service.placed(body, sex, earlier)


def test_wages_move_the_cost_in_july(shops: OneStopShops, territories: Territories) -> None:
    finance = OneStopShopFinance(SEED, shops)
    cost = [sum(finance.cost(b, q) for b in territories.provinces(q.last_day)) for q in quarters(administrative=True)]
    assert cost[10] > Decimal("1.12") * cost[9]
    assert cost[6] > Decimal("1.08") * cost[5]


def test_good_roads_are_part_of_the_network(territories: Territories) -> None:
    roads = Roads(SEED)
    for year, day in ((2022, BEFORE), (2025, AFTER)):
        for body in territories.provinces(day):
            for surface in SURFACES:
                figure = roads.year(body, surface, year)
                assert 0 < figure.good < figure.network
                assert figure.treated > 0
                assert figure.cost > 0


def test_regulations_add_up_over_the_reform_of_ministries(territories: Territories) -> None:
    regulations = Regulations(SEED)
    stock = {
        half: sum(
            p.baseline
            for m in territories.ministries(half.last_day)
            for kind in TYPES
            if (p := regulations.progress(m.code, kind, half))
        )
        for half in (Half(2024, 2), Half(2025, 1))
    }
    assert len(set(stock.values())) == 1
    assert {f.after for f in FUNCTIONS} == {m.code for m in territories.ministries(date(2025, 3, 1))}


def test_cumulative_figures_never_fall_and_cuts_stay_within_approvals(territories: Territories) -> None:
    regulations = Regulations(SEED)
    for ministry in territories.ministries(date(2024, 12, 31)):
        for kind in TYPES:
            half, year = (regulations.progress(ministry.code, kind, Half(2024, n)) for n in (1, 2))
            if half and year:
                for field in half.__dataclass_fields__:
                    assert getattr(half, field) <= getattr(year, field)
                assert year.abolished + year.simplified <= year.approved <= year.reviewed


def test_the_programme_comes_near_its_target_of_a_fifth(territories: Territories) -> None:
    regulations = Regulations(SEED)
    half = Half(2025, 2)
    done = [
        p
        for m in territories.ministries(half.last_day)
        for kind in TYPES
        if (p := regulations.progress(m.code, kind, half))
    ]
    share = sum(p.cut_since_start for p in done) / sum(p.baseline for p in done)
    assert 0.17 < share < 0.25


def test_demo_has_between_fifty_and_a_hundred_thousand_facts(flawless: list[Workbook]) -> None:
    assert 50_000 < sum(1 for _ in facts(flawless)) < 100_000


def test_a_value_is_missing_exactly_where_a_status_says_why(flawless: list[Workbook]) -> None:
    for fact in facts(flawless):
        assert (fact.value is None) == (fact.status in {"O", "M"})
