-- Grain: structure x indicator or ratio x organisation x period x target group on which a fault is open, there or
-- below. A fault counts once however many findings, scopes or terms lead to it; where nothing is open there is no row.
{%- set is_own = "measured.is_itself and within.is_self
            and link.ancestor_organisation_key = measured.organisation_key
            and part_of.ancestor_target_group_code = measured.target_group_code" %}
with indicator_part as (
    select
        indicator_key,
        indicator_key as part_indicator_key
    from {{ ref('dim_indicator') }}

    union

    -- A full cost rests on what is charged, what is shared out, and what it is shared out by (domain.md 2.10).
    {% for part in ['direct', 'overhead', 'driver'] %}
        select
            indicator_key,
            {{ part }}_indicator_key as part_indicator_key
        from {{ ref('bridge_cost_allocation') }}
        {% if not loop.last %}union{% endif %}
    {% endfor %}
),

found as (
    select distinct
        finding.fault_id,
        {{ severity_rank('finding.severity') }} as severity_rank,
        indicator.indicator_key,
        organisation.organisation_key,
        period.time_key,
        coalesce(known.target_group_code, '_T') as target_group_code
    from {{ ref('fct_finding') }} as finding
    inner join {{ ref('dim_indicator') }} as indicator
        on finding.indicator_code = indicator.indicator_code
    inner join {{ ref('dim_time') }} as period
        on finding.period_code = period.period_code
    inner join {{ ref('dim_organisation') }} as organisation
        on
            finding.organisation_code = organisation.organisation_code
            and {{ overlaps('organisation') }}
    left join {{ ref('dim_target_group') }} as known
        on finding.target_group_code = known.target_group_code
    where finding.is_open
),

term as (
    select
        term.ratio_key,
        factor.part_indicator_key,
        ratio.frequency,
        case when ratio.lagged_part = term.part then coalesce(ratio.lag, 0) else 0 end as lag
    from {{ ref('bridge_ratio_indicator') }} as term
    inner join {{ ref('dim_ratio') }} as ratio
        on term.ratio_key = ratio.ratio_key
    inner join indicator_part as factor
        on factor.indicator_key in (term.factor_1_indicator_key, term.factor_2_indicator_key)
),

-- The later part of a lagged ratio stands in the period of the earlier one (domain.md 2.11).
measured as (
    select
        'indicator' as measure_kind,
        indicator_part.indicator_key as measure_key,
        indicator_part.indicator_key = indicator_part.part_indicator_key as is_itself,
        found.organisation_key,
        found.time_key,
        found.target_group_code,
        found.fault_id,
        found.severity_rank
    from found
    inner join indicator_part
        on found.indicator_key = indicator_part.part_indicator_key

    union all

    select
        'ratio' as measure_kind,
        term.ratio_key as measure_key,
        true as is_itself,
        found.organisation_key,
        found.time_key,
        found.target_group_code,
        found.fault_id,
        found.severity_rank
    from found
    inner join term
        on found.indicator_key = term.part_indicator_key
    where term.lag = 0

    union all

    select
        'ratio' as measure_kind,
        term.ratio_key as measure_key,
        true as is_itself,
        found.organisation_key,
        earlier.time_key,
        found.target_group_code,
        found.fault_id,
        found.severity_rank
    from found
    inner join term
        on found.indicator_key = term.part_indicator_key
    inner join {{ ref('bridge_time') }} as unit
        on
            found.time_key = unit.descendant_time_key
            and term.frequency = unit.ancestor_frequency
            and (unit.is_self or unit.is_tiled)
    inner join {{ ref('dim_time') }} as later
        on unit.ancestor_time_key = later.time_key
    inner join {{ ref('dim_time') }} as earlier
        on
            later.calendar_code = earlier.calendar_code
            and later.frequency = earlier.frequency
            and later.sequence_number - term.lag = earlier.sequence_number
    where term.lag > 0
),

link as (
    {{ links_of_any_scope() }}
)

select
    link.structure,
    measured.measure_kind,
    measured.measure_key,
    link.ancestor_organisation_key as organisation_key,
    within.ancestor_time_key as time_key,
    part_of.ancestor_target_group_key as target_group_key,
    count(distinct measured.fault_id) as findings,
    max(measured.severity_rank) as worst_rank,
    count(distinct case when {{ is_own }} then measured.fault_id end) as findings_own,
    max(case when {{ is_own }} then measured.severity_rank end) as worst_rank_own
from measured
inner join {{ ref('dim_time') }} as period
    on measured.time_key = period.time_key
inner join link
    on
        measured.organisation_key = link.descendant_organisation_key
        and {{ overlaps('link') }}
inner join {{ ref('bridge_time') }} as within
    on measured.time_key = within.descendant_time_key and (within.is_self or within.is_tiled)
inner join {{ ref('bridge_target_group') }} as part_of
    on measured.target_group_code = part_of.descendant_target_group_code
group by
    link.structure, measured.measure_kind, measured.measure_key, link.ancestor_organisation_key,
    within.ancestor_time_key, part_of.ancestor_target_group_key
