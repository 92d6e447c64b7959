"""What ratios must satisfy: known terms, a permitted type, units and scopes that fit (RAT-01, RAT-02, SCOPE-01)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.parse.unit_table import ONE
from ingest.parse.units import Unit, divide, parse_unit, registered_unit
from ingest.problem import Problem
from ingest.registry.models import Indicator, Ratio
from ingest.registry.ratio_terms import RatioTerm, TermError, parse_terms
from ingest.registry.ratio_type import STATED_TYPES, derived_type, is_money, is_permitted, kind_of
from ingest.registry.rows import RegistryTable

if TYPE_CHECKING:
    from ingest.registry.registry import Registry

PARTS = ("numerator", "denominator")
#: Classes of ratio whose parts are amounts of the same thing (domain.md 2.3).
SAME_UNIT_CLASSES = frozenset({"proportion", "share", "plan_fulfilment", "growth", "index"})
OUTCOME = "outcome"
#: Their value does not grow with the length of the period.
NEVER_ANNUAL = SAME_UNIT_CLASSES
#: In what amounts of money must agree before one is added to another.
ONE_BASIS = ("price_basis", "price_base_period", "cost_basis", "includes_vat")


@dataclass(frozen=True)
class _RegisteredRatio:
    """A ratio with its terms, the indicators that they name, and the place it was read from."""

    ratio: Ratio
    terms: dict[str, tuple[RatioTerm, ...]]
    indicators: dict[str, Indicator]
    table: RegistryTable[Any]
    index: int

    def problem(self, column: str, vi: str, en: str) -> Problem:
        """A problem with one of its values."""
        return self.table.problem(self.index, column, f"{self.ratio.code}: {vi}", f"{self.ratio.code}: {en}")


def check_ratios(registry: Registry) -> Iterator[Problem]:
    """Every ratio: its terms, its type, its units, its lag and its guardrail."""
    table, indicators = registry.sources["ratios"], _latest(registry)
    codes = {ratio.code for ratio in registry.ratios}
    for index, ratio in enumerate(registry.ratios):
        terms: dict[str, tuple[RatioTerm, ...]] = {}
        for part in PARTS:
            try:
                terms[part] = parse_terms(getattr(ratio, part))
            except TermError as error:
                yield table.problem(index, part, error.vi, error.en)
        row = _RegisteredRatio(ratio, terms, indicators, table, index)
        unknown = list(_unknown_indicators(row))
        yield from unknown
        if len(terms) == len(PARTS) and not unknown:
            for check in _CHECKS:
                yield from check(row)
        if ratio.lag and ratio.lagged_part is None:
            yield table.problem(
                index,
                "lagged_part",
                "có lag thì phải ghi phần đến sau: numerator hoặc denominator",
                "with a lag, say which part comes later: numerator or denominator",
            )
        if ratio.guardrail is not None and ratio.guardrail not in codes | set(indicators):
            yield table.problem(
                index,
                "guardrail",
                f"không có tỷ số hay chỉ tiêu nào mang mã «{ratio.guardrail}»",
                f"no ratio or indicator has the code «{ratio.guardrail}»",
            )


def with_types(registry: Registry) -> Registry:
    """The registry with the type of each ratio that states none, or only *effectiveness*, filled in from the roles."""
    indicators, table = _latest(registry), registry.sources["ratios"]
    rows = tuple(ratio.model_copy(update={"ratio_type": _type_of(ratio, indicators)}) for ratio in registry.ratios)
    return replace(registry, sources={**registry.sources, "ratios": replace(table, rows=rows)})


def _type_of(ratio: Ratio, indicators: dict[str, Indicator]) -> str:
    terms = {part: parse_terms(getattr(ratio, part)) for part in PARTS}
    derived = _derived(terms, indicators)
    return derived if ratio.ratio_type in {None, "effectiveness"} else str(ratio.ratio_type)


def _derived(terms: dict[str, tuple[RatioTerm, ...]], indicators: dict[str, Indicator]) -> str:
    money = all(is_money(indicators[factor].unit) for term in terms["numerator"] for factor in term.factors[:1])
    numerator, denominator = (_kind(terms[part], indicators) for part in PARTS)
    return derived_type(numerator, denominator, numerator_is_money=money)


def _latest(registry: Registry) -> dict[str, Indicator]:
    """The newest definition of each indicator."""
    return {row.code: row for row in sorted(registry.indicators, key=lambda row: (row.code, row.version))}


def _kind(terms: tuple[RatioTerm, ...], indicators: dict[str, Indicator]) -> str | None:
    return kind_of(indicators[factor].role for term in terms for factor in term.factors)


def _unknown_indicators(row: _RegisteredRatio) -> Iterator[Problem]:
    for part, found in row.terms.items():
        for code in dict.fromkeys(factor for term in found for factor in term.factors):
            if code not in row.indicators:
                joined = any(sign in code for sign in "+-")
                hint_vi = "; đặt dấu cách quanh + và -" if joined else ""
                hint_en = "; put spaces around + and -" if joined else ""
                yield row.problem(
                    part,
                    f"không có chỉ tiêu «{code}»{hint_vi}",
                    f"there is no indicator «{code}»{hint_en}",
                )


def _check_type(row: _RegisteredRatio) -> Iterator[Problem]:
    stated = row.ratio.ratio_type
    if stated is None:
        return
    numerator, denominator = (_kind(row.terms[part], row.indicators) for part in PARTS)
    if stated not in STATED_TYPES:
        known = ", ".join(STATED_TYPES)
        yield row.problem(
            "ratio_type",
            f"«{stated}» không hợp lệ; ghi một trong: {known}",
            f"«{stated}» is not known; write one of {known}",
        )
    elif not is_permitted(stated, numerator, denominator):
        roles = f"{numerator or '?'} / {denominator or '?'}"
        yield row.problem(
            "ratio_type",
            f"{stated} không hợp với vai trò của tử số và mẫu số ({roles}); để trống hoặc ghi "
            f"{_derived(row.terms, row.indicators)} (RAT-01)",
            f"{stated} does not fit the roles of numerator and denominator ({roles}); leave it empty or "
            f"write {_derived(row.terms, row.indicators)} (RAT-01)",
        )


def _check_polarity(row: _RegisteredRatio) -> Iterator[Problem]:
    """A good outcome above the line makes higher better, below it lower; the word effectiveness says neither (0.1)."""
    if row.ratio.outcome_polarity is None:
        return
    above, below = (_kind(row.terms[part], row.indicators) == OUTCOME for part in PARTS)
    if above == below:
        sides_vi = "tử số hoặc mẫu số, đúng một trong hai, phải là kết quả (outcome)"
        sides_en = "exactly one of numerator and denominator must be an outcome"
        yield row.problem("outcome_polarity", sides_vi, sides_en)
        return
    better = "higher" if above == (row.ratio.outcome_polarity == "good") else "lower"
    if row.ratio.direction in {"higher", "lower"} and row.ratio.direction != better:
        side_vi, side_en = ("tử số", "numerator") if above else ("mẫu số", "denominator")
        yield row.problem(
            "direction",
            f"kết quả {row.ratio.outcome_polarity} ở {side_vi} thì {better} là tốt hơn (RAT-01)",
            f"with a {row.ratio.outcome_polarity} outcome in the {side_en}, {better} is better (RAT-01)",
        )


def _check_units(row: _RegisteredRatio) -> Iterator[Problem]:
    """Terms of a sum in one unit; like over like where the class says so; the stated unit is the quotient's."""
    units: dict[str, Unit] = {}
    for part, found in row.terms.items():
        in_part = [_unit_of(term, row.indicators) for term in found]
        if len(set(in_part)) > 1:
            names = ", ".join(dict.fromkeys(row.indicators[factor].unit for term in found for factor in term.factors))
            yield row.problem(
                part,
                f"không thể cộng các đơn vị khác nhau: {names} (RAT-02)",
                f"different units cannot be added: {names} (RAT-02)",
            )
            return
        units[part] = in_part[0]
    quotient = divide(units["numerator"], units["denominator"])
    if row.ratio.ratio_class in SAME_UNIT_CLASSES and quotient != Unit(ONE):
        yield row.problem(
            "ratio_class",
            f"{row.ratio.ratio_class} cần tử số và mẫu số cùng đơn vị, ở đây là {_shown(quotient)} (RAT-02)",
            f"a {row.ratio.ratio_class} needs numerator and denominator in one unit; here it is "
            f"{_shown(quotient)} (RAT-02)",
        )
    stated = parse_unit(row.ratio.unit) if row.ratio.unit else None
    if stated is None or stated.code is None:
        return
    allowed = {quotient.code} | ({units["numerator"].code} if row.ratio.ratio_class == "mean" else set())
    if row.ratio.ratio_class not in {"index", "growth"} and stated.code not in allowed:
        yield row.problem(
            "unit",
            f"«{row.ratio.unit}» không phải đơn vị của thương ({_shown(quotient)}) (RAT-02)",
            f"«{row.ratio.unit}» is not the unit of the quotient ({_shown(quotient)}) (RAT-02)",
        )


