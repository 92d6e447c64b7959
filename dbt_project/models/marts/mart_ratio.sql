-- Grain: ratio x organisation x period x target group x structure.
-- R = scale x sum of N / sum of D over matched units: over time first, each part by its own rule, then over
-- organisations, none of them counted twice, and divided once (domain.md 2.4 to 2.8).
with unit as (
    select
        ratio_code,
        part,
        case time_rule when 'none' then 'last' else time_rule end as time_rule,
        time_rule = 'none' as is_single_period,
        organisation_key,
        time_key,
        target_group_key,
        low,
        width,
        opening,
        status_rank,
        is_additive,
        scope_code,
        is_matched,
        is_pending,
        is_present,
        is_counted
    from {{ ref('int_ratio_unit') }}
),

period as (
    select * from {{ ref('dim_time') }}
),

ratio as (
    select * from {{ ref('int_ratio_definition') }}
),

link as (
    select * from {{ ref('bridge_organisation') }}
),

-- 1. Over time. A unit of a longer period stands for the units within it.
within as (
    select * from {{ ref('bridge_time') }}
    where is_tiled
),

several_frequencies as (
    select unit.ratio_code
    from unit
    inner join period
        on unit.time_key = period.time_key
    group by unit.ratio_code
    having count(distinct period.frequency) > 1
),

held_unit as (
    select
        unit.ratio_code, unit.part, unit.organisation_key, unit.target_group_key, unit.time_key,
        above.ancestor_time_key,
        max(case when middle.is_matched then 1 else 0 end) as is_matched_held,
        max(case when middle.is_present then 1 else 0 end) as is_present_held
    from unit
    inner join several_frequencies
        on unit.ratio_code = several_frequencies.ratio_code
    inner join within
        on unit.time_key = within.descendant_time_key and not within.is_self
    inner join unit as middle
        on
            unit.ratio_code = middle.ratio_code
            and unit.part = middle.part
            and unit.organisation_key = middle.organisation_key
            and unit.target_group_key = middle.target_group_key
            and within.ancestor_time_key = middle.time_key
    inner join within as above
        on middle.time_key = above.descendant_time_key
    group by
        unit.ratio_code, unit.part, unit.organisation_key, unit.target_group_key, unit.time_key,
        above.ancestor_time_key
),

in_period as (
    select
        unit.*,
        within.ancestor_time_key,
        within.descendant_start,
        unit.is_matched and coalesce(held_unit.is_matched_held, 0) = 0 as counts_matched,
        unit.is_present and coalesce(held_unit.is_present_held, 0) = 0 as counts_present,
        case when unit.is_counted then coalesce(validity.valid_sub_periods, 1) else 0 end as units
    from unit
    inner join within
        on unit.time_key = within.descendant_time_key
    inner join ratio
        on unit.ratio_code = ratio.ratio_code
    inner join {{ ref('dim_organisation') }} as organisation
        on unit.organisation_key = organisation.organisation_key
    left join {{ ref('int_validity_by_period') }} as validity
        on
            unit.time_key = validity.time_key
            and ratio.frequency = validity.frequency
            and organisation.valid_from = validity.valid_from
            and organisation.valid_to is not distinct from validity.valid_to
    left join held_unit
        on
            unit.ratio_code = held_unit.ratio_code
            and unit.part = held_unit.part
            and unit.organisation_key = held_unit.organisation_key
            and unit.target_group_key = held_unit.target_group_key
            and unit.time_key = held_unit.time_key
            and within.ancestor_time_key = held_unit.ancestor_time_key
    where not unit.is_single_period or within.is_self
),

over_time as (
    select
        ratio_code,
        part,
        time_rule,
        organisation_key,
        ancestor_time_key as time_key,
        target_group_key,
        {{ roll_up_over_time('low', 'opening', 'descendant_start', 'counts_matched') }} as matched,
        {{ roll_up_over_time('width', 'null', 'descendant_start', 'counts_matched') }} as matched_width,
        {{ roll_up_over_time('low', 'opening', 'descendant_start', 'counts_present') }} as present,
        max(case when counts_matched then status_rank else 0 end) as status_rank,
        min(case when is_additive then 1 else 0 end) = 1 as is_additive,
        max(scope_code) as scope_code,
        sum(case when counts_matched then units else 0 end) as units,
        max(case when is_pending then 1 else 0 end) as has_pending
    from in_period
    group by
        ratio_code, part, time_rule, organisation_key, ancestor_time_key, target_group_key
),

own as (
    select * from over_time
    where matched is not null or present is not null
),

-- 2. Over organisations. A figure of an organisation itself stands for the figures of those below it.
reporter as (
    select distinct ratio_code, organisation_key from own
),

below as (
    select * from link
    where structure = 'as_was' and distance > 0
),

