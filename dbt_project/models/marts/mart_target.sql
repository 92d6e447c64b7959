-- Grain: indicator or ratio x organisation x period x target group: where a measure stands against its trajectory.
-- The colour follows from the distance to what is expected now, as a share of the whole way (domain.md 8.4). A target
-- binds the bearer of the code in each period.
with figure as (
    {{ measure_figure() }}
),

definition as (
    {{ measure_definition() }}
),

period as (
    select * from {{ ref('dim_time') }}
),

trajectory as (
    select
        way.*,
        definition.name_vi,
        definition.name_en,
        definition.unit,
        definition.direction,
        definition.ratio_class,
        definition.is_additive and way.accumulation <> 'level' as is_running_total,
        period.calendar_code,
        period.frequency,
        period.sequence_number,
        organisation.organisation_key,
        organisation.valid_from as organisation_valid_from,
        organisation.name_vi as organisation_name_vi,
        organisation.name_en as organisation_name_en
    from {{ ref('int_trajectory') }} as way
    inner join definition
        on
            way.measure_kind = definition.measure_kind
            and way.measure_code = definition.measure_code
    inner join period
        on way.time_key = period.time_key
    inner join {{ ref('dim_organisation') }} as organisation
        on
            way.organisation_code = organisation.organisation_code
            and way.period_end_exclusive > organisation.valid_from
            and way.period_start < coalesce(organisation.valid_to, date '9999-12-31')
),

-- What has added up since the baseline, and the share of it that is known.
running as (
    select
        trajectory.measure_code,
        trajectory.organisation_key,
        trajectory.target_group_key,
        trajectory.time_key,
        cast(sum(figure.numerator) as double) as value,
        {{ ratio('sum(' ~ share('case when figure.value is not null then figure.coverage end') ~ ')', 'count(*)') }}
            as coverage,
        max({{ status_rank('figure.status') }}) as status_rank
    from trajectory
    inner join period
        on
            trajectory.calendar_code = period.calendar_code
            and trajectory.frequency = period.frequency
            and trajectory.baseline_due <= period.period_start
            and trajectory.period_end_exclusive >= period.period_end_exclusive
    left join figure
        on
            trajectory.measure_kind = figure.measure_kind
            and trajectory.measure_code = figure.measure_code
            and trajectory.organisation_key = figure.organisation_key
            and period.time_key = figure.time_key
            and trajectory.target_group_key = figure.target_group_key
    where trajectory.is_running_total
    group by
        trajectory.measure_code, trajectory.organisation_key, trajectory.target_group_key, trajectory.time_key
),

-- A measure is as good as the worst of the indicators in it.
part as (
    {{ measure_part() }}
),

quality as (
    select
        part.measure_code,
        mart.organisation_key,
        mart.time_key,
        min(mart.quality_score) as quality_score
    from {{ ref('mart_quality') }} as mart
    inner join part
        on mart.indicator_key = part.indicator_key
    group by part.measure_code, mart.organisation_key, mart.time_key
),

compared as (
    select
        trajectory.*,
        quality.quality_score,
        case when trajectory.is_running_total then running.value else figure.value end as actual,
        case when trajectory.is_running_total then running.coverage else figure.coverage end as coverage,
        case
            when not trajectory.is_running_total then figure.status
            when running.value is not null then {{ status_of_rank('running.status_rank') }}
        end as status,
        figure.reason as figure_reason,
        case when trajectory.ratio_class = 'proportion' then figure.lower end as lower,
        case when trajectory.ratio_class = 'proportion' then figure.upper end as upper
    from trajectory
    left join figure
        on
            trajectory.measure_kind = figure.measure_kind
            and trajectory.measure_code = figure.measure_code
            and trajectory.organisation_key = figure.organisation_key
            and trajectory.time_key = figure.time_key
            and trajectory.target_group_key = figure.target_group_key
    left join running
        on
            trajectory.measure_code = running.measure_code
            and trajectory.organisation_key = running.organisation_key
            and trajectory.target_group_key = running.target_group_key
            and trajectory.time_key = running.time_key
    left join quality
        on
            trajectory.measure_code = quality.measure_code
            and trajectory.organisation_key = quality.organisation_key
            and trajectory.time_key = quality.time_key
    where trajectory.is_of_target_frequency or figure.value is not null
),

signed as (
    select
        compared.*,
        case
            when compared.direction = 'higher' then 1
            when compared.direction = 'lower' then -1
            when compared.level >= compared.baseline then 1
            else -1
        end as sign,
        case
            when compared.low is null and compared.high is null then null
            when compared.actual < compared.low then compared.low - compared.actual
            when compared.actual > compared.high then compared.actual - compared.high
            when compared.actual is not null then 0
        end as outside
    from compared
),