def _check_scope(row: _RegisteredRatio) -> Iterator[Problem]:
    """Parts that state their scope state the same one (SCOPE-01); a part that states none is not judged."""
    scopes = {
        factor: scope
        for found in row.terms.values()
        for term in found
        for factor in term.factors
        if (scope := row.indicators[factor].scope) is not None
    }
    if len(set(scopes.values())) > 1:
        said = ", ".join(f"{code}: {scope}" for code, scope in scopes.items())
        yield row.problem(
            "denominator",
            f"tử số và mẫu số có phạm vi khác nhau ({said}) (SCOPE-01)",
            f"numerator and denominator have different scopes ({said}) (SCOPE-01)",
        )


def _check_money(row: _RegisteredRatio) -> Iterator[Problem]:
    """Money is added to money on one price, cash and tax basis only (domain.md 11.3, invariant 12)."""
    for part in PARTS:
        money = [
            row.indicators[term.factor_1] for term in row.terms[part] if is_money(row.indicators[term.factor_1].unit)
        ]
        for field in ONE_BASIS:
            stated = {one.code: getattr(one, field) for one in money if getattr(one, field) is not None}
            if len(set(stated.values())) > 1:
                shown = ", ".join(f"{code} {value}" for code, value in stated.items())
                yield row.problem(
                    part,
                    f"không cộng các khoản tiền khác nhau về {field}: {shown} (RAT-05)",
                    f"amounts of money that differ in {field} are not added: {shown} (RAT-05)",
                )