several_levels as (
    select distinct reporter.ratio_code
    from reporter
    inner join below
        on reporter.organisation_key = below.descendant_organisation_key
    inner join reporter as upper_reporter
        on
            below.ancestor_organisation_key = upper_reporter.organisation_key
            and reporter.ratio_code = upper_reporter.ratio_code
),

held_own as (
    select
        own.ratio_code, own.part, own.time_key, own.target_group_key, own.organisation_key,
        above.structure,
        above.ancestor_organisation_key,
        max(case when middle.matched is not null then 1 else 0 end) as is_matched_held,
        max(case when middle.present is not null then 1 else 0 end) as is_present_held
    from own
    inner join several_levels
        on own.ratio_code = several_levels.ratio_code
    inner join below
        on own.organisation_key = below.descendant_organisation_key
    inner join own as middle
        on
            own.ratio_code = middle.ratio_code
            and own.part = middle.part
            and own.time_key = middle.time_key
            and own.target_group_key = middle.target_group_key
            and below.ancestor_organisation_key = middle.organisation_key
    inner join link as above
        on middle.organisation_key = above.descendant_organisation_key
    group by
        own.ratio_code, own.part, own.time_key, own.target_group_key, own.organisation_key,
        above.structure, above.ancestor_organisation_key
),

contributing as (
    select
        own.ratio_code,
        own.part,
        own.time_key,
        own.target_group_key,
        own.status_rank,
        own.time_rule,
        own.units,
        own.has_pending,
        own.matched,
        own.matched_width,
        own.present,
        link.structure,
        link.ancestor_organisation_key as organisation_key,
        link.is_whole,
        link.weight,
        coalesce(held_own.is_matched_held, 0) = 0 as counts_matched,
        coalesce(held_own.is_present_held, 0) = 0 as counts_present,
        coalesce(validity.valid_sub_periods, 1) as valid_sub_periods,
        coalesce(validity.sub_periods, 1) as sub_periods,
        link.valid_from,
        link.valid_to,
        period.period_start,
        period.period_end_exclusive
    from own
    inner join period
        on own.time_key = period.time_key
    inner join ratio
        on own.ratio_code = ratio.ratio_code
    inner join link
        on
            own.organisation_key = link.descendant_organisation_key
            and {{ overlaps('link.valid_from', 'link.valid_to', 'period.period_start', 'period.period_end_exclusive') }}
            and (link.structure = 'as_was' or own.scope_code = link.scope_code)
            and (own.is_additive or (link.distance = 0 and link.is_one_to_one))
    left join {{ ref('int_validity_by_period') }} as validity
        on
            own.time_key = validity.time_key
            and ratio.frequency = validity.frequency
            and link.valid_from = validity.valid_from
            and link.valid_to is not distinct from validity.valid_to
    left join held_own
        on
            own.ratio_code = held_own.ratio_code
            and own.part = held_own.part
            and own.time_key = held_own.time_key
            and own.target_group_key = held_own.target_group_key
            and own.organisation_key = held_own.organisation_key
            and link.structure = held_own.structure
            and link.ancestor_organisation_key = held_own.ancestor_organisation_key
),

weighed as (
    select
        contributing.*,
        case
            when is_whole then matched
            else {{ contribution(
                'matched', 'time_rule', 'valid_sub_periods', 'sub_periods',
                'valid_from', 'valid_to', 'period_start', 'period_end_exclusive'
            ) }}
        end as matched_added,
        case
            when is_whole then matched_width
            else {{ contribution(
                'matched_width', 'time_rule', 'valid_sub_periods', 'sub_periods',
                'valid_from', 'valid_to', 'period_start', 'period_end_exclusive'
            ) }}
        end as matched_width_added,
        case
            when is_whole then present
            else {{ contribution(
                'present', 'time_rule', 'valid_sub_periods', 'sub_periods',
                'valid_from', 'valid_to', 'period_start', 'period_end_exclusive'
            ) }}
        end as present_added
    from contributing
),

-- What is split by weights is an estimate.
split as (
    select
        weighed.*,
        {{ weighted('matched_added', 'weight') }} as matched_share,
        {{ weighted('matched_width_added', 'weight') }} as matched_width_share,
        {{ weighted('present_added', 'weight') }} as present_share,
        case when weight < 1 then greatest(status_rank, {{ status_rank("'E'") }}) else status_rank end as share_status_rank
    from weighed
),

