-- Grain: measure x organisation code x target group x period that has a next target: where the way leads and what is
-- expected now (domain.md 7.3). Of several versions of a point the latest decision counts; what was aimed at when the
-- period began stands beside it. Increments are added up to levels.
with period as (
    select * from {{ ref('dim_time') }}
),

definition as (
    {{ measure_definition() }}
),

version as (
    select
        fct_target.*,
        row_number() over (
            partition by
                fct_target.measure_code, fct_target.organisation_code, fct_target.time_key,
                fct_target.target_group_key, fct_target.kind
            order by fct_target.recorded_at desc
        ) as version_number,
        count(*) over (
            partition by
                fct_target.measure_code, fct_target.organisation_code, fct_target.time_key,
                fct_target.target_group_key, fct_target.kind
        ) as versions
    from {{ ref('fct_target') }} as fct_target
),

dated as (
    select
        version.*,
        period.calendar_code,
        period.frequency,
        period.period_end_exclusive as due,
        definition.is_length_bound and version.accumulation = 'level' as is_length_bound
    from version
    inner join period
        on version.time_key = period.time_key
    inner join definition
        on
            version.measure_kind = definition.measure_kind
            and version.measure_code = definition.measure_code
    where version.version_number = 1
),

point as (
    select
        dated.*,
        cast(
            case
                when dated.accumulation = 'incremental'
                    then
                        sum(dated.value)
                            over (
                                partition by dated.measure_code, dated.organisation_code, dated.target_group_key
                                order by dated.due, dated.kind
                                rows between unbounded preceding and current row
                            )
                else dated.value
            end as double
        ) as level
    from dated
),

-- The next target of each period. What depends on the length of a period is comparable with a target for equally long
-- periods alone; a level, a share or a running total can be read at the end of any.
ahead as (
    select
        point.*,
        period.time_key as now_time_key,
        period.period_start,
        period.period_end_exclusive,
        period.frequency = point.frequency as is_of_target_frequency,
        row_number() over (
            partition by point.measure_code, point.organisation_code, point.target_group_key, period.time_key
            order by point.due asc, point.kind asc
        ) as distance
    from point
    inner join period
        on
            point.calendar_code = period.calendar_code
            and point.due >= period.period_end_exclusive
            and (point.frequency = period.frequency or not point.is_length_bound)
    where point.kind <> 'baseline'
),

behind as (
    select
        ahead.measure_code,
        ahead.organisation_code,
        ahead.target_group_key,
        ahead.now_time_key,
        point.kind,
        point.level,
        point.period_code,
        point.due,
        {{ days_between('point.due', 'ahead.period_end_exclusive') }} as days_gone,
        {{ days_between('point.due', 'ahead.due') }} as days_in_all,
        row_number() over (
            partition by ahead.measure_code, ahead.organisation_code, ahead.target_group_key, ahead.now_time_key
            order by point.due desc, point.kind desc
        ) as distance,
        row_number() over (
            partition by
                ahead.measure_code, ahead.organisation_code, ahead.target_group_key, ahead.now_time_key, point.kind
            order by point.due desc
        ) as distance_in_kind
    from ahead
    inner join point
        on
            ahead.measure_code = point.measure_code
            and ahead.organisation_code = point.organisation_code
            and ahead.target_group_key = point.target_group_key
            and ahead.period_end_exclusive > point.due
            and (ahead.frequency = point.frequency or not ahead.is_length_bound)
    where ahead.distance = 1
),

-- The version that was in force when the period began.
known_before as (
    select
        ahead.measure_code,
        ahead.organisation_code,
        ahead.target_group_key,
        ahead.now_time_key,
        version.value,
        row_number() over (
            partition by ahead.measure_code, ahead.organisation_code, ahead.target_group_key, ahead.now_time_key
            order by version.recorded_at desc
        ) as recency
    from ahead
    inner join version
        on
            ahead.measure_code = version.measure_code
            and ahead.organisation_code = version.organisation_code
            and ahead.target_group_key = version.target_group_key
            and ahead.time_key = version.time_key
            and ahead.kind = version.kind
            and ahead.period_start > version.recorded_at
    where ahead.distance = 1
),

joined as (
    select
        ahead.*,
        before.level as level_before,
        {{ ratio('before.days_gone', 'before.days_in_all') }} as time_share,
        baseline.level as baseline,
        baseline.period_code as baseline_period_code,
        baseline.due as baseline_due,
        cast(known_before.value as double) as value_at_start
    from ahead
    left join behind as before
        on
            ahead.measure_code = before.measure_code
            and ahead.organisation_code = before.organisation_code
            and ahead.target_group_key = before.target_group_key
            and ahead.now_time_key = before.now_time_key
            and before.distance = 1
    left join behind as baseline
        on
            ahead.measure_code = baseline.measure_code
            and ahead.organisation_code = baseline.organisation_code
            and ahead.target_group_key = baseline.target_group_key
            and ahead.now_time_key = baseline.now_time_key
            and baseline.kind = 'baseline'
            and baseline.distance_in_kind = 1
    left join known_before
        on
            ahead.measure_code = known_before.measure_code
            and ahead.organisation_code = known_before.organisation_code
            and ahead.target_group_key = known_before.target_group_key
            and ahead.now_time_key = known_before.now_time_key
            and known_before.recency = 1
    where ahead.distance = 1 and (before.distance = 1 or ahead.due = ahead.period_end_exclusive)
)

select
    measure_kind,
    measure_code,
    organisation_code,
    target_group_key,
    now_time_key as time_key,
    period_start,
    period_end_exclusive,
    is_of_target_frequency,
    kind,
    period_code as target_period_code,
    accumulation,
    trajectory,
    level,
    cast(low as double) as low,
    cast(high as double) as high,
    baseline,
    baseline_period_code,
    baseline_due,
    case
        when due = period_end_exclusive then level
        else level_before + (level - level_before) * {{ trajectory_share('trajectory', 'time_share') }}
    end as expected_now,
    value_at_start,
    versions,
    legal_basis,
    recorded_at
from joined
