-- Grain: ratio x structure x parent organisation x parent group x pair of periods x dimension x member: what each
-- member adds to the change of the parent's ratio by its own rate, by its weight, and by coming or going (domain.md
-- 2.13). Only members whose parts make up those of the parent exactly, in both periods, are set beside it, and only a
-- change between two published values is taken apart: one that coverage withholds has no change to explain.
with measured as (
    select
        ratio_key,
        structure,
        organisation_key,
        time_key,
        target_group_key,
        numerator,
        denominator,
        value is not null as is_published
    from {{ ref('mart_ratio') }}
    where units_matched > 0 and status <> 'Q' and denominator >= 0
),

target_group as (
    select * from {{ ref('dim_target_group') }}
),

child as (
    select distinct
        'as_was' as structure,
        ancestor_organisation_key as parent_key,
        descendant_organisation_key as child_key
    from {{ ref('bridge_organisation') }}
    where structure = 'as_was' and distance = 1

    union all

    select
        'as_is' as structure,
        parent.organisation_key as parent_key,
        organisation.organisation_key as child_key
    from {{ ref('dim_organisation') }} as organisation
    inner join {{ ref('dim_organisation') }} as parent
        on organisation.parent_organisation_code = parent.organisation_code
    where organisation.is_current and parent.is_current
),

part as (
    select
        measured.ratio_key,
        measured.structure,
        child.parent_key as organisation_key,
        measured.target_group_key,
        measured.time_key,
        'ORGANISATION' as dimension,
        measured.organisation_key as member_key,
        measured.numerator,
        measured.denominator
    from measured
    inner join child
        on measured.structure = child.structure and measured.organisation_key = child.child_key

    union all

    select
        measured.ratio_key,
        measured.structure,
        measured.organisation_key,
        total.target_group_key,
        measured.time_key,
        member.dimension,
        measured.target_group_key as member_key,
        measured.numerator,
        measured.denominator
    from measured
    inner join target_group as member
        on measured.target_group_key = member.target_group_key
    inner join target_group as total
        on member.parent_target_group_code = total.target_group_code
    where member.dimension_count = 1 and member.relation = 'partition'
),

whole as (
    select
        ratio_key,
        structure,
        organisation_key,
        target_group_key,
        time_key,
        dimension,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        max(case when denominator = 0 and numerator <> 0 then 1 else 0 end) as has_number_without_base
    from part
    group by ratio_key, structure, organisation_key, target_group_key, time_key, dimension
),

parent as (
    select whole.*
    from whole
    inner join measured
        on
            whole.ratio_key = measured.ratio_key
            and whole.structure = measured.structure
            and whole.organisation_key = measured.organisation_key
            and whole.target_group_key = measured.target_group_key
            and whole.time_key = measured.time_key
            and whole.numerator = measured.numerator
            and whole.denominator = measured.denominator
    where whole.denominator > 0 and whole.has_number_without_base = 0 and measured.is_published
),

period_pair as (
    select * from {{ ref('int_period_pair') }}
),

change as (
    select
        parent_to.ratio_key,
        parent_to.structure,
        parent_to.organisation_key,
        parent_to.target_group_key,
        parent_to.dimension,
        period_pair.comparison,
        period_pair.from_time_key,
        period_pair.to_time_key,
        {{ ratio('parent_from.numerator', 'parent_from.denominator') }} as value_from,
        {{ ratio('parent_to.numerator', 'parent_to.denominator') }} as value_to,
        parent_from.denominator as denominator_from,
        parent_to.denominator as denominator_to
    from parent as parent_to
    inner join period_pair
        on parent_to.time_key = period_pair.to_time_key
    inner join parent as parent_from
        on
            parent_to.ratio_key = parent_from.ratio_key
            and parent_to.structure = parent_from.structure
            and parent_to.organisation_key = parent_from.organisation_key
            and parent_to.target_group_key = parent_from.target_group_key
            and parent_to.dimension = parent_from.dimension
            and period_pair.from_time_key = parent_from.time_key
),

