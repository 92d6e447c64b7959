-- Grain: structure x indicator x organisation x period: what was counted below the organisation and within the period.
-- Counts add up over every hierarchy; each cell is counted once a place (domain.md 6.6).
{%- set counts = [
    'cells_required', 'cells_filled', 'cells_quarantined', 'cells_inconsistent', 'findings_block',
    'findings_quarantine', 'findings_warn', 'findings_info', 'expected', 'received', 'on_time', 'working_days_late',
    'timeliness_points'
] %}
with base as (
    select * from {{ ref('int_quality_by_period') }}
),

in_period as (
    select
        base.indicator_key,
        base.organisation_key,
        within.ancestor_time_key as time_key,
        min(case when within.is_self then 0 else 1 end) as is_longer,
    {% for count in counts %}
        sum(base.{{ count }}) as {{ count }}{{ ',' if not loop.last }}
    {% endfor %}
    from base
    inner join {{ ref('bridge_time') }} as within
        on base.time_key = within.descendant_time_key and (within.is_self or within.is_tiled)
    group by base.indicator_key, base.organisation_key, within.ancestor_time_key
),

counted_period as (
    select distinct time_key from in_period
),

-- An organisation of the past may lead to one of today along several scopes, and in several stretches of its life: one
-- link is enough to count it. Said once a place and period, not once for each of its indicators.
link as (
    select distinct
        link.structure,
        link.ancestor_organisation_key,
        link.descendant_organisation_key,
        period.time_key
    from {{ ref('bridge_organisation') }} as link
    inner join {{ ref('dim_time') }} as period
        on {{ overlaps('link') }}
    inner join counted_period
        on period.time_key = counted_period.time_key
)

select
    link.structure,
    in_period.indicator_key,
    link.ancestor_organisation_key as organisation_key,
    in_period.time_key,
    max(
        case
            when link.ancestor_organisation_key <> in_period.organisation_key then 1 else in_period.is_longer
        end
    ) = 1 as is_rolled_up,
{% for count in counts %}
    cast(sum(in_period.{{ count }}) as bigint) as {{ count }}{{ ',' if not loop.last }}
{% endfor %}
from in_period
inner join link
    on
        in_period.organisation_key = link.descendant_organisation_key
        and in_period.time_key = link.time_key
group by link.structure, in_period.indicator_key, link.ancestor_organisation_key, in_period.time_key
