-- Grain: ratio x organisation x period x target group x structure.
-- R = scale x sum of N / sum of D over matched units: over time first, each part by its own rule, then over
-- organisations, none of them counted twice, and divided once (domain.md 2.4 to 2.8).
with period as (
    select * from {{ ref('dim_time') }}
),

-- What both structures share is computed once, as structure `both`.
link as (
    select * from {{ ref('int_organisation_link') }}
),

-- 1. Over time.
{{ ratio_parts_over_time() }},

-- Outer joins that always match: inner ones may be put in any order, and all links in all periods are far more than
-- there are figures.
own as (
    select
        over_time.*,
        component.part,
        component.time_rule,
        component.is_additive,
        component.scope_code,
        ratio.frequency,
        period.period_start,
        period.period_end_exclusive
    from over_time
    left join component
        on over_time.ratio_key = component.ratio_key and over_time.component_number = component.component_number
    left join {{ ref('dim_ratio') }} as ratio
        on over_time.ratio_key = ratio.ratio_key
    left join period
        on over_time.time_key = period.time_key
    where over_time.matched is not null or over_time.present is not null
),

-- 2. Over organisations. The figure of an organisation itself stands for the figures of those below it.
reporter as (
    select distinct
        ratio_key,
        organisation_key
    from own
),

below as (
    select * from {{ ref('bridge_organisation') }}
    where structure = 'as_was' and distance > 0
),

several_levels as (
    select distinct reporter.ratio_key
    from reporter
    inner join below
        on reporter.organisation_key = below.descendant_organisation_key
    inner join reporter as upper_reporter
        on
            below.ancestor_organisation_key = upper_reporter.organisation_key
            and reporter.ratio_key = upper_reporter.ratio_key
),

held as (
    select
        own.ratio_key,
        own.part,
        own.time_key,
        own.target_group_key,
        own.organisation_key,
        above.structure,
        above.ancestor_organisation_key,
        max(case when upper_own.matched is not null then 1 else 0 end) as is_matched_held,
        max(case when upper_own.present is not null then 1 else 0 end) as is_present_held
    from own
    inner join several_levels
        on own.ratio_key = several_levels.ratio_key
    inner join below
        on own.organisation_key = below.descendant_organisation_key
    inner join own as upper_own
        on
            own.ratio_key = upper_own.ratio_key
            and own.part = upper_own.part
            and own.time_key = upper_own.time_key
            and own.target_group_key = upper_own.target_group_key
            and below.ancestor_organisation_key = upper_own.organisation_key
    inner join link as above
        on upper_own.organisation_key = above.descendant_organisation_key
    group by
        own.ratio_key, own.part, own.time_key, own.target_group_key, own.organisation_key, above.structure,
        above.ancestor_organisation_key
),

contributing as (
    select
        own.ratio_key,
        own.part,
        own.time_key,
        own.target_group_key,
        own.matched,
        own.matched_width,
        own.present,
        own.status_rank,
        own.units,
        own.has_pending,
        link.structure,
        link.ancestor_organisation_key,
        link.weight,
        not own.is_additive and not link.is_one_to_one as is_refused,
        coalesce(held.is_matched_held, 0) = 0 as counts_matched,
        coalesce(held.is_present_held, 0) = 0 as counts_present,
        cast(link.weight as double)
        * case
            when link.is_whole then 1
            else {{ share_of_life('own.time_rule', 'validity', 'link', 'own') }}
        end as share
    from own
    inner join link
        on
            own.organisation_key = link.descendant_organisation_key
            and {{ overlaps('link', 'own') }}
            and (link.structure <> 'as_is' or own.scope_code = link.scope_code)
            and (own.is_additive or link.distance = 0)
    left join {{ ref('int_validity_by_period') }} as validity
        on
            own.time_key = validity.time_key
            and own.frequency = validity.frequency
            and link.valid_from = validity.valid_from
            and link.valid_to is not distinct from validity.valid_to
    left join held
        on
            own.ratio_key = held.ratio_key
            and own.part = held.part
            and own.time_key = held.time_key
            and own.target_group_key = held.target_group_key
            and own.organisation_key = held.organisation_key
            and link.structure = held.structure
            and link.ancestor_organisation_key = held.ancestor_organisation_key
),

