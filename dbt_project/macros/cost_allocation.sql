{#-
    The steps from direct costs, pools of overhead and drivers to full costs (domain.md 2.10, WE-6), as common table
    expressions. `allocation` has one row a full-cost indicator x pool of overhead x bearer of the pool x period x
    accumulation x service: the share of the pool that falls on the service, in proportion to the driver. Shares are rounded
    to the decimals of the full cost by the largest remainder, so that nothing of the pool is lost or made. `full_cost` has one
    row a service: its direct cost and its shares, or no value where one of them is not known.
-#}
{% macro costs_allocated() -%}
rule as (
    select
        rule.indicator_key,
        rule.direct_indicator_key,
        rule.overhead_indicator_key,
        rule.driver_indicator_key,
        rule.across,
        rule.valid_from,
        rule.valid_to,
        power(10, full_cost.decimals) as units_in_one,
        {{ measure('power(10, -full_cost.decimals)') }} as rounding_unit
    from {{ ref('bridge_cost_allocation') }} as rule
    inner join {{ ref('dim_indicator') }} as full_cost
        on rule.indicator_key = full_cost.indicator_key
),

target_group as (
    select * from {{ ref('dim_target_group') }}
),

figure as (
    select
        observation.indicator_key,
        observation.organisation_key,
        observation.time_key,
        observation.target_group_key,
        observation.accumulation,
        observation.value,
        {{ status_rank('observation.obs_status') }} as status_rank,
        period.period_start,
        period.period_end_exclusive
    from {{ ref('fct_observation') }} as observation
    inner join {{ ref('dim_time') }} as period
        on observation.time_key = period.time_key
    where observation.is_preferred and observation.measure_kind = 'ACTUAL' and observation.value is not null
),

component as (
    {% for part in ['direct', 'overhead', 'driver'] %}
        select
            rule.*,
            '{{ part }}' as part,
            figure.organisation_key,
            figure.time_key,
            figure.target_group_key,
            figure.accumulation,
            figure.value,
            figure.status_rank,
            figure.period_start,
            figure.period_end_exclusive
        from rule
        inner join figure
            on
                rule.{{ part }}_indicator_key = figure.indicator_key
                and rule.valid_from < figure.period_end_exclusive
                and figure.period_end_exclusive <= coalesce(rule.valid_to, date '9999-12-31')
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Where the figure of a service belongs: to the pool of the organisation itself, or to that of the one above it.
placed as (
    select
        component.*,
        component.organisation_key as bearer_organisation_key
    from component
    inner join target_group
        on component.target_group_key = target_group.target_group_key
    where
        (component.part = 'overhead' and target_group.target_group_code = '_T')
        or (
            component.part <> 'overhead' and target_group.dimension_count = 1
            and target_group.dimension = component.across and target_group.parent_target_group_code = '_T'
        )

    union all

    select
        component.*,
        above.ancestor_organisation_key as bearer_organisation_key
    from component
    inner join target_group
        on component.target_group_key = target_group.target_group_key and target_group.target_group_code = '_T'
    inner join {{ ref('bridge_organisation') }} as above
        on
            component.organisation_key = above.descendant_organisation_key
            and above.structure = 'as_was'
            and above.distance = 1
            and component.period_end_exclusive > above.valid_from
            and component.period_end_exclusive <= coalesce(above.valid_to, date '9999-12-31')
    where component.part <> 'overhead' and component.across = 'ORGANISATION'
),

pool as (
    select
        indicator_key,
        overhead_indicator_key,
        bearer_organisation_key,
        time_key,
        accumulation,
        max(rounding_unit) as rounding_unit,
        max(units_in_one) as units_in_one,
        count(direct_indicator_key) > 0 as has_direct,
        max(case when part = 'overhead' then value end) as overhead,
        max(case when part = 'overhead' then status_rank else 0 end) as status_rank
    from placed
    where part <> 'driver'
    group by indicator_key, overhead_indicator_key, bearer_organisation_key, time_key, accumulation
),

-- The driver as accumulated as the cost is, else its level.
part_of_service as (
    select
        pool.*,
        placed.part,
        placed.organisation_key,
        placed.target_group_key,
        placed.value,
        placed.status_rank as part_status_rank,
        row_number() over (
            partition by
                pool.indicator_key, pool.overhead_indicator_key, pool.bearer_organisation_key, pool.time_key,
                pool.accumulation, placed.part, placed.organisation_key, placed.target_group_key
            order by case when placed.accumulation = pool.accumulation then 0 else 1 end
        ) as choice_number
    from pool
    inner join placed
        on
            pool.indicator_key = placed.indicator_key
            and pool.overhead_indicator_key = placed.overhead_indicator_key
            and pool.bearer_organisation_key = placed.bearer_organisation_key
            and pool.time_key = placed.time_key
            and (
                pool.accumulation = placed.accumulation
                or (placed.part = 'driver' and placed.accumulation = 'POINT_IN_TIME')
            )
    where placed.part <> 'overhead'
),

service as (
    select
        indicator_key,
        overhead_indicator_key,
        bearer_organisation_key,
        time_key,
        accumulation,
        organisation_key,
        target_group_key,
        max(overhead) as overhead,
        max(rounding_unit) as rounding_unit,
        max(units_in_one) as units_in_one,
        case
            when max(case when has_direct then 1 else 0 end) = 0 then 0 else
                max(case when part = 'direct' then value end)
        end
            as direct,
        max(case when part = 'driver' then value end) as driver,
        max(greatest(status_rank, part_status_rank)) as status_rank
    from part_of_service
    where choice_number = 1
    group by
        indicator_key, overhead_indicator_key, bearer_organisation_key, time_key, accumulation, organisation_key,
        target_group_key
),

totalled as (
    select
        service.*,
        sum(service.driver) over pool_of_service as driver_total,
        case
            when service.overhead is null then 'OVERHEAD_MISSING'
            when count(service.driver) over pool_of_service < count(*) over pool_of_service then 'DRIVER_MISSING'
            when min(service.driver) over pool_of_service < 0 then 'DRIVER_NEGATIVE'
            when sum(service.driver) over pool_of_service = 0 then 'DRIVER_ZERO'
            when service.direct is null then 'DIRECT_MISSING'
        end as reason
    from service
    window pool_of_service as (
        partition by
            indicator_key, overhead_indicator_key, bearer_organisation_key, time_key, accumulation
    )
),

exact as (
    select
        totalled.*,
        coalesce(totalled.reason, 'DIRECT_MISSING') = 'DIRECT_MISSING' as is_allocated,
        cast(totalled.overhead as double) * {{ ratio('totalled.driver', 'totalled.driver_total') }}
        * totalled.units_in_one as units
    from totalled
),

rounded_down as (
    select
        exact.*,
        cast(cast(floor(exact.units) as decimal(38, 0)) * exact.rounding_unit as decimal(38, 12)) as floored,
        exact.units - floor(exact.units) as remainder
    from exact
),

ranked as (
    select
        rounded_down.*,
        rounded_down.overhead - sum(rounded_down.floored) over (
            partition by
                rounded_down.indicator_key, rounded_down.overhead_indicator_key,
                rounded_down.bearer_organisation_key, rounded_down.time_key, rounded_down.accumulation
        ) as rest,
        row_number() over (
            partition by
                rounded_down.indicator_key, rounded_down.overhead_indicator_key,
                rounded_down.bearer_organisation_key, rounded_down.time_key, rounded_down.accumulation
            order by
                rounded_down.remainder desc,
                rounded_down.driver desc,
                rounded_down.organisation_key asc,
                rounded_down.target_group_key asc
        ) as remainder_number
    from rounded_down
),

shared as (
    select
        ranked.*,
        greatest(floor(cast(ranked.rest as double) * ranked.units_in_one), 0) as units_left
    from ranked
),

allocation as (
    select
        indicator_key,
        overhead_indicator_key,
        bearer_organisation_key,
        organisation_key,
        target_group_key,
        time_key,
        accumulation,
        overhead,
        driver,
        {{ measure('driver_total') }} as driver_total,
        direct,
        -- Each of the first takes a unit of what is left; the first, what is less than a unit.
        case
            when is_allocated then {{ measure(
                'floored'
                ' + case when remainder_number <= units_left then rounding_unit else 0 end'
                ' + case when remainder_number = 1 then rest - cast(units_left as decimal(18, 0)) * rounding_unit else 0 end'
            ) }}
        end as allocated,
        status_rank,
        reason
    from shared
),

full_cost as (
    select
        indicator_key,
        organisation_key,
        time_key,
        target_group_key,
        accumulation,
        case when count(allocated) = count(*) then {{ measure('max(direct) + sum(allocated)') }} end as value,
        max(status_rank) as status_rank
    from allocation
    group by indicator_key, organisation_key, time_key, target_group_key, accumulation
)
{%- endmacro %}
