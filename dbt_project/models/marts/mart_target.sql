-- Grain: indicator or ratio x organisation x period x target group: where a measure stands against its trajectory.
-- Expected now lies on the straight line, by days, between the points before and after (domain.md 7.3); the colour
-- follows from the distance to it as a share of the whole way (8.4). A target binds the bearer of the code in each
-- period; of several versions of a point the latest decision counts.
with version as (
    select
        fct_target.*,
        row_number() over (
            partition by
                fct_target.measure_code, fct_target.organisation_code, fct_target.time_key,
                fct_target.target_group_key, fct_target.kind
            order by fct_target.recorded_at desc
        ) as version_number
    from {{ ref('fct_target') }} as fct_target
),

point as (
    select
        version.measure_kind,
        version.measure_code,
        version.organisation_code,
        version.target_group_key,
        version.kind,
        cast(version.value as double) as value,
        cast(version.low as double) as low,
        cast(version.high as double) as high,
        version.legal_basis,
        version.recorded_at,
        period.period_code,
        period.calendar_code,
        period.frequency,
        period.period_end_exclusive as due
    from version
    inner join {{ ref('dim_time') }} as period
        on version.time_key = period.time_key
    where version.version_number = 1
),

-- The next target of each period of the trajectory, in periods of the same kind as the one it is due in.
ahead as (
    select
        point.*,
        period.time_key,
        period.period_start,
        period.period_end_exclusive,
        row_number() over (
            partition by point.measure_code, point.organisation_code, point.target_group_key, period.time_key
            order by point.due asc, point.kind asc
        ) as distance
    from point
    inner join {{ ref('dim_time') }} as period
        on
            point.calendar_code = period.calendar_code
            and point.frequency = period.frequency
            and point.due >= period.period_end_exclusive
    where point.kind <> 'baseline'
),

behind as (
    select
        ahead.measure_code,
        ahead.organisation_code,
        ahead.target_group_key,
        ahead.time_key,
        point.kind,
        point.value,
        point.period_code,
        {{ days_between('point.due', 'ahead.period_end_exclusive') }} as days_gone,
        {{ days_between('point.due', 'ahead.due') }} as days_in_all,
        row_number() over (
            partition by ahead.measure_code, ahead.organisation_code, ahead.target_group_key, ahead.time_key
            order by point.due desc, point.kind desc
        ) as distance,
        row_number() over (
            partition by
                ahead.measure_code, ahead.organisation_code, ahead.target_group_key, ahead.time_key, point.kind
            order by point.due desc
        ) as distance_in_kind
    from ahead
    inner join point
        on
            ahead.measure_code = point.measure_code
            and ahead.organisation_code = point.organisation_code
            and ahead.target_group_key = point.target_group_key
            and ahead.period_end_exclusive > point.due
    where ahead.distance = 1
),

trajectory as (
    select
        ahead.*,
        baseline.value as baseline,
        baseline.period_code as baseline_period_code,
        case
            when ahead.due = ahead.period_end_exclusive then ahead.value
            else before.value + (ahead.value - before.value) * {{ ratio('before.days_gone', 'before.days_in_all') }}
        end as expected_now
    from ahead
    left join behind as before
        on
            ahead.measure_code = before.measure_code
            and ahead.organisation_code = before.organisation_code
            and ahead.target_group_key = before.target_group_key
            and ahead.time_key = before.time_key
            and before.distance = 1
    left join behind as baseline
        on
            ahead.measure_code = baseline.measure_code
            and ahead.organisation_code = baseline.organisation_code
            and ahead.target_group_key = baseline.target_group_key
            and ahead.time_key = baseline.time_key
            and baseline.kind = 'baseline'
            and baseline.distance_in_kind = 1
    where ahead.distance = 1 and (before.distance = 1 or ahead.due = ahead.period_end_exclusive)
),

