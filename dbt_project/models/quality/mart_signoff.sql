-- Grain: organisation x period x source that was ever signed or prepared; the source is empty where all are signed.
with signoff as (
    select * from {{ ref('stg_signoff') }}
),

bearer as (
    select
        signoff.organisation_code,
        signoff.period_code,
        organisation.organisation_key,
        organisation.name_vi,
        organisation.name_en,
        row_number() over (
            partition by signoff.organisation_code, signoff.period_code
            order by
                case when {{ overlaps('organisation') }} then 0 else 1 end,
                organisation.valid_from desc
        ) as candidate_number
    from signoff
    inner join {{ ref('dim_organisation') }} as organisation
        on signoff.organisation_code = organisation.organisation_code
    left join {{ ref('dim_time') }} as period
        on signoff.period_code = period.period_code
),

named as (
    select distinct
        organisation_code,
        period_code,
        organisation_key,
        name_vi,
        name_en
    from bearer
    where candidate_number = 1
)

select
    named.organisation_key,
    signoff.organisation_code,
    named.name_vi as organisation_name_vi,
    named.name_en as organisation_name_en,
    signoff.period_code,
    period.label_vi as period_label_vi,
    period.label_en as period_label_en,
    signoff.source_code,
    source.name_vi as source_name_vi,
    source.name_en as source_name_en,
    signoff.status,
    signoff.prepared_by,
    signoff.prepared_at,
    signoff.approved_by,
    signoff.approved_at,
    signoff.withdrawn_by,
    signoff.withdrawn_at,
    signoff.signed_hash,
    signoff.current_hash,
    signoff.figures,
    signoff.figures_changed
from signoff
left join named
    on signoff.organisation_code = named.organisation_code and signoff.period_code = named.period_code
left join {{ ref('dim_time') }} as period
    on signoff.period_code = period.period_code
left join {{ ref('dim_source') }} as source
    on signoff.source_code = source.source_code