def _check_annualisation(row: _RegisteredRatio) -> Iterator[Problem]:
    """Only a flow over a stock grows with the length of the period (domain.md 2.5)."""
    if row.ratio.annualisation is None:
        return
    rules = {
        part: {row.indicators[code].time_aggregation for term in row.terms[part] for code in term.factors}
        for part in PARTS
    }
    is_flow_over_stock = rules["numerator"] == {"sum"} and "sum" not in rules["denominator"]
    if row.ratio.ratio_class in NEVER_ANNUAL or not is_flow_over_stock:
        yield row.problem(
            "annualisation",
            "chỉ quy năm được một luồng (time_aggregation sum) chia cho một mức; "
            f"không quy năm {row.ratio.ratio_class} như vậy; để trống",
            "only a flow (time_aggregation sum) over a level is brought to a year, "
            f"not this {row.ratio.ratio_class}; leave it empty",
        )


#: What a ratio of known terms is asked, in this order.
_CHECKS = (_check_type, _check_units, _check_scope, _check_polarity, _check_money, _check_annualisation)


def _unit_of(term: RatioTerm, indicators: dict[str, Indicator]) -> Unit:
    first = registered_unit(indicators[term.factor_1].unit)
    if term.factor_2 is None:
        return first
    inverse = divide(Unit(ONE), registered_unit(indicators[term.factor_2].unit))
    return divide(first, inverse)


def _shown(unit: Unit) -> str:
    return f"{unit.code}" if not unit.power_of_ten else f"10^{unit.power_of_ten} {unit.code}"
