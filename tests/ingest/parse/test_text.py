"""Labels: the stored form, the folded form, and marks that do not belong to them (domain.md 6.7, 10.7)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse.footnotes import strip_footnote_marks
from ingest.parse.labels import has_homoglyphs, read_label
from ingest.parse.text import fold, fold_case, normalise
from ingest.parse.vietnamese import ALPHABET, is_syllable


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  Sở   Tư pháp ", "Sở Tư pháp"),
        ("Sở\u00a0Tư\u202fpháp", "Sở Tư pháp"),
        ("Người\u200b dân\ufeff", "Người dân"),
        ("Hành\u00adchính", "Hànhchính"),
        ("Đơn vị\nbáo cáo", "Đơn vị báo cáo"),
        (unicodedata.normalize("NFD", "Đơn vị báo cáo"), "Đơn vị báo cáo"),
        ("Ðồng Nai", "Đồng Nai"),
        ("Ɖà Nẵng", "Đà Nẵng"),
        ("ðã giải quyết", "đã giải quyết"),
        ("Norðurland eystra", "Norðurland eystra"),
    ],
)
def test_the_stored_form_is_clean_nfc(raw: str, stored: str) -> None:
    assert normalise(raw) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đồng Nai", "DONG NAI"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa-Vũng Tàu"),
        ("Bà Rịa – Vũng Tàu", "ba ria vung tau"),
        ("Hòa Bình", "Hoà Bình"),
        ("Sở Tư pháp", "So Tu phap"),
        ("Tổng cộng:", "Tổng cộng"),
        ("Sở Y tế...", "SỞ Y TẾ"),
        ("Grünfläche", "GRUNFLACHE"),
        ("Straße", "STRASSE"),
        ("Provincia Autonoma\u00a0Bolzano", "provincia autonoma bolzano"),
        ("Đắk_Lắk", "Đắk Lắk"),
        ("L’Aquila", "L'Aquila"),
    ],
)
def test_the_folded_form_forgets_what_people_write_differently(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_the_stricter_form_keeps_diacritics_and_forgets_tone_placement() -> None:
    assert fold_case("Hoà Bình") == fold_case("HÒA BÌNH")
    assert fold_case("thuỷ lợi") == fold_case("thủy lợi")
    assert fold_case("hộ") != fold_case("hồ")
    assert fold_case("toàn") == "toàn"
    assert fold_case("quý") == "quý"


@given(st.text(st.sampled_from(ALPHABET + " -abcXYZ0123"), max_size=30))
def test_composed_and_decomposed_text_are_the_same_label(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert normalise(decomposed) == normalise(text)
    assert fold(decomposed) == fold(text)
    assert fold_case(decomposed) == fold_case(text)


@given(st.text(max_size=40))
def test_each_form_is_settled_after_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert fold(fold(text)) == fold(text)
    assert fold(normalise(text)) == fold(text)


@given(st.text(st.sampled_from(ALPHABET + "abc "), max_size=20))
def test_a_folded_vietnamese_label_is_plain_ascii(text: str) -> None:
    assert fold(text).isascii()


@pytest.mark.parametrize(
    ("label", "stripped", "marks"),
    [
        ("Northern Territory(b)", "Northern Territory", ("(b)",)),
        ("Quảng Nam(*)", "Quảng Nam", ("(*)",)),
        ("Quảng Nam (**)(1)", "Quảng Nam", ("(**)", "(1)")),
        ("Fenner(e)", "Fenner", ("(e)",)),
        ("Response not clear(a)", "Response not clear", ("(a)",)),
        (" 2015 *", "2015", ("*",)),
        ("Tổng số(1)", "Tổng số", ("(1)",)),
        ("Thu ngân sách (1)", "Thu ngân sách", ("(1)",)),
        ("Male [1]", "Male", ("[1]",)),
        ("Tổng số¹", "Tổng số", ("¹",)),
        ("Dân số²", "Dân số", ("²",)),
        ("Hà Nội(1)*", "Hà Nội", ("(1)", "*")),
        ("Chi khác **", "Chi khác", ("**",)),
    ],
)
def test_footnote_marks_come_off(label: str, stripped: str, marks: tuple[str, ...]) -> None:
    assert strip_footnote_marks(label) == (stripped, marks)


@pytest.mark.parametrize(
    "label",
    [
        *["Nhóm (a) hộ nghèo", "Nhóm (a)", "Điểm (b)", "Mục (1)", "Table (1)", "Khoản (2)", "2015", "(1)", "(a)", "*"],
        *["Chiều dài (m)", "Khối lượng (t)", "Tỷ lệ (%)", "km²", "Diện tích (m²)", "m³", "người/km²", "CO2", "Quý I"],
        *["Bảng 3 (tiếp theo)", "Thực hiện (2024)", "Sở Y tế (cũ)"],
    ],
)
def test_labels_that_only_look_marked_stay(label: str) -> None:
    assert strip_footnote_marks(label) == (label, ())


@pytest.mark.parametrize(
    ("raw", "text", "problem", "mended"),
    [
        ("Sở Tư pháp", "Sở Tư pháp", None, ()),
        ("Total", "Total", None, ()),
        ("Total  sum", "Total sum", None, ("invisible",)),
        ("Người\u200b dân", "Người dân", None, ("invisible",)),
        (unicodedata.normalize("NFD", "Tỷ lệ"), "Tỷ lệ", None, ("nfc",)),
        ("Ðồng Nai", "Đồng Nai", None, ("d_stroke",)),
        ("§¬n vÞ b¸o c¸o", "Đơn vị báo cáo", "legacy_encoding", ("tcvn3",)),
        ("Ñôn vò baùo caùo", "Đơn vị báo cáo", "legacy_encoding", ("vni",)),
        ("Tá»· lá»‡", "Tỷ lệ", "mojibake", ("mojibake",)),
        ("T\ufffd l\ufffd", "T\ufffd l\ufffd", "mojibake", ()),
        ("Т\u006ftal", "Т\u006ftal", "homoglyph", ()),
        ("Gefäßchirurgie", "Gefäßchirurgie", None, ()),
        ("Население", "Население", None, ()),
    ],
)
def test_a_label_is_read_through_one_door(raw: str, text: str, problem: str | None, mended: tuple[str, ...]) -> None:
    read = read_label(raw)
    assert (read.text, read.problem, read.mended) == (text, problem, mended)


def test_homoglyphs_are_foreign_letters_in_a_latin_word_only() -> None:
    assert has_homoglyphs("Tổng sо")  # Cyrillic о
    assert has_homoglyphs("Αn Giang")  # Greek capital alpha
    assert not has_homoglyphs("α-Blocker Москва Hà Nội µm")


@pytest.mark.parametrize("word", ["nghiên", "quyết", "Đường", "khuỷu", "giữa", "gì", "yêu", "xoong", "ủy", "uỷ", "ghế"])
def test_vietnamese_words_are_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["février", "Ärzte", "thùc", "häc", "kõ", "ngế", "thuôc̀", "baùo", "ß", "Größe"])
def test_other_words_are_not(word: str) -> None:
    assert not is_syllable(word)
