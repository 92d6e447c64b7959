-- Grain: indicator or ratio x organisation x period x dimension x member, structure as it was.
-- Each member beside the total and its siblings, with a word on whether the parts may be added (domain.md 5.4).
with target_group as (
    select * from {{ ref('dim_target_group') }}
    where dimension_count <= 1
),

indicator_value as (
    select
        'indicator' as measure_kind,
        mart.indicator_code as measure_code,
        mart.indicator_name_vi as measure_name_vi,
        mart.indicator_name_en as measure_name_en,
        mart.organisation_key,
        mart.organisation_code,
        mart.organisation_valid_from,
        mart.organisation_name_vi,
        mart.organisation_name_en,
        mart.time_key,
        mart.period_code,
        mart.period_label_vi,
        mart.period_label_en,
        mart.target_group_key,
        cast(mart.value as double) as value,
        mart.value as exact_value,
        mart.unit,
        mart.obs_status,
        indicator.direction,
        indicator.group_aggregation = 'sum' as is_additive_measure,
        case
            when indicator.is_integer_only or indicator.decimals = 0 then 0
            else power(10, -indicator.decimals)
        end as rounding_unit
    from {{ ref('mart_indicator') }} as mart
    inner join {{ ref('dim_indicator') }} as indicator
        on mart.indicator_key = indicator.indicator_key
),

ratio_value as (
    select
        'ratio' as measure_kind,
        mart.ratio_code as measure_code,
        mart.ratio_name_vi as measure_name_vi,
        mart.ratio_name_en as measure_name_en,
        mart.organisation_key,
        mart.organisation_code,
        mart.organisation_valid_from,
        mart.organisation_name_vi,
        mart.organisation_name_en,
        mart.time_key,
        mart.period_code,
        mart.period_label_vi,
        mart.period_label_en,
        mart.target_group_key,
        mart.value,
        cast(null as decimal(38, 12)) as exact_value,
        mart.unit,
        mart.status as obs_status,
        ratio.direction,
        false as is_additive_measure,
        0 as rounding_unit
    from {{ ref('mart_ratio') }} as mart
    inner join {{ ref('dim_ratio') }} as ratio
        on mart.ratio_code = ratio.ratio_code
    where mart.structure = 'as_was'
),

measure as (
    select * from indicator_value
    union all
    select * from ratio_value
),

member as (
    select
        measure.*,
        target_group.target_group_code,
        target_group.dimension,
        target_group.member_code,
        target_group.name_vi as member_name_vi,
        target_group.name_en as member_name_en,
        target_group.parent_target_group_code,
        coalesce(target_group.relation, 'not_registered') as relation
    from measure
    inner join target_group
        on measure.target_group_key = target_group.target_group_key
    where target_group.dimension_count = 1
),

whole as (
    select
        measure.measure_kind,
        measure.measure_code,
        measure.organisation_key,
        measure.time_key,
        target_group.target_group_code,
        measure.value,
        measure.exact_value
    from measure
    inner join target_group
        on measure.target_group_key = target_group.target_group_key
),

compared as (
    select
        member.*,
        parent.value as parent_value,
        parent.exact_value as exact_parent_value,
        total.value as total_value,
        sum(member.exact_value) over siblings as siblings_value,
        count(*) over siblings as siblings,
        count(member.value) over siblings as siblings_with_value,
        case member.direction
            when 'higher' then max(member.value) over siblings
            when 'lower' then min(member.value) over siblings
        end as best_value
    from member
    left join whole as parent
        on
            member.measure_kind = parent.measure_kind
            and member.measure_code = parent.measure_code
            and member.organisation_key = parent.organisation_key
            and member.time_key = parent.time_key
            and member.parent_target_group_code = parent.target_group_code
    left join whole as total
        on
            member.measure_kind = total.measure_kind
            and member.measure_code = total.measure_code
            and member.organisation_key = total.organisation_key
            and member.time_key = total.time_key
            and total.target_group_code = '_T'
    window siblings as (
        partition by
            member.measure_kind, member.measure_code, member.organisation_key, member.time_key,
            member.dimension, member.parent_target_group_code, member.relation
    )
),

-- Rounded parts may miss their total by the worst case, many of them by the statistical bound (domain.md 5.4).
tolerated as (
    select
        compared.*,
        cast(compared.siblings_value - compared.exact_parent_value as double) as difference,
        compared.rounding_unit * case
            when compared.siblings > 10 then 3 * sqrt((compared.siblings + 1) / 12.0)
            else (compared.siblings + 1) / 2.0
        end as tolerance
    from compared
)

select
    measure_kind,
    measure_code,
    measure_name_vi,
    measure_name_en,
    organisation_key,
    organisation_code,
    organisation_valid_from,
    organisation_name_vi,
    organisation_name_en,
    time_key,
    period_code,
    period_label_vi,
    period_label_en,
    target_group_key,
    target_group_code,
    dimension,
    member_code,
    member_name_vi,
    member_name_en,
    parent_target_group_code,
    value,
    unit,
    obs_status,
    total_value,
    cast(case when is_additive_measure then {{ ratio('value', 'total_value') }} end as double) as share_of_total,
    cast(value - total_value as double) as gap_to_total,
    cast(value - best_value as double) as gap_to_best,
    case
        when not is_additive_measure or relation = 'not_registered' then 'not_additive'
        when relation <> 'partition' then relation
        when siblings_with_value < siblings or exact_parent_value is null then 'incomplete'
        when abs(difference) <= tolerance then 'partition'
        when difference < 0 then 'incomplete'
        else 'exceeds_total'
    end as additivity
from tolerated
