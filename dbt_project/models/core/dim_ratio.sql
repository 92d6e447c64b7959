-- Grain: one ratio: its type by the roles of its parts (domain.md 2.2), the frequency of its units and its unit.
with factor as (
    select
        ratio_code,
        part,
        term_number,
        factor_1_indicator_key as indicator_key
    from {{ ref('bridge_ratio_indicator') }}

    union all

    select
        ratio_code,
        part,
        term_number,
        factor_2_indicator_key as indicator_key
    from {{ ref('bridge_ratio_indicator') }}
    where factor_2_indicator_key is not null
),

component as (
    select
        factor.ratio_code,
        factor.part,
        factor.term_number,
        indicator.role,
        indicator.unit,
        indicator.frequency,
        case when indicator.time_aggregation = 'sum' then 1 else 0 end as is_flow,
        {{ frequency_order('indicator.frequency') }} as frequency_order
    from factor
    inner join {{ ref('dim_indicator') }} as indicator
        on factor.indicator_key = indicator.indicator_key
),

-- Chance is known of what was counted case by case: of a share in both parts, of a rate in its events (domain.md 2.3).
counted as (
    select
        ratio_code,
        max(case when part = 'numerator' and not is_count then 1 else 0 end) = 0 as is_numerator_counted,
        max(case when part = 'denominator' and not is_count then 1 else 0 end) = 0 as is_denominator_counted
    from {{ ref('bridge_ratio_indicator') }}
    group by ratio_code
),

described as (
    select
        ratio_code,
        max_by(frequency, frequency_order) as frequency,
        min(is_flow) <> max(is_flow) as is_length_bound,
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
),

ratio as (
    select * from {{ ref('stg_ratio') }}
)

select
    {{ integer_key(['ratio.ratio_code']) }} as ratio_key,
    ratio.ratio_code,
    ratio.name_vi,
    ratio.name_en,
    ratio.numerator,
    ratio.denominator,
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
    ratio.ratio_class,
    case
        when ratio.ratio_class = 'proportion' and counted.is_numerator_counted and counted.is_denominator_counted
            then 'wilson'
        when ratio.ratio_class = 'rate' and counted.is_numerator_counted then 'byar'
    end as interval_method,
    ratio.scale,
    coalesce(
        ratio.unit,
        case
            when folded.numerator_unit = folded.denominator_unit then '1'
            else folded.numerator_unit || '/' || folded.denominator_unit
        end
    ) as unit,
    folded.numerator_role,
    folded.denominator_role,
    coalesce(
        ratio.outcome_polarity,
        case
            when folded.roles like 'outcome/%' and ratio.direction = 'higher' then 'good'
            when folded.roles like 'outcome/%' and ratio.direction = 'lower' then 'bad'
            when folded.roles like '%/outcome' and ratio.direction = 'lower' then 'good'
            when folded.roles like '%/outcome' and ratio.direction = 'higher' then 'bad'
        end
    ) as outcome_polarity,
    folded.numerator_unit,
    folded.denominator_unit,
    ratio.decimals,
    ratio.direction,
    folded.frequency,
    coalesce(folded.is_length_bound, false) as is_length_bound,
    ratio.lag,
    ratio.lagged_part,
    ratio.minimum_denominator,
    ratio.coverage_gate,
    ratio.allow_negative as is_negative_allowed,
    ratio.annualisation,
    ratio.mix_dimension,
    ratio.objective as objective_code,
    ratio.programme as programme_code,
    ratio.guardrail as guardrail_ratio_code
from ratio
left join folded
    on ratio.ratio_code = folded.ratio_code
left join counted
    on ratio.ratio_code = counted.ratio_code