total as (
    select
        ratio_code,
        structure,
        organisation_key,
        time_key,
        target_group_key,
        {{ measure("sum(case when part = 'numerator' and counts_matched then matched_share end)") }} as numerator,
        {{ measure("sum(case when part = 'denominator' and counts_matched then matched_share end)") }} as denominator,
        {{ measure("sum(case when part = 'numerator' and counts_matched then matched_width_share end)") }} as numerator_width,
        {{ measure("sum(case when part = 'denominator' and counts_matched then matched_width_share end)") }} as denominator_width,
        {{ measure("sum(case when part = 'numerator' and counts_present then present_share end)") }} as numerator_present,
        {{ measure("sum(case when part = 'denominator' and counts_present then present_share end)") }} as denominator_present,
        max(case when counts_matched then share_status_rank else 0 end) as status_rank,
        sum(case when counts_matched then units else 0 end) as units_matched,
        max(has_pending) = 1 as is_pending
    from split
    group by ratio_code, structure, organisation_key, time_key, target_group_key
),

-- 3. Who is expected: for a total the organisations of the reporting level, else those that have ever reported a part.
expected_reporter as (
    select
        ratio_reporting_level.ratio_code,
        organisation.organisation_key,
        target_group.target_group_key
    from {{ ref('int_ratio_reporting_level') }} as ratio_reporting_level
    inner join {{ ref('dim_organisation') }} as organisation
        on ratio_reporting_level.reporting_level = organisation.level
    inner join {{ ref('dim_target_group') }} as target_group
        on target_group.target_group_code = '_T'

    union

    select
        own.ratio_code,
        own.organisation_key,
        own.target_group_key
    from own
    inner join {{ ref('dim_organisation') }} as organisation
        on own.organisation_key = organisation.organisation_key
    left join {{ ref('int_ratio_reporting_level') }} as ratio_reporting_level
        on own.ratio_code = ratio_reporting_level.ratio_code
    left join {{ ref('dim_target_group') }} as target_group
        on own.target_group_key = target_group.target_group_key and target_group.target_group_code = '_T'
    where
        ratio_reporting_level.ratio_code is null
        or (target_group.target_group_key is null and ratio_reporting_level.reporting_level = organisation.level)
),

scope as (
    select
        ratio_code,
        max(scope_code) as scope_code
    from own
    group by ratio_code
),

expected_stretch as (
    select
        expected_reporter.ratio_code,
        expected_reporter.target_group_key,
        link.structure,
        link.ancestor_organisation_key as organisation_key,
        link.valid_from,
        link.valid_to,
        count(distinct link.descendant_organisation_key) as reporters
    from expected_reporter
    inner join link
        on expected_reporter.organisation_key = link.descendant_organisation_key
    inner join scope
        on
            expected_reporter.ratio_code = scope.ratio_code
            and (link.structure = 'as_was' or scope.scope_code = link.scope_code)
    group by
        expected_reporter.ratio_code, expected_reporter.target_group_key, link.structure,
        link.ancestor_organisation_key, link.valid_from, link.valid_to
),

expected as (
    select
        total.ratio_code,
        total.structure,
        total.organisation_key,
        total.time_key,
        total.target_group_key,
        sum(expected_stretch.reporters * coalesce(validity.valid_sub_periods, 1)) as units_expected
    from total
    inner join ratio
        on total.ratio_code = ratio.ratio_code
    inner join period
        on total.time_key = period.time_key
    inner join expected_stretch
        on
            total.ratio_code = expected_stretch.ratio_code
            and total.structure = expected_stretch.structure
            and total.organisation_key = expected_stretch.organisation_key
            and total.target_group_key = expected_stretch.target_group_key
            and {{ overlaps('expected_stretch.valid_from', 'expected_stretch.valid_to', 'period.period_start', 'period.period_end_exclusive') }}
    left join {{ ref('int_validity_by_period') }} as validity
        on
            total.time_key = validity.time_key
            and ratio.frequency = validity.frequency
            and expected_stretch.valid_from = validity.valid_from
            and expected_stretch.valid_to is not distinct from validity.valid_to
    group by
        total.ratio_code, total.structure, total.organisation_key, total.time_key, total.target_group_key
),

measured as (
    select
        total.ratio_code,
        total.structure,
        total.organisation_key,
        total.time_key,
        total.target_group_key,
        total.units_matched > 0 as is_matched,
        total.is_pending,
        case when total.units_matched > 0 then total.numerator else total.numerator_present end as numerator,
        case when total.units_matched > 0 then total.denominator else total.denominator_present end as denominator,
        total.numerator_width,
        total.denominator_width,
        case
            when total.numerator_present = 0 and total.units_matched > 0 then 1
            else coalesce({{ ratio('total.numerator', 'total.numerator_present') }}, 0)
        end as coverage_numerator,
        case
            when total.denominator_present = 0 and total.units_matched > 0 then 1
            else coalesce({{ ratio('total.denominator', 'total.denominator_present') }}, 0)
        end as coverage_denominator,
        total.units_matched,
        greatest(coalesce(expected.units_expected, 0), total.units_matched) as units_expected,
        total.status_rank
    from total
    left join expected
        on
            total.ratio_code = expected.ratio_code
            and total.structure = expected.structure
            and total.organisation_key = expected.organisation_key
            and total.time_key = expected.time_key
            and total.target_group_key = expected.target_group_key
),

