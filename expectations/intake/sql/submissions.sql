-- grain: one submission, with what became of it; counts come from the rows themselves
create table judged_submission as
with counted as (
    select
        tidy.submission_id,
        count(*) as rows_read,
        count(*) - count(keeping.row_id) as rows_accepted,
        count(keeping.row_id) as rows_quarantined
    from tidy
    left join keeping on keeping.row_id = tidy.row_id
    group by tidy.submission_id
),
refusal as (
    select
        submission_id,
        string_agg(message_vi, ' ' order by rule_id, sheet, cell, finding_id) as refusal_vi,
        string_agg(message_en, ' ' order by rule_id, sheet, cell, finding_id) as refusal_en
    from finding
    where severity = 'BLOCK'
    group by submission_id
),
-- copies of a row that goes on are kept outside, but take nothing away
missing as (
    select tidy.submission_id, count(*) as rows_missing
    from tidy
    join keeping on keeping.row_id = tidy.row_id
    where not keeping.is_copy
    group by tidy.submission_id
)
select
    submission.* replace (
        coalesce(counted.rows_read, 0) as rows_read,
        coalesce(counted.rows_accepted, 0) as rows_accepted,
        coalesce(counted.rows_quarantined, 0) as rows_quarantined,
        coalesce(refusal.refusal_vi, submission.refusal_vi) as refusal_vi,
        coalesce(refusal.refusal_en, submission.refusal_en) as refusal_en,
        case
            when submission.status in ('refused', 'duplicate') then submission.status
            when refusal.submission_id is not null then 'refused'
            when rows_missing > 0 then 'partly_accepted'
            else 'accepted'
        end as status
    )
from submission
left join counted using (submission_id)
left join refusal using (submission_id)
left join missing using (submission_id);
