-- grain: ratio × submission × organisation × period × group × accumulation; both parts complete in the same submission
create table ratio_parts as
with simple_ratio as (
    select ratio_code, count(*) as terms
    from ratio_term
    group by ratio_code
    having bool_and(factor_2 is null) and bool_or(part = 'numerator') and bool_or(part = 'denominator')
),
figures as (
    select
        ratio_term.ratio_code, ratio_term.part, ratio_term.term_number, ratio_term.sign, sound.*
    from sound
    join ratio_term on ratio_term.factor_1 = sound.indicator_code
    join simple_ratio on simple_ratio.ratio_code = ratio_term.ratio_code
    where sound.value is not null and sound.measure_kind = 'ACTUAL'
),
summed as (
    select
        ratio_code, submission_id, organisation_code, organisation_valid_from, calendar_code, period_code,
        target_group_code, measure_kind, accumulation,
        count(*) as terms,
        sum(sign * value) filter (where part = 'numerator') as numerator,
        sum(sign * value) filter (where part = 'denominator') as denominator,
        list(row_id order by row_id) as row_ids,
        arg_min(sheet, term_number) filter (where part = 'numerator') as sheet,
        arg_min(cell, term_number) filter (where part = 'numerator') as cell,
        arg_min(indicator_code, term_number) filter (where part = 'numerator') as indicator_code
    from figures
    group by all
)
select summed.*, measure.ratio_class, measure.scale, measure.lag
from summed
join simple_ratio using (ratio_code, terms)
join measure on measure.code = summed.ratio_code and measure.is_ratio;

-- grain: one ratio that a source states itself, beside what its parts give (RAT-04)
create table claimed_ratio as
with claim as (
    select
        sound.row_id as claim_row_id,
        sound.value as claim,
        ratio_parts.numerator,
        ratio_parts.scale,
        ratio_parts.scale::double * ratio_parts.numerator::double / ratio_parts.denominator::double as recomputed,
        ratio_parts.scale::double * ratio_parts.denominator::double / nullif(ratio_parts.numerator, 0)::double as swapped,
        least(6, greatest(
            length(regexp_extract(number_text(sound.value), '\.([0-9]+)$', 1)),
            length(regexp_extract(trim(replace(coalesce(sound.raw_text, ''), '%', '')), '[.,]([0-9]{1,2})$', 1))
        )) as decimals
    from sound
    join ratio_parts
        on ratio_parts.ratio_code = sound.indicator_code and ratio_parts.submission_id = sound.submission_id
        and ratio_parts.organisation_code = sound.organisation_code
        and ratio_parts.organisation_valid_from = sound.organisation_valid_from
        and ratio_parts.period_code = sound.period_code and ratio_parts.target_group_code = sound.target_group_code
        and ratio_parts.accumulation = sound.accumulation
    where sound.measure_kind = 'REPORTED_RATIO' and sound.value is not null and ratio_parts.denominator > 0
),
compared as (
    -- a double's last bits must not decide whether a half is within half a unit
    select *, 0.5 * pow(10, -decimals) + 1e-9 as half_unit, pow(10, decimals) as unit from claim
),
-- the whole denominators that would give the claim; where there is one alone, it is worth a look (GF-23)
explained as (
    select *,
        ceil(scale::double * numerator::double / (claim::double + half_unit)) as least_denominator,
        floor(scale::double * numerator::double / (claim::double - half_unit)) as greatest_denominator
    from compared
)
select
    claim_row_id,
    number_text(claim) as claim_text,
    printf('%.4f', recomputed) as recomputed_text,
    abs(claim::double - recomputed) <= half_unit as agrees,
    abs(floor(recomputed * unit + 1e-9) / unit - claim::double) < 1e-9 as is_truncated,
    coalesce(abs(claim::double - swapped) <= half_unit, false) as is_swapped,
    abs(claim::double * 100 - recomputed) <= 100 * half_unit or abs(claim::double / 100 - recomputed) <= half_unit as is_scaled,
    case
        when numerator > 0 and claim::double > half_unit and least_denominator = greatest_denominator
            then number_text(numerator) || '/' || printf('%.0f', least_denominator)
    end as would_match
from explained;
