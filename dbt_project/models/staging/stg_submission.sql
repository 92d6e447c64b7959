-- Grain: one submission. Names and types only.
with source as (
    select * from {{ source('accepted', 'submission') }}
)

select
    cast(submission_id as string) as submission_id,
    cast(source_code as string) as source_code,
    cast(file_name as string) as file_name,
    cast(file_sha256 as string) as file_sha256,
    cast(file_bytes as bigint) as file_bytes,
    cast(received_at as timestamp) as received_at,
    coalesce(cast(received_on as date), cast(received_at as date)) as received_on,
    cast(medium as string) as medium,
    cast(status as string) as status,
    cast(recipe_version as string) as recipe_version,
    cast(cells_read as bigint) as cells_read,
    cast(rows_read as bigint) as rows_read,
    cast(rows_accepted as bigint) as rows_accepted,
    cast(rows_quarantined as bigint) as rows_quarantined,
    cast(refusal_vi as string) as refusal_vi,
    cast(refusal_en as string) as refusal_en,
    cast(notes as string) as notes
from source
