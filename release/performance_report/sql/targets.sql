-- What the whole should have reached by each period, and its colour.
select
    target.measure_code as ratio_code,
    target.period_code as code,
    target.expected_now,
    target.rag
from marts.mart_target as target
inner join core.dim_ratio as ratio on target.measure_code = ratio.ratio_code
inner join chosen_series
    on ratio.ratio_key = chosen_series.ratio_key and target.organisation_key = chosen_series.organisation_key
where target.measure_kind = 'ratio' and target.target_group_code = '_T'
order by target.measure_code, target.time_key, target.target_kind
