-- Grain: indicator x organisation x period x target group: each organisation's own figure, summed over target groups
-- where a total is not reported, and rolled up over time by the indicator's own rule where a period is not reported.
-- A reported figure always wins. `low` is the value, or its least possible value where `width` is given.
with reported as (
    select
        observation.indicator_key,
        observation.organisation_key,
        observation.time_key,
        observation.target_group_key,
        observation.time_rule,
        observation.accumulation,
        observation.has_figure,
        observation.obs_status,
        coalesce(observation.value_low, observation.value) as low,
        case
            when observation.value_high > observation.value_low then observation.value_high - observation.value_low
        end as width,
        {{ status_rank('observation.obs_status') }} as status_rank,
        {{ share('1') }} as completeness
    from {{ ref('int_observation_current') }} as observation
),

figure as (
    select * from reported
    where has_figure
),

-- 1. Target groups: a total that is not reported is the sum of a partition of it.
part as (
    select
        figure.*,
        indicator.absence,
        link.ancestor_target_group_key,
        link.breakdown,
        link.breakdown_dimensions
    from figure
    inner join {{ ref('dim_indicator') }} as indicator
        on figure.indicator_key = indicator.indicator_key and indicator.group_aggregation = 'sum'
    inner join {{ ref('bridge_target_group') }} as link
        on
            figure.target_group_key = link.descendant_target_group_key
            and link.is_additive
            and link.breakdown_dimensions > 0
    left join figure as total
        on
            figure.indicator_key = total.indicator_key
            and figure.organisation_key = total.organisation_key
            and figure.time_key = total.time_key
            and link.ancestor_target_group_key = total.target_group_key
    where total.indicator_key is null
),

-- Parts that a reported part between them and the total already holds.
held_part as (
    select distinct
        part.indicator_key,
        part.organisation_key,
        part.time_key,
        part.target_group_key,
        part.ancestor_target_group_key,
        part.breakdown
    from part
    inner join {{ ref('int_target_group_between') }} as between_link
        on
            part.ancestor_target_group_key = between_link.ancestor_target_group_key
            and part.breakdown = between_link.breakdown
            and part.target_group_key = between_link.descendant_target_group_key
    inner join figure as middle
        on
            part.indicator_key = middle.indicator_key
            and part.organisation_key = middle.organisation_key
            and part.time_key = middle.time_key
            and between_link.middle_target_group_key = middle.target_group_key
),

breakdown_sum as (
    select
        part.indicator_key,
        part.organisation_key,
        part.time_key,
        part.ancestor_target_group_key as target_group_key,
        part.time_rule,
        max(part.accumulation) as accumulation,
        {{ measure('sum(part.low)') }} as low,
        {{ measure('sum(part.width)') }} as width,
        max(part.status_rank) as status_rank,
        part.breakdown,
        max(part.breakdown_dimensions) as breakdown_dimensions,
        count(distinct known.top_target_group_key) as parts,
        -- Where a group without a row says that nothing occurred, the parts that are there are all there can be.
        case
            when max(part.absence) = 'zero' then count(distinct known.top_target_group_key)
            else max(known.expected_parts)
        end as expected_parts
    from part
    inner join {{ ref('int_breakdown_part') }} as known
        on
            part.indicator_key = known.indicator_key
            and part.organisation_key = known.organisation_key
            and part.ancestor_target_group_key = known.ancestor_target_group_key
            and part.breakdown = known.breakdown
            and part.target_group_key = known.target_group_key
    left join held_part
        on
            part.indicator_key = held_part.indicator_key
            and part.organisation_key = held_part.organisation_key
            and part.time_key = held_part.time_key
            and part.target_group_key = held_part.target_group_key
            and part.ancestor_target_group_key = held_part.ancestor_target_group_key
            and part.breakdown = held_part.breakdown
    where held_part.indicator_key is null
    group by
        part.indicator_key,
        part.organisation_key,
        part.time_key,
        part.ancestor_target_group_key,
        part.time_rule,
        part.breakdown
),

-- Two breakdowns of one figure are never both added: the fullest, then the one with the fewest dimensions.
breakdown_choice as (
    select
        breakdown_sum.*,
        {{ share('coalesce(' ~ ratio('parts', 'expected_parts') ~ ', 1)') }} as completeness,
        row_number() over (
            partition by
                breakdown_sum.indicator_key, breakdown_sum.organisation_key,
                breakdown_sum.time_key, breakdown_sum.target_group_key
            order by
                coalesce({{ ratio('parts', 'expected_parts') }}, 1) desc,
                breakdown_sum.breakdown_dimensions asc,
                breakdown_sum.breakdown asc
        ) as choice_number
    from breakdown_sum
),

cell as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        time_rule,
        accumulation,
        low,
        width,
        status_rank,
        completeness,
        true as is_reported
    from figure

    union all

    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        time_rule,
        accumulation,
        low,
        width,
        status_rank,
        completeness,
        false as is_reported
    from breakdown_choice
    where choice_number = 1 and completeness >= {{ var('margin_completeness') }}
),

