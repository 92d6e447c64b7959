-- Grain: one row of the table ratios. Names and types only.
with source as (
    select * from {{ source('registry', 'ratios') }}
)

select
    cast(code as string) as ratio_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(numerator as string) as numerator,
    cast(denominator as string) as denominator,
    cast(ratio_type as string) as ratio_type,
    cast(ratio_class as string) as ratio_class,
    cast(scale as decimal(38, 12)) as scale,
    cast(unit as string) as unit,
    cast(decimals as int) as decimals,
    cast(direction as string) as direction,
    cast(outcome_polarity as string) as outcome_polarity,
    cast(lag as int) as lag,
    cast(lagged_part as string) as lagged_part,
    cast(minimum_denominator as decimal(38, 12)) as minimum_denominator,
    cast(coverage_gate as decimal(38, 12)) as coverage_gate,
    cast(allow_negative as boolean) as allow_negative,
    cast(annualisation as string) as annualisation,
    cast(mix_dimension as string) as mix_dimension,
    cast(objective as string) as objective,
    cast(programme as string) as programme,
    cast(guardrail as string) as guardrail
from source
