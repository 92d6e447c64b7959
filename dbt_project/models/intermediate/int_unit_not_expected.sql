-- Grain: structure x indicator or ratio x organisation x period x target group in which there is such a unit, there or
-- below: how many units say that they have no figure of their own, because none can exist (status M) or because it is
-- included in another's (K). They are not expected (domain.md 3.4, 4.6).
with cell as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        has_figure
    from {{ ref('int_observation_current') }}
    where has_figure or obs_status in ('M', 'K')
),

silent_indicator as (
    select distinct indicator_key from cell
    where not has_figure
),

reporter as (
    select distinct
        cell.indicator_key,
        cell.organisation_key
    from cell
    inner join silent_indicator
        on cell.indicator_key = silent_indicator.indicator_key
    where cell.has_figure
),

-- Who would be expected: the organisations of the reporting level, else those that report at other times.
silent as (
    select
        cell.indicator_key,
        cell.organisation_key,
        cell.time_key,
        cell.target_group_key,
        organisation.valid_from,
        organisation.valid_to
    from cell
    inner join {{ ref('dim_indicator') }} as indicator
        on cell.indicator_key = indicator.indicator_key
    inner join {{ ref('dim_organisation') }} as organisation
        on cell.organisation_key = organisation.organisation_key
    left join reporter
        on cell.indicator_key = reporter.indicator_key and cell.organisation_key = reporter.organisation_key
    where
        not cell.has_figure
        and coalesce(indicator.reporting_level = organisation.level, reporter.indicator_key is not null)
),

measure as (
    select
        'indicator' as measure_kind,
        indicator_key as measure_key,
        indicator_key,
        frequency
    from {{ ref('dim_indicator') }}

    union

    select
        'ratio' as measure_kind,
        ratio.ratio_key as measure_key,
        indicator.indicator_key,
        ratio.frequency
    from {{ ref('bridge_ratio_indicator') }} as term
    inner join {{ ref('dim_ratio') }} as ratio
        on term.ratio_key = ratio.ratio_key and coalesce(ratio.lag, 0) = 0
    inner join {{ ref('dim_indicator') }} as indicator
        on indicator.indicator_key in (term.factor_1_indicator_key, term.factor_2_indicator_key)
),

-- Both parts of a ratio may say so of one unit.
unit as (
    select distinct
        measure.measure_kind,
        measure.measure_key,
        silent.organisation_key,
        within.descendant_time_key as time_key,
        within.descendant_start as period_start,
        within.descendant_end_exclusive as period_end_exclusive,
        silent.target_group_key
    from silent
    inner join measure
        on silent.indicator_key = measure.indicator_key
    inner join {{ ref('bridge_time') }} as within
        on
            silent.time_key = within.ancestor_time_key
            and measure.frequency = within.descendant_frequency
            and within.is_tiled
            and silent.valid_from < within.descendant_end_exclusive
            and coalesce(silent.valid_to, date '9999-12-31') > within.descendant_start
),

link as (
    {{ links_of_any_scope() }}
)

-- An outer join that always matches: an inner one may be put first, and all links in all periods are far more than
-- there are such units.
select
    link.structure,
    unit.measure_kind,
    unit.measure_key,
    link.ancestor_organisation_key as organisation_key,
    within.ancestor_time_key as time_key,
    unit.target_group_key,
    cast(count(*) as int) as units
from unit
inner join link
    on
        unit.organisation_key = link.descendant_organisation_key
        and {{ overlaps('link', 'unit') }}
left join {{ ref('bridge_time') }} as within
    on unit.time_key = within.descendant_time_key and within.is_tiled
group by
    link.structure, unit.measure_kind, unit.measure_key, link.ancestor_organisation_key, within.ancestor_time_key,
    unit.target_group_key