-- What a reorganisation splits by weights is an estimate; what cannot be added up it refuses.
shared as (
    select
        ratio_key,
        structure,
        ancestor_organisation_key as organisation_key,
        time_key,
        target_group_key,
        part = 'numerator' as is_numerator,
        counts_matched,
        counts_present,
        has_pending,
        units,
        is_refused,
        weight < 1 as is_divided,
        {{ scaled('matched', 'share') }} as matched,
        {{ scaled('matched_width', 'share') }} as matched_width,
        {{ scaled('present', 'share') }} as present,
        case when weight < 1 then {{ estimated_at_least('status_rank') }} else status_rank end as status_rank
    from contributing
),

total as (
    select
        ratio_key,
        structure,
        organisation_key,
        time_key,
        target_group_key,
        {{ measure('sum(case when is_numerator and counts_matched then matched end)') }} as numerator,
        {{ measure('sum(case when not is_numerator and counts_matched then matched end)') }} as denominator,
        {{ measure('sum(case when is_numerator and counts_matched then matched_width end)') }} as numerator_width,
        {{ measure('sum(case when not is_numerator and counts_matched then matched_width end)') }} as denominator_width,
        {{ measure('sum(case when is_numerator and counts_matched and is_divided then abs(matched) end)') }}
            as numerator_divided,
        {{ measure('sum(case when not is_numerator and counts_matched and is_divided then abs(matched) end)') }}
            as denominator_divided,
        {{ measure('sum(case when is_numerator and counts_present then present end)') }} as numerator_present,
        {{ measure('sum(case when not is_numerator and counts_present then present end)') }} as denominator_present,
        max(case when counts_matched then status_rank else 0 end) as status_rank,
        sum(case when counts_matched then units else 0 end) as units_matched,
        max(has_pending) = 1 as has_pending,
        max(case when is_refused then 1 else 0 end) = 1 as is_refused
    from shared
    group by ratio_key, structure, organisation_key, time_key, target_group_key
),

-- Reporters and the stretches of their lives within the period come one after the other: all reporters in all periods
-- would be far more than there are ratios.
expected as (
    select
        total.ratio_key,
        total.structure,
        total.organisation_key,
        total.time_key,
        total.target_group_key,
        sum(reporter.reporters * validity.valid_sub_periods) as units_expected
    from total
    inner join {{ ref('dim_ratio') }} as ratio
        on total.ratio_key = ratio.ratio_key
    left join {{ ref('int_ratio_reporter') }} as reporter
        on
            total.ratio_key = reporter.ratio_key
            and total.organisation_key = reporter.organisation_key
            and total.target_group_key = reporter.target_group_key
            and case total.structure when 'both' then 'as_was' else total.structure end = reporter.structure
    left join {{ ref('int_validity_by_period') }} as validity
        on
            total.time_key = validity.time_key
            and ratio.frequency = validity.frequency
            and reporter.valid_from = validity.valid_from
            and reporter.valid_to is not distinct from validity.valid_to
    group by total.ratio_key, total.structure, total.organisation_key, total.time_key, total.target_group_key
),

measured as (
    select
        total.*,
        total.units_matched > 0 as is_matched,
        greatest(
            coalesce(expected.units_expected, 0) - coalesce(not_expected.units, 0), total.units_matched
        ) as units_expected
    from total
    inner join expected
        on
            total.ratio_key = expected.ratio_key
            and total.structure = expected.structure
            and total.organisation_key = expected.organisation_key
            and total.time_key = expected.time_key
            and total.target_group_key = expected.target_group_key
    left join {{ ref('int_unit_not_expected') }} as not_expected
        on
            not_expected.measure_kind = 'ratio'
            and total.ratio_key = not_expected.measure_key
            and case total.structure when 'both' then 'as_was' else total.structure end = not_expected.structure
            and total.organisation_key = not_expected.organisation_key
            and total.time_key = not_expected.time_key
            and total.target_group_key = not_expected.target_group_key
),

-- 3. The quotient, or why there is none. Where no unit is matched, the parts that are present are shown.
shown as (
    select
        ratio_key,
        structure,
        organisation_key,
        time_key,
        target_group_key,
        is_matched,
        has_pending,
        status_rank,
        units_matched,
        units_expected,
        is_refused,
        case when is_refused then null when is_matched then numerator else numerator_present end as numerator,
        case when is_refused then null when is_matched then denominator else denominator_present end as denominator,
        coalesce(numerator_width, 0) as numerator_width,
        coalesce(denominator_width, 0) as denominator_width,
        least(1, greatest(
            coalesce({{ ratio('numerator_divided', 'abs(numerator)') }}, 0),
            coalesce({{ ratio('denominator_divided', 'abs(denominator)') }}, 0)
        )) as share_estimated,
        {{ part_coverage('numerator', 'numerator_present') }} as coverage_numerator,
        {{ part_coverage('denominator', 'denominator_present') }} as coverage_denominator
    from measured
),

