-- Grain: indicator x organisation x period: how far the figures below can be relied on (domain.md 6.6).
-- Each part is 0 to 100; one that does not apply (nothing was owed) has no weight in the score.
with counted as (
    select * from {{ ref('int_quality_rolled_up') }}
    where structure = 'as_was'
),

open_finding as (
    select open_finding.*
    from {{ ref('int_open_finding') }} as open_finding
    inner join {{ ref('dim_target_group') }} as target_group
        on open_finding.target_group_key = target_group.target_group_key and target_group.target_group_code = '_T'
    where open_finding.structure = 'as_was' and open_finding.measure_kind = 'indicator'
),

part as (
    select
        counted.*,
        {{ ratio('cells_filled', 'cells_required') }} as completeness,
        {{ ratio('on_time', 'expected') }} as timeliness,
        {{ ratio('timeliness_points', 'expected') }} as timeliness_score,
        100 * (1 - {{ ratio('cells_quarantined', 'cells_filled') }}) as validity_score,
        100 * (1 - least({{ ratio('cells_inconsistent', 'cells_filled') }}, 1)) as consistency_score
    from counted
),

{% set weights = var('quality_weights') -%}
{% set scores = {
    'completeness': '100 * completeness', 'timeliness': 'timeliness_score',
    'validity': 'validity_score', 'consistency': 'consistency_score',
} -%}
weighed as (
    select
        part.*,
        {% for name, score in scores.items() %}
            case when {{ score }} is null then 0 else {{ weights[name] }} end{{ ' +' if not loop.last }}
        {% endfor %} as weight_known,
        {% for name, score in scores.items() %}
            coalesce({{ score }} * {{ weights[name] }}, 0){{ ' +' if not loop.last }}
        {% endfor %} as points
    from part
)

select
    weighed.indicator_key,
    indicator.indicator_code,
    indicator.name_vi as indicator_name_vi,
    indicator.name_en as indicator_name_en,
    weighed.organisation_key,
    organisation.organisation_code,
    organisation.valid_from as organisation_valid_from,
    organisation.name_vi as organisation_name_vi,
    organisation.name_en as organisation_name_en,
    weighed.time_key,
    period.period_code,
    period.period_start,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    weighed.is_rolled_up,
    weighed.cells_required,
    weighed.cells_filled,
    weighed.cells_quarantined as quarantined,
    weighed.cells_inconsistent,
    weighed.expected,
    weighed.received,
    weighed.on_time,
    weighed.completeness,
    weighed.timeliness,
    cast({{ ratio('weighed.working_days_late', 'weighed.received') }} as double) as mean_working_days_late,
    weighed.findings_block,
    weighed.findings_quarantine,
    weighed.findings_warn,
    weighed.findings_info,
    {{ open_findings('open_finding') }},
    cast(100 * weighed.completeness as double) as completeness_score,
    cast(weighed.timeliness_score as double) as timeliness_score,
    cast(weighed.validity_score as double) as validity_score,
    cast(weighed.consistency_score as double) as consistency_score,
    cast({{ ratio('weighed.points', 'weighed.weight_known') }} as double) as quality_score,
    cast(weighed.weight_known as double) as weight_known
from weighed
inner join {{ ref('dim_indicator') }} as indicator
    on weighed.indicator_key = indicator.indicator_key
inner join {{ ref('dim_organisation') }} as organisation
    on weighed.organisation_key = organisation.organisation_key
inner join {{ ref('dim_time') }} as period
    on weighed.time_key = period.time_key
left join open_finding
    on
        weighed.indicator_key = open_finding.measure_key
        and weighed.organisation_key = open_finding.organisation_key
        and weighed.time_key = open_finding.time_key
