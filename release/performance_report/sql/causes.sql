-- The whole's change into the last known period, member by member of each dimension; the greatest effects first.
-- Where the whole is withheld in either period there is no change to explain.
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
inner join marts.mart_ratio as before
    on
        cause.ratio_key = before.ratio_key
        and cause.organisation_key = before.organisation_key
        and cause.target_group_key = before.target_group_key
        and cause.from_time_key = before.time_key
        and cause.structure = before.structure
inner join marts.mart_ratio as after
    on
        cause.ratio_key = after.ratio_key
        and cause.organisation_key = after.organisation_key
        and cause.target_group_key = after.target_group_key
        and cause.to_time_key = after.time_key
        and cause.structure = after.structure
where
    before.value is not null
    and after.value is not null
    and cause.structure = 'as_is'
    and cause.target_group_code = '_T'
    and cause.comparison = 'previous_period'
order by
    cause.ratio_code,
    cause.dimension,
    abs(coalesce(cause.rate_effect, 0) + coalesce(cause.mix_effect, 0) + coalesce(cause.entry_exit_effect, 0)) desc,
    cause.member_code
