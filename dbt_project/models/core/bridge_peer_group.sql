-- Grain: peer group x organisation x first day of membership: who is a peer of whom, and when.
-- A row of the registry names a code; whoever bears it while the membership lasts is a member for that stretch.
with membership as (
    select * from {{ ref('stg_peer_group') }}
)

select
    membership.peer_group_code,
    coalesce(membership.name_vi, membership.peer_group_code) as name_vi,
    coalesce(membership.name_en, membership.peer_group_code) as name_en,
    organisation.organisation_key,
    organisation.organisation_code,
    greatest(membership.valid_from, organisation.valid_from) as valid_from,
    nullif(
        least(
            coalesce(membership.valid_to, date '9999-12-31'), coalesce(organisation.valid_to, date '9999-12-31')
        ),
        date '9999-12-31'
    ) as valid_to
from membership
inner join {{ ref('dim_organisation') }} as organisation
    on
        membership.organisation_code = organisation.organisation_code
        and {{ valid_together('membership', 'organisation') }}
