-- The whole's figures up to the last known period, period by period.
select
    figure.*,
    figure.period_code as code,
    figure.period_label_vi as label_vi,
    figure.period_label_en as label_en
from figure
inner join chosen_series using (ratio_key, calendar_code, frequency, organisation_key)
where figure.target_group_code = '_T' and figure.period_start <= chosen_series.period_start
order by figure.ratio_code, figure.period_start
