-- Grain: a target group and a group it is part of (itself included): members lifted to their parents, or a dimension
-- dropped. `breakdown` names the dimensions in which the two differ. Only registered or observed groups are expanded.
with recursive registered as (
    select * from {{ ref('stg_target_group') }}
),

code as (
    select distinct target_group_code from {{ ref('stg_observation') }}
    union
    select distinct target_group_code from {{ ref('stg_target') }}
    union
    select dimension || '=' || member as target_group_code from registered
    union
    select '_T' as target_group_code
),

exploded as (
    select
        target_group_code,
        {{ split_to_rows('target_group_code', '|') }} as part
    from code
    where target_group_code <> '_T'
),

part as (
    select
        target_group_code,
        split_part(part, '=', 1) as dimension,
        split_part(part, '=', 2) as member,
        row_number() over (partition by target_group_code order by part) as position
    from exploded
),

-- Every member with itself and all above it; an empty ancestor is the total of the dimension.
lineage as (
    select
        dimension,
        member,
        member as ancestor,
        false as is_lifted,
        true as is_partition
    from (select distinct
        dimension,
        member
    from part) as used

    union all

    select
        lineage.dimension,
        lineage.member,
        registered.parent_member as ancestor,
        true as is_lifted,
        lineage.is_partition and registered.relation = 'partition' as is_partition
    from lineage
    inner join registered
        on lineage.dimension = registered.dimension and lineage.ancestor = registered.member
),

-- The choices are put together dimension by dimension.
combination as (
    select
        target_group_code as descendant_code,
        cast(0 as bigint) as position,
        '' as ancestor_code,
        '' as breakdown,
        cast(0 as int) as breakdown_dimensions,
        true as is_additive,
        false as is_residual
    from code
    where target_group_code <> '_T'

    union all

    select
        combination.descendant_code,
        part.position,
        case
            when lineage.ancestor is null then combination.ancestor_code
            when combination.ancestor_code = '' then part.dimension || '=' || lineage.ancestor
            else combination.ancestor_code || '|' || part.dimension || '=' || lineage.ancestor
        end as ancestor_code,
        case
            when not lineage.is_lifted then combination.breakdown
            when combination.breakdown = '' then part.dimension
            else combination.breakdown || '|' || part.dimension
        end as breakdown,
        combination.breakdown_dimensions
        + case when lineage.is_lifted then 1 else 0 end as breakdown_dimensions,
        combination.is_additive and lineage.is_partition as is_additive,
        combination.is_residual
        or (lineage.is_lifted and substr(part.member, 1, 1) = '_') as is_residual
    from combination
    inner join part
        on
            combination.descendant_code = part.target_group_code
            and part.position = combination.position + 1
    inner join lineage
        on part.dimension = lineage.dimension and part.member = lineage.member
),

complete as (
    select
        combination.*,
        max(combination.position) over (partition by combination.descendant_code) as last_position
    from combination
),

closure as (
    select
        descendant_code,
        case when ancestor_code = '' then '_T' else ancestor_code end as ancestor_code,
        breakdown,
        breakdown_dimensions,
        is_additive,
        is_residual
    from complete
    where position = last_position

    union all

    select
        '_T' as descendant_code,
        '_T' as ancestor_code,
        '' as breakdown,
        0 as breakdown_dimensions,
        true as is_additive,
        false as is_residual
)

select
    {{ integer_key(['ancestor_code']) }} as ancestor_target_group_key,
    ancestor_code as ancestor_target_group_code,
    {{ integer_key(['descendant_code']) }} as descendant_target_group_key,
    descendant_code as descendant_target_group_code,
    breakdown,
    breakdown_dimensions,
    is_additive,
    is_residual
from closure
