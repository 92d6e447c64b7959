-- grain: one row of a key that stands more than once in a submission (STR-06)
create table repeated_key as
with hashed as (
    select
        row_id,
        -- a hash finds suspects cheaply; the keys themselves are compared below
        hash(
            submission_id, indicator_code, organisation_code, organisation_valid_from, calendar_code, period_code,
            target_group_code, measure_kind, accumulation
        ) as key_hash
    from sound
),
suspect_hash as (
    select key_hash from hashed group by key_hash having count(*) > 1
),
suspect as (
    select sound.*, obs_status <> 'O' or value is not null as is_informative
    from sound
    where row_id in (select row_id from hashed join suspect_hash using (key_hash))
)
select
    row_id, value, raw_text, is_informative,
    count(distinct (value, obs_status)) filter (where is_informative) over same_key > 1 as differs,
    row_number() over (same_key order by is_informative desc, sheet, cell, row_id) = 1 as is_kept,
    list_aggregate(
        list_sort(list_filter(list(sheet || '!' || cell) over same_key, lambda place: place <> sheet || '!' || cell)),
        'string_agg', ', '
    ) as other_cells
from suspect
window same_key as (
    partition by
        submission_id, indicator_code, organisation_code, organisation_valid_from, calendar_code, period_code,
        target_group_code, measure_kind, accumulation
)
qualify count(*) over same_key > 1;
