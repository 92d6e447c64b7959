-- Grain: one row of the table indicators. Names and types only.
with source as (
    select * from {{ source('registry', 'indicators') }}
)

select
    cast(code as string) as indicator_code,
    cast(version as int) as version,
    cast(name_vi as string) as name_vi,
    cast(name_en as string) as name_en,
    cast(definition_vi as string) as definition_vi,
    cast(definition_en as string) as definition_en,
    cast(role as string) as role,
    cast(unit as string) as unit,
    cast(decimals as int) as decimals,
    cast(direction as string) as direction,
    cast(time_aggregation as string) as time_aggregation,
    cast(organisation_aggregation as string) as organisation_aggregation,
    cast(group_aggregation as string) as group_aggregation,
    cast(frequency as string) as frequency,
    cast(calendar as string) as calendar,
    cast(accumulation as string) as accumulation,
    cast(absence as string) as absence,
    cast(reporting_level as string) as reporting_level,
    cast(integer_only as boolean) as integer_only,
    cast(allow_negative as boolean) as allow_negative,
    cast(hard_min as decimal(38, 12)) as hard_min,
    cast(hard_max as decimal(38, 12)) as hard_max,
    cast(soft_min as decimal(38, 12)) as soft_min,
    cast(soft_max as decimal(38, 12)) as soft_max,
    cast(mix_dimension as string) as mix_dimension,
    cast(objective as string) as objective,
    cast(programme as string) as programme,
    cast(steward as string) as steward,
    cast(legal_basis as string) as legal_basis,
    cast(collection_cost as decimal(38, 12)) as collection_cost,
    cast(price_basis as string) as price_basis,
    cast(cost_scope as string) as cost_scope,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    cast(aliases as string) as aliases
from source
