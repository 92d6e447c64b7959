-- Grain: ratio x organisation x period x target group x structure.
-- R = scale x sum of N / sum of D over matched units: over time first, each part by its own rule, then over
-- organisations, none of them counted twice, and divided once (domain.md 2.4 to 2.8).
with period as (
    select * from {{ ref('dim_time') }}
),

ratio as (
    select * from {{ ref('dim_ratio') }}
),

link as (
    select * from {{ ref('bridge_organisation') }}
),

validity as (
    select * from {{ ref('int_validity_by_period') }}
),

-- 1. Over time.
unit as (
    select
        unit.*,
        coalesce(validity.valid_sub_periods, 1) as units
    from {{ ref('int_ratio_unit') }} as unit
    inner join ratio
        on unit.ratio_code = ratio.ratio_code
    inner join {{ ref('dim_organisation') }} as organisation
        on unit.organisation_key = organisation.organisation_key
    left join validity
        on
            unit.time_key = validity.time_key
            and ratio.frequency = validity.frequency
            and organisation.valid_from = validity.valid_from
            and organisation.valid_to is not distinct from validity.valid_to
),

in_period as (
    select
        unit.ratio_code,
        unit.part,
        case unit.time_rule when 'none' then 'last' else unit.time_rule end as time_rule,
        unit.organisation_key,
        within.ancestor_time_key as time_key,
        unit.target_group_key,
        within.descendant_start,
        unit.low,
        unit.width,
        unit.opening,
        unit.status_rank,
        unit.is_additive,
        unit.scope_code,
        unit.is_pending,
        unit.is_counted,
        unit.units,
        unit.is_matched
        and coalesce(
            within.is_self or within.ancestor_frequency_order < unit.matched_held_from_order, true
        ) as is_matched,
        unit.is_present
        and coalesce(
            within.is_self or within.ancestor_frequency_order < unit.present_held_from_order, true
        ) as is_present
    from unit
    inner join {{ ref('bridge_time') }} as within
        on unit.time_key = within.descendant_time_key and within.is_tiled
    where unit.time_rule <> 'none' or within.is_self
),

