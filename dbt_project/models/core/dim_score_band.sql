-- Grain: one step of a table of thresholds: values from low to below high earn its points.
with band as (
    select * from {{ ref('stg_score_band') }}
)

select
    band_code,
    low,
    high,
    points
from band
