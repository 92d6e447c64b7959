-- Grain: one accepted observation. Names and types only.
with source as (
    select * from {{ source('accepted', 'observation') }}
)

select
    cast(source_code as string) as source_code,
    cast(submission_id as string) as submission_id,
    cast(sheet as string) as sheet,
    cast(cell as string) as cell,
    cast(raw_text as string) as raw_text,
    cast(indicator_code as string) as indicator_code,
    cast(indicator_label as string) as indicator_label,
    cast(organisation_code as string) as organisation_code,
    cast(organisation_valid_from as date) as organisation_valid_from,
    cast(organisation_label as string) as organisation_label,
    cast(calendar_code as string) as calendar_code,
    cast(period_code as string) as period_code,
    cast(period_start as date) as period_start,
    cast(period_end_exclusive as date) as period_end_exclusive,
    cast(period_label as string) as period_label,
    cast(target_group_code as string) as target_group_code,
    cast(target_group_label as string) as target_group_label,
    cast(measure_kind as string) as measure_kind,
    cast(value as decimal(38, 12)) as value,
    cast(value_low as decimal(38, 12)) as value_low,
    cast(value_high as decimal(38, 12)) as value_high,
    cast(unit_code as string) as unit_code,
    cast(reported_unit as string) as reported_unit,
    cast(obs_status as string) as obs_status,
    cast(flags as string) as flags,
    cast(accumulation as string) as accumulation,
    cast(note as string) as note,
    cast(recorded_at as timestamp) as recorded_at,
    cast(recipe_version as string) as recipe_version
from source