measure as (
    select
        'indicator' as measure_kind,
        indicator_code as measure_code,
        organisation_key,
        time_key,
        target_group_key,
        cast(value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        coverage,
        obs_status as status
    from {{ ref('mart_indicator') }}

    union all

    select
        'ratio' as measure_kind,
        mart.ratio_code as measure_code,
        mart.organisation_key,
        mart.time_key,
        mart.target_group_key,
        mart.value,
        case when mart.ratio_class = 'proportion' then mart.lower end as lower,
        case when mart.ratio_class = 'proportion' then mart.upper end as upper,
        mart.coverage_denominator as coverage,
        mart.status
    from {{ ref('mart_ratio') }} as mart
    where mart.structure = 'as_was'
),

definition as (
    select
        indicator_code as measure_code,
        name_vi,
        name_en,
        unit,
        direction
    from {{ ref('dim_indicator') }}

    union all

    select
        ratio_code as measure_code,
        name_vi,
        name_en,
        unit,
        direction
    from {{ ref('dim_ratio') }}
),

compared as (
    select
        trajectory.*,
        definition.name_vi,
        definition.name_en,
        definition.unit,
        definition.direction,
        organisation.organisation_key,
        organisation.valid_from as organisation_valid_from,
        organisation.name_vi as organisation_name_vi,
        organisation.name_en as organisation_name_en,
        measure.value as actual,
        measure.lower,
        measure.upper,
        measure.coverage,
        measure.status,
        case
            when definition.direction = 'lower' then -1
            when definition.direction = 'higher' or trajectory.value >= trajectory.baseline then 1
            else -1
        end as sign,
        case
            when trajectory.low is null and trajectory.high is null then null
            when measure.value < trajectory.low then trajectory.low - measure.value
            when measure.value > trajectory.high then measure.value - trajectory.high
            when measure.value is not null then 0
        end as outside
    from trajectory
    inner join definition
        on trajectory.measure_code = definition.measure_code
    inner join {{ ref('dim_organisation') }} as organisation
        on
            trajectory.organisation_code = organisation.organisation_code
            and trajectory.period_end_exclusive > organisation.valid_from
            and trajectory.period_start < coalesce(organisation.valid_to, date '9999-12-31')
    left join measure
        on
            trajectory.measure_kind = measure.measure_kind
            and trajectory.measure_code = measure.measure_code
            and organisation.organisation_key = measure.organisation_key
            and trajectory.time_key = measure.time_key
            and trajectory.target_group_key = measure.target_group_key
),

-- The way from baseline to target; where there is none to go, the target is met or not.
judged as (
    select
        compared.*,
        case
            when compared.outside = 0 then 1
            when compared.outside > 0 then 0
            else {{ ratio('compared.actual - compared.baseline', 'compared.value - compared.baseline') }}
        end as attainment,
        case
            when compared.outside is not null then -{{ ratio('compared.outside', 'compared.high - compared.low') }}
            else {{ ratio(
                'compared.sign * (compared.actual - compared.expected_now)', 'abs(compared.value - compared.baseline)'
            ) }}
        end as gap,
        coalesce(compared.outside, compared.sign * (compared.value - compared.actual)) <= 0 as is_met,
        case
            when compared.actual is null then 'NO_VALUE'
            when compared.status = 'V' then 'UNVALIDATED'
            when compared.coverage < {{ var('rag_coverage') }} then 'COVERAGE'
            when compared.outside is null and compared.baseline is null then 'NO_BASELINE'
        end as reason
    from compared
)

select
    judged.measure_kind,
    judged.measure_code,
    judged.name_vi as measure_name_vi,
    judged.name_en as measure_name_en,
    judged.unit,
    judged.direction,
    judged.organisation_key,
    judged.organisation_code,
    judged.organisation_valid_from,
    judged.organisation_name_vi,
    judged.organisation_name_en,
    judged.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    judged.target_group_key,
    target_group.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    cast(judged.baseline as double) as baseline,
    judged.baseline_period_code,
    cast(judged.value as double) as target,
    cast(judged.low as double) as target_low,
    cast(judged.high as double) as target_high,
    judged.kind as target_kind,
    judged.period_code as target_period_code,
    cast(judged.expected_now as double) as expected_now,
    cast(judged.actual as double) as value,
    judged.status,
    cast(judged.attainment as double) as attainment,
    cast(judged.gap as double) as gap,
    case
        when judged.reason is not null then 'grey'
        when judged.gap >= {{ var('rag_green') }} or (judged.gap is null and judged.is_met) then 'green'
        when
            judged.gap >= {{ var('rag_amber') }}
            or (judged.expected_now >= judged.lower and judged.expected_now <= judged.upper)
            then 'amber'
        else 'red'
    end as rag,
    judged.reason as rag_reason,
    coalesce(judged.status = 'U', false) as is_small_denominator,
    judged.legal_basis,
    judged.recorded_at as decided_at,
    judged.recorded_at >= judged.period_start as is_decided_after_start
from judged
inner join {{ ref('dim_time') }} as period
    on judged.time_key = period.time_key
inner join {{ ref('dim_target_group') }} as target_group
    on judged.target_group_key = target_group.target_group_key
