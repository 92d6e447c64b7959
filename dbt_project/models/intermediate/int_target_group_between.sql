-- Grain: a target group, a part of it, and a group between the two in the same dimensions: only then can one figure
-- already hold the other.
with link as (
    select * from {{ ref('bridge_target_group') }}
    where is_additive and breakdown_dimensions > 0
)

select
    whole.ancestor_target_group_key,
    whole.descendant_target_group_key,
    whole.breakdown,
    lower_link.ancestor_target_group_key as middle_target_group_key
from link as whole
inner join link as lower_link
    on whole.descendant_target_group_key = lower_link.descendant_target_group_key
inner join link as upper_link
    on
        lower_link.ancestor_target_group_key = upper_link.descendant_target_group_key
        and whole.ancestor_target_group_key = upper_link.ancestor_target_group_key
        and whole.breakdown = upper_link.breakdown
