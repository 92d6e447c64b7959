-- Grain: structure x scope x ancestor x descendant x stretch of the descendant's life in which the link holds.
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
            and {{ valid_together('child', 'parent') }}
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
            and {{ valid_together('as_was', 'parent_link') }}
),

-- The hierarchy of today, or of another day in a reading.
existing as (
    select organisation.*
    from organisation
    inner join {{ ref('dim_structure') }} as structure
        on structure.structure = 'as_is' and {{ exists_on('organisation', 'structure.structure_day') }}
),

as_is_hierarchy as (
    select
        organisation_key as ancestor_key,
        organisation_key as descendant_key,
        0 as distance
    from existing

    union all

    select
        parent.organisation_key as ancestor_key,
        as_is_hierarchy.descendant_key,
        as_is_hierarchy.distance + 1 as distance
    from as_is_hierarchy
    inner join existing as child
        on as_is_hierarchy.ancestor_key = child.organisation_key
    inner join existing as parent
        on child.parent_organisation_code = parent.organisation_code
),

succession as (
    select * from {{ ref('bridge_succession') }}
),

-- Organisations of today that also hold the figures of others: their own are one part of the whole.
shared_successor as (
    select distinct
        scope_code,
        successor_organisation_key
    from succession
    where origin_organisation_key <> successor_organisation_key
),

link as (
    select
        'as_was' as structure,
        '*' as scope_code,
        ancestor_key,
        descendant_key,
        distance,
        distance = 0 as is_whole,
        {{ share('1') }} as weight,
        true as is_one_to_one,
        valid_from,
        valid_to
    from as_was

    union all

    select
        'as_is' as structure,
        succession.scope_code,
        as_is_hierarchy.ancestor_key,
        succession.origin_organisation_key as descendant_key,
        as_is_hierarchy.distance,
        as_is_hierarchy.distance = 0 and shared_successor.scope_code is null as is_whole,
        {{ share('sum(succession.weight)') }} as weight,
        min(case when succession.is_one_to_one then 1 else 0 end) = 1 as is_one_to_one,
        succession.valid_from,
        succession.valid_to
    from succession
    inner join as_is_hierarchy
        on succession.successor_organisation_key = as_is_hierarchy.descendant_key
    left join shared_successor
        on
            succession.scope_code = shared_successor.scope_code
            and as_is_hierarchy.ancestor_key = shared_successor.successor_organisation_key
    group by
        succession.scope_code, as_is_hierarchy.ancestor_key, succession.origin_organisation_key,
        as_is_hierarchy.distance, shared_successor.scope_code, succession.valid_from, succession.valid_to
)

select
    link.structure,
    link.scope_code,
    link.ancestor_key as ancestor_organisation_key,
    ancestor.organisation_code as ancestor_organisation_code,
    link.descendant_key as descendant_organisation_key,
    descendant.organisation_code as descendant_organisation_code,
    cast(link.distance as int) as distance,
    link.is_whole,
    link.weight,
    link.is_one_to_one,
    link.valid_from,
    link.valid_to
from link
inner join organisation as ancestor
    on link.ancestor_key = ancestor.organisation_key
inner join organisation as descendant
    on link.descendant_key = descendant.organisation_key
