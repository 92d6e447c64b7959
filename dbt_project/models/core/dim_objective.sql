-- Grain: one strategic objective in the tree of objectives.
with objective as (
    select * from {{ ref('stg_objective') }}
)

select
    {{ integer_key(['objective_code']) }} as objective_key,
    objective_code,
    name_vi,
    name_en,
    level,
    case when parent_code is not null then {{ integer_key(['parent_code']) }} end as parent_objective_key,
    parent_code as parent_objective_code,
    owner_code as owner_organisation_code,
    legal_basis,
    valid_from,
    valid_to
from objective
