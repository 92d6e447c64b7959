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

-- An organisation of the past may lead to one of today along several scopes: one link is enough to count it.
link as (
    select distinct
        structure,
        ancestor_organisation_key,
        descendant_organisation_key,
        valid_from,
        valid_to
    from {{ ref('bridge_organisation') }}
),

reached as (
    select distinct
        link.structure,
        link.ancestor_organisation_key,
        in_period.indicator_key,
        in_period.organisation_key,
        in_period.time_key
    from in_period
    inner join {{ ref('dim_time') }} as period
        on in_period.time_key = period.time_key
    inner join link
        on
            in_period.organisation_key = link.descendant_organisation_key
            and {{ overlaps('link') }}
)

select
    reached.structure,
    reached.indicator_key,
    reached.ancestor_organisation_key as organisation_key,
    reached.time_key,
    max(
        case
            when reached.ancestor_organisation_key <> reached.organisation_key then 1 else in_period.is_longer
        end
    ) = 1 as is_rolled_up,
{% for count in counts %}
    cast(sum(in_period.{{ count }}) as bigint) as {{ count }}{{ ',' if not loop.last }}
{% endfor %}
from reached
inner join in_period
    on
        reached.indicator_key = in_period.indicator_key
        and reached.organisation_key = in_period.organisation_key
        and reached.time_key = in_period.time_key
group by reached.structure, reached.indicator_key, reached.ancestor_organisation_key, reached.time_key
