-- Grain: ratio x structure x parent organisation x parent group x pair of periods x dimension x organisation below x
-- group within it (_T for what the organisation adds as a whole).
-- Within an organisation in both periods, its effects by group count with its mean weight; what it adds by its own
-- weight, or by coming or going, stands beside them (domain.md 2.13).
with change as (
    select * from {{ ref('mart_decomposition') }}
),

by_organisation as (
    select
        change.*,
        (change.weight_from + change.weight_to) / 2 as mean_weight
    from change
    where change.dimension = 'ORGANISATION'
),

by_group as (
    select * from change
    where dimension <> 'ORGANISATION'
),

total as (
    select * from {{ ref('dim_target_group') }}
    where target_group_code = '_T'
),

within as (
    select
        outer_member.ratio_key,
        outer_member.structure,
        outer_member.organisation_key,
        outer_member.target_group_key,
        outer_member.comparison,
        outer_member.to_time_key,
        by_group.dimension,
        outer_member.member_key as member_organisation_key,
        by_group.member_key as member_group_key,
        outer_member.mean_weight * by_group.rate_effect as rate_effect,
        outer_member.mean_weight * by_group.mix_effect as mix_effect,
        outer_member.mean_weight * by_group.entry_exit_effect as entry_exit_effect,
        outer_member.total_change
    from by_organisation as outer_member
    inner join by_group
        on
            outer_member.ratio_key = by_group.ratio_key
            and outer_member.structure = by_group.structure
            and outer_member.member_key = by_group.organisation_key
            and outer_member.target_group_key = by_group.target_group_key
            and outer_member.comparison = by_group.comparison
            and outer_member.to_time_key = by_group.to_time_key
    where outer_member.weight_from > 0 and outer_member.weight_to > 0
),

family as (
    select distinct
        ratio_key,
        structure,
        organisation_key,
        target_group_key,
        comparison,
        to_time_key,
        dimension
    from within
),

broken_down as (
    select distinct
        ratio_key,
        structure,
        organisation_key,
        target_group_key,
        comparison,
        to_time_key,
        dimension,
        member_organisation_key
    from within
),

-- The organisation as a whole: its own weight, and its rate where it is not broken down.
as_a_whole as (
    select
        outer_member.ratio_key,
        outer_member.structure,
        outer_member.organisation_key,
        outer_member.target_group_key,
        outer_member.comparison,
        outer_member.to_time_key,
        family.dimension,
        outer_member.member_key as member_organisation_key,
        total.target_group_key as member_group_key,
        case when broken_down.dimension is null then outer_member.rate_effect else 0 end as rate_effect,
        outer_member.mix_effect,
        outer_member.entry_exit_effect,
        outer_member.total_change
    from by_organisation as outer_member
    inner join family
        on
            outer_member.ratio_key = family.ratio_key
            and outer_member.structure = family.structure
            and outer_member.organisation_key = family.organisation_key
            and outer_member.target_group_key = family.target_group_key
            and outer_member.comparison = family.comparison
            and outer_member.to_time_key = family.to_time_key
    cross join total
    left join broken_down
        on
            family.ratio_key = broken_down.ratio_key
            and family.structure = broken_down.structure
            and family.organisation_key = broken_down.organisation_key
            and family.target_group_key = broken_down.target_group_key
            and family.comparison = broken_down.comparison
            and family.to_time_key = broken_down.to_time_key
            and family.dimension = broken_down.dimension
            and outer_member.member_key = broken_down.member_organisation_key
),

member as (
    select * from within
    union all
    select * from as_a_whole
),

measured as (
    select
        member.*,
        max(greatest(
            abs(member.rate_effect), abs(member.mix_effect), abs(member.entry_exit_effect), abs(member.total_change)
        ))
            over family_members as greatest_effect,
        row_number() over (
            partition by
                member.ratio_key, member.structure, member.organisation_key, member.target_group_key,
                member.comparison, member.to_time_key, member.dimension
            order by
                abs(member.mix_effect) desc, member.member_organisation_key asc, member.member_group_key asc
        ) as size_number
    from member
    window family_members as (
        partition by
            member.ratio_key, member.structure, member.organisation_key, member.target_group_key, member.comparison,
            member.to_time_key, member.dimension
    )
),

gridded as (
    select
        measured.*,
    {% for column in ['rate_effect', 'mix_effect', 'entry_exit_effect'] %}
        {{ on_grid('measured.' ~ column, grid_of('measured.greatest_effect')) }}
            as exact_{{ column }}{{ ',' if not loop.last }}
    {% endfor %}
    from measured
),

-- What doubles lost goes to the greatest effect of mix.
effect as (
    select
        gridded.ratio_key,
        gridded.structure,
        gridded.organisation_key,
        gridded.target_group_key,
        gridded.comparison,
        gridded.to_time_key,
        gridded.dimension,
        gridded.member_organisation_key,
        gridded.member_group_key,
        gridded.exact_rate_effect as rate_effect,
        gridded.exact_mix_effect + case
            when gridded.size_number = 1
                then gridded.total_change - sum(
                    gridded.exact_rate_effect + gridded.exact_mix_effect + gridded.exact_entry_exit_effect
                ) over (
                    partition by
                        gridded.ratio_key, gridded.structure, gridded.organisation_key, gridded.target_group_key,
                        gridded.comparison, gridded.to_time_key, gridded.dimension
                )
            else 0
        end as mix_effect,
        gridded.exact_entry_exit_effect as entry_exit_effect
    from gridded
)

select
    effect.ratio_key,
    outer_member.ratio_code,
    outer_member.ratio_name_vi,
    outer_member.ratio_name_en,
    outer_member.unit,
    effect.structure,
    effect.organisation_key,
    outer_member.organisation_code,
    outer_member.organisation_valid_from,
    outer_member.organisation_name_vi,
    outer_member.organisation_name_en,
    effect.target_group_key,
    outer_member.target_group_code,
    outer_member.target_group_name_vi,
    outer_member.target_group_name_en,
    effect.comparison,
    outer_member.from_time_key,
    outer_member.period_from,
    outer_member.period_from_label_vi,
    outer_member.period_from_label_en,
    effect.to_time_key,
    outer_member.period_to,
    outer_member.period_to_label_vi,
    outer_member.period_to_label_en,
    effect.dimension,
    effect.member_organisation_key,
    outer_member.member_code as member_organisation_code,
    outer_member.member_name_vi as member_organisation_name_vi,
    outer_member.member_name_en as member_organisation_name_en,
    effect.member_group_key,
    member_group.target_group_code as member_group_code,
    member_group.name_vi as member_group_name_vi,
    member_group.name_en as member_group_name_en,
    outer_member.mean_weight as organisation_weight,
    effect.rate_effect,
    effect.mix_effect,
    effect.entry_exit_effect,
    outer_member.total_change
from effect
inner join by_organisation as outer_member
    on
        effect.ratio_key = outer_member.ratio_key
        and effect.structure = outer_member.structure
        and effect.organisation_key = outer_member.organisation_key
        and effect.target_group_key = outer_member.target_group_key
        and effect.comparison = outer_member.comparison
        and effect.to_time_key = outer_member.to_time_key
        and effect.member_organisation_key = outer_member.member_key
inner join {{ ref('dim_target_group') }} as member_group
    on effect.member_group_key = member_group.target_group_key
