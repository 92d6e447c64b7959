-- Grain: indicator x organisation x whole x breakdown x part: the parts that an organisation is known to report, and
-- how many make the whole complete. Of a branch the broadest part counts; residual parts need not be there.
with part as (
    select distinct
        figure.indicator_key,
        figure.organisation_key,
        link.ancestor_target_group_key,
        link.breakdown,
        figure.target_group_key,
        link.is_residual
    from {{ ref('int_observation_current') }} as figure
    inner join {{ ref('bridge_target_group') }} as link
        on
            figure.target_group_key = link.descendant_target_group_key
            and link.is_additive
            and link.breakdown_dimensions > 0
    where figure.has_figure
),

within_broader as (
    select
        part.indicator_key,
        part.organisation_key,
        part.ancestor_target_group_key,
        part.breakdown,
        part.target_group_key,
        broader.target_group_key as broader_target_group_key
    from part
    inner join {{ ref('int_target_group_between') }} as between_link
        on
            part.ancestor_target_group_key = between_link.ancestor_target_group_key
            and part.breakdown = between_link.breakdown
            and part.target_group_key = between_link.descendant_target_group_key
    inner join part as broader
        on
            part.indicator_key = broader.indicator_key
            and part.organisation_key = broader.organisation_key
            and part.ancestor_target_group_key = broader.ancestor_target_group_key
            and part.breakdown = broader.breakdown
            and between_link.middle_target_group_key = broader.target_group_key
),

-- The broadest part of a branch lies within no other part.
branch as (
    select
        within_broader.indicator_key,
        within_broader.organisation_key,
        within_broader.ancestor_target_group_key,
        within_broader.breakdown,
        within_broader.target_group_key,
        min(within_broader.broader_target_group_key) as top_target_group_key
    from within_broader
    left join within_broader as above
        on
            within_broader.indicator_key = above.indicator_key
            and within_broader.organisation_key = above.organisation_key
            and within_broader.ancestor_target_group_key = above.ancestor_target_group_key
            and within_broader.breakdown = above.breakdown
            and within_broader.broader_target_group_key = above.target_group_key
    where above.target_group_key is null
    group by
        within_broader.indicator_key,
        within_broader.organisation_key,
        within_broader.ancestor_target_group_key,
        within_broader.breakdown,
        within_broader.target_group_key
),

topped as (
    select
        part.*,
        case
            when not part.is_residual then coalesce(branch.top_target_group_key, part.target_group_key)
        end as top_target_group_key
    from part
    left join branch
        on
            part.indicator_key = branch.indicator_key
            and part.organisation_key = branch.organisation_key
            and part.ancestor_target_group_key = branch.ancestor_target_group_key
            and part.breakdown = branch.breakdown
            and part.target_group_key = branch.target_group_key
),

counted as (
    select
        indicator_key,
        organisation_key,
        ancestor_target_group_key,
        breakdown,
        count(distinct top_target_group_key) as expected_parts
    from topped
    group by indicator_key, organisation_key, ancestor_target_group_key, breakdown
)

select
    topped.indicator_key,
    topped.organisation_key,
    topped.ancestor_target_group_key,
    topped.breakdown,
    topped.target_group_key,
    topped.top_target_group_key,
    cast(counted.expected_parts as int) as expected_parts
from topped
inner join counted
    on
        topped.indicator_key = counted.indicator_key
        and topped.organisation_key = counted.organisation_key
        and topped.ancestor_target_group_key = counted.ancestor_target_group_key
        and topped.breakdown = counted.breakdown
