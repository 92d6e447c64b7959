-- Grain: one term of a part of a ratio: sign x factor_1 [x factor_2], summed over the terms of a part (domain.md 2.1).
with term as (
    select * from {{ ref('stg_ratio_term') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
)

select
    {{ integer_key(['term.ratio_code']) }} as ratio_key,
    term.ratio_code,
    term.part,
    term.term_number,
    term.sign,
    indicator_1.indicator_key as factor_1_indicator_key,
    term.factor_1,
    indicator_2.indicator_key as factor_2_indicator_key,
    term.factor_2,
    term.is_count
from term
left join indicator as indicator_1
    on term.factor_1 = indicator_1.indicator_code
left join indicator as indicator_2
    on term.factor_2 = indicator_2.indicator_code
