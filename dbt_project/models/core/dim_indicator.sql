-- Grain: one indicator in its registered definition (domain.md 7.1).
with indicator as (
    select * from {{ ref('stg_indicator') }}
)

select
    {{ integer_key(['indicator_code']) }} as indicator_key,
    indicator_code,
    version,
    name_vi,
    name_en,
    definition_vi,
    definition_en,
    role,
    unit,
    decimals,
    direction,
    time_aggregation,
    organisation_aggregation,
    group_aggregation,
    frequency,
    calendar as calendar_code,
    accumulation,
    absence,
    reporting_level,
    integer_only as is_integer_only,
    allow_negative as is_negative_allowed,
    mix_dimension,
    objective as objective_code,
    programme as programme_code,
    steward,
    legal_basis,
    collection_cost,
    price_basis,
    cost_scope,
    cost_basis,
    includes_vat,
    derived_from as derived_from_indicator_code,
    deflator as deflator_code,
    price_base_period as price_base_period_code,
    disaggregations,
    {{ measure(
        'coalesce(rounding_unit, case when integer_only or decimals = 0 then 0 else power(10, -decimals) end)'
    ) }} as rounding_unit,
    valid_from,
    valid_to
from indicator
