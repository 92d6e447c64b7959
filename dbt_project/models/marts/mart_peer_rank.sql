-- Grain: indicator or ratio x organisation x period x peer group: the place among peers, as a range.
-- Peers are members of the same group at the same time. Their norm is what they are together, never a mean of ratios;
-- of percentages without parts, the middle one. Whose intervals overlap is tied (domain.md 2.7). With a mix_dimension
-- each is also shown as it would be with the mix of all peers together (2.12): so they differ by their rates alone.
with period as (
    select * from {{ ref('dim_time') }}
),

organisation as (
    select * from {{ ref('dim_organisation') }}
),

definition as (
    {{ measure_definition() }}
),

{{ total_figure('figure', 'as_was') }}

{{ benchmark_subject() }}

-- Who is in a group twice within a period, because the membership was renewed, is in it once.
renewed as (
    select
        subject.*,
        peer_group.peer_group_code,
        peer_group.name_vi as peer_group_name_vi,
        peer_group.name_en as peer_group_name_en,
        indicator.indicator_code is not null as is_single,
        row_number() over (
            partition by
                subject.measure_code, subject.time_key, subject.organisation_key, peer_group.peer_group_code
            order by peer_group.valid_from desc
        ) as membership_number
    from subject
    inner join {{ ref('bridge_peer_group') }} as peer_group
        on
            subject.organisation_key = peer_group.organisation_key
            and subject.period_end_exclusive > peer_group.valid_from
            and subject.period_start < coalesce(peer_group.valid_to, date '9999-12-31')
    left join {{ ref('dim_indicator') }} as indicator
        on subject.measure_code = indicator.indicator_code
    where subject.measure_kind = 'ratio' or indicator.organisation_aggregation = 'none'
),

membership as (
    select * from renewed
    where membership_number = 1
),

member as (
    select
        membership.*,
        coalesce(membership.unranked_reason, '') = 'DISSOLVED' as is_dissolved,
        row_number() over (
            partition by
                membership.measure_code, membership.time_key, membership.peer_group_code,
                coalesce(membership.unranked_reason, '') = 'DISSOLVED'
            order by membership.value, membership.organisation_key
        ) as place,
        count(*) over (
            partition by
                membership.measure_code, membership.time_key, membership.peer_group_code,
                coalesce(membership.unranked_reason, '') = 'DISSOLVED'
        ) as members
    from membership
),

-- The parts of each member in each group of the dimension that its cases are mixed of.
mixed as (
    select
        member.measure_code,
        member.time_key,
        member.peer_group_code,
        member.organisation_key,
        mart.target_group_key,
        mart.numerator,
        mart.denominator
    from member
    inner join {{ ref('dim_ratio') }} as ratio
        on member.measure_code = ratio.ratio_code
    inner join {{ ref('mart_ratio') }} as mart
        on
            member.measure_code = mart.ratio_code
            and member.organisation_key = mart.organisation_key
            and member.time_key = mart.time_key
            and mart.structure = 'as_was'
    inner join {{ ref('dim_target_group') }} as target_group
        on
            mart.target_group_key = target_group.target_group_key
            and ratio.mix_dimension = target_group.dimension
            and target_group.dimension_count = 1
            and target_group.relation = 'partition'
            and target_group.parent_target_group_code = '_T'
    where not member.is_dissolved and mart.status <> 'Q' and mart.denominator > 0
),

reference as (
    select
        measure_code,
        time_key,
        peer_group_code,
        target_group_key,
        {{ ratio('sum(numerator)', 'sum(denominator)') }} as rate,
        sum(denominator) as denominator,
        count(*) over (partition by measure_code, time_key, peer_group_code) as groups
    from mixed
    group by measure_code, time_key, peer_group_code, target_group_key
),

weighted as (
    select
        reference.*,
        {{ ratio(
            'denominator', 'sum(denominator) over (partition by measure_code, time_key, peer_group_code)'
        ) }} as weight
    from reference
),

standardised as (
    select
        mixed.measure_code,
        mixed.time_key,
        mixed.peer_group_code,
        mixed.organisation_key,
        sum(mixed.numerator) as numerator,
        sum(mixed.denominator) as denominator,
        count(*) = max(weighted.groups) as has_all_groups,
        sum({{ measure('weighted.weight * ' ~ ratio('mixed.numerator', 'mixed.denominator')) }}) as direct,
        sum({{ measure('cast(mixed.denominator as double) * weighted.rate') }}) as expected
    from mixed
    inner join weighted
        on
            mixed.measure_code = weighted.measure_code
            and mixed.time_key = weighted.time_key
            and mixed.peer_group_code = weighted.peer_group_code
            and mixed.target_group_key = weighted.target_group_key
    group by mixed.measure_code, mixed.time_key, mixed.peer_group_code, mixed.organisation_key
),

