-- Grain: one ratio: its type by the roles of its parts (domain.md 2.2), the frequency of its units and its unit.
with component as (
    select
        ratio_term.ratio_code,
        ratio_term.part,
        ratio_term.term_number,
        indicator.indicator_key,
        indicator.role,
        indicator.unit,
        indicator.frequency,
        indicator.reporting_level,
        case indicator.frequency
            when 'D' then 1 when 'W' then 2 when 'M' then 3 when 'Q' then 4 when 'S' then 5 when 'A' then 6
        end as frequency_order
    from {{ ref('stg_ratio_term') }} as ratio_term
    inner join {{ ref('dim_indicator') }} as indicator
        on ratio_term.factor_1 = indicator.indicator_code or ratio_term.factor_2 = indicator.indicator_code
),

described as (
    select
        ratio_code,
        max_by(frequency, frequency_order) as frequency,
        max(case when part = 'numerator' and term_number = 1 then role end) as numerator_role,
        max(case when part = 'denominator' and term_number = 1 then role end) as denominator_role,
        max(case when part = 'numerator' and term_number = 1 then unit end) as numerator_unit,
        max(case when part = 'denominator' and term_number = 1 then unit end) as denominator_unit
    from component
    group by ratio_code
),

folded as (
    select
        described.*,
        {{ outcome_folded('numerator_role') }} || '/' || {{ outcome_folded('denominator_role') }} as roles
    from described
)

select
    ratio.ratio_code,
    ratio.name_vi,
    ratio.name_en,
    ratio.ratio_class,
    coalesce(
        case folded.roles
            when 'input/input' then 'economy'
            when 'input/output' then 'efficiency'
            when 'output/input' then 'productivity'
            when 'output/outcome' then 'effectiveness_seed'
            when 'outcome/output' then 'effectiveness_yield'
            when 'outcome/outcome' then 'effectiveness_attainment'
            when 'input/outcome' then 'cost_effectiveness'
            when 'output_quality/output' then 'quality_share'
            when 'output/environment' then 'coverage'
            when 'outcome/environment' then 'utility'
        end,
        ratio.ratio_type,
        'other'
    ) as ratio_type,
    ratio.scale,
    coalesce(
        ratio.unit,
        case
            when folded.numerator_unit = folded.denominator_unit then '1'
            else folded.numerator_unit || '/' || folded.denominator_unit
        end
    ) as unit,
    ratio.decimals,
    ratio.direction,
    ratio.lag,
    ratio.lagged_part,
    ratio.minimum_denominator,
    ratio.coverage_gate,
    ratio.allow_negative as is_negative_allowed,
    ratio.mix_dimension,
    ratio.objective as objective_code,
    folded.frequency
from {{ ref('stg_ratio') }} as ratio
left join folded
    on ratio.ratio_code = folded.ratio_code
