"""Labels to codes: the ladder, and organisations read with their period (domain.md 4.4, 4.6, 10.7; GF-13)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.registry.models import Indicator, Organisation, TargetGroup
from ingest.resolve import Resolver, Span

REFORM = date(2025, 7, 1)
BEFORE, AFTER = Span(date(2025, 3, 1), date(2025, 4, 1)), Span(date(2025, 8, 1), date(2025, 9, 1))
ACROSS = Span(date(2025, 6, 15), date(2025, 7, 15))  # administrative month of July 2025: 15 June to 14 July


def organisation(
    code: str, name: str, *, old: bool | None = None, level: str = "province", aliases: str = ""
) -> Organisation:
    return Organisation(
        code=code,
        name_vi=name,
        name_en=name,
        level=level,
        aliases=aliases or None,
        valid_from=REFORM if old is False else date(1900, 1, 1),
        valid_to=REFORM if old else None,
    )


ORGANISATIONS = [
    organisation("91", "Kiên Giang", old=True),
    organisation("89", "An Giang", old=True),
    organisation("91", "An Giang", old=False),
    organisation("10", "Lào Cai", old=True),
    organisation("15", "Yên Bái", old=True),
    organisation("15", "Lào Cai", old=False),
    organisation("22", "Quảng Ninh"),
    organisation("66", "Đắk Lắk", aliases="Đắc Lắc|Dak Lak"),
    organisation("38", "Thanh Hóa"),
    organisation("79", "Thành phố Hồ Chí Minh"),
    organisation("H1", "Huyện Kỳ Anh", level="district"),
    organisation("H2", "Thị xã Kỳ Anh", level="district"),
]
INDICATORS = [
    Indicator(
        code="PAS_RESOLVED", name_vi="Hồ sơ đã giải quyết", name_en="Dossiers resolved", role="output", unit="dossier"
    ),
    Indicator(code="HOUSEHOLDS", name_vi="Số hộ", name_en="Households", role="output", unit="household"),
    Indicator(code="LAKES", name_vi="Số hồ", name_en="Lakes", role="output", unit="lake"),
]
GROUPS = [
    TargetGroup(dimension="SEX", code=code, name_vi=vi, name_en=en)
    for code, vi, en in (("F", "Nữ", "Female"), ("M", "Nam", "Male"))
] + [TargetGroup(dimension="CHANNEL", code="ONLINE", name_vi="Trực tuyến", name_en="Online")]


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    tables: dict[str, list[Any]] = {"organisations": ORGANISATIONS, "indicators": INDICATORS, "target_groups": GROUPS}
    return Resolver(SimpleNamespace(tables=tables))


@pytest.mark.parametrize(
    ("label", "span", "code", "valid_from"),
    [
        ("91", BEFORE, "91", date(1900, 1, 1)),  # Kiên Giang
        ("91", AFTER, "91", REFORM),  # An Giang
        ("An Giang", BEFORE, "89", date(1900, 1, 1)),
        ("An Giang", AFTER, "91", REFORM),
        ("Tỉnh An Giang", AFTER, "91", REFORM),
        ("TỈNH LÀO CAI", BEFORE, "10", date(1900, 1, 1)),
        ("lao cai", AFTER, "15", REFORM),
        ("Quảng Ninh", AFTER, "22", date(1900, 1, 1)),
        ("Tỉnh Quảng Ninh", BEFORE, "22", date(1900, 1, 1)),
        ("Đắc Lắc", AFTER, "66", date(1900, 1, 1)),
        ("Thanh Hoá", AFTER, "38", date(1900, 1, 1)),
        ("TP. Hồ Chí Minh", AFTER, "79", date(1900, 1, 1)),
        ("Hồ Chí Minh", AFTER, "79", date(1900, 1, 1)),
        ("UBND tỉnh Thanh Hóa(1)", AFTER, "38", date(1900, 1, 1)),
    ],
)
def test_a_label_means_the_body_of_its_period(
    resolver: Resolver, label: str, span: Span, code: str, valid_from: date
) -> None:
    found = resolver.organisation(label, span, {})
    assert (found.code, found.valid_from, found.problem) == (code, valid_from, None)


def test_a_code_that_is_no_longer_valid_is_not_the_new_body(resolver: Resolver) -> None:
    found = resolver.organisation("89", AFTER, {})
    assert (found.code, found.problem) == (None, "not_valid_in_period")
    assert "An Giang (89" in (found.candidates or "")


def test_a_period_across_the_reform_is_ambiguous_unless_the_source_says(resolver: Resolver) -> None:
    assert resolver.organisation("An Giang", ACROSS, {}).problem == "ambiguous"
    assert resolver.organisation("An Giang", ACROSS, {}, straddle="predecessor").code == "89"
    assert resolver.organisation("An Giang", ACROSS, {}, straddle="successor").valid_from == REFORM
    assert resolver.organisation("Kiên Giang", ACROSS, {}).code == "91"


def test_without_a_period_a_name_of_two_bodies_is_ambiguous(resolver: Resolver) -> None:
    assert resolver.organisation("Lào Cai", None, {}).problem == "ambiguous"
    assert resolver.organisation("Quảng Ninh", None, {}).code == "22"


def test_name_and_code_must_agree(resolver: Resolver) -> None:
    agreed = resolver.organisation("Tỉnh An Giang", AFTER, {}, code_label="91")
    assert (agreed.code, agreed.problem) == ("91", None)
    contradicted = resolver.organisation("Kiên Giang", AFTER, {}, code_label="91")
    assert contradicted.problem == "name_code_disagree"


def test_a_kind_word_that_alone_tells_two_bodies_apart_is_not_dropped(resolver: Resolver) -> None:
    assert resolver.organisation("Huyện Kỳ Anh", AFTER, {}).code == "H1"
    assert resolver.organisation("Thị xã Kỳ Anh", AFTER, {}).code == "H2"
    assert resolver.organisation("Kỳ Anh", AFTER, {}).problem == "ambiguous"


def test_nothing_is_matched_by_likeness(resolver: Resolver) -> None:
    found = resolver.organisation("Quảng Nin", AFTER, {})
    assert (found.code, found.problem) == (None, "unknown")
    assert (found.candidates or "").startswith("Quảng Ninh (22)")


def test_label_map_and_pinned_identity(resolver: Resolver) -> None:
    assert resolver.organisation("Sài Gòn", AFTER, {"Sài Gòn": "79"}).code == "79"
    pinned = resolver.organisation("An Giang cũ", AFTER, {"An Giang cũ": "89@1900-01-01"})
    assert (pinned.code, pinned.valid_from) == ("89", date(1900, 1, 1))


def test_level_narrows(resolver: Resolver) -> None:
    assert resolver.organisation("Kỳ Anh", AFTER, {}, level="province").code is None


def test_folding_keeps_labels_apart_that_differ_by_a_diacritic(resolver: Resolver) -> None:
    assert resolver.indicator("số hộ", {}).code == "HOUSEHOLDS"
    assert resolver.indicator("SỐ HỒ", {}).code == "LAKES"
    assert resolver.indicator("so ho", {}).problem == "ambiguous"


def test_members_of_dimensions(resolver: Resolver) -> None:
    assert resolver.member("SEX", "Nữ", {}).code == "F"
    assert resolver.member("SEX", "_T", {}).code == "_T"
    assert resolver.member("SEX", "Khác", {}).problem == "unknown"
    assert resolver.member("AGE", "Y0T14", {}).problem == "unknown"
    assert resolver.members("SEX=Nữ|CHANNEL=ONLINE", {}).code == "CHANNEL=ONLINE|SEX=F"
    assert resolver.members("Phụ nữ", {"Phụ nữ": "SEX=F"}).code == "SEX=F"


COMMUNES = [
    Organisation(code="P", name_vi="Tỉnh P", name_en="P", level="province"),
    Organisation(code="P1", name_vi="Huyện Bắc", name_en="North", level="district", parent_code="P"),
    Organisation(code="P2", name_vi="Huyện Nam", name_en="South", level="district", parent_code="P"),
    Organisation(code="P11", name_vi="Xã Tân Lập", name_en="Tan Lap", level="commune", parent_code="P1"),
    Organisation(code="P21", name_vi="Xã Tân Lập", name_en="Tan Lap", level="commune", parent_code="P2"),
    Organisation(code="P22", name_vi="Xã Hòa Bình", name_en="Hoa Binh", level="commune", parent_code="P2"),
]


@pytest.mark.parametrize(
    ("label", "within", "code", "problem"),
    [
        ("Tân Lập", "Huyện Bắc", "P11", None),
        ("Tân Lập", "P2", "P21", None),
        ("Tân Lập", "Tỉnh P", None, "ambiguous"),
        ("Tân Lập", None, None, "ambiguous"),
        ("Huyện Nam", "Huyện Nam", "P2", None),  # its own total
        ("Hòa Bình", "Huyện Bắc", None, "unknown"),
        ("Tân Lập", "Huyện Đông", None, "unknown"),
    ],
)
def test_of_several_of_one_name_the_one_within_is_meant(
    label: str, within: str | None, code: str | None, problem: str | None
) -> None:
    resolver = Resolver(SimpleNamespace(tables={"organisations": COMMUNES}))
    found = resolver.organisation(label, AFTER, {}, within=within)
    assert (found.code, found.problem) == (code, problem)


def test_a_code_in_the_place_of_the_name_agrees_with_itself() -> None:
    resolver = Resolver(SimpleNamespace(tables={"organisations": COMMUNES}))
    assert resolver.organisation("P22", AFTER, {}, code_label="P22").problem is None
    assert resolver.organisation("P21", AFTER, {}, code_label="P22").problem == "name_code_disagree"