-- 4. The guards, in the order of domain.md 2.6 and 2.8.
judged as (
    select
        measured.*,
        ratio.name_vi,
        ratio.name_en,
        ratio.ratio_type,
        ratio.ratio_class,
        ratio.scale,
        ratio.unit,
        coalesce(numerator_width, 0) + coalesce(denominator_width, 0) > 0 as is_interval,
        case
            when is_pending and (
                denominator is null or numerator is null or not is_matched or coverage_denominator < coverage_gate
            ) then 'PENDING_LAG'
            when denominator is null then 'DEN_MISSING'
            when numerator is null then 'NUM_MISSING'
            when denominator < 0 then 'DEN_NEGATIVE'
            when denominator = 0 and numerator = 0 then 'NO_ACTIVITY'
            when denominator = 0 and ratio_class in ('proportion', 'share') then 'NUM_WITHOUT_DEN'
            when denominator = 0 and ratio_class = 'rate' then 'EVENTS_WITHOUT_EXPOSURE'
            when denominator = 0 and ratio_class = 'unit_cost' then 'COST_WITHOUT_OUTPUT'
            when denominator = 0 then 'DEN_ZERO'
            when not is_matched or coverage_denominator < coverage_gate then 'COVERAGE'
            when numerator < 0 and not is_negative_allowed then 'NUM_NEGATIVE'
        end as refusal,
        case
            when denominator < minimum_denominator then 'SMALL_DEN'
            when coverage_denominator < {{ var('full_coverage') }} then 'PARTIAL_COVERAGE'
        end as reservation
    from measured
    inner join ratio
        on measured.ratio_code = ratio.ratio_code
),

divided as (
    select
        judged.*,
        case when refusal is null then {{ ratio('numerator', 'denominator') }} * cast(scale as double) end as quotient,
        case
            when refusal is not null then null
            when is_interval then {{ ratio('numerator', 'denominator + coalesce(denominator_width, 0)') }}
            when ratio_class = 'proportion' and numerator <= denominator
                then {{ wilson_bound('numerator', 'denominator', '-') }}
            when ratio_class = 'rate' and numerator >= 0 then {{ byar_bound('numerator', 'denominator', '-') }}
        end * cast(scale as double) as lower,
        case
            when refusal is not null then null
            when is_interval then {{ ratio('numerator + coalesce(numerator_width, 0)', 'denominator') }}
            when ratio_class = 'proportion' and numerator <= denominator
                then {{ wilson_bound('numerator', 'denominator', '+') }}
            when ratio_class = 'rate' and numerator >= 0 then {{ byar_bound('numerator', 'denominator', '+') }}
        end * cast(scale as double) as upper,
        case
            when refusal in ('NO_ACTIVITY', 'COST_WITHOUT_OUTPUT', 'DEN_ZERO') then 'M'
            when refusal is not null then 'O'
            when is_interval then 'Q'
            when coverage_denominator < {{ var('full_coverage') }}
                and status_rank < {{ status_rank("'E'") }} then 'E'
            when reservation = 'SMALL_DEN' and status_rank < {{ status_rank("'U'") }} then 'U'
            else {{ status_of_rank('status_rank') }}
        end as status
    from judged
)

select
    {{ integer_key(['divided.ratio_code']) }} as ratio_key,
    divided.ratio_code,
    divided.name_vi as ratio_name_vi,
    divided.name_en as ratio_name_en,
    divided.ratio_type,
    divided.ratio_class,
    divided.structure,
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
    divided.unit,
    cast(divided.scale as double) as scale,
    cast(divided.coverage_numerator as double) as coverage_numerator,
    cast(divided.coverage_denominator as double) as coverage_denominator,
    cast(coalesce({{ ratio('divided.units_matched', 'divided.units_expected') }}, 0) as double) as matched_share,
    cast(divided.units_matched as bigint) as units_matched,
    cast(divided.units_expected as bigint) as units_expected,
    cast(divided.lower as double) as lower,
    cast(divided.upper as double) as upper,
    divided.status,
    coalesce(divided.refusal, case when divided.is_interval then 'INTERVAL' end, divided.reservation) as reason
from divided
inner join period
    on divided.time_key = period.time_key
inner join {{ ref('dim_organisation') }} as organisation
    on divided.organisation_key = organisation.organisation_key
inner join {{ ref('dim_target_group') }} as target_group
    on divided.target_group_key = target_group.target_group_key
