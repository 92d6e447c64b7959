-- Grain: scorecard x node x organisation x period.
-- A measure is scored from data over all units below the organisation (data cascade); a node above is the weighted mean
-- of the scores below it (score cascade). The two are never mixed: no score of one organisation enters another's
-- (domain.md 8.1 to 8.3). Each row prints its method and its coverage.
with assignment as (
    select * from {{ ref('fct_scorecard_period') }}
),

node as (
    select * from {{ ref('dim_scorecard_node') }}
),

period as (
    select * from {{ ref('dim_time') }}
),

figure as (
    {{ measure_figure() }}
),

total_group as (
    select target_group_key from {{ ref('dim_target_group') }}
    where target_group_code = '_T'
),

-- The moment up to which the warehouse knows anything: no clock decides whether a deadline has passed.
known_until as (
    select max(cast(received_at as date)) as day from {{ ref('fct_submission') }}
),

scored_node as (
    select
        assignment.*,
        node.node_code,
        node.parent_node_code,
        node.depth,
        node.node_type,
        node.measure_code,
        node.weight,
        node.method,
        cast(node.baseline as double) as own_baseline,
        cast(node.target as double) as own_target,
        cast(node.range_low as double) as own_low,
        cast(node.range_high as double) as own_high,
        node.band_code,
        node.is_veto,
        node.cap,
        node.floor
    from assignment
    inner join node
        on assignment.scorecard_code = node.scorecard_code
),

-- A measure that follows another calendar is read in the year of the same name.
candidate as (
    select
        scored_node.*,
        measured.time_key as measured_time_key,
        figure.value,
        figure.status,
        figure.reason,
        figure.coverage as figure_coverage,
        row_number() over (
            partition by
                scored_node.scorecard_code, scored_node.node_code, scored_node.organisation_key, scored_node.time_key
            order by
                case when figure.value is not null then 0 else 1 end,
                case when scored_node.time_key = measured.time_key then 0 else 1 end,
                case when figure.measure_code is not null then 0 else 1 end,
                measured.period_code
        ) as candidate_number
    from scored_node
    inner join period
        on scored_node.time_key = period.time_key
    inner join period as measured
        on
            period.time_key = measured.time_key
            or (period.frequency = 'A' and measured.frequency = 'A' and period.year_label = measured.year_label)
    cross join total_group
    left join figure
        on
            scored_node.measure_code = figure.measure_code
            and scored_node.organisation_key = figure.organisation_key
            and measured.time_key = figure.time_key
            and total_group.target_group_key = figure.target_group_key
    where scored_node.node_type = 'measure'
),

aimed as (
    select
        candidate.*,
        coalesce(candidate.own_baseline, aim.baseline) as baseline,
        coalesce(candidate.own_target, aim.target) as target,
        coalesce(candidate.own_low, aim.target_low) as range_low,
        coalesce(candidate.own_high, aim.target_high) as range_high,
        score_band.points
    from candidate
    cross join total_group
    left join {{ ref('mart_target') }} as aim
        on
            candidate.measure_code = aim.measure_code
            and candidate.organisation_key = aim.organisation_key
            and candidate.measured_time_key = aim.time_key
            and total_group.target_group_key = aim.target_group_key
    left join {{ ref('dim_score_band') }} as score_band
        on
            candidate.method = 'band'
            and candidate.band_code = score_band.band_code
            and (score_band.low is null or candidate.value >= cast(score_band.low as double))
            and (score_band.high is null or candidate.value < cast(score_band.high as double))
    where candidate.candidate_number = 1
),

rated as (
    select
        aimed.*,
        case
            when aimed.value is null then coalesce(aimed.reason, 'NO_VALUE')
            when aimed.figure_coverage < {{ var('rag_coverage') }} then 'COVERAGE'
            when {{ raw_score('aimed') }} is null then 'NO_SCORE'
        end as missing_reason,
        {{ raw_score('aimed') }} as raw_score
    from aimed
),

floored as (
    select
        rated.*,
        coalesce(
            rated.missing_data = 'floor_after_deadline'
            and known_until.day > rated.deadline
            and rated.missing_reason in ('NO_VALUE', 'NUM_MISSING', 'DEN_MISSING', 'COVERAGE'),
            false
        ) as is_floored
    from rated
    cross join known_until
),

measure_score as (
    select
        floored.*,
        case
            when floored.is_floored then floored.floor
            when floored.missing_reason is null
                then
                    {{ measure('greatest(floored.floor, least(floored.cap, ' ~ measure('floored.raw_score') ~ '))') }}
        end as score
    from floored
),

