-- grain: one vintage of a figure that was reported more than once, beside the vintage that it revises
create table revision as
with vintages as (
    select
        row_id, submission_id, sheet, cell, indicator_code, organisation_code, organisation_valid_from,
        target_group_code, measure_kind, accumulation, calendar_code, period_start, period_end_exclusive, value,
        obs_status, note, recorded_at
    from sound
    where value is not null
    union all
    select
        null, submission_id, sheet, cell, indicator_code, organisation_code, organisation_valid_from,
        target_group_code, measure_kind, accumulation, calendar_code, period_start, period_end_exclusive, value,
        obs_status, note, recorded_at
    from history
    where value is not null and source_code = getvariable('source_code')
),
hashed as (
    select
        *,
        -- a hash finds what was reported twice cheaply; the keys themselves are compared below
        hash(
            indicator_code, organisation_code, organisation_valid_from, target_group_code, measure_kind, accumulation,
            calendar_code, period_start, period_end_exclusive
        ) as key_hash
    from vintages
),
repeated as (
    select key_hash from hashed group by key_hash having count(*) > 1
)
select
    hashed.* exclude (key_hash),
    lag(value) over revised as revised_value,
    lag(obs_status) over revised as revised_status
from hashed
semi join repeated on repeated.key_hash = hashed.key_hash
window revised as (
    partition by indicator_code, organisation_code, organisation_valid_from, target_group_code, measure_kind,
        accumulation, calendar_code, period_start, period_end_exclusive
    order by recorded_at, submission_id, sheet, cell
);
