{#-
    Common table expressions that add the figures of organisations up, none of them counted twice: to all above them
    (`as_was`), or to the organisations of another structure and all above those, where the two differ (`as_is`).
    They read `own` (int_observation_by_period), `period` and `indicator`; what comes out is `above`.
-#}
{% macro sums_over_organisations(structure) -%}
below as (
    select * from {{ ref('bridge_organisation') }}
    where structure = 'as_was' and distance > 0
),

link as (
    {% if structure == 'as_was' -%}
    select * from below
    {%- else -%}
    select * from {{ ref('int_organisation_link') }}
    where structure = '{{ structure }}'
    {%- endif %}
),

-- Indicators that events name follow those events; all others follow the scope *.
scope as (
    select
        indicator.indicator_key,
        indicator.organisation_aggregation,
        indicator.frequency,
        coalesce(named.scope_code, '*') as scope_code
    from indicator
    left join (select distinct scope_code from link) as named
        on indicator.indicator_code = named.scope_code
),

reporter as (
    select distinct
        indicator_key,
        organisation_key
    from own
),

-- Indicators that are reported by organisations within one another: there the upper figure stands for the lower ones.
several_levels as (
    select distinct reporter.indicator_key
    from reporter
    inner join below
        on reporter.organisation_key = below.descendant_organisation_key
    inner join reporter as upper_reporter
        on
            below.ancestor_organisation_key = upper_reporter.organisation_key
            and reporter.indicator_key = upper_reporter.indicator_key
),

held as (
    select distinct
        own.indicator_key,
        own.time_key,
        own.target_group_key,
        own.organisation_key,
        above.ancestor_organisation_key
    from own
    inner join several_levels
        on own.indicator_key = several_levels.indicator_key
    inner join below
        on own.organisation_key = below.descendant_organisation_key
    inner join own as middle
        on
            own.indicator_key = middle.indicator_key
            and own.time_key = middle.time_key
            and own.target_group_key = middle.target_group_key
            and below.ancestor_organisation_key = middle.organisation_key
    inner join scope
        on own.indicator_key = scope.indicator_key
    inner join link as above
        on
            middle.organisation_key = above.descendant_organisation_key
            and scope.scope_code = above.scope_code
),

-- Outer joins that always match: inner ones may be put in any order, and all links of all indicators in all periods are
-- far more than there are figures.
placed as (
    select
        own.*,
        scope.organisation_aggregation,
        scope.frequency,
        scope.scope_code,
        period.period_start,
        period.period_end_exclusive
    from own
    left join scope
        on own.indicator_key = scope.indicator_key
    left join period
        on own.time_key = period.time_key
),

contributing as (
    select
        placed.indicator_key,
        placed.time_key,
        placed.target_group_key,
        link.ancestor_organisation_key as organisation_key,
        placed.low,
        placed.width,
        cast(link.weight as double)
        * case
            when link.is_whole then 1
            else {{ share_of_life('placed.time_rule', 'validity', 'link', 'placed') }}
        end as share,
        link.weight < 1 as is_divided,
        placed.organisation_aggregation = 'distinct' as is_distinct,
        case placed.organisation_aggregation
            when 'sum' then false
            when 'distinct' then link.weight < 1
            else not link.is_one_to_one
        end as is_refused,
        placed.status_rank,
        placed.completeness,
        coalesce(validity.valid_sub_periods, 1) as units
    from placed
    inner join link
        on
            placed.organisation_key = link.descendant_organisation_key
            and placed.scope_code = link.scope_code
            and {{ overlaps('link', 'placed') }}
            and (placed.organisation_aggregation in ('sum', 'distinct') or link.distance = 0)
    left join held
        on
            placed.indicator_key = held.indicator_key
            and placed.time_key = held.time_key
            and placed.target_group_key = held.target_group_key
            and placed.organisation_key = held.organisation_key
            and link.ancestor_organisation_key = held.ancestor_organisation_key
    left join {{ ref('int_validity_by_period') }} as validity
        on
            placed.time_key = validity.time_key
            and placed.frequency = validity.frequency
            and link.valid_from = validity.valid_from
            and link.valid_to is not distinct from validity.valid_to
    where held.indicator_key is null
),

-- What a reorganisation splits by weights is an estimate; what cannot be added up is refused.
summed as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        -- One person may be counted in several of the organisations: at least the most of one, at most all together.
        case
            when is_distinct then max(low)
            else {{ measure('sum(' ~ scaled('low', 'share') ~ ')') }}
        end as low,
        case
            when is_distinct then {{ measure('nullif(sum(low + coalesce(width, 0)) - max(low), 0)') }}
            else {{ measure('sum(' ~ scaled('width', 'share') ~ ')') }}
        end as width,
        {{ measure('sum(case when is_divided then abs(' ~ scaled('low', 'share') ~ ') end)') }} as low_divided,
        max(case when is_divided then {{ estimated_at_least('status_rank') }} else status_rank end) as status_rank,
        max(case when is_refused then 1 else 0 end) = 1 as is_refused,
        cast(sum(units * completeness) as decimal(28, 15)) as units_present
    from contributing
    group by indicator_key, organisation_key, time_key, target_group_key, is_distinct
),

