-- Grain: ratio of a cost to a volume x structure x organisation x target group x pair of periods.
-- Change of cost = mean volume x change of price + mean price x change of volume, exactly (Bennet; domain.md 2.9).
with measured as (
    select
        mart.ratio_key,
        mart.structure,
        mart.organisation_key,
        mart.time_key,
        mart.target_group_key,
        mart.numerator,
        mart.denominator,
        cast(mart.numerator as double) as cost,
        cast(mart.denominator as double) as volume,
        {{ ratio('mart.numerator', 'mart.denominator') }} as unit_cost
    from {{ ref('mart_ratio') }} as mart
    where
        mart.ratio_class = 'unit_cost' and mart.value is not null and mart.denominator > 0
),

change as (
    select
        pair.comparison,
        pair.from_time_key,
        pair.to_time_key,
        later.ratio_key,
        later.structure,
        later.organisation_key,
        later.target_group_key,
        earlier.cost as cost_from,
        later.cost as cost_to,
        earlier.volume as volume_from,
        later.volume as volume_to,
        earlier.unit_cost as unit_cost_from,
        later.unit_cost as unit_cost_to,
        cast(later.numerator - earlier.numerator as double) as total_change
    from measured as later
    inner join {{ ref('int_period_pair') }} as pair
        on later.time_key = pair.to_time_key
    inner join measured as earlier
        on
            pair.from_time_key = earlier.time_key
            and later.ratio_key = earlier.ratio_key
            and later.structure = earlier.structure
            and later.organisation_key = earlier.organisation_key
            and later.target_group_key = earlier.target_group_key
),

split as (
    select
        change.*,
        (change.unit_cost_from + change.unit_cost_to) / 2 * (change.volume_to - change.volume_from) as volume_effect
    from change
)

select
    split.ratio_key,
    ratio.ratio_code,
    ratio.name_vi as ratio_name_vi,
    ratio.name_en as ratio_name_en,
    ratio.numerator_unit as unit,
    split.structure,
    split.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    split.target_group_key,
    target_group.target_group_code,
    target_group.name_vi as target_group_name_vi,
    target_group.name_en as target_group_name_en,
    split.comparison,
    split.from_time_key,
    period_from.period_code as period_from,
    period_from.label_vi as period_from_label_vi,
    period_from.label_en as period_from_label_en,
    split.to_time_key,
    period_to.period_code as period_to,
    period_to.label_vi as period_to_label_vi,
    period_to.label_en as period_to_label_en,
    split.cost_from,
    split.cost_to,
    split.volume_from,
    split.volume_to,
    split.unit_cost_from,
    split.unit_cost_to,
    split.total_change - split.volume_effect as price_effect,
    split.volume_effect,
    split.total_change
from split
inner join {{ ref('dim_ratio') }} as ratio
    on split.ratio_key = ratio.ratio_key
inner join {{ ref('dim_organisation') }} as organisation
    on split.organisation_key = organisation.organisation_key
inner join {{ ref('dim_target_group') }} as target_group
    on split.target_group_key = target_group.target_group_key
inner join {{ ref('dim_time') }} as period_from
    on split.from_time_key = period_from.time_key
inner join {{ ref('dim_time') }} as period_to
    on split.to_time_key = period_to.time_key