together as (
    select
        measure_code,
        time_key,
        peer_group_code,
        case
            when not is_single then max(scale) * {{ ratio('sum(numerator)', 'sum(denominator)') }}
            else max(case when 2 * place in (members, members + 1) then value end)
        end as norm_value,
        count(*) as members,
        sum(case when unranked_reason is null then 1 else 0 end) as ranked_members
    from member
    where not is_dissolved
    group by measure_code, time_key, peer_group_code, is_single
),

-- Ends of the intervals on one line, better to the right: the ranks follow from counting ends, not from pairs.
interval_end as (
    {% for end in ['low', 'high'] %}
        select
            measure_code,
            time_key,
            peer_group_code,
            organisation_key,
            '{{ end }}' as which,
            case when sign = 1 then {{ end }} else -{{ 'high' if end == 'low' else 'low' }} end as goodness
        from member
        where unranked_reason is null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        interval_end.*,
        sum(case when interval_end.which = 'low' then 1 else 0 end) over (
            partition by interval_end.measure_code, interval_end.time_key, interval_end.peer_group_code
            order by interval_end.goodness desc, interval_end.which asc, interval_end.organisation_key asc
            rows between unbounded preceding and current row
        ) as lows_above,
        sum(case when interval_end.which = 'high' then 1 else 0 end) over (
            partition by interval_end.measure_code, interval_end.time_key, interval_end.peer_group_code
            order by interval_end.goodness asc, interval_end.which desc, interval_end.organisation_key asc
            rows between unbounded preceding and current row
        ) as highs_below
    from interval_end
),

ranked as (
    select
        measure_code,
        time_key,
        peer_group_code,
        organisation_key,
        max(case when which = 'high' then lows_above end) as better,
        max(case when which = 'low' then highs_below end) as worse
    from counted
    group by measure_code, time_key, peer_group_code, organisation_key
)

select
    member.measure_kind,
    member.measure_code,
    definition.name_vi as measure_name_vi,
    definition.name_en as measure_name_en,
    definition.unit,
    definition.direction,
    member.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    member.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    member.peer_group_code,
    member.peer_group_name_vi,
    member.peer_group_name_en,
    member.value,
    member.lower,
    member.upper,
    cast(together.norm_value as double) as norm_value,
    case when member.is_single then 'middle' else 'together' end as norm_basis,
    case when standardised.has_all_groups then cast(member.scale as double) * cast(standardised.direct as double) end
        as standardised_value,
    {{ ratio('standardised.numerator', 'standardised.expected') }} as observed_over_expected,
    case when together.ranked_members >= {{ var('rank_minimum_peers') }} then cast(1 + ranked.better as int) end
        as rank_low,
    case
        when together.ranked_members >= {{ var('rank_minimum_peers') }}
            then cast(together.ranked_members - ranked.worse as int)
    end as rank_high,
    cast(together.ranked_members as int) as peers,
    cast(together.members as int) as members,
    coalesce(
        member.unranked_reason,
        case when together.ranked_members < {{ var('rank_minimum_peers') }} then 'FEW_PEERS' end
    ) as unranked_reason
from member
inner join together
    on
        member.measure_code = together.measure_code
        and member.time_key = together.time_key
        and member.peer_group_code = together.peer_group_code
inner join definition
    on
        member.measure_kind = definition.measure_kind
        and member.measure_code = definition.measure_code
inner join organisation
    on member.organisation_key = organisation.organisation_key
inner join period
    on member.time_key = period.time_key
left join ranked
    on
        member.measure_code = ranked.measure_code
        and member.time_key = ranked.time_key
        and member.peer_group_code = ranked.peer_group_code
        and member.organisation_key = ranked.organisation_key
-- What the groups do not add up to is not standardised.
left join standardised
    on
        member.measure_code = standardised.measure_code
        and member.time_key = standardised.time_key
        and member.peer_group_code = standardised.peer_group_code
        and member.organisation_key = standardised.organisation_key
        and member.numerator = standardised.numerator
        and member.denominator = standardised.denominator