present as (
    {% for side in ['from', 'to'] %}
        select
            change.*,
            part.member_key,
            '{{ side }}' as side,
            {{ ratio('part.denominator', 'change.denominator_' ~ side) }} as weight,
            {{ ratio('part.numerator', 'part.denominator') }} as rate
        from change
        inner join part
            on
                change.ratio_key = part.ratio_key
                and change.structure = part.structure
                and change.organisation_key = part.organisation_key
                and change.target_group_key = part.target_group_key
                and change.dimension = part.dimension
                and change.{{ side }}_time_key = part.time_key
        where part.denominator > 0
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

member as (
    select
        ratio_key,
        structure,
        organisation_key,
        target_group_key,
        dimension,
        comparison,
        from_time_key,
        to_time_key,
        member_key,
        max(value_from) as parent_from,
        max(value_to) as parent_to,
        coalesce(max(case when side = 'from' then weight end), 0) as weight_from,
        coalesce(max(case when side = 'to' then weight end), 0) as weight_to,
        max(case when side = 'from' then rate end) as rate_from,
        max(case when side = 'to' then rate end) as rate_to
    from present
    group by
        ratio_key, structure, organisation_key, target_group_key, dimension, comparison, from_time_key, to_time_key,
        member_key
),

effect as (
    select
        member.*,
        cast(ratio.scale as double) as scale,
        member.rate_from is not null and member.rate_to is not null as is_in_both,
        (member.weight_from + member.weight_to) / 2 * (member.rate_to - member.rate_from) as rate_effect,
        (
            (coalesce(member.rate_from, member.rate_to) + coalesce(member.rate_to, member.rate_from)) / 2
            - (member.parent_from + member.parent_to) / 2
        ) * (member.weight_to - member.weight_from) as weight_effect,
        min(member.rate_to - member.rate_from) over family as least_change,
        max(member.rate_to - member.rate_from) over family as greatest_change
    from member
    inner join {{ ref('dim_ratio') }} as ratio
        on member.ratio_key = ratio.ratio_key
    window family as (
        partition by
            member.ratio_key, member.structure, member.organisation_key, member.target_group_key, member.dimension,
            member.comparison, member.from_time_key, member.to_time_key
    )
),

scaled as (
    select
        effect.*,
        effect.scale * (effect.parent_to - effect.parent_from) as scaled_change,
        effect.scale * coalesce(effect.rate_effect, 0) as scaled_rate_effect,
        effect.scale * effect.weight_effect as scaled_weight_effect,
        row_number() over (
            partition by
                effect.ratio_key, effect.structure, effect.organisation_key, effect.target_group_key, effect.dimension,
                effect.comparison, effect.from_time_key, effect.to_time_key
            order by abs(effect.weight_effect) desc, effect.member_key asc
        ) as size_number,
        max(greatest(
            abs(effect.scale * (effect.parent_to - effect.parent_from)),
            abs(effect.scale * coalesce(effect.rate_effect, 0)),
            abs(effect.scale * effect.weight_effect)
        )) over (
            partition by
                effect.ratio_key, effect.structure, effect.organisation_key, effect.target_group_key, effect.dimension,
                effect.comparison, effect.from_time_key, effect.to_time_key
        ) as greatest_effect
    from effect
),

gridded as (
    select
        scaled.*,
    {% for column in ['scaled_change', 'scaled_rate_effect', 'scaled_weight_effect'] %}
        {{ on_grid('scaled.' ~ column, grid_of('scaled.greatest_effect')) }}
            as {{ column | replace('scaled', 'exact') }}{{ ',' if not loop.last }}
    {% endfor %}
    from scaled
),

-- What doubles lost goes to the greatest effect of weight, so that the effects add to the change exactly; which one
-- that is does not depend on the direction of time.
closed as (
    select
        gridded.*,
        gridded.exact_weight_effect + case
            when gridded.size_number = 1
                then gridded.exact_change - sum(gridded.exact_rate_effect + gridded.exact_weight_effect) over (
                    partition by
                        gridded.ratio_key, gridded.structure, gridded.organisation_key, gridded.target_group_key,
                        gridded.dimension, gridded.comparison, gridded.from_time_key, gridded.to_time_key
                )
            else 0
        end as closed_weight_effect
    from gridded
)

select
    effect.ratio_key,
    ratio.ratio_code,
    ratio.name_vi as ratio_name_vi,
    ratio.name_en as ratio_name_en,
    ratio.unit,
    effect.structure,
    effect.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    effect.target_group_key,
    target_group.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    effect.comparison,
    effect.from_time_key,
    period_from.period_code as period_from,
    period_from.label_vi as period_from_label_vi,
    period_from.label_en as period_from_label_en,
    effect.to_time_key,
    period_to.period_code as period_to,
    period_to.label_vi as period_to_label_vi,
    period_to.label_en as period_to_label_en,
    effect.dimension,
    effect.member_key,
    coalesce(member_group.member_code, member_organisation.organisation_code) as member_code,
    coalesce(member_group.name_vi, member_organisation.name_vi) as member_name_vi,
    coalesce(member_group.name_en, member_organisation.name_en) as member_name_en,
    cast(effect.weight_from as double) as weight_from,
    cast(effect.weight_to as double) as weight_to,
    cast(ratio.scale * effect.rate_from as double) as value_from,
    cast(ratio.scale * effect.rate_to as double) as value_to,
    cast(effect.exact_rate_effect as double) as rate_effect,
    cast(case when effect.is_in_both then effect.closed_weight_effect else 0 end as double) as mix_effect,
    cast(case when effect.is_in_both then 0 else effect.closed_weight_effect end as double) as entry_exit_effect,
    cast(effect.exact_change as double) as total_change,
    coalesce(
        (effect.least_change > 0 and effect.parent_to < effect.parent_from)
        or (effect.greatest_change < 0 and effect.parent_to > effect.parent_from),
        false
    ) as simpson_flag
from closed as effect
inner join {{ ref('dim_ratio') }} as ratio
    on effect.ratio_key = ratio.ratio_key
inner join {{ ref('dim_organisation') }} as organisation
    on effect.organisation_key = organisation.organisation_key
inner join target_group
    on effect.target_group_key = target_group.target_group_key
inner join {{ ref('dim_time') }} as period_from
    on effect.from_time_key = period_from.time_key
inner join {{ ref('dim_time') }} as period_to
    on effect.to_time_key = period_to.time_key
left join target_group as member_group
    on case when effect.dimension <> 'ORGANISATION' then effect.member_key end = member_group.target_group_key
left join {{ ref('dim_organisation') }} as member_organisation
    on case when effect.dimension = 'ORGANISATION' then effect.member_key end = member_organisation.organisation_key
