-- Grain: indicator x source x measure kind: how its figures are revised, from the first vintage of each to the last:
-- how many, which way, how far and how late (domain.md 3.4). A figure never revised counts with a revision of zero.
with vintage as (
    select * from {{ ref('fct_observation') }}
    where value is not null
),

first_vintage as (
    select * from vintage
    where vintage_no = 1
),

reported as (
    select
        indicator_key,
        source_key,
        measure_kind,
        count(*) as figures
    from first_vintage
    group by indicator_key, source_key, measure_kind
),

revised as (
    select
        latest.indicator_key,
        latest.source_key,
        latest.measure_kind,
        latest.value - original.value as revision,
        {{ ratio('abs(latest.value - original.value)', 'abs(original.value)') }} as relative_size,
        {{ days_between('cast(original.recorded_at as date)', 'cast(latest.recorded_at as date)') }} as days
    from vintage as latest
    inner join first_vintage as original
        on
            latest.indicator_key = original.indicator_key
            and latest.organisation_key = original.organisation_key
            and latest.time_key = original.time_key
            and latest.target_group_key = original.target_group_key
            and latest.measure_kind = original.measure_kind
            and latest.accumulation = original.accumulation
            and latest.source_key = original.source_key
    where latest.is_current and latest.vintage_no > 1 and latest.value <> original.value
),

summed as (
    select
        indicator_key,
        source_key,
        measure_kind,
        count(*) as figures_revised,
        sum(case when revision > 0 then 1 else 0 end) as figures_revised_upwards,
        {{ measure('sum(revision)') }} as revision,
        {{ measure('sum(' ~ measure('relative_size') ~ ')') }} as relative_size,
        sum(days) as days
    from revised
    group by indicator_key, source_key, measure_kind
)

select
    reported.indicator_key,
    indicator.indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    indicator.unit,
    reported.source_key,
    source.source_code,
    source.name_vi as source_name_vi,
    source.name_en as source_name_en,
    reported.measure_kind,
    cast(reported.figures as bigint) as figures,
    cast(coalesce(summed.figures_revised, 0) as bigint) as figures_revised,
    {{ ratio('coalesce(summed.figures_revised, 0)', 'reported.figures') }} as share_revised,
    {{ ratio('summed.figures_revised_upwards', 'summed.figures_revised') }} as share_upwards,
    {{ ratio('coalesce(summed.revision, 0)', 'reported.figures') }} as mean_revision,
    {{ ratio('coalesce(summed.relative_size, 0)', 'reported.figures') }} as mean_absolute_relative_revision,
    {{ ratio('summed.days', 'summed.figures_revised') }} as mean_days_to_last
from reported
inner join {{ ref('dim_indicator') }} as indicator
    on reported.indicator_key = indicator.indicator_key
inner join {{ ref('dim_source') }} as source
    on reported.source_key = source.source_key
left join summed
    on
        reported.indicator_key = summed.indicator_key
        and reported.source_key = summed.source_key
        and reported.measure_kind = summed.measure_kind
