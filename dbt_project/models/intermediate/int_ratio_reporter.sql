-- Grain: ratio x structure x organisation x target group x stretch of life: how many organisations are expected to
-- report under it. For a total those of the reporting level, else those that have ever reported a part of the ratio.
with reporter as (
    select distinct
        ratio_key,
        organisation_key,
        target_group_key,
        scope_code
    from {{ ref('int_ratio_unit') }}
),

component as (
    select
        term.ratio_key,
        indicator.reporting_level
    from {{ ref('bridge_ratio_indicator') }} as term
    inner join {{ ref('dim_indicator') }} as indicator
        on indicator.indicator_key in (term.factor_1_indicator_key, term.factor_2_indicator_key)
),

reporting_level as (
    select distinct
        ratio_key,
        reporting_level
    from component
    where reporting_level is not null
),

total as (
    select target_group_key from {{ ref('dim_target_group') }}
    where target_group_code = '_T'
),

expected_reporter as (
    select
        reporting_level.ratio_key,
        organisation.organisation_key,
        total.target_group_key
    from reporting_level
    cross join total
    inner join {{ ref('dim_organisation') }} as organisation
        on reporting_level.reporting_level = organisation.level

    union

    select
        reporter.ratio_key,
        reporter.organisation_key,
        reporter.target_group_key
    from reporter
    inner join {{ ref('dim_organisation') }} as organisation
        on reporter.organisation_key = organisation.organisation_key
    left join reporting_level
        on reporter.ratio_key = reporting_level.ratio_key
    left join total
        on reporter.target_group_key = total.target_group_key
    where
        reporting_level.ratio_key is null
        or (total.target_group_key is null and reporting_level.reporting_level = organisation.level)
),

scope as (
    select
        ratio_key,
        max(scope_code) as scope_code
    from reporter
    group by ratio_key
)

select
    expected_reporter.ratio_key,
    link.structure,
    link.ancestor_organisation_key as organisation_key,
    expected_reporter.target_group_key,
    link.valid_from,
    link.valid_to,
    cast(count(distinct link.descendant_organisation_key) as int) as reporters
from expected_reporter
inner join scope
    on expected_reporter.ratio_key = scope.ratio_key
inner join {{ ref('bridge_organisation') }} as link
    on
        expected_reporter.organisation_key = link.descendant_organisation_key
        and (link.structure = 'as_was' or scope.scope_code = link.scope_code)
group by
    expected_reporter.ratio_key,
    link.structure,
    link.ancestor_organisation_key,
    expected_reporter.target_group_key,
    link.valid_from,
    link.valid_to
