-- Grain: indicator x organisation x period x breakdown that is owed and not there, or not whole.
-- Owed are the breakdowns that the registry declares, by every organisation that reports the indicator at all; members
-- are those directly under the total that make it up, crossed where two dimensions are (domain.md 5.3).
with indicator as (
    select * from {{ ref('dim_indicator') }}
    where disaggregations is not null
),

breakdown as (
    select
        indicator_key,
        {{ split_to_rows('disaggregations', '|') }} as written
    from indicator
),

dimension as (
    select
        indicator_key,
        written,
        trim(split_part(written, '*', 1)) as first_dimension,
        nullif(trim(split_part(written, '*', 2)), '') as second_dimension
    from breakdown
),

ordered as (
    select
        indicator_key,
        case
            when second_dimension < first_dimension then second_dimension else first_dimension
        end as first_dimension,
        case
            when second_dimension < first_dimension then first_dimension else second_dimension
        end as second_dimension
    from dimension
),

member as (
    select
        dimension,
        target_group_code,
        name_vi,
        name_en
    from {{ ref('dim_target_group') }}
    where
        dimension_count = 1 and parent_target_group_code = '_T' and relation = 'partition'
        and substr(member_code, 1, 1) <> '_'
),

owed as (
    select
        ordered.indicator_key,
        case
            when ordered.second_dimension is null then ordered.first_dimension
            else ordered.first_dimension || '|' || ordered.second_dimension
        end as dimension,
        case
            when ordered.second_dimension is null then first_member.target_group_code
            else first_member.target_group_code || '|' || second_member.target_group_code
        end as target_group_code,
        case
            when ordered.second_dimension is null then first_member.name_vi
            else first_member.name_vi || ', ' || second_member.name_vi
        end as name_vi,
        case
            when ordered.second_dimension is null then first_member.name_en
            else first_member.name_en || ', ' || second_member.name_en
        end as name_en
    from ordered
    inner join member as first_member
        on ordered.first_dimension = first_member.dimension
    left join member as second_member
        on ordered.second_dimension = second_member.dimension
    where ordered.second_dimension is null or second_member.dimension is not null
),

figure as (
    select current_figure.*
    from {{ ref('int_observation_current') }} as current_figure
    inner join indicator
        on current_figure.indicator_key = indicator.indicator_key
    where current_figure.has_figure or current_figure.obs_status in ('M', 'Q')
),

reporter as (
    select distinct
        indicator_key,
        organisation_key,
        time_key
    from figure
    where has_figure
),

compared as (
    select
        reporter.indicator_key,
        reporter.organisation_key,
        reporter.time_key,
        owed.dimension,
        owed.target_group_code,
        owed.name_vi,
        owed.name_en,
        figure.indicator_key is not null as is_there
    from reporter
    inner join owed
        on reporter.indicator_key = owed.indicator_key
    left join {{ ref('dim_target_group') }} as target_group
        on owed.target_group_code = target_group.target_group_code
    left join figure
        on
            reporter.indicator_key = figure.indicator_key
            and reporter.organisation_key = figure.organisation_key
            and reporter.time_key = figure.time_key
            and target_group.target_group_key = figure.target_group_key
),

counted as (
    select
        indicator_key,
        organisation_key,
        time_key,
        dimension,
        count(*) as groups_expected,
        sum(case when is_there then 1 else 0 end) as groups_reported,
        {{ sorted_list('case when not is_there then target_group_code end', 'target_group_code', '; ') }}
            as missing_codes,
        {{ sorted_list('case when not is_there then name_vi end', 'target_group_code', '; ') }} as missing_names_vi,
        {{ sorted_list('case when not is_there then name_en end', 'target_group_code', '; ') }} as missing_names_en
    from compared
    group by indicator_key, organisation_key, time_key, dimension
)

select
    counted.indicator_key,
    indicator.indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    counted.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    counted.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    counted.dimension,
    cast(counted.groups_expected as int) as groups_expected,
    cast(counted.groups_reported as int) as groups_reported,
    counted.missing_codes,
    counted.missing_names_vi,
    counted.missing_names_en
from counted
inner join indicator
    on counted.indicator_key = indicator.indicator_key
inner join {{ ref('dim_organisation') }} as organisation
    on counted.organisation_key = organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on counted.time_key = period.time_key
where counted.groups_reported < counted.groups_expected
