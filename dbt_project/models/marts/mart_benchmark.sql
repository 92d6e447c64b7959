-- Grain: indicator or ratio x organisation x period x norm: how a figure stands against something outside itself.
-- Over time, against targets, peers, other fields, jurisdictions and countries, and standards (domain.md 1.8, 2.7).
-- Ranks are ranges: who overlaps is tied. Few cases, thin coverage and norms of grade D are shown and never ranked.
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

{{ total_figure('backcast', 'as_is') }}

-- Each figure with its direction as a sign, and why it takes no part in a ranking, if it does not.
{{ benchmark_subject() }}

-- 1. The measure's own past. A body without one, such as one that was merged, is compared with its back-cast past.
over_time as (
    {% for kind, key in [
        ('PREV_PERIOD', 'previous_time_key'), ('SAME_PERIOD_LY', 'same_period_last_year_time_key')
    ] %}
        select
            subject.measure_kind,
            subject.measure_code,
            subject.organisation_key,
            subject.time_key,
            '{{ kind }}' as norm_kind,
            '{{ kind }}' as norm_code,
            coalesce(past.value, backcast.value) as norm_value,
            coalesce(past.low, backcast.low) as norm_low,
            coalesce(past.high, backcast.high) as norm_high,
            subject.{{ key }} as norm_time_key,
            past.value is null as is_backcast
        from subject
        left join figure as past
            on
                subject.measure_kind = past.measure_kind
                and subject.measure_code = past.measure_code
                and subject.organisation_key = past.organisation_key
                and subject.{{ key }} = past.time_key
        left join backcast
            on
                subject.measure_kind = backcast.measure_kind
                and subject.measure_code = backcast.measure_code
                and subject.organisation_key = backcast.organisation_key
                and subject.{{ key }} = backcast.time_key
        where coalesce(past.value, backcast.value) is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- 2. What was decided; of a range, the end that the figure misses.
aim as (
    select
        aim.*,
        case
            when aim.value < aim.target_low then aim.target_low
            when aim.value > aim.target_high then aim.target_high
            when aim.target is null then aim.value
            else aim.target
        end as aimed_at
    from {{ ref('mart_target') }} as aim
    where aim.target_group_code = '_T' and aim.target_accumulation = 'level' and aim.value is not null
),

decided as (
    {% for kind, value in [('BASELINE', 'baseline'), ('TARGET', 'aimed_at'), ('TRAJECTORY', 'expected_now')] %}
        select
            measure_kind,
            measure_code,
            organisation_key,
            time_key,
            '{{ kind }}' as norm_kind,
            '{{ kind }}' as norm_code,
            {{ value }} as norm_value
        from aim
        where {{ value }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- 3. Norms of the registry: a value from outside, or the figure of another measure or organisation in the same period,
-- in the year of the same name where the other measure follows another calendar.
registered as (
    select
        subject.measure_kind,
        subject.measure_code,
        subject.organisation_key,
        subject.time_key,
        subject.low,
        subject.high,
        subject.sign,
        subject.unranked_reason,
        norm.norm_kind,
        norm.norm_code,
        norm.name_vi,
        norm.name_en,
        norm.comparability,
        norm.source,
        norm.value as stated_value,
        norm.reference_measure_code,
        coalesce(reference.organisation_key, subject.organisation_key) as reference_organisation_key,
        subject.frequency,
        subject.year_label
    from subject
    inner join organisation
        on subject.organisation_key = organisation.organisation_key
    inner join period
        on subject.time_key = period.time_key
    inner join {{ ref('fct_norm') }} as norm
        on
            subject.measure_code = norm.measure_code
            and (norm.organisation_code is null or organisation.organisation_code = norm.organisation_code)
            and (norm.period_code is null or period.period_code = norm.period_code)
    left join organisation as reference
        on
            norm.reference_organisation_code = reference.organisation_code
            and subject.period_end_exclusive > reference.valid_from
            and subject.period_end_exclusive <= coalesce(reference.valid_to, date '9999-12-31')
    where norm.reference_organisation_code is null or reference.organisation_key <> subject.organisation_key
),

referred as (
    select
        registered.*,
        figure.value as reference_value,
        figure.low as reference_low,
        figure.high as reference_high,
        figure.time_key as reference_time_key,
        row_number() over (
            partition by
                registered.measure_code, registered.organisation_key, registered.time_key, registered.norm_code
            order by case when figure.time_key = registered.time_key then 0 else 1 end, figure.time_key
        ) as candidate_number
    from registered
    left join period
        on
            registered.reference_measure_code is not null
            and registered.frequency = period.frequency
            and (
                registered.time_key = period.time_key
                or (registered.frequency = 'A' and registered.year_label = period.year_label)
            )
    left join figure
        on
            registered.reference_measure_code = figure.measure_code
            and registered.reference_organisation_key = figure.organisation_key
            and period.time_key = figure.time_key
    where registered.stated_value is not null or figure.value is not null
),

outside as (
    select
        referred.*,
        coalesce(cast(referred.stated_value as double), referred.reference_value) as norm_value,
        coalesce(cast(referred.stated_value as double), referred.reference_low) as norm_low,
        coalesce(cast(referred.stated_value as double), referred.reference_high) as norm_high,
        referred.norm_kind in ('OTHER_JURISDICTION', 'OTHER_COUNTRY') and referred.comparability <> 'D' as is_rankable
    from referred
    where referred.candidate_number = 1
),

{% set among = 'partition by measure_code, organisation_key, time_key, norm_kind' %}
compared_outside as (
    select
        outside.*,
        1 + sum(case when outside.is_rankable then 1 else 0 end) over ({{ among }}) as peers,
        1 + sum(
            case
                when
                    outside.is_rankable
                    and (
                        (outside.sign = 1 and outside.norm_low > outside.high)
                        or (outside.sign = -1 and outside.norm_high < outside.low)
                    )
                    then 1
                else 0
            end
        ) over ({{ among }}) as rank_low,
        1 + sum(
            case
                when
                    outside.is_rankable
                    and not (
                        (outside.sign = 1 and outside.norm_high < outside.low)
                        or (outside.sign = -1 and outside.norm_low > outside.high)
                    )
                    then 1
                else 0
            end
        ) over ({{ among }}) as rank_high
    from outside
),

norm as (
    select
        measure_kind,
        measure_code,
        organisation_key,
        time_key,
        norm_kind,
        norm_code,
        cast(null as string) as name_vi,
        cast(null as string) as name_en,
        norm_value,
        norm_low,
        norm_high,
        norm_time_key,
        is_backcast,
        'A' as comparability,
        cast(null as string) as source,
        cast(null as bigint) as members,
        cast(null as bigint) as peers,
        cast(null as bigint) as rank_low,
        cast(null as bigint) as rank_high,
        cast(null as string) as unranked_reason,
        cast(null as double) as standardised_value
    from over_time

    union all

    select
        measure_kind,
        measure_code,
        organisation_key,
        time_key,
        norm_kind,
        norm_code,
        cast(null as string) as name_vi,
        cast(null as string) as name_en,
        norm_value,
        norm_value as norm_low,
        norm_value as norm_high,
        cast(null as bigint) as norm_time_key,
        false as is_backcast,
        'A' as comparability,
        cast(null as string) as source,
        cast(null as bigint) as members,
        cast(null as bigint) as peers,
        cast(null as bigint) as rank_low,
        cast(null as bigint) as rank_high,
        cast(null as string) as unranked_reason,
        cast(null as double) as standardised_value
    from decided

    union all

    select
        measure_kind,
        measure_code,
        organisation_key,
        time_key,
        'PEER_IN_SECTOR' as norm_kind,
        peer_group_code as norm_code,
        peer_group_name_vi as name_vi,
        peer_group_name_en as name_en,
        norm_value,
        norm_value as norm_low,
        norm_value as norm_high,
        cast(null as bigint) as norm_time_key,
        false as is_backcast,
        'A' as comparability,
        cast(null as string) as source,
        members,
        peers,
        rank_low,
        rank_high,
        unranked_reason,
        standardised_value
    from {{ ref('mart_peer_rank') }}

    union all

    select
        measure_kind,
        measure_code,
        organisation_key,
        time_key,
        norm_kind,
        norm_code,
        name_vi,
        name_en,
        norm_value,
        norm_low,
        norm_high,
        reference_time_key as norm_time_key,
        false as is_backcast,
        comparability,
        source,
        cast(null as bigint) as members,
        case when is_rankable then peers end as peers,
        case when is_rankable and unranked_reason is null then rank_low end as rank_low,
        case when is_rankable and unranked_reason is null then rank_high end as rank_high,
        case
            when norm_kind not in ('OTHER_JURISDICTION', 'OTHER_COUNTRY') then null
            when comparability = 'D' then 'NOT_COMPARABLE'
            else unranked_reason
        end as unranked_reason,
        cast(null as double) as standardised_value
    from compared_outside
),

-- Funnel limits around the norm (domain.md 2.7): how far chance alone takes a unit of this size.
measured_against as (
    select
        subject.*,
        norm.norm_kind,
        norm.norm_code,
        norm.name_vi as norm_name_vi,
        norm.name_en as norm_name_en,
        norm.norm_value,
        norm.norm_low,
        norm.norm_high,
        norm.norm_time_key,
        norm.is_backcast,
        norm.comparability,
        norm.source as norm_source,
        norm.members,
        norm.peers,
        norm.rank_low,
        norm.rank_high,
        norm.unranked_reason as norm_unranked_reason,
        norm.standardised_value,
        case
            when norm.norm_kind in ('PREV_PERIOD', 'SAME_PERIOD_LY', 'BASELINE') then null
            else {{ funnel_deviation('subject', 'norm.norm_value') }}
        end as deviation
    from subject
    inner join norm
        on
            subject.measure_kind = norm.measure_kind
            and subject.measure_code = norm.measure_code
            and subject.organisation_key = norm.organisation_key
            and subject.time_key = norm.time_key
)

select
    against.measure_kind,
    against.measure_code,
    definition.name_vi as measure_name_vi,
    definition.name_en as measure_name_en,
    definition.unit,
    definition.direction,
    against.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    against.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    against.norm_kind,
    against.norm_code,
    coalesce(against.norm_name_vi, {{ norm_name('against.norm_kind', 'vi') }}) as norm_name_vi,
    coalesce(against.norm_name_en, {{ norm_name('against.norm_kind', 'en') }}) as norm_name_en,
    norm_period.period_code as norm_period_code,
    against.is_backcast,
    against.comparability,
    against.norm_source,
    against.value,
    against.lower,
    against.upper,
    against.status,
    cast(against.coverage as double) as coverage,
    cast(against.norm_value as double) as norm_value,
    cast(against.value - against.norm_value as double) as gap,
    cast({{ ratio('against.value - against.norm_value', 'abs(against.norm_value)') }} as double) as gap_share,
    case
        when against.sign = 0 or against.comparability = 'D' then 'not_judged'
        when against.value = against.norm_value then 'equal'
        when against.norm_high >= against.low and against.norm_low <= against.high then 'tied'
        when against.sign * (against.value - against.norm_value) > 0 then 'better'
        else 'worse'
    end as assessment,
    against.standardised_value,
    cast(against.rank_low as int) as rank_low,
    cast(against.rank_high as int) as rank_high,
    cast(against.peers as int) as peers,
    cast(against.members as int) as members,
    against.norm_unranked_reason as unranked_reason,
    {% for name, z in [('alert', 'funnel_alert'), ('alarm', 'funnel_alarm')] %}
        cast({{ funnel_limit('against', z, '-') }} as double) as funnel_{{ name }}_low,
        cast({{ funnel_limit('against', z, '+') }} as double) as funnel_{{ name }}_high,
    {% endfor %}
    case
        when against.deviation is null then null
        when against.value > against.norm_value + {{ var('funnel_alarm') }} * against.deviation then 'alarm_above'
        when against.value < against.norm_value - {{ var('funnel_alarm') }} * against.deviation then 'alarm_below'
        when against.value > against.norm_value + {{ var('funnel_alert') }} * against.deviation then 'alert_above'
        when against.value < against.norm_value - {{ var('funnel_alert') }} * against.deviation then 'alert_below'
        else 'within'
    end as funnel_position
from measured_against as against
inner join definition
    on
        against.measure_kind = definition.measure_kind
        and against.measure_code = definition.measure_code
inner join organisation
    on against.organisation_key = organisation.organisation_key
inner join period
    on against.time_key = period.time_key
left join period as norm_period
    on against.norm_time_key = norm_period.time_key