over_time as (
    {% for family in [['sum'], ['average', 'last', 'first', 'maximum', 'minimum']] %}
        select
            ratio_code,
            part,
            time_rule,
            organisation_key,
            time_key,
            target_group_key,
            {{ roll_up_over_time('low', 'opening', 'descendant_start', family, 'is_matched') }} as matched,
            {{ roll_up_over_time('width', 'null', 'descendant_start', family, 'is_matched') }} as matched_width,
            {{ roll_up_over_time('low', 'opening', 'descendant_start', family, 'is_present') }} as present,
            max(case when is_matched then status_rank else 0 end) as status_rank,
            min(case when is_additive then 1 else 0 end) = 1 as is_additive,
            max(scope_code) as scope_code,
            sum(case when is_matched and is_counted then units else 0 end) as units,
            max(case when is_pending then 1 else 0 end) as has_pending
        from in_period
        where time_rule in ('{{ family | join("', '") }}')
        group by ratio_code, part, time_rule, organisation_key, time_key, target_group_key
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

own as (
    select * from over_time
    where matched is not null or present is not null
),

-- 2. Over organisations. The figure of an organisation itself stands for the figures of those below it.
reporter as (
    select distinct
        ratio_code,
        organisation_key
    from own
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

held as (
    select
        own.ratio_code,
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
        on own.ratio_code = several_levels.ratio_code
    inner join below
        on own.organisation_key = below.descendant_organisation_key
    inner join own as upper_own
        on
            own.ratio_code = upper_own.ratio_code
            and own.part = upper_own.part
            and own.time_key = upper_own.time_key
            and own.target_group_key = upper_own.target_group_key
            and below.ancestor_organisation_key = upper_own.organisation_key
    inner join link as above
        on upper_own.organisation_key = above.descendant_organisation_key
    group by
        own.ratio_code,
        own.part,
        own.time_key,
        own.target_group_key,
        own.organisation_key,
        above.structure,
        above.ancestor_organisation_key
),

contributing as (
    select
        own.*,
        link.structure,
        link.ancestor_organisation_key,
        link.weight,
        coalesce(held.is_matched_held, 0) = 0 as counts_matched,
        coalesce(held.is_present_held, 0) = 0 as counts_present,
        cast(link.weight as double)
        * case
            when link.is_whole then 1
            else {{ share_of_life('own.time_rule', 'validity', 'link', 'period') }}
        end as share
    from own
    inner join period
        on own.time_key = period.time_key
    inner join ratio
        on own.ratio_code = ratio.ratio_code
    inner join link
        on
            own.organisation_key = link.descendant_organisation_key
            and {{ overlaps('link') }}
            and (link.structure = 'as_was' or own.scope_code = link.scope_code)
            and (own.is_additive or (link.distance = 0 and link.is_one_to_one))
    left join validity
        on
            own.time_key = validity.time_key
            and ratio.frequency = validity.frequency
            and link.valid_from = validity.valid_from
            and link.valid_to is not distinct from validity.valid_to
    left join held
        on
            own.ratio_code = held.ratio_code
            and own.part = held.part
            and own.time_key = held.time_key
            and own.target_group_key = held.target_group_key
            and own.organisation_key = held.organisation_key
            and link.structure = held.structure
            and link.ancestor_organisation_key = held.ancestor_organisation_key
),

-- What a reorganisation splits by weights is an estimate.
shared as (
    select
        ratio_code,
        structure,
        ancestor_organisation_key as organisation_key,
        time_key,
        target_group_key,
        part = 'numerator' as is_numerator,
        counts_matched,
        counts_present,
        has_pending,
        units,
        {{ scaled('matched', 'share') }} as matched,
        {{ scaled('matched_width', 'share') }} as matched_width,
        {{ scaled('present', 'share') }} as present,
        case when weight < 1 then greatest(status_rank, {{ status_rank("'E'") }}) else status_rank end as status_rank
    from contributing
),

total as (
    select
        ratio_code,
        structure,
        organisation_key,
        time_key,
        target_group_key,
        {{ measure('sum(case when is_numerator and counts_matched then matched end)') }} as numerator,
        {{ measure('sum(case when not is_numerator and counts_matched then matched end)') }} as denominator,
        {{ measure('sum(case when is_numerator and counts_matched then matched_width end)') }} as numerator_width,
        {{ measure('sum(case when not is_numerator and counts_matched then matched_width end)') }} as denominator_width,
        {{ measure('sum(case when is_numerator and counts_present then present end)') }} as numerator_present,
        {{ measure('sum(case when not is_numerator and counts_present then present end)') }} as denominator_present,
        max(case when counts_matched then status_rank else 0 end) as status_rank,
        sum(case when counts_matched then units else 0 end) as units_matched,
        max(has_pending) = 1 as has_pending
    from shared
    group by ratio_code, structure, organisation_key, time_key, target_group_key
),

expected as (
    select
        total.ratio_code,
        total.structure,
        total.organisation_key,
        total.time_key,
        total.target_group_key,
        sum(reporter.reporters * coalesce(validity.valid_sub_periods, 1)) as units_expected
    from total
    inner join ratio
        on total.ratio_code = ratio.ratio_code
    inner join period
        on total.time_key = period.time_key
    inner join {{ ref('int_ratio_reporter') }} as reporter
        on
            total.ratio_code = reporter.ratio_code
            and total.structure = reporter.structure
            and total.organisation_key = reporter.organisation_key
            and total.target_group_key = reporter.target_group_key
            and {{ overlaps('reporter') }}
    left join validity
        on
            total.time_key = validity.time_key
            and ratio.frequency = validity.frequency
            and reporter.valid_from = validity.valid_from
            and reporter.valid_to is not distinct from validity.valid_to
    group by
        total.ratio_code,
        total.structure,
        total.organisation_key,
        total.time_key,
        total.target_group_key
),

measured as (
    select
        total.*,
        total.units_matched > 0 as is_matched,
        greatest(coalesce(expected.units_expected, 0), total.units_matched) as units_expected
    from total
    left join expected
        on
            total.ratio_code = expected.ratio_code
            and total.structure = expected.structure
            and total.organisation_key = expected.organisation_key
            and total.time_key = expected.time_key
            and total.target_group_key = expected.target_group_key
),

-- 3. The quotient, or why there is none. Where no unit is matched, the parts that are present are shown.
shown as (
    select
        ratio_code,
        structure,
        organisation_key,
        time_key,
        target_group_key,
        is_matched,
        has_pending,
        status_rank,
        units_matched,
        units_expected,
        case when is_matched then numerator else numerator_present end as numerator,
        case when is_matched then denominator else denominator_present end as denominator,
        coalesce(numerator_width, 0) as numerator_width,
        coalesce(denominator_width, 0) as denominator_width,
        {{ part_coverage('numerator', 'numerator_present') }} as coverage_numerator,
        {{ part_coverage('denominator', 'denominator_present') }} as coverage_denominator
    from measured
),

judged as (
    select
        shown.*,
        ratio.name_vi,
        ratio.name_en,
        ratio.ratio_type,
        ratio.ratio_class,
        cast(ratio.scale as double) as scale,
        ratio.unit,
        shown.numerator_width + shown.denominator_width > 0 as is_interval,
        {{ ratio_refusal('shown', 'ratio') }} as refusal,
        case
            when shown.denominator < ratio.minimum_denominator then 'SMALL_DEN'
            when shown.coverage_denominator < {{ var('full_coverage') }} then 'PARTIAL_COVERAGE'
        end as reservation
    from shown
    inner join ratio
        on shown.ratio_code = ratio.ratio_code
),

divided as (
    select
        judged.*,
        case when judged.refusal is null then judged.scale * {{ ratio('judged.numerator', 'judged.denominator') }} end
            as quotient,
        case when judged.refusal is null then judged.scale * {{ ratio_bound('judged', '-') }} end as lower,
        case when judged.refusal is null then judged.scale * {{ ratio_bound('judged', '+') }} end as upper,
        {{ ratio_status('judged') }} as status
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
    divided.scale,
    cast(divided.coverage_numerator as double) as coverage_numerator,
    cast(divided.coverage_denominator as double) as coverage_denominator,
    coalesce({{ ratio('divided.units_matched', 'divided.units_expected') }}, 0) as matched_share,
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
