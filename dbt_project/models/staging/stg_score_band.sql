-- Grain: one row of the table score_bands. Names and types only.
with source as (
    select * from {{ source('registry', 'score_bands') }}
)

select
    cast(band as string) as band_code,
    cast(low as decimal(38, 12)) as low,
    cast(high as decimal(38, 12)) as high,
    cast(points as decimal(38, 12)) as points
from source
