-- Grain: structure x ancestor x descendant x scope x stretch of time in which the link holds (itself included).
-- as_was: the hierarchy of each day. as_is: each organisation's successors of today and all above them (domain.md 4.7).
with recursive organisation as (
    select * from {{ ref('dim_organisation') }}
),

parent_link as (
    select
        child.organisation_key as child_key,
        parent.organisation_key as parent_key,
        greatest(child.valid_from, parent.valid_from) as valid_from,
        nullif(
            least(coalesce(child.valid_to, date '9999-12-31'), coalesce(parent.valid_to, date '9999-12-31')),
            date '9999-12-31'
        ) as valid_to
    from organisation as child
    inner join organisation as parent
        on
            child.parent_organisation_code = parent.organisation_code
            and {{ overlaps('child.valid_from', 'child.valid_to', 'parent.valid_from', 'parent.valid_to') }}
),

as_was as (
    select
        organisation_key as ancestor_key,
        organisation_key as descendant_key,
        0 as distance,
        valid_from,
        valid_to
    from organisation

    union all

    select
        parent_link.parent_key as ancestor_key,
        as_was.descendant_key,
        as_was.distance + 1 as distance,
        greatest(as_was.valid_from, parent_link.valid_from) as valid_from,
        nullif(
            least(coalesce(as_was.valid_to, date '9999-12-31'), coalesce(parent_link.valid_to, date '9999-12-31')),
            date '9999-12-31'
        ) as valid_to
    from as_was
    inner join parent_link
        on
            as_was.ancestor_key = parent_link.child_key
            and {{ overlaps('as_was.valid_from', 'as_was.valid_to', 'parent_link.valid_from', 'parent_link.valid_to') }}
)

select
    'as_was' as structure,
    as_was.ancestor_key as ancestor_organisation_key,
    ancestor.organisation_code as ancestor_organisation_code,
    as_was.descendant_key as descendant_organisation_key,
    descendant.organisation_code as descendant_organisation_code,
    cast(as_was.distance as int) as distance,
    as_was.valid_from,
    as_was.valid_to
from as_was
inner join organisation as ancestor
    on as_was.ancestor_key = ancestor.organisation_key
inner join organisation as descendant
    on as_was.descendant_key = descendant.organisation_key
