-- Grain: programme x organisation x type of regulation x year x structure: the stock of regulations and its reduction.
-- Counts are of regulations, each once, as they stand at the end of the year. Approved is not implemented, and gross is
-- not net of what was newly issued (domain.md 7.4.1, 7.5). Who answers follows from who holds the function: at the end
-- of the year (as_was) or today (as_is).
with state as (
    select * from {{ ref('int_regulation_by_year') }}
),

held as (
    {% for structure, day in [('as_was', 'state.period_end_exclusive'), ('as_is', "date '9999-12-31'")] %}
        select
            '{{ structure }}' as structure,
            state.*,
            link.ancestor_organisation_key as organisation_key
        from state
        inner join {{ ref('bridge_function_holder') }} as holder
            on
                state.function_code = holder.function_code
                and {{ day }} > holder.valid_from
                and {{ day }} <= coalesce(holder.valid_to, date '9999-12-31')
        inner join {{ ref('bridge_organisation') }} as link
            on
                holder.organisation_key = link.descendant_organisation_key
                and link.structure = 'as_was'
                and {{ day }} > link.valid_from
                and {{ day }} <= coalesce(link.valid_to, date '9999-12-31')
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

typed as (
    {% for code, name_vi, name_en in [
        ('target_group_code', 'target_group_name_vi', 'target_group_name_en'), ("'_T'", "'Tổng số'", "'Total'")
    ] %}
        select
            held.*,
            {{ code }} as regulation_type_code,
            {{ name_vi }} as regulation_type_name_vi,
            {{ name_en }} as regulation_type_name_en
        from held
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{% set counts = {
    'baseline_stock': 'is_baseline',
    'reviewed': 'is_baseline and reviewed_on is not null',
    'approved': 'is_baseline and approved_on is not null',
    'approved_implemented': 'is_baseline and approved_on is not null and implemented_on is not null',
    'abolished': "is_baseline and outcome = 'abolished'",
    'simplified': "is_baseline and outcome = 'simplified'",
    'merged': "is_baseline and outcome = 'merged'",
    'replaced': "is_baseline and outcome = 'replaced'",
    'newly_issued': 'not is_baseline',
    'newly_issued_abolished': "not is_baseline and outcome = 'abolished'",
    'open_up_to_180_days': 'is_baseline and days_open <= 180',
    'open_181_to_365_days': 'is_baseline and days_open > 180 and days_open <= 365',
    'open_over_365_days': 'is_baseline and days_open > 365',
    'approved_in_year': 'is_baseline and approved_on >= period_start',
    'cut_in_year': 'is_baseline and cut_on >= period_start',
    'newly_issued_in_year': 'is_new_this_year',
    'costed': 'is_baseline and cost_before is not null',
    'cut_costed': "is_baseline and outcome in ('abolished', 'simplified') and cost_saved is not null",
} %}
counted as (
    select
        programme_code,
        structure,
        organisation_key,
        regulation_type_code,
        regulation_type_name_vi,
        regulation_type_name_en,
        time_key,
        {% for name, condition in counts.items() %}
            sum(case when {{ condition }} then 1 else 0 end) as {{ name }},
        {% endfor %}
        max(case when is_baseline then days_open end) as oldest_open_days,
        sum(case when is_baseline then cost_before end) as cost_baseline,
        sum(case when is_baseline then coalesce(cost_saved, 0) end) as cost_saved,
        sum(case when not is_baseline and outcome <> 'abolished' then coalesce(cost_before, 0) else 0 end) as cost_added
    from typed
    group by
        programme_code, structure, organisation_key, regulation_type_code, regulation_type_name_vi,
        regulation_type_name_en, time_key
),

summed as (
    select
        counted.*,
        counted.abolished + counted.simplified as cut,
        counted.newly_issued - counted.newly_issued_abolished as newly_issued_in_force
    from counted
)

select
    summed.programme_code,
    programme.name_vi as programme_name_vi,
    programme.name_en as programme_name_en,
    summed.structure,
    summed.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    organisation.level as organisation_level,
    summed.regulation_type_code,
    summed.regulation_type_name_vi,
    summed.regulation_type_name_en,
    summed.time_key,
    period.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    {% for name in counts if name not in ('costed', 'cut_costed') %}
        cast(summed.{{ name }} as bigint) as {{ name }},
    {% endfor %}
    cast(summed.cut as bigint) as cut,
    cast(summed.newly_issued_in_force as bigint) as newly_issued_in_force,
    cast(summed.baseline_stock - summed.abolished + summed.newly_issued_in_force as bigint) as stock,
    cast(summed.approved - summed.approved_implemented as bigint) as approved_not_implemented,
    cast(summed.oldest_open_days as int) as oldest_open_days,
    100 * {{ ratio('summed.cut', 'summed.baseline_stock') }} as gross_reduction_percent,
    100 * {{ ratio('summed.abolished', 'summed.baseline_stock') }} as abolished_percent,
    100 * {{ ratio('summed.newly_issued_in_force - summed.abolished', 'summed.baseline_stock') }} as net_change_percent,
    100 * {{ ratio('summed.approved_implemented', 'summed.approved') }} as implementation_percent,
    {{ measure('summed.cost_baseline') }} as cost_baseline,
    {{ measure('summed.cost_saved') }} as cost_saved,
    {{ measure('summed.cost_added') }} as cost_added,
    100 * {{ ratio('summed.cost_saved', 'summed.cost_baseline') }} as cost_saved_percent,
    {{ ratio('summed.costed', 'summed.baseline_stock') }} as cost_coverage,
    {{ ratio('summed.cut_costed', 'summed.cut') }} as cost_saved_coverage
from summed
inner join {{ ref('dim_programme') }} as programme
    on summed.programme_code = programme.programme_code
inner join {{ ref('dim_organisation') }} as organisation
    on summed.organisation_key = organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on summed.time_key = period.time_key