-- One part alone, in periods shorter than those the other is reported for, is no ratio that could have been.
judged as (
    select
        shown.*,
        cast(shown.numerator as double) as numerator_value,
        cast(shown.denominator as double) as denominator_value,
        ratio.ratio_code,
        ratio.name_vi,
        ratio.name_en,
        ratio.ratio_type,
        ratio.ratio_class,
        ratio.interval_method,
        cast(ratio.scale as double) as scale,
        ratio.unit,
        ratio.annualisation,
        shown.numerator_width + shown.denominator_width > 0 as is_interval,
        {{ ratio_refusal('shown', 'ratio') }} as refusal,
        case
            when shown.denominator < ratio.minimum_denominator then 'SMALL_DEN'
            when {{ ratio_coverage('shown') }} < {{ var('full_coverage') }} then 'PARTIAL_COVERAGE'
        end as reservation
    from shown
    inner join {{ ref('dim_ratio') }} as ratio
        on shown.ratio_key = ratio.ratio_key
    inner join period
        on shown.time_key = period.time_key
    where shown.is_matched or coalesce(period.frequency_order >= {{ frequency_order('ratio.frequency') }}, true)
),

divided as (
    select
        judged.*,
        case
            when judged.refusal is null
                then judged.scale * {{ ratio('judged.numerator_value', 'judged.denominator_value') }}
        end as quotient,
        case when judged.refusal is null then judged.scale * {{ ratio_bound('judged', '-') }} end as lower,
        case when judged.refusal is null then judged.scale * {{ ratio_bound('judged', '+') }} end as upper,
        {{ ratio_status('judged') }} as status
    from judged
),

reading as (
    {% for computed, structure in [('both', 'as_was'), ('both', 'as_is'), ('as_was', 'as_was'), ('as_is', 'as_is')] %}
        select
            '{{ computed }}' as computed_structure,
            '{{ structure }}' as structure
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    divided.ratio_key,
    divided.ratio_code,
    divided.name_vi as ratio_name_vi,
    divided.name_en as ratio_name_en,
    divided.ratio_type,
    divided.ratio_class,
    reading.structure,
    divided.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    organisation.level as organisation_level,
    divided.time_key,
    period.period_code,
    period.calendar_code,
    period.frequency,
    period.period_start,
    period.period_end_exclusive,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    divided.target_group_key,
    target_group.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    divided.numerator,
    divided.denominator,
    cast(case when not divided.is_interval then divided.quotient end as double) as value,
    cast({{ annualised('divided', 'period') }} as double) as value_annualised,
    divided.annualisation,
    divided.unit,
    divided.scale,
    cast(divided.coverage_numerator as double) as coverage_numerator,
    cast(divided.coverage_denominator as double) as coverage_denominator,
    coalesce({{ ratio('divided.units_matched', 'divided.units_expected') }}, 0) as matched_share,
    cast(divided.units_matched as bigint) as units_matched,
    cast(divided.units_expected as bigint) as units_expected,
    cast(divided.lower as double) as lower,
    cast(divided.upper as double) as upper,
    case
        when divided.lower is null and divided.upper is null then null
        when divided.is_interval then 'bounds'
        else divided.interval_method
    end as interval_method,
    cast(divided.share_estimated as double) as share_estimated,
    divided.status,
    coalesce(divided.refusal, case when divided.is_interval then 'INTERVAL' end, divided.reservation) as reason,
    {{ open_findings('open_finding') }}
from divided
inner join reading
    on divided.structure = reading.computed_structure
inner join period
    on divided.time_key = period.time_key
inner join {{ ref('dim_organisation') }} as organisation
    on divided.organisation_key = organisation.organisation_key
inner join {{ ref('dim_target_group') }} as target_group
    on divided.target_group_key = target_group.target_group_key
left join {{ ref('int_open_finding') }} as open_finding
    on {{ is_open_on('divided', 'ratio', "reading.structure") }}
