-- A row a ratio that is drawn.
select
    ratio.ratio_code,
    ratio.name_vi,
    ratio.name_en,
    ratio.ratio_type,
    ratio.numerator,
    ratio.denominator,
    ratio.unit,
    cast(ratio.scale as double) as scale,
    ratio.decimals,
    ratio.direction,
    organisation.name_vi as whole_name_vi,
    organisation.name_en as whole_name_en,
    organisation.organisation_code as whole_code
from chosen_series
inner join core.dim_ratio as ratio on chosen_series.ratio_key = ratio.ratio_key
inner join core.dim_organisation as organisation on chosen_series.organisation_key = organisation.organisation_key
order by ratio.ratio_type, ratio.ratio_code
