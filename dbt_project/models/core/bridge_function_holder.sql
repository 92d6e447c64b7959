-- Grain: function of state x first day that an organisation holds it.
with holder as (
    select * from {{ ref('stg_function_holder') }}
)

select
    holder.function_code,
    holder.name_vi,
    holder.name_en,
    organisation.organisation_key,
    organisation.organisation_code,
    greatest(holder.valid_from, organisation.valid_from) as valid_from,
    nullif(
        least(coalesce(holder.valid_to, date '9999-12-31'), coalesce(organisation.valid_to, date '9999-12-31')),
        date '9999-12-31'
    ) as valid_to
from holder
inner join {{ ref('dim_organisation') }} as organisation
    on
        holder.organisation_code = organisation.organisation_code
        and {{ valid_together('holder', 'organisation') }}
