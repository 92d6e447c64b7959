-- Grain: ratio with a mix_dimension x structure x organisation x period, for the total of target groups.
-- Direct: sum of W_g x r_g with the weights of the reference; indirect: observed over what the rates of the reference
-- would give with the organisation's own mix (domain.md 2.12). The reference is the topmost organisation above.
with measured as (
    select
        mart.ratio_key,
        mart.structure,
        mart.organisation_key,
        mart.time_key,
        mart.target_group_key,
        mart.numerator,
        mart.denominator,
        mart.value,
        mart.status,
        ratio.mix_dimension
    from {{ ref('mart_ratio') }} as mart
    inner join {{ ref('dim_ratio') }} as ratio
        on mart.ratio_key = ratio.ratio_key and ratio.mix_dimension is not null
    where mart.units_matched > 0 and mart.status <> 'Q' and mart.denominator >= 0
),

target_group as (
    select * from {{ ref('dim_target_group') }}
),

total as (
    select measured.*
    from measured
    inner join target_group
        on measured.target_group_key = target_group.target_group_key
    where target_group.target_group_code = '_T' and measured.denominator > 0
),

in_group as (
    select measured.*
    from measured
    inner join target_group
        on measured.target_group_key = target_group.target_group_key
    where
        target_group.dimension = measured.mix_dimension and target_group.dimension_count = 1
        and target_group.parent_target_group_code = '_T' and target_group.relation = 'partition'
        and measured.denominator > 0
),

grouped as (
    select
        ratio_key,
        structure,
        organisation_key,
        time_key,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from in_group
    group by ratio_key, structure, organisation_key, time_key
),

above as (
    select distinct
        link.structure,
        link.descendant_organisation_key as organisation_key,
        link.ancestor_organisation_key as reference_organisation_key,
        link.distance,
        period.time_key
    from {{ ref('bridge_organisation') }} as link
    inner join {{ ref('dim_time') }} as period
        on link.structure = 'as_is' or {{ overlaps('link') }}
    where link.scope_code = '*'
),

-- The topmost organisation that has the ratio, and has it broken down completely.
reference as (
    select
        total.ratio_key,
        total.structure,
        total.organisation_key,
        total.time_key,
        above.reference_organisation_key,
        reference_total.numerator as reference_numerator,
        reference_total.denominator as reference_denominator,
        row_number() over (
            partition by total.ratio_key, total.structure, total.organisation_key, total.time_key
            order by above.distance desc, above.reference_organisation_key asc
        ) as choice_number
    from total
    inner join above
        on
            total.structure = above.structure
            and total.organisation_key = above.organisation_key
            and total.time_key = above.time_key
    inner join total as reference_total
        on
            total.ratio_key = reference_total.ratio_key
            and total.structure = reference_total.structure
            and total.time_key = reference_total.time_key
            and above.reference_organisation_key = reference_total.organisation_key
    inner join grouped
        on
            reference_total.ratio_key = grouped.ratio_key
            and reference_total.structure = grouped.structure
            and reference_total.time_key = grouped.time_key
            and reference_total.organisation_key = grouped.organisation_key
            and reference_total.numerator = grouped.numerator
            and reference_total.denominator = grouped.denominator
),

compared as (
    select
        reference.ratio_key,
        reference.structure,
        reference.organisation_key,
        reference.time_key,
        reference.reference_organisation_key,
        reference.reference_numerator,
        reference.reference_denominator,
        {{ share(ratio('reference_group.denominator', 'reference.reference_denominator')) }} as weight,
        {{ ratio('reference_group.numerator', 'reference_group.denominator') }} as reference_rate,
        own_group.denominator as own_denominator,
        {{ ratio('own_group.numerator', 'own_group.denominator') }} as own_rate
    from reference
    inner join in_group as reference_group
        on
            reference.ratio_key = reference_group.ratio_key
            and reference.structure = reference_group.structure
            and reference.time_key = reference_group.time_key
            and reference.reference_organisation_key = reference_group.organisation_key
    left join in_group as own_group
        on
            reference.ratio_key = own_group.ratio_key
            and reference.structure = own_group.structure
            and reference.time_key = own_group.time_key
            and reference.organisation_key = own_group.organisation_key
            and reference_group.target_group_key = own_group.target_group_key
    where reference.choice_number = 1
),

summed as (
    select
        ratio_key,
        structure,
        organisation_key,
        time_key,
        reference_organisation_key,
        max(reference_numerator) as reference_numerator,
        max(reference_denominator) as reference_denominator,
        count(*) as groups_reference,
        count(own_rate) as groups,
        cast(sum(cast(weight * own_rate as decimal(38, 15))) as double) as direct,
        cast(sum({{ measure('own_denominator * reference_rate') }}) as double) as expected
    from compared
    group by ratio_key, structure, organisation_key, time_key, reference_organisation_key
),

standardised as (
    select
        summed.*,
        total.value,
        total.status,
        ratio.ratio_code,
        ratio.name_vi,
        ratio.name_en,
        ratio.unit,
        ratio.mix_dimension,
        cast(ratio.scale as double) as scale,
        cast(total.numerator as double) as observed,
        coalesce(total.numerator = grouped.numerator and total.denominator = grouped.denominator, false) as is_complete
    from summed
    inner join total
        on
            summed.ratio_key = total.ratio_key
            and summed.structure = total.structure
            and summed.organisation_key = total.organisation_key
            and summed.time_key = total.time_key
    inner join {{ ref('dim_ratio') }} as ratio
        on summed.ratio_key = ratio.ratio_key
    left join grouped
        on
            summed.ratio_key = grouped.ratio_key
            and summed.structure = grouped.structure
            and summed.organisation_key = grouped.organisation_key
            and summed.time_key = grouped.time_key
)

select
    standardised.ratio_key,
    standardised.ratio_code,
    standardised.name_vi as ratio_name_vi,
    standardised.name_en as ratio_name_en,
    standardised.unit,
    standardised.structure,
    standardised.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    standardised.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    standardised.mix_dimension,
    standardised.reference_organisation_key,
    reference_organisation.organisation_code as reference_organisation_code,
    standardised.value,
    cast(
        standardised.scale * {{ ratio('standardised.reference_numerator', 'standardised.reference_denominator') }}
        as double
    ) as value_reference,
    cast(
        case
            when standardised.is_complete and standardised.groups = standardised.groups_reference
                then standardised.scale * standardised.direct
        end as double
    ) as value_direct,
    standardised.observed,
    cast(case when standardised.is_complete then standardised.expected end as double) as expected,
    cast(
        case
            when standardised.is_complete then {{ ratio('standardised.observed', 'standardised.expected') }}
        end as double
    ) as observed_over_expected,
    cast(
        case
            when standardised.is_complete
                then
                    standardised.scale
                    * {{ ratio('standardised.observed', 'standardised.expected') }}
                    * {{ ratio('standardised.reference_numerator', 'standardised.reference_denominator') }}
        end as double
    ) as value_indirect,
    cast(standardised.groups as int) as groups,
    cast(standardised.groups_reference as int) as groups_reference,
    case
        when not standardised.is_complete then 'MIX_INCOMPLETE'
        when standardised.groups < standardised.groups_reference then 'NO_CASES_IN_GROUP'
    end as reason
from standardised
inner join {{ ref('dim_organisation') }} as organisation
    on standardised.organisation_key = organisation.organisation_key
inner join {{ ref('dim_organisation') }} as reference_organisation
    on standardised.reference_organisation_key = reference_organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on standardised.time_key = period.time_key
