-- Grain: one source: a form, file or service that an agency hands in.
with source as (
    select * from {{ ref('stg_source') }}
)

select
    {{ integer_key(['source_code']) }} as source_key,
    source_code,
    name_vi,
    name_en,
    publisher,
    steward,
    licence,
    priority,
    recipe_version
from source
