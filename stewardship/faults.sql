-- Which findings still stand. A finding stands until a later submission of its source covers what it is about: has a
-- row of the same key; or, where the key is incomplete, repeats most of the submission it was found in.
create or replace temp table row_key as
select distinct source_code, submission_id, indicator_code, organisation_code, period_code, target_group_code
from row_read
where list_contains(getvariable('sources'), source_code)
    and indicator_code is not null and organisation_code is not null and period_code is not null
    and target_group_code is not null;

create or replace temp table arrived as
select
    submission_id,
    source_code,
    row_number() over (order by received_at, submission_id) as place,
    lower(regexp_extract(file_name, '[^/]*$')) as base_name
from submission
where list_contains(getvariable('sources'), source_code) and status <> 'duplicate';

create or replace temp table found as
select
    finding.*,
    arrived.place,
    arrived.base_name,
    indicator_code is not null and organisation_code is not null and period_code is not null
        and target_group_code is not null as has_key
from finding
left join arrived using (submission_id, source_code)
where list_contains(getvariable('sources'), coalesce(finding.source_code, ''));

-- grain: one pair of an earlier and a later submission, with how much of the earlier one the later one repeats
create or replace temp table repeated as
with size_of as (
    select submission_id, count(*) as keys from row_key group by submission_id
),
earlier as (
    select distinct arrived.* from arrived join found using (submission_id)
),
shared as (
    select earlier_key.submission_id as earlier_id, later_key.submission_id as later_id, count(*) as keys
    from (from row_key semi join earlier using (submission_id)) as earlier_key
    join row_key as later_key
        using (source_code, indicator_code, organisation_code, period_code, target_group_code)
    where later_key.submission_id <> earlier_key.submission_id
    group by all
)
select
    earlier.submission_id as earlier_id,
    later.submission_id as later_id,
    later.place as later_place,
    coalesce(size_of.keys, 0) as keys,
    coalesce(shared.keys, 0) as shared_keys,
    earlier.base_name = later.base_name and regexp_matches(earlier.base_name, '[0-9]') as is_same_file
from earlier
join arrived as later on later.source_code = earlier.source_code and later.place > earlier.place
left join size_of on size_of.submission_id = earlier.submission_id
left join shared on shared.earlier_id = earlier.submission_id and shared.later_id = later.submission_id
where coalesce(shared.keys, 0) > 0 or (size_of.keys is null and earlier.base_name = later.base_name);

-- grain: one finding, with the last submission that covers it later; empty while it stands
create or replace temp table judged_finding as
with by_key as (
    select found.finding_id, max_by(later.submission_id, later.place) as covered_by
    from found
    join row_key using (source_code, indicator_code, organisation_code, period_code, target_group_code)
    join arrived as later on later.submission_id = row_key.submission_id and later.place > found.place
    where found.has_key
    group by found.finding_id
),
as_a_whole as (
    select found.finding_id, max_by(repeated.later_id, repeated.later_place) as covered_by
    from found
    join repeated on repeated.earlier_id = found.submission_id
    where (repeated.keys > 0 and 2 * repeated.shared_keys >= repeated.keys and (not found.has_key or repeated.is_same_file))
        or (repeated.keys = 0 and repeated.is_same_file)
    group by found.finding_id
)
select found.*, coalesce(by_key.covered_by, as_a_whole.covered_by) as covered_by
from found
left join by_key using (finding_id)
left join as_a_whole using (finding_id);
