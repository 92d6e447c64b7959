-- Grain: one row of the table results_chains. Names and types only.
with source as (
    select * from {{ source('registry', 'results_chains') }}
)

select
    cast(programme as string) as programme_code,
    cast(from_measure as string) as from_measure_code,
    cast(to_measure as string) as to_measure_code,
    cast(lag as int) as lag,
    cast(evidence as string) as evidence
from source
