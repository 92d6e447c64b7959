-- Grain: norm x measure x organisation compared x period compared: an outside value, or whose figure is the norm.
with norm as (
    select * from {{ ref('stg_norm') }}
)

select
    norm_code,
    name_vi,
    name_en,
    norm_kind,
    measure_code,
    organisation_code,
    period_code,
    value,
    case when value is null then coalesce(reference_measure_code, measure_code) end as reference_measure_code,
    reference_organisation_code,
    comparability,
    source
from norm
