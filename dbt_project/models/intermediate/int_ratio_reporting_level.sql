-- Grain: a ratio and a level of organisations that report one of its parts.
with component as (
    select
        ratio_term.ratio_code,
        indicator.reporting_level
    from {{ ref('stg_ratio_term') }} as ratio_term
    inner join {{ ref('dim_indicator') }} as indicator
        on ratio_term.factor_1 = indicator.indicator_code or ratio_term.factor_2 = indicator.indicator_code
)

select distinct
    ratio_code,
    reporting_level
from component
where reporting_level is not null
