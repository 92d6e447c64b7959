-- What becomes of each row. Every tidy row is in exactly one of accepted and quarantine.

-- grain: one row that stays outside, with every rule that keeps it there
create table keeping as
with kept as (
    select unnest(row_ids) as row_id, rule_id, severity = 'INFO' as is_copy
    from violation
    where severity = 'QUARANTINE' or check_id in (select check_id from holding_check)
    union all
    select tidy.row_id, violation.rule_id, false
    from tidy
    join violation on violation.submission_id = tidy.submission_id and violation.severity = 'BLOCK'
)
select row_id, string_agg(distinct rule_id, ',' order by rule_id) as rule_ids, bool_and(is_copy) as is_copy
from kept
group by row_id;

-- grain: one row that goes on with a mark, because a rule asks for confirmation (domain.md 6.2)
create table marking as
with marked as (
    select unnest(row_ids) as row_id, rule_id
    from violation
    where severity = 'WARN' and check_id in (select check_id from marking_check)
)
select row_id, string_agg(distinct 'WARN_' || rule_id, ',' order by 'WARN_' || rule_id) as marks
from marked
anti join keeping using (row_id)
group by row_id;
