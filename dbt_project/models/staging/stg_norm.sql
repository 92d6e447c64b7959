-- Grain: one row of the table norms. Names and types only.
with source as (
    select * from {{ source('registry', 'norms') }}
)

select
    cast(code as string) as norm_code,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(norm_kind as string) as norm_kind,
    cast(measure_code as string) as measure_code,
    cast(organisation_code as string) as organisation_code,
    cast(period_code as string) as period_code,
    cast(value as decimal(38, 12)) as value,
    cast(reference_measure as string) as reference_measure_code,
    cast(reference_organisation as string) as reference_organisation_code,
    cast(comparability as string) as comparability,
    cast(source as string) as source
from source
