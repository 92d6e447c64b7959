-- Grain: one row of the table scorecard_links. Names and types only.
with source as (
    select * from {{ source('registry', 'scorecard_links') }}
)

select
    cast(scorecard as string) as scorecard_code,
    cast(code as string) as node_code,
    cast(to_objective as string) as to_objective_code,
    cast(to_scorecard as string) as to_scorecard_code,
    cast(to_code as string) as to_node_code,
    cast(contribution as string) as contribution,
    cast(share as decimal(38, 12)) as share
from source
