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


def identity_query(identity: Identity, *, holding: bool = False) -> str:
    """A violations query: rows of both sides, the left side's value and what the right side says it must be.

    ``holding``: where the identity holds, instead.
    """
    if identity.right_period == "previous":
        return _carried_query(identity)
    key = ", ".join(KEY)
    codes = sorted({_code(term) for term in (*identity.left, *identity.right)})
    terms = ", ".join(
        f"any_value(value) filter (where indicator_code = {text_literal(c)}) as term_{n}" for n, c in enumerate(codes)
    )
    present = " and ".join(f"term_{n} is not null" for n in range(len(codes)))
    kinds = ", ".join(text_literal(kind) for kind in identity.measure_kinds)
    place = text_literal(_code(identity.left[0]))
    # what the right side is too large by, and the figures that make it so when they grow
    adding = [term for term in identity.right if not term.startswith("-")]
    adding += [_code(term) for term in identity.left if term.startswith("-")]
    excess = "right_side - left_side" if identity.is_balance else "null"
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
                coalesce(list(row_id) filter (where indicator_code in ({_listed(adding)})), []) as added_row_ids,
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
                || number_text(right_side) as expected,
            {excess} as excess, added_row_ids
        from compared where {"not " if holding else ""}({comparison})
    """


def _carried_query(identity: Identity) -> str:
    """Left of a period beside right of the period before; a new body opens with what all its predecessors left."""
    left, right = (sorted({_code(term) for term in side}) for side in (identity.left, identity.right))
    same = "indicator_code, organisation_code, organisation_valid_from, target_group_code, calendar_code"
    comparison = {
        "=": "abs(left_side - right_side) > tolerance",
        "<=": "left_side - right_side > tolerance",
        ">=": "right_side - left_side > tolerance",
    }[identity.operator]
    return f"""
        with opening as (
            select submission_id, organisation_code, organisation_valid_from, target_group_code, calendar_code,
                period_code, period_start, {_terms(left)}, list(row_id) as row_ids
            from figure
            where row_id is not null and indicator_code in ({_listed(left)})
            group by all
        ),
        body as (
            select distinct organisation_code, organisation_valid_from, period_start from opening
        ),
        -- whose figures the period before are meant: the body's own, or those of all it was made of
        left_by as (
            select body.*, organisation_code as from_code, organisation_valid_from as from_valid_from
            from body where organisation_valid_from < period_start
            union all
            select body.*, gone.code, gone.valid_from
            from body
            join registry.organisation_events as event
                on event.to_code = body.organisation_code and event.date = body.organisation_valid_from
                and event.event in ('merge', 'rename') and event.weight = 1
            join organisation as gone on gone.code = event.from_code and gone.valid_to = event.date
            where body.organisation_valid_from >= body.period_start
        ),
        expected_from as (
            select organisation_code, organisation_valid_from, period_start, count(*) as bodies
            from left_by group by all
        ),
        closing as (
            select {same}, period_end_exclusive, value from figure
            where is_latest and indicator_code in ({_listed(right)})
        ),
        left_behind as (
            select left_by.organisation_code, left_by.organisation_valid_from, left_by.period_start,
                closing.target_group_code, closing.calendar_code, {_terms(right, "closing.", "sum")},
                count(distinct (closing.organisation_code, closing.organisation_valid_from)) as bodies,
                count(*) as figures
            from left_by
            join closing
                on closing.organisation_code = left_by.from_code
                and closing.organisation_valid_from = left_by.from_valid_from
                and closing.period_end_exclusive = left_by.period_start
            group by all
        ),
        sides as (
            select opening.row_ids, {_sum(identity.left, left, "opening.")} as left_side,
                {_sum(identity.right, right, "left_behind.")} as right_side
            from opening
            join left_behind
                using (organisation_code, organisation_valid_from, period_start, target_group_code, calendar_code)
            join expected_from
                on expected_from.organisation_code = opening.organisation_code
                and expected_from.organisation_valid_from = opening.organisation_valid_from
                and expected_from.period_start = opening.period_start
                and expected_from.bodies = left_behind.bodies
            where left_behind.figures = left_behind.bodies * {len(right)}
                and {" and ".join(f"opening.term_{n} is not null" for n in range(len(left)))}
        ),
        compared as (
            select *, greatest({identity.tolerance:f}, abs(right_side) * {identity.relative_tolerance:f}) as tolerance
            from sides
        )
        select row_ids, {text_literal(_sentence(identity.left) + " = ")} || number_text(left_side) as observed,
            {text_literal(_sentence(identity.right) + " = ")} || number_text(right_side) as expected
        from compared where {comparison}
    """


def _terms(codes: list[str], table: str = "", aggregate: str = "any_value") -> str:
    return ", ".join(
        f"{aggregate}({table}value) filter (where {table}indicator_code = {text_literal(code)}) as term_{number}"
        for number, code in enumerate(codes)
    )


def _listed(codes: list[str]) -> str:
    return ", ".join(text_literal(code) for code in codes)


def _code(term: str) -> str:
    return term.removeprefix("-").strip()


def _sum(terms: tuple[str, ...], codes: list[str], table: str = "") -> str:
    return " ".join(
        f"{'-' if term.startswith('-') else '+'} {table}term_{codes.index(_code(term))}" for term in terms
    ).removeprefix("+ ")


def _sentence(terms: tuple[str, ...]) -> str:
    signed = [f"− {_code(term)}" if term.startswith("-") else f"+ {_code(term)}" for term in terms]
    return " ".join(signed).removeprefix("+ ")
