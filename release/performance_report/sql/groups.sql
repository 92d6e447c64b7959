-- The whole's figures of the members of each dimension, in the last known period.
select
    figure.*,
    member.dimension,
    figure.target_group_code as code,
    figure.target_group_name_vi as label_vi,
    figure.target_group_name_en as label_en
from figure
inner join chosen_series using (ratio_key, organisation_key, time_key)
inner join marts.mart_disaggregation as member
    on
        member.measure_kind = 'ratio'
        and figure.ratio_code = member.measure_code
        and figure.organisation_key = member.organisation_key
        and figure.time_key = member.time_key
        and figure.target_group_key = member.target_group_key
order by figure.ratio_code, member.dimension, figure.value desc nulls last, figure.target_group_code
