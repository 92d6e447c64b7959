"""Currencies: the codes of ISO 4217, and words that several countries have for their own money.

Codes that are words as well (PEN, MAD, COP) count in capitals only. ALL, TOP, KGS and SDG are left out: in a heading
they are no money.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType


def _set(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


#: Source: ISO 4217, active codes of money that is spent.
_CODES = (
    "AED AFN AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
    "RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX USD UYU "
    "UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
CODES = _set(_CODES)
#: Those that count in capitals only.
_WORDS_TOO = _set("AMD ANG BAM BIF BOB COP CUP DOP GEL MAD MOP PEN SAR SOS STN")

#: The code for "$" alone: which dollar it is, the registered unit says.
DOLLAR = "dollar"
_DOLLARS = _set("USD AUD CAD NZD SGD HKD TWD BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD")
#: Words that name the money of several countries, by the code they have here; the registered unit says which it is.
SHARED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        DOLLAR: _DOLLARS,
        "rupee": _set("INR NPR PKR LKR MUR SCR"),
        "peso": _set("ARS CLP COP CUP DOP MXN PHP UYU"),
        "shilling": _set("KES SOS TZS UGX"),
        "cfa_franc": _set("XAF XOF"),
        "franc": _set("BIF CDF CHF DJF GNF KMF RWF XAF XOF XPF"),
        "dinar": _set("BHD DZD IQD JOD KWD LYD MKD RSD TND"),
        "dirham": _set("AED MAD"),
        "riyal": _set("IRR OMR QAR SAR YER"),
        "kwacha": _set("MWK ZMW"),
        "leu": _set("MDL RON"),
    }
)
CURRENCIES = CODES | SHARED.keys()

#: Currency → other words for it, separated by ``|``.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "rupee": "Rs|Rs.|rupee|rupees",
        "NPR": "NRs|NRs.|Nepali rupees|Nepalese rupees",
        "PKR": "PKRs|Pakistani rupees",
        "LKR": "SLRs|Sri Lankan rupees",
        "BDT": "Tk|Tk.|taka|৳",
        "peso": "peso|pesos",
        "PEN": "soles|nuevos soles|S/|S/.",
        "BOB": "bolivianos",
        "GTQ": "quetzales",
        "HNL": "lempiras",
        "NIO": "córdobas",
        "CRC": "colones|₡",
        "PYG": "guaraníes|₲",
        "shilling": "shilling|shillings",
        "KES": "Ksh|Kshs|Kenya shillings|Kenyan shillings",
        "TZS": "Tsh|Tshs|Tanzanian shillings",
        "UGX": "Ush|Ushs|Shs|Uganda shillings|Ugandan shillings",
        "NGN": "naira|₦",
        "GHS": "cedi|cedis|GH₵|GH¢",
        "ETB": "birr",
        "MZN": "meticais|metical",
        "AOA": "kwanza|kwanzas",
        "BWP": "pula",
        "cfa_franc": "FCFA|F CFA|CFA|francs CFA|CFA francs",
        "franc": "franc|francs",
        "dinar": "dinar|dinars",
        "dirham": "dirham|dirhams",
        "riyal": "riyal|riyals|rial|rials",
        "kwacha": "kwacha",
        "leu": "leu|lei",
        "BGN": "leva|lev",
        "RUB": "rouble|roubles|ruble|rubles|₽",
        "KZT": "tenge|₸",
        "MNT": "togrog|tugrik|₮",
        "MMK": "kyat|kyats",
        "ILS": "NIS|shekel|shekels|₪",
    }
)
_CAPITALS = re.compile(r"(?<![^\W\d_])(?:" + "|".join(sorted(_WORDS_TOO)) + r")(?![^\W\d_])")
#: Before a code in capitals, so that it is told from a word once case is folded.
_MARK = "¤"


def word_of(code: str) -> str:
    """A code as it stands among the words of units."""
    return f"{_MARK}{code}" if code in _WORDS_TOO else code


def mark_codes(text: str) -> str:
    """The text with a mark before each code that counts in capitals only, and is written so.

    >>> mark_codes("PEN million"), mark_codes("Pen and paper")
    ('¤PEN million', 'Pen and paper')
    """
    return _CAPITALS.sub(rf"{_MARK}\g<0>", text) if _MARK not in text else text
