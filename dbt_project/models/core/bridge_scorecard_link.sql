-- Grain: node of a scorecard x objective or node above that it contributes to; many to many (domain.md 8.1).
with link as (
    select * from {{ ref('stg_scorecard_link') }}
)

select
    link.scorecard_code,
    link.node_code,
    node.name_vi as node_name_vi,
    node.name_en as node_name_en,
    link.to_objective_code,
    case when link.to_node_code is not null then coalesce(link.to_scorecard_code, link.scorecard_code) end
        as to_scorecard_code,
    link.to_node_code,
    coalesce(objective.name_vi, above.name_vi) as to_name_vi,
    coalesce(objective.name_en, above.name_en) as to_name_en,
    link.contribution,
    link.share
from link
inner join {{ ref('dim_scorecard_node') }} as node
    on
        link.scorecard_code = node.scorecard_code
        and link.node_code = node.node_code
left join {{ ref('dim_objective') }} as objective
    on link.to_objective_code = objective.objective_code
left join {{ ref('dim_scorecard_node') }} as above
    on
        coalesce(link.to_scorecard_code, link.scorecard_code) = above.scorecard_code
        and link.to_node_code = above.node_code
