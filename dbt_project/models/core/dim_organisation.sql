-- Grain: one organisation for as long as it was one body: (code, valid_from), because codes are reused (domain.md 4.4).
with organisation as (
    select * from {{ ref('stg_organisation') }}
),

parent_candidate as (
    select
        child.organisation_code,
        child.valid_from,
        parent.organisation_code as parent_code,
        parent.valid_from as parent_valid_from,
        row_number() over (
            partition by child.organisation_code, child.valid_from
            order by parent.valid_from desc
        ) as candidate_number
    from organisation as child
    inner join organisation as parent
        on
            child.parent_code = parent.organisation_code
            and {{ valid_together('child', 'parent') }}
),

parent as (
    select * from parent_candidate
    where candidate_number = 1
)

select
    {{ integer_key(['organisation.organisation_code', 'organisation.valid_from']) }} as organisation_key,
    organisation.organisation_code,
    organisation.valid_from,
    organisation.valid_to,
    organisation.name_vi,
    organisation.name_en,
    organisation.level,
    case
        when parent.parent_code is not null then {{ integer_key(['parent.parent_code', 'parent.parent_valid_from']) }}
    end as parent_organisation_key,
    organisation.parent_code as parent_organisation_code,
    organisation.valid_to is null as is_current
from organisation
left join parent
    on
        organisation.organisation_code = parent.organisation_code
        and organisation.valid_from = parent.valid_from
