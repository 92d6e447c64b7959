-- Grain: indicator x organisation x period x target group, current vintage, all periods by the organisations of one
-- day: of today, or of another day in a reading (domain.md 4.7). Where no reorganisation touched an organisation, the
-- row is that of mart_indicator.
with own as (
    select * from {{ ref('int_observation_by_period') }}
),

period as (
    select * from {{ ref('dim_time') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

{{ sums_over_organisations('as_is') }},

-- Cells that say why there is no value, where nothing could be put in their place.
silent as (
    select
        reported.indicator_key,
        link.ancestor_organisation_key as organisation_key,
        reported.time_key,
        reported.target_group_key,
        case when min(reported.obs_status) = max(reported.obs_status) then min(reported.obs_status) else 'O' end
            as obs_status
    from {{ ref('int_observation_current') }} as reported
    inner join scope
        on reported.indicator_key = scope.indicator_key
    inner join period
        on reported.time_key = period.time_key
    inner join link
        on
            reported.organisation_key = link.descendant_organisation_key
            and link.distance = 0
            and scope.scope_code = link.scope_code
            and {{ overlaps('link') }}
    left join above
        on
            reported.indicator_key = above.indicator_key
            and link.ancestor_organisation_key = above.organisation_key
            and reported.time_key = above.time_key
            and reported.target_group_key = above.target_group_key
    where not reported.has_figure and above.indicator_key is null
    group by
        reported.indicator_key, link.ancestor_organisation_key, reported.time_key, reported.target_group_key
),

reorganised as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        case when width is null then low end as value,
        case when width is not null then low end as value_low,
        case when width is not null then low + width end as value_high,
        case
            when is_refused then 'O'
            when width is not null then 'Q'
            when units_present < units_expected and status_rank < {{ status_rank("'E'") }} then 'E'
            else {{ status_of_rank('status_rank') }}
        end as obs_status,
        coalesce({{ ratio('units_present', 'units_expected') }}, 0) as coverage,
        units_present,
        units_expected,
        share_estimated,
        case when is_refused then 'NOT_ADDITIVE' end as reason
    from above

    union all

    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        cast(null as decimal(38, 12)) as value,
        cast(null as decimal(38, 12)) as value_low,
        cast(null as decimal(38, 12)) as value_high,
        obs_status,
        cast(0 as double) as coverage,
        {{ share('0') }} as units_present,
        {{ share('1') }} as units_expected,
        cast(0 as double) as share_estimated,
        cast(null as string) as reason
    from silent
)

select
    reorganised.indicator_key,
    indicator.indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    reorganised.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    organisation.level as organisation_level,
    reorganised.time_key,
    period.period_code,
    period.calendar_code,
    period.frequency,
    period.period_start,
    period.period_end_exclusive,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    reorganised.target_group_key,
    target_group.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    {{ measure('reorganised.value') }} as value,
    {{ measure('reorganised.value_low') }} as value_low,
    {{ measure('reorganised.value_high') }} as value_high,
    indicator.unit,
    reorganised.obs_status,
    {{ value_state('reorganised.value', 'reorganised.value_high', 'reorganised.obs_status') }} as value_state,
    cast(reorganised.coverage as double) as coverage,
    {{ share('reorganised.units_present') }} as units_present,
    {{ share('reorganised.units_expected') }} as units_expected,
    cast(reorganised.share_estimated as double) as share_estimated,
    {{ open_findings('open_finding') }},
    reorganised.reason,
    true as is_reorganised
from reorganised
inner join indicator
    on reorganised.indicator_key = indicator.indicator_key
inner join period
    on reorganised.time_key = period.time_key
inner join {{ ref('dim_organisation') }} as organisation
    on reorganised.organisation_key = organisation.organisation_key
inner join {{ ref('dim_target_group') }} as target_group
    on reorganised.target_group_key = target_group.target_group_key
left join {{ ref('int_open_finding') }} as open_finding
    on {{ is_open_on('reorganised', 'indicator', "'as_is'") }}

union all

select
    mart_indicator.indicator_key,
    mart_indicator.indicator_code,
    mart_indicator.indicator_name_vi,
    mart_indicator.indicator_name_en,
    mart_indicator.organisation_key,
    mart_indicator.organisation_code,
    mart_indicator.organisation_valid_from,
    mart_indicator.organisation_name_vi,
    mart_indicator.organisation_name_en,
    mart_indicator.organisation_level,
    mart_indicator.time_key,
    mart_indicator.period_code,
    mart_indicator.calendar_code,
    mart_indicator.frequency,
    mart_indicator.period_start,
    mart_indicator.period_end_exclusive,
    mart_indicator.period_label_vi,
    mart_indicator.period_label_en,
    mart_indicator.target_group_key,
    mart_indicator.target_group_code,
    mart_indicator.target_group_name_vi,
    mart_indicator.target_group_name_en,
    mart_indicator.value,
    mart_indicator.value_low,
    mart_indicator.value_high,
    mart_indicator.unit,
    mart_indicator.obs_status,
    mart_indicator.value_state,
    mart_indicator.coverage,
    mart_indicator.units_present,
    mart_indicator.units_expected,
    cast(0 as double) as share_estimated,
    mart_indicator.open_findings,
    mart_indicator.worst_severity,
    cast(null as string) as reason,
    false as is_reorganised
from {{ ref('mart_indicator') }} as mart_indicator
inner join {{ ref('int_organisation_link') }} as itself
    on
        mart_indicator.organisation_key = itself.ancestor_organisation_key
        and mart_indicator.organisation_key = itself.descendant_organisation_key
        and itself.structure = 'both'
