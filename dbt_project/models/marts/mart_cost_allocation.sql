-- Grain: full-cost indicator x pool of overhead x bearer x period x accumulation x service.
with {{ costs_allocated() }},

indicator as (
    select * from {{ ref('dim_indicator') }}
)

select
    allocation.indicator_key,
    indicator.indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    allocation.overhead_indicator_key,
    overhead.indicator_code as overhead_indicator_code,
    overhead.name_vi as overhead_name_vi,
    overhead.name_en as overhead_name_en,
    allocation.bearer_organisation_key,
    bearer.organisation_code as bearer_organisation_code,
    allocation.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    allocation.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    allocation.accumulation,
    allocation.target_group_key,
    target_group.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    indicator.unit,
    allocation.overhead,
    allocation.driver,
    allocation.driver_total,
    cast({{ ratio('allocation.driver', 'allocation.driver_total') }} as double) as driver_share,
    allocation.direct,
    allocation.allocated,
    full_cost.value as full_cost,
    coalesce(allocation.reason, case when full_cost.value is null then 'OTHER_POOL' end) as reason
from allocation
inner join full_cost
    on
        allocation.indicator_key = full_cost.indicator_key
        and allocation.organisation_key = full_cost.organisation_key
        and allocation.target_group_key = full_cost.target_group_key
        and allocation.time_key = full_cost.time_key
        and allocation.accumulation = full_cost.accumulation
inner join indicator
    on allocation.indicator_key = indicator.indicator_key
inner join indicator as overhead
    on allocation.overhead_indicator_key = overhead.indicator_key
inner join {{ ref('dim_organisation') }} as bearer
    on allocation.bearer_organisation_key = bearer.organisation_key
inner join {{ ref('dim_organisation') }} as organisation
    on allocation.organisation_key = organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on allocation.time_key = period.time_key
inner join {{ ref('dim_target_group') }} as target_group
    on allocation.target_group_key = target_group.target_group_key
