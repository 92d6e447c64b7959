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

-- grain: one row that goes on with a mark, because a rule asks for confirmation, or because a steward gave it or
-- waived it (domain.md 6.2); what is only waived is not validated
create table marking as
with marked as (
    select unnest(row_ids) as row_id, 'WARN_' || rule_id as mark, true as is_unvalidated
    from violation
    where severity = 'WARN' and check_id in (select check_id from marking_check)
    union all
    select unnest(row_ids), upper(disposition) || '_' || rule_id, disposition = 'waived'
    from waived_violation
)
select row_id, string_agg(distinct mark, ',' order by mark) as marks, bool_or(is_unvalidated) as is_unvalidated
from marked
anti join keeping using (row_id)
group by row_id;