-- Who is expected: for a total the organisations of the reporting level, else those that have ever reported it.
expected_reporter as (
    select
        reporter.indicator_key,
        organisation.organisation_key,
        total.target_group_key
    from (select distinct indicator_key from reporter) as reporter
    inner join indicator
        on reporter.indicator_key = indicator.indicator_key
    inner join {{ ref('dim_organisation') }} as organisation
        on indicator.reporting_level = organisation.level
    inner join {{ ref('dim_target_group') }} as total
        on total.target_group_code = '_T'

    union

    select distinct
        own.indicator_key,
        own.organisation_key,
        own.target_group_key
    from own
    inner join indicator
        on own.indicator_key = indicator.indicator_key
    inner join {{ ref('dim_target_group') }} as target_group
        on own.target_group_key = target_group.target_group_key
    inner join {{ ref('dim_organisation') }} as organisation
        on own.organisation_key = organisation.organisation_key
    where
        case
            when indicator.reporting_level is null then true
            when target_group.target_group_code = '_T' then false
            else organisation.level = indicator.reporting_level
        end
),

expected_stretch as (
    select
        expected_reporter.indicator_key,
        expected_reporter.target_group_key,
        link.ancestor_organisation_key as organisation_key,
        link.valid_from,
        link.valid_to,
        count(*) as reporters
    from expected_reporter
    inner join scope
        on expected_reporter.indicator_key = scope.indicator_key
    inner join link
        on
            expected_reporter.organisation_key = link.descendant_organisation_key
            and scope.scope_code = link.scope_code
    group by
        expected_reporter.indicator_key, expected_reporter.target_group_key, link.ancestor_organisation_key,
        link.valid_from, link.valid_to
),

expected as (
    select
        expected_stretch.indicator_key,
        expected_stretch.target_group_key,
        expected_stretch.organisation_key,
        summed.time_key,
        sum(expected_stretch.reporters * coalesce(validity.valid_sub_periods, 1)) as units_expected
    from summed
    inner join expected_stretch
        on
            summed.indicator_key = expected_stretch.indicator_key
            and summed.target_group_key = expected_stretch.target_group_key
            and summed.organisation_key = expected_stretch.organisation_key
    inner join indicator
        on summed.indicator_key = indicator.indicator_key
    inner join period
        on
            summed.time_key = period.time_key
            and {{ overlaps('expected_stretch') }}
    left join {{ ref('int_validity_by_period') }} as validity
        on
            summed.time_key = validity.time_key
            and indicator.frequency = validity.frequency
            and expected_stretch.valid_from = validity.valid_from
            and expected_stretch.valid_to is not distinct from validity.valid_to
    group by
        expected_stretch.indicator_key, expected_stretch.target_group_key, expected_stretch.organisation_key,
        summed.time_key
),

above as (
    select
        summed.indicator_key,
        summed.organisation_key,
        summed.time_key,
        summed.target_group_key,
        case when not summed.is_refused then summed.low end as low,
        case when not summed.is_refused then summed.width end as width,
        summed.status_rank,
        summed.units_present,
        {{ share(
            'greatest(coalesce(expected.units_expected, 0) - coalesce(not_expected.units, 0), summed.units_present)'
        ) }} as units_expected,
        least(1, coalesce({{ ratio('summed.low_divided', 'abs(summed.low)') }}, 0)) as share_estimated,
        summed.is_refused
    from summed
    left join expected
        on
            summed.indicator_key = expected.indicator_key
            and summed.organisation_key = expected.organisation_key
            and summed.time_key = expected.time_key
            and summed.target_group_key = expected.target_group_key
    left join {{ ref('int_unit_not_expected') }} as not_expected
        on
            not_expected.structure = '{{ structure }}'
            and not_expected.measure_kind = 'indicator'
            and summed.indicator_key = not_expected.measure_key
            and summed.organisation_key = not_expected.organisation_key
            and summed.time_key = not_expected.time_key
            and summed.target_group_key = not_expected.target_group_key
)
{%- endmacro %}
