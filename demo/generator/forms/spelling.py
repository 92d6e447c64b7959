"""How agencies spell the names of provinces: prefixes, tone placement, case, hyphens, old names, stray spaces."""

from __future__ import annotations

from demo.generator.territories import Body

CITY_NAMES = {"Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ"}
_OLD_TONES = {"Hòa Bình": "Hoà Bình", "Khánh Hòa": "Khánh Hoà", "Thanh Hóa": "Thanh Hoá"}
#: Đồng Nai is typed with an Icelandic Eth (U+00D0), which looks like Đ; intake mends that.
_VARIANTS = {
    "Đồng Nai": "\u00d0ồng Nai",
    "Đắk Lắk": "Đắc Lắc",
    "Bắc Kạn": "Bắc Cạn",
    "Bà Rịa - Vũng Tàu": "BR-VT",
    "Huế": "Thừa Thiên Huế",
    "Hồ Chí Minh": "TP.HCM",
    "Kon Tum": "Kontum",
    "Đắk Nông": "Đắc Nông",
}


def official(body: Body) -> str:
    """With its kind: Thành phố Hà Nội, Tỉnh Hà Giang."""
    return f"{'Thành phố' if body.name in CITY_NAMES else 'Tỉnh'} {body.name}"


def abbreviated(body: Body) -> str:
    """TP. for cities, tones as in old spelling, a trailing space."""
    name = _OLD_TONES.get(body.name, body.name)
    return f"TP. {name} " if body.name in CITY_NAMES else f"{name} "


def colloquial(body: Body) -> str:
    """Old and everyday forms: Đắc Lắc, Bắc Cạn, Thừa Thiên Huế, BR-VT, TP.HCM; hyphens as dashes."""
    return _VARIANTS.get(body.name, body.name.replace(" - ", " – "))


def upper(body: Body) -> str:
    """Capital letters, as in old statistical tables, with a doubled space."""
    return body.name.upper().replace(" ", "  ", 1)


def without_marks(body: Body) -> str:
    """As typed without a Vietnamese keyboard."""
    return body.name_en
