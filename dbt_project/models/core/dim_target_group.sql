-- Grain: one target group: the total, a member of a dimension, or a crossing of members.
with bridge as (
    select * from {{ ref('bridge_target_group') }}
),

member as (
    select
        dimension || '=' || member as target_group_code,
        *
    from {{ ref('stg_target_group') }}
),

code as (
    select distinct ancestor_target_group_code as target_group_code from bridge
    union
    select distinct descendant_target_group_code as target_group_code from bridge
),

exploded as (
    select
        target_group_code,
        {{ split_to_rows('target_group_code', '|') }} as part
    from code
    where target_group_code <> '_T'
),

named as (
    select
        exploded.target_group_code,
        split_part(exploded.part, '=', 1) as dimension,
        coalesce(member.name_vi, exploded.part) as name_vi,
        coalesce(member.name_en, exploded.part) as name_en
    from exploded
    left join member
        on exploded.part = member.target_group_code
),

described as (
    select
        target_group_code,
        {{ sorted_list('dimension', 'dimension', '|') }} as dimensions,
        cast(count(*) as int) as dimension_count,
        {{ sorted_list('name_vi', 'dimension', ', ') }} as name_vi,
        {{ sorted_list('name_en', 'dimension', ', ') }} as name_en
    from named
    group by target_group_code
)

select
    {{ integer_key(['code.target_group_code']) }} as target_group_key,
    code.target_group_code,
    coalesce(described.name_vi, 'Tổng số') as name_vi,
    coalesce(described.name_en, 'Total') as name_en,
    coalesce(described.dimensions, '') as dimensions,
    coalesce(described.dimension_count, 0) as dimension_count,
    member.dimension,
    member.member as member_code,
    case
        when member.parent_member is not null then member.dimension || '=' || member.parent_member
        when member.member is not null then '_T'
    end as parent_target_group_code,
    member.relation
from code
left join described
    on code.target_group_code = described.target_group_code
left join member
    on code.target_group_code = member.target_group_code