{#- From the deepest level up: what is below a node is scored before the node is. -#}
{% set deepest = scorecard_levels() | int %}
{% for depth in range(deepest, -1, -1) %}
    {% if depth < deepest %}
        summed_{{ depth }} as (
            select
                child.scorecard_code,
                child.parent_node_code as node_code,
                child.organisation_key,
                child.time_key,
                {{ weighted_sum('child.score') }} as score_sum,
                {{ weighted_sum('child.coverage') }} as coverage,
                sum(case when child.score is not null then child.weight else 0 end) as available_weight,
                max(case when child.is_floored then 1 else 0 end) = 1 as is_floored,
                max(case when child.is_veto and child.rag = 'red' then 1 else 0 end) = 1 as is_vetoed,
                max(child.unvalidated) as unvalidated
            from level_{{ depth + 1 }} as child
            group by child.scorecard_code, child.parent_node_code, child.organisation_key, child.time_key
        ),

        composite_{{ depth }} as (
            select
                scored_node.*,
                case
                    when summed.available_weight >= scored_node.minimum_coverage
                        then
                            least(
                                scored_node.node_cap,
                                coalesce(scored_node.cap, scored_node.node_cap),
                                {{ measure(ratio('summed.score_sum', 'summed.available_weight')) }}
                            )
                end as score,
                coalesce(summed.coverage, 0) as coverage,
                coalesce(summed.available_weight, 0) as available_weight,
                coalesce(summed.is_floored, false) as is_floored,
                coalesce(summed.is_vetoed, false) as is_vetoed,
                coalesce(summed.unvalidated, 0) as unvalidated
            from scored_node
            left join summed_{{ depth }} as summed
                on
                    scored_node.scorecard_code = summed.scorecard_code
                    and scored_node.node_code = summed.node_code
                    and scored_node.organisation_key = summed.organisation_key
                    and scored_node.time_key = summed.time_key
            where scored_node.depth = {{ depth }} and scored_node.node_type <> 'measure'
        ),
    {% endif %}

    level_{{ depth }} as (
        select
            scorecard_code,
            node_code,
            organisation_key,
            time_key,
            parent_node_code,
            weight,
            is_veto,
            score,
            {{ score_colour('score') }} as rag,
            {{ share('case when score is not null and not is_floored then 1 else 0 end') }} as coverage,
            {{ share('case when score is null then 0 else 1 end') }} as available_weight,
            missing_reason,
            is_floored,
            false as is_vetoed,
            case when status = 'V' then 1 else 0 end as unvalidated
        from measure_score
        where depth = {{ depth }}
        {% if depth < deepest %}

            union all

            select
                scorecard_code,
                node_code,
                organisation_key,
                time_key,
                parent_node_code,
                weight,
                is_veto,
                score,
                {{ score_colour('score', 'is_vetoed') }} as rag,
                {{ share('coverage') }} as coverage,
                {{ share('available_weight') }} as available_weight,
                case when score is null then 'COVERAGE' end as missing_reason,
                is_floored,
                is_vetoed,
                unvalidated
            from composite_{{ depth }}
        {% endif %}
    ),
{% endfor %}

scored as (
    {% for depth in range(0, deepest + 1) %}
        select * from level_{{ depth }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

definition as (
    {{ measure_definition() }}
)

select
    scored.scorecard_code,
    scored.node_code,
    scored.parent_node_code,
    node.depth,
    node.node_type,
    node.name_vi as node_name_vi,
    node.name_en as node_name_en,
    scored.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    scored.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    case when node.node_type = 'measure' then 'measure' else 'composite' end as score_kind,
    node.measure_code,
    definition.name_vi as measure_name_vi,
    definition.name_en as measure_name_en,
    measured.period_code as measured_period_code,
    measure_score.value,
    definition.unit,
    measure_score.status,
    measure_score.baseline,
    measure_score.target,
    measure_score.range_low,
    measure_score.range_high,
    coalesce(node.method, 'weighted_mean') as method,
    {{ score_method_name("coalesce(node.method, 'weighted_mean')", 'vi') }} as method_name_vi,
    {{ score_method_name("coalesce(node.method, 'weighted_mean')", 'en') }} as method_name_en,
    cast(measure_score.raw_score as double) as raw_score,
    cast(scored.score as double) as score,
    scored.weight,
    cast(scored.coverage as double) as coverage,
    cast(scored.available_weight as double) as available_weight,
    scored.rag,
    scored.missing_reason,
    assignment.missing_data,
    cast(assignment.minimum_coverage as double) as minimum_coverage,
    cast(assignment.node_cap as double) as node_cap,
    assignment.deadline,
    scored.is_floored,
    scored.is_veto,
    scored.is_vetoed,
    scored.unvalidated = 1 as is_unvalidated,
    assignment.recorded_at as decided_at,
    assignment.recorded_at >= period.period_start as is_decided_after_start
from scored
inner join assignment
    on
        scored.scorecard_code = assignment.scorecard_code
        and scored.organisation_key = assignment.organisation_key
        and scored.time_key = assignment.time_key
inner join node
    on
        scored.scorecard_code = node.scorecard_code
        and scored.node_code = node.node_code
inner join {{ ref('dim_organisation') }} as organisation
    on scored.organisation_key = organisation.organisation_key
inner join period
    on scored.time_key = period.time_key
left join measure_score
    on
        scored.scorecard_code = measure_score.scorecard_code
        and scored.node_code = measure_score.node_code
        and scored.organisation_key = measure_score.organisation_key
        and scored.time_key = measure_score.time_key
left join period as measured
    on measure_score.measured_time_key = measured.time_key
left join definition
    on node.measure_code = definition.measure_code
