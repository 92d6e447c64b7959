-- Grain: one submission: a file or answer that was handed in, and what became of it.
with submission as (
    select * from {{ ref('stg_submission') }}
)

select
    submission.submission_id,
    source.source_key,
    submission.source_code,
    submission.file_name,
    submission.file_sha256,
    submission.file_bytes,
    submission.received_at,
    submission.received_on,
    submission.medium,
    submission.status,
    submission.recipe_version,
    submission.cells_read,
    submission.rows_read,
    submission.rows_accepted,
    submission.rows_quarantined,
    submission.refusal_vi,
    submission.refusal_en,
    submission.notes
from submission
left join {{ ref('dim_source') }} as source
    on submission.source_code = source.source_code
