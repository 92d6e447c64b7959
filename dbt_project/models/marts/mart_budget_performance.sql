-- Grain: programme x budget line x organisation x period: what was planned, spent and delivered, and at what unit cost.
-- The latest appropriation counts; the first one stands beside it. The unit cost is that of the registered ratio of the
-- two indicators, over matched units; without such a ratio both sums must be complete.
with line as (
    select
        fct_budget_line.*,
        row_number() over (
            partition by
                fct_budget_line.programme_code,
                fct_budget_line.budget_line_code,
                fct_budget_line.organisation_key,
                fct_budget_line.time_key
            order by fct_budget_line.recorded_at desc
        ) as version_number,
        row_number() over (
            partition by
                fct_budget_line.programme_code,
                fct_budget_line.budget_line_code,
                fct_budget_line.organisation_key,
                fct_budget_line.time_key
            order by fct_budget_line.recorded_at asc
        ) as first_number
    from {{ ref('fct_budget_line') }} as fct_budget_line
),

figure as (
    select
        mart.indicator_code,
        mart.organisation_key,
        mart.time_key,
        mart.value,
        mart.unit,
        mart.obs_status,
        mart.coverage
    from {{ ref('mart_indicator') }} as mart
    where mart.target_group_code = '_T'
),

-- The ratio that divides what is spent by what is delivered, of one term each.
unit_cost as (
    select
        mart.ratio_code,
        ratio.numerator as spending_indicator_code,
        ratio.denominator as result_indicator_code,
        mart.organisation_key,
        mart.time_key,
        {{ ratio('mart.value', 'ratio.scale') }} as value,
        mart.reason,
        row_number() over (
            partition by ratio.numerator, ratio.denominator, mart.organisation_key, mart.time_key
            order by ratio.ratio_code
        ) as ratio_number
    from {{ ref('mart_ratio') }} as mart
    inner join {{ ref('dim_ratio') }} as ratio
        on mart.ratio_code = ratio.ratio_code
    where mart.structure = 'as_was' and mart.target_group_code = '_T' and ratio.lag = 0
),

performed as (
    select
        line.*,
        original.planned as originally_planned,
        spending.value as spent,
        spending.obs_status as spent_status,
        spending.coverage as spent_coverage,
        result.value as result,
        result.obs_status as result_status,
        result.coverage as result_coverage,
        unit_cost.ratio_code,
        case
            when unit_cost.ratio_code is not null then unit_cost.value
            when spending.coverage >= 1 and result.coverage >= 1 then {{ ratio('spending.value', 'result.value') }}
        end as unit_cost,
        case
            when unit_cost.ratio_code is not null then unit_cost.reason
            when spending.value is null then 'NUM_MISSING'
            when result.value is null then 'DEN_MISSING'
            when result.value = 0 then 'DEN_ZERO'
            when spending.coverage < 1 or result.coverage < 1 then 'COVERAGE'
        end as unit_cost_reason
    from line
    inner join line as original
        on
            line.programme_code = original.programme_code
            and line.budget_line_code = original.budget_line_code
            and line.organisation_key = original.organisation_key
            and line.time_key = original.time_key
            and original.first_number = 1
    left join figure as spending
        on
            line.spending_indicator_code = spending.indicator_code
            and line.organisation_key = spending.organisation_key
            and line.time_key = spending.time_key
    left join figure as result
        on
            line.result_indicator_code = result.indicator_code
            and line.organisation_key = result.organisation_key
            and line.time_key = result.time_key
    left join unit_cost
        on
            line.spending_indicator_code = unit_cost.spending_indicator_code
            and line.result_indicator_code = unit_cost.result_indicator_code
            and line.organisation_key = unit_cost.organisation_key
            and line.time_key = unit_cost.time_key
            and unit_cost.ratio_number = 1
    where line.version_number = 1
)

select
    performed.programme_code,
    programme.name_vi as programme_name_vi,
    programme.name_en as programme_name_en,
    performed.budget_line_code,
    performed.name_vi as budget_line_name_vi,
    performed.name_en as budget_line_name_en,
    performed.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    performed.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    performed.spending_indicator_code,
    spending_indicator.unit,
    performed.originally_planned,
    performed.planned,
    performed.spent,
    performed.spent_status,
    cast(performed.spent_coverage as double) as spent_coverage,
    {{ ratio('performed.spent', 'performed.planned') }} as execution_share,
    performed.result_indicator_code,
    result_indicator.name_vi as result_name_vi,
    result_indicator.name_en as result_name_en,
    result_indicator.unit as result_unit,
    performed.planned_result,
    performed.result,
    performed.result_status,
    cast(performed.result_coverage as double) as result_coverage,
    {{ ratio('performed.result', 'performed.planned_result') }} as result_share,
    {{ ratio('performed.planned', 'performed.planned_result') }} as planned_unit_cost,
    performed.unit_cost,
    performed.ratio_code as unit_cost_ratio_code,
    performed.unit_cost_reason,
    performed.recorded_at as decided_at,
    performed.recorded_at >= period.period_start as is_decided_after_start
from performed
inner join {{ ref('dim_programme') }} as programme
    on performed.programme_code = programme.programme_code
inner join {{ ref('dim_organisation') }} as organisation
    on performed.organisation_key = organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on performed.time_key = period.time_key
inner join {{ ref('dim_indicator') }} as spending_indicator
    on performed.spending_indicator_code = spending_indicator.indicator_code
left join {{ ref('dim_indicator') }} as result_indicator
    on performed.result_indicator_code = result_indicator.indicator_code