-- 2. Time.
opening as (
    select
        cell.indicator_key,
        cell.organisation_key,
        cell.time_key,
        cell.target_group_key,
        previous.low as opening
    from cell
    inner join {{ ref('dim_time') }} as period
        on cell.time_key = period.time_key
    inner join cell as previous
        on
            cell.indicator_key = previous.indicator_key
            and cell.organisation_key = previous.organisation_key
            and cell.target_group_key = previous.target_group_key
            and period.previous_time_key = previous.time_key
    where
        cell.time_rule = 'average' and cell.accumulation = 'POINT_IN_TIME'
        and cell.width is null and previous.width is null
),

level_cell as (
    select
        cell.*,
        opening.opening
    from cell
    left join opening
        on
            cell.indicator_key = opening.indicator_key
            and cell.organisation_key = opening.organisation_key
            and cell.time_key = opening.time_key
            and cell.target_group_key = opening.target_group_key
),

sub_period as (
    select * from {{ ref('bridge_time') }}
    where is_tiled and not is_self
),

-- Indicators that are reported for periods within one another: there a longer reported period stands for its parts.
several_frequencies as (
    select cell.indicator_key
    from cell
    inner join {{ ref('dim_time') }} as period
        on cell.time_key = period.time_key
    group by cell.indicator_key
    having count(distinct period.frequency) > 1
),

held_period as (
    select
        cell.indicator_key,
        cell.organisation_key,
        cell.target_group_key,
        cell.time_key,
        min(sub_period.ancestor_frequency_order) as held_from_order
    from cell
    inner join several_frequencies
        on cell.indicator_key = several_frequencies.indicator_key
    inner join sub_period
        on cell.time_key = sub_period.descendant_time_key
    inner join cell as middle
        on
            cell.indicator_key = middle.indicator_key
            and cell.organisation_key = middle.organisation_key
            and cell.target_group_key = middle.target_group_key
            and sub_period.ancestor_time_key = middle.time_key
    group by
        cell.indicator_key,
        cell.organisation_key,
        cell.target_group_key,
        cell.time_key
),

{{ figures_over_time() }},

-- Sub-periods that cannot exist (status M), or are included elsewhere (K), are not expected.
not_applicable as (
    select
        reported.indicator_key,
        reported.organisation_key,
        reported.target_group_key,
        sub_period.ancestor_time_key as time_key,
        sum({{ sub_period_size('period.frequency', 'period.days') }}) as size
    from reported
    inner join sub_period
        on reported.time_key = sub_period.descendant_time_key
    inner join {{ ref('dim_time') }} as period
        on reported.time_key = period.time_key
    where not reported.has_figure and reported.obs_status in ('M', 'K')
    group by
        reported.indicator_key, reported.organisation_key, reported.target_group_key, sub_period.ancestor_time_key
),

sub_frequency as (
    select distinct
        frequency_order,
        frequency
    from {{ ref('dim_time') }}
),

measured as (
    select
        rolled_up.*,
        case
            when sub_frequency.frequency in ('D', 'W') then period.days
            else {{ sub_period_size('period.frequency', 'period.days') }}
        end as size,
        coalesce(not_applicable.size, 0) as size_not_applicable,
        validity.sub_periods,
        validity.valid_sub_periods,
        indicator.absence
    from rolled_up
    inner join {{ ref('dim_indicator') }} as indicator
        on rolled_up.indicator_key = indicator.indicator_key
    left join cell
        on
            rolled_up.indicator_key = cell.indicator_key
            and rolled_up.organisation_key = cell.organisation_key
            and rolled_up.time_key = cell.time_key
            and rolled_up.target_group_key = cell.target_group_key
    left join not_applicable
        on
            rolled_up.indicator_key = not_applicable.indicator_key
            and rolled_up.organisation_key = not_applicable.organisation_key
            and rolled_up.time_key = not_applicable.time_key
            and rolled_up.target_group_key = not_applicable.target_group_key
    inner join {{ ref('dim_time') }} as period
        on rolled_up.time_key = period.time_key
    inner join sub_frequency
        on rolled_up.frequency_order = sub_frequency.frequency_order
    inner join {{ ref('dim_organisation') }} as organisation
        on rolled_up.organisation_key = organisation.organisation_key
    left join {{ ref('int_validity_by_period') }} as validity
        on
            rolled_up.time_key = validity.time_key
            and sub_frequency.frequency = validity.frequency
            and organisation.valid_from = validity.valid_from
            and organisation.valid_to is not distinct from validity.valid_to
    where cell.indicator_key is null
),

own as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        time_rule,
        low,
        width,
        status_rank,
        completeness,
        is_reported,
        false as is_rolled_up_over_time,
        opening
    from level_cell

    union all

    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        time_rule,
        low,
        width,
        status_rank,
        case
            when absence = 'zero' then {{ share('1') }}
            else {{ share('least(1, coalesce(' ~ ratio(
                'present * sub_periods',
                '(size * valid_sub_periods * 1.0 - size_not_applicable * sub_periods)'
            ) ~ ', 1))') }}
        end as completeness,
        false as is_reported,
        true as is_rolled_up_over_time,
        cast(null as decimal(38, 12)) as opening
    from measured
)

select
    indicator_key,
    organisation_key,
    time_key,
    target_group_key,
    time_rule,
    low,
    width,
    opening,
    status_rank,
    completeness,
    is_reported,
    is_rolled_up_over_time
from own