-- The way from baseline to target; where there is none to go, the target is met or not.
judged as (
    select
        signed.*,
        case
            when signed.outside = 0 then 1
            when signed.outside > 0 then 0
            else {{ ratio('signed.actual - signed.baseline', 'signed.level - signed.baseline') }}
        end as attainment,
        coalesce(signed.outside, signed.sign * (signed.level - signed.actual)) <= 0 as is_met,
        case
            when signed.actual is null and signed.figure_reason = 'PENDING_LAG' then 'PENDING_LAG'
            when signed.actual is null then 'NO_VALUE'
            when signed.status = 'V' then 'UNVALIDATED'
            when signed.coverage < {{ var('rag_coverage') }} then 'COVERAGE'
            when signed.quality_score < {{ var('rag_quality') }} then 'QUALITY'
            when signed.outside is null and signed.expected_now is null then 'NOT_DUE'
        end as reason,
        case
            when signed.outside is not null then -{{ ratio('signed.outside', 'signed.high - signed.low') }}
            else {{ ratio(
                'signed.sign * (signed.actual - signed.expected_now)', 'abs(signed.level - signed.baseline)'
            ) }}
        end as gap
    from signed
),

limited as (
    select
        judged.*,
        {{ is_past_limit('judged.gap', 'rag_green') }} as green_side,
        {{ is_past_limit('judged.gap', 'rag_amber') }} as amber_side
    from judged
),

followed as (
    select
        limited.*,
    {% for side in ['green_side', 'amber_side'] %}
        lag(limited.{{ side }}) over (
            partition by
                limited.measure_code, limited.organisation_key, limited.target_group_key, limited.frequency,
                limited.reason is null and limited.gap is not null
            order by limited.sequence_number
            ) as previous_{{ side }}{{ ',' if not loop.last }}
    {% endfor %}
    from limited
),

{% set series = 'measure_code, organisation_key, target_group_key, frequency, reason is null and gap is not null' %}
held as (
    select
        followed.*,
        {{ side_of_limit('green_side', 'gap', 'rag_green', series, 'sequence_number') }} as held_green_side,
        {{ side_of_limit('amber_side', 'gap', 'rag_amber', series, 'sequence_number') }} as held_amber_side
    from followed
),

coloured as (
    select
        held.*,
        case
            when held.reason is not null then 'grey'
            when held.gap is null and held.is_met then 'green'
            when held.gap is null then 'red'
            when held.held_green_side = 1 then 'green'
            when held.held_amber_side = 1 then 'amber'
            else 'red'
        end as colour,
        held.reason is null
        and held.gap is not null
        and (held.held_green_side <> held.green_side or held.held_amber_side <> held.amber_side) as is_colour_held,
        coalesce(held.expected_now >= held.lower and held.expected_now <= held.upper, false) as is_within_interval
    from held
)

select
    coloured.measure_kind,
    coloured.measure_code,
    coloured.name_vi as measure_name_vi,
    coloured.name_en as measure_name_en,
    coloured.unit,
    coloured.direction,
    coloured.organisation_key,
    coloured.organisation_code,
    coloured.organisation_valid_from,
    coloured.organisation_name_vi,
    coloured.organisation_name_en,
    coloured.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    coloured.target_group_key,
    target_group.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    cast(coloured.baseline as double) as baseline,
    coloured.baseline_period_code,
    cast(coloured.level as double) as target,
    coloured.low as target_low,
    coloured.high as target_high,
    coloured.kind as target_kind,
    coloured.target_period_code,
    coloured.accumulation as target_accumulation,
    coloured.trajectory,
    cast(coloured.expected_now as double) as expected_now,
    cast(coloured.actual as double) as value,
    coloured.status,
    cast(coloured.coverage as double) as coverage,
    coloured.quality_score,
    coloured.lower,
    coloured.upper,
    cast(coloured.attainment as double) as attainment,
    cast(coloured.gap as double) as gap,
    coloured.is_met,
    case
        when coloured.colour = 'red' and coloured.is_within_interval then 'amber' else coloured.colour
    end as rag,
    coloured.reason as rag_reason,
    coloured.is_colour_held,
    coloured.colour = 'red' and coloured.is_within_interval as is_amber_by_chance,
    coalesce(coloured.status = 'U' or coloured.figure_reason = 'SMALL_DEN', false) as is_small_denominator,
    coloured.legal_basis,
    coloured.recorded_at as decided_at,
    coloured.recorded_at >= coloured.period_start as is_decided_after_start,
    coloured.value_at_start as target_at_start,
    cast(coloured.versions as int) as target_versions
from coloured
inner join period
    on coloured.time_key = period.time_key
inner join {{ ref('dim_target_group') }} as target_group
    on coloured.target_group_key = target_group.target_group_key
