-- The organisations of the commonest level below the whole, in the last known period; the highest first.
with beside as (
    select figure.*
    from figure
    inner join chosen_series on figure.ratio_key = chosen_series.ratio_key and figure.time_key = chosen_series.time_key
    where figure.target_group_code = '_T' and figure.organisation_key <> chosen_series.organisation_key
),

commonest_level as (
    select
        ratio_key,
        organisation_level
    from beside
    group by ratio_key, organisation_level
    qualify row_number() over (partition by ratio_key order by count(value) desc, count(*) desc, organisation_level) = 1
)

select
    beside.*,
    beside.organisation_code as code,
    beside.organisation_name_vi as label_vi,
    beside.organisation_name_en as label_en
from beside
inner join commonest_level using (ratio_key, organisation_level)
order by beside.ratio_code, beside.value desc nulls last, beside.organisation_code, beside.organisation_key
