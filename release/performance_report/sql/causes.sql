-- The whole's change into the last known period, member by member of each dimension; the greatest effects first.
select
    cause.ratio_code,
    cause.dimension,
    cause.period_from_label_vi as from_vi,
    cause.period_from_label_en as from_en,
    cause.member_name_vi as label_vi,
    cause.member_name_en as label_en,
    coalesce(cause.rate_effect, 0) as rate_effect,
    coalesce(cause.mix_effect, 0) as mix_effect,
    coalesce(cause.entry_exit_effect, 0) as entry_exit_effect,
    cause.total_change,
    cause.simpson_flag
from marts.mart_decomposition as cause
inner join chosen_series
    on
        cause.ratio_key = chosen_series.ratio_key
        and cause.organisation_key = chosen_series.organisation_key
        and cause.to_time_key = chosen_series.time_key
where
    cause.structure = 'as_is'
    and cause.target_group_code = '_T'
    and cause.comparison = 'previous_period'
order by
    cause.ratio_code,
    cause.dimension,
    abs(coalesce(cause.rate_effect, 0) + coalesce(cause.mix_effect, 0) + coalesce(cause.entry_exit_effect, 0)) desc,
    cause.member_code
