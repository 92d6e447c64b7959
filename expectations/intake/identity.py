"""Identities between indicators (SUM-03, SUM-06) as set checks: the query is made from the terms."""

from __future__ import annotations

from expectations.intake.inputs import text_literal
from expectations.rules.model import Identity

#: One organisation, period and group; terms of an identity meet on it, flows over one stretch of time.
KEY = (
    "submission_id",
    "organisation_code",
    "organisation_valid_from",
    "calendar_code",
    "period_code",
    "target_group_code",
    "measure_kind",
)


def identity_query(identity: Identity) -> str:
    """A violations query: rows of both sides, the left side's value and what the right side says it must be."""
    key = ", ".join(KEY)
    codes = sorted({_code(term) for term in (*identity.left, *identity.right)})
    terms = ", ".join(
        f"any_value(value) filter (where indicator_code = {text_literal(c)}) as term_{n}" for n, c in enumerate(codes)
    )
    present = " and ".join(f"term_{n} is not null" for n in range(len(codes)))
    kinds = ", ".join(text_literal(kind) for kind in identity.measure_kinds)
    place = text_literal(_code(identity.left[0]))
    comparison = {
        "=": "abs(left_side - right_side) > tolerance",
        "<=": "left_side - right_side > tolerance",
        ">=": "right_side - left_side > tolerance",
    }[identity.operator]
    return f"""
        with figures as (
            select row_id, sheet, cell, indicator_code, value, {key}, accumulation
            from sound
            where indicator_code in ({", ".join(text_literal(code) for code in codes)}) and measure_kind in ({kinds})
        ),
        stretches as (
            select distinct {key}, accumulation as stretch from figures where accumulation <> 'POINT_IN_TIME'
        ),
        -- a stock stands beside the flows of the period and beside those of the year to date
        beside as (
            select figures.*, coalesce(stretch, accumulation) as stretch from figures left join stretches using ({key})
            where accumulation in ('POINT_IN_TIME', stretch)
        ),
        terms as (
            select {key}, stretch, {terms}, list(row_id) as row_ids,
                any_value(sheet) filter (where indicator_code = {place}) as sheet,
                any_value(cell) filter (where indicator_code = {place}) as cell
            from beside
            group by {key}, stretch
        ),
        sides as (
            select *, {_sum(identity.left, codes)} as left_side, {_sum(identity.right, codes)} as right_side
            from terms where {present}
        ),
        compared as (
            select *, greatest({identity.tolerance:f}, abs(right_side) * {identity.relative_tolerance:f}) as tolerance
            from sides
        )
        select row_ids, sheet, cell, {place} as indicator_code,
            {text_literal(_sentence(identity.left) + " = ")} || number_text(left_side) as observed,
            {text_literal(identity.operator + " " + _sentence(identity.right) + " = ")}
                || number_text(right_side) as expected
        from compared where {comparison}
    """


def _code(term: str) -> str:
    return term.removeprefix("-").strip()


def _sum(terms: tuple[str, ...], codes: list[str]) -> str:
    return " ".join(
        f"{'-' if term.startswith('-') else '+'} term_{codes.index(_code(term))}" for term in terms
    ).removeprefix("+ ")


def _sentence(terms: tuple[str, ...]) -> str:
    signed = [f"− {_code(term)}" if term.startswith("-") else f"+ {_code(term)}" for term in terms]
    return " ".join(signed).removeprefix("+ ")
