-- Grain: one figure of a sign-off that is not what was signed: it changed, was added, or is gone.
with difference as (
    select * from {{ ref('stg_signoff_difference') }}
)

select
    difference.organisation_code,
    difference.period_code,
    difference.signed_source_code,
    difference.source_code,
    difference.indicator_code,
    difference.figure_organisation_code,
    difference.target_group_code,
    difference.measure_kind,
    difference.accumulation,
    difference.change,
    difference.value_signed,
    difference.value_now,
    difference.value_now - difference.value_signed as value_change,
    difference.status_signed,
    difference.status_now,
    difference.file_name,
    difference.sheet,
    difference.cell
from difference
