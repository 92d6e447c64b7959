-- Grain: scorecard x node: the tree of a scorecard with the depth of each node; the scorecard itself is the root _T, 0.
with node as (
    select * from {{ ref('stg_scorecard') }}
),

root as (
    select distinct scorecard_code from node
),

{#- One level after the other; deeper trees are refused at load. #}

depth_1 as (
    select
        scorecard_code,
        node_code,
        1 as depth
    from node
    where parent_node_code is null
),

{% for depth in range(2, (scorecard_levels() | int) + 1) %}
    depth_{{ depth }} as (
        select
            node.scorecard_code,
            node.node_code,
            {{ depth }} as depth
        from node
        inner join depth_{{ depth - 1 }} as above
            on
                node.scorecard_code = above.scorecard_code
                and node.parent_node_code = above.node_code
    ),
{% endfor %}

depth as (
    {% for depth in range(1, (scorecard_levels() | int) + 1) %}
        select * from depth_{{ depth }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    node.scorecard_code,
    node.node_code,
    coalesce(node.parent_node_code, '_T') as parent_node_code,
    cast(depth.depth as int) as depth,
    node.node_type,
    node.name_vi,
    node.name_en,
    node.measure_code,
    node.weight,
    case when node.node_type = 'measure' then node.method end as method,
    node.baseline,
    node.target,
    node.range_low,
    node.range_high,
    node.band as band_code,
    node.is_veto,
    node.cap,
    node.floor
from node
inner join depth
    on
        node.scorecard_code = depth.scorecard_code
        and node.node_code = depth.node_code

union all

select
    scorecard_code,
    '_T' as node_code,
    cast(null as string) as parent_node_code,
    0 as depth,
    'scorecard' as node_type,
    'Tổng điểm' as name_vi,
    'Total score' as name_en,
    cast(null as string) as measure_code,
    {{ measure('1') }} as weight,
    cast(null as string) as method,
    {{ measure('null') }} as baseline,
    {{ measure('null') }} as target,
    {{ measure('null') }} as range_low,
    {{ measure('null') }} as range_high,
    cast(null as string) as band_code,
    false as is_veto,
    {{ measure('null') }} as cap,
    {{ measure('null') }} as floor
from root
