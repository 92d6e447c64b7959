-- Grain: ratio of a cost to a volume x productivity of what brings the volume forth x structure x organisation x target
-- group x pair of periods. Cost = volume x input needed for one x price of the input: what each of the three adds to
-- the change, in every order of the steps alike (Shapley), so that they add up exactly and a change back undoes them
-- (domain.md 2.9). Only where both ratios rest on the very same volume.
with measured as (
    select
        cost.ratio_key,
        work.ratio_key as productivity_ratio_key,
        work.ratio_code as productivity_ratio_code,
        work.ratio_name_vi as productivity_ratio_name_vi,
        work.ratio_name_en as productivity_ratio_name_en,
        cost.structure,
        cost.organisation_key,
        cost.time_key,
        cost.target_group_key,
        cost.numerator as exact_cost,
        cast(cost.numerator as double) as cost,
        cast(cost.denominator as double) as volume,
        {{ ratio('work.denominator', 'cost.denominator') }} as input_per_unit,
        {{ ratio('cost.numerator', 'work.denominator') }} as input_price,
        {{ ratio('cost.numerator', 'cost.denominator') }} as unit_cost
    from {{ ref('mart_ratio') }} as cost
    inner join {{ ref('dim_ratio') }} as cost_ratio
        on cost.ratio_key = cost_ratio.ratio_key
    inner join {{ ref('dim_ratio') }} as work_ratio
        on
            cost_ratio.denominator = work_ratio.numerator
            and work_ratio.ratio_type = 'productivity'
    inner join {{ ref('mart_ratio') }} as work
        on
            work_ratio.ratio_key = work.ratio_key
            and cost.structure = work.structure
            and cost.organisation_key = work.organisation_key
            and cost.time_key = work.time_key
            and cost.target_group_key = work.target_group_key
            and cost.denominator = work.numerator
    where
        cost.ratio_class = 'unit_cost'
        and cost.value is not null and cost.denominator > 0
        and work.value is not null and work.denominator > 0
),

change as (
    select
        pair.comparison,
        pair.from_time_key,
        pair.to_time_key,
        later.ratio_key,
        later.productivity_ratio_key,
        later.productivity_ratio_code,
        later.productivity_ratio_name_vi,
        later.productivity_ratio_name_en,
        later.structure,
        later.organisation_key,
        later.target_group_key,
        {% for column in ['cost', 'volume', 'input_per_unit', 'input_price', 'unit_cost'] %}
            earlier.{{ column }} as {{ column }}_from,
            later.{{ column }} as {{ column }}_to,
        {% endfor %}
        cast(later.exact_cost - earlier.exact_cost as double) as total_change
    from measured as later
    inner join {{ ref('int_period_pair') }} as pair
        on later.time_key = pair.to_time_key
    inner join measured as earlier
        on
            pair.from_time_key = earlier.time_key
            and later.ratio_key = earlier.ratio_key
            and later.productivity_ratio_key = earlier.productivity_ratio_key
            and later.structure = earlier.structure
            and later.organisation_key = earlier.organisation_key
            and later.target_group_key = earlier.target_group_key
),

split as (
    select
        change.*,
        {{ effect_of_three('volume', 'input_per_unit', 'input_price') }} as volume_effect,
        {{ effect_of_three('input_per_unit', 'volume', 'input_price') }} as input_effect,
        (change.input_price_from + change.input_price_to) / 2 * (change.input_per_unit_to - change.input_per_unit_from)
            as unit_cost_input_effect,
        change.unit_cost_to - change.unit_cost_from as unit_cost_change
    from change
)

select
    split.ratio_key,
    ratio.ratio_code,
    ratio.name_vi as ratio_name_vi,
    ratio.name_en as ratio_name_en,
    ratio.numerator_unit as unit,
    split.productivity_ratio_key,
    split.productivity_ratio_code,
    split.productivity_ratio_name_vi,
    split.productivity_ratio_name_en,
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
    split.input_per_unit_from,
    split.input_per_unit_to,
    split.input_price_from,
    split.input_price_to,
    split.total_change - split.volume_effect - split.input_effect as price_effect,
    split.input_effect,
    split.volume_effect,
    split.total_change,
    split.unit_cost_from,
    split.unit_cost_to,
    split.unit_cost_change - split.unit_cost_input_effect as unit_cost_price_effect,
    split.unit_cost_input_effect,
    split.unit_cost_change
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
