-- Grain: indicator or ratio x organisation x period x dimension x member, structure as it was.
-- Each member beside the total and its siblings, with a word on whether the parts may be added (domain.md 5.4).
with target_group as (
    select
        *,
        dense_rank() over (order by dimension, parent_target_group_code, relation) as sibling_set
    from {{ ref('dim_target_group') }}
    where dimension_count <= 1
),

indicator as (
    select
        *,
        group_aggregation = 'sum' as is_additive
    from {{ ref('dim_indicator') }}
),

ratio as (
    select * from {{ ref('dim_ratio') }}
),

measure as (
    select
        false as is_ratio,
        indicator_key as measure_key,
        organisation_key,
        time_key,
        target_group_key,
        cast(value as double) as value,
        cast(value_low as double) as value_low,
        cast(value_high as double) as value_high,
        value as exact_value,
        obs_status,
        coverage,
        open_findings,
        worst_severity
    from {{ ref('mart_indicator') }}

    union all

    select
        true as is_ratio,
        ratio_key as measure_key,
        organisation_key,
        time_key,
        target_group_key,
        value,
        case when reason = 'INTERVAL' then lower end as value_low,
        case when reason = 'INTERVAL' then upper end as value_high,
        cast(null as decimal(38, 12)) as exact_value,
        status as obs_status,
        coverage_denominator as coverage,
        open_findings,
        worst_severity
    from {{ ref('mart_ratio') }}
    where structure = 'as_was'
),

member as (
    select
        measure.*,
        target_group.sibling_set,
        parent.target_group_key as parent_target_group_key
    from measure
    inner join target_group
        on measure.target_group_key = target_group.target_group_key and target_group.dimension_count = 1
    left join target_group as parent
        on target_group.parent_target_group_code = parent.target_group_code
),

sibling as (
    select
        is_ratio,
        measure_key,
        organisation_key,
        time_key,
        sibling_set,
        sum(exact_value) as exact_value,
        count(*) as members,
        count(value) as members_with_value,
        max(value) as highest_value,
        min(value) as lowest_value
    from member
    group by is_ratio, measure_key, organisation_key, time_key, sibling_set
),

total as (
    select measure.*
    from measure
    inner join target_group
        on measure.target_group_key = target_group.target_group_key and target_group.target_group_code = '_T'
),

compared as (
    select
        member.*,
        parent.exact_value as exact_parent_value,
        parent.coverage as parent_coverage,
        total.value as total_value,
        sibling.exact_value as siblings_value,
        sibling.members as siblings,
        sibling.members_with_value as siblings_with_value,
        sibling.highest_value,
        sibling.lowest_value
    from member
    inner join sibling
        on
            member.is_ratio = sibling.is_ratio
            and member.measure_key = sibling.measure_key
            and member.organisation_key = sibling.organisation_key
            and member.time_key = sibling.time_key
            and member.sibling_set = sibling.sibling_set
    left join measure as parent
        on
            member.is_ratio = parent.is_ratio
            and member.measure_key = parent.measure_key
            and member.organisation_key = parent.organisation_key
            and member.time_key = parent.time_key
            and member.parent_target_group_key = parent.target_group_key
    left join total
        on
            member.is_ratio = total.is_ratio
            and member.measure_key = total.measure_key
            and member.organisation_key = total.organisation_key
            and member.time_key = total.time_key
),

definition as (
    select
        false as is_ratio,
        'indicator' as measure_kind,
        indicator_key as measure_key,
        indicator_code as measure_code,
        name_vi,
        name_en,
        unit,
        direction,
        is_additive,
        rounding_unit
    from indicator

    union all

    select
        true as is_ratio,
        'ratio' as measure_kind,
        ratio_key as measure_key,
        ratio_code as measure_code,
        name_vi,
        name_en,
        unit,
        direction,
        false as is_additive,
        0 as rounding_unit
    from ratio
),

-- Rounded parts may miss their total by the worst case, many of them by the statistical bound (domain.md 5.4).
tolerated as (
    select
        compared.*,
        definition.measure_kind,
        definition.measure_code,
        definition.name_vi as measure_name_vi,
        definition.name_en as measure_name_en,
        definition.unit,
        definition.is_additive,
        case definition.direction
            when 'higher' then compared.highest_value
            when 'lower' then compared.lowest_value
        end as best_value,
        cast(compared.siblings_value - compared.exact_parent_value as double) as difference,
        definition.rounding_unit * case
            when compared.siblings > 10 then 3 * sqrt((compared.siblings + 1) / 12.0)
            else (compared.siblings + 1) / 2.0
        end as tolerance
    from compared
    inner join definition
        on compared.is_ratio = definition.is_ratio and compared.measure_key = definition.measure_key
)

select
    tolerated.measure_kind,
    tolerated.measure_code,
    tolerated.measure_name_vi,
    tolerated.measure_name_en,
    tolerated.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    tolerated.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    tolerated.target_group_key,
    target_group.target_group_code,
    target_group.dimension,
    target_group.member_code,
    target_group.name_vi as member_name_vi,
    target_group.name_en as member_name_en,
    target_group.parent_target_group_code,
    tolerated.value,
    tolerated.value_low,
    tolerated.value_high,
    tolerated.unit,
    tolerated.obs_status,
    tolerated.total_value,
    cast(case when tolerated.is_additive then {{ ratio('tolerated.value', 'tolerated.total_value') }} end as double)
        as share_of_total,
    cast(tolerated.value - tolerated.total_value as double) as gap_to_total,
    cast(tolerated.value - tolerated.best_value as double) as gap_to_best,
    case
        when not tolerated.is_additive or target_group.relation is null then 'not_additive'
        when target_group.relation <> 'partition' then target_group.relation
        when tolerated.siblings_with_value < tolerated.siblings or tolerated.exact_parent_value is null
            then 'incomplete'
        when abs(tolerated.difference) <= tolerated.tolerance then 'partition'
        -- More than a whole that lacks some of its units: that says nothing about the parts.
        when tolerated.difference < 0 or tolerated.parent_coverage < 1 then 'incomplete'
        else 'exceeds_total'
    end as additivity,
    tolerated.open_findings,
    tolerated.worst_severity
from tolerated
inner join target_group
    on tolerated.target_group_key = target_group.target_group_key
inner join {{ ref('dim_organisation') }} as organisation
    on tolerated.organisation_key = organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on tolerated.time_key = period.time_key
