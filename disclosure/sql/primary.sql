-- Cells that may not be shown by themselves: `primary_cell`, with the SDMX confidentiality status (CL_CONF_STATUS) and
-- how far the interval that can be derived must reach, in units of the cell. One row a cell and rule.
create temp table primary_cell as
with described as (
    select cell.*, measure.is_count, measure.treatment, measure.unit, measure.has_contributors
    from cell
    inner join measure on cell.kind = measure.kind and cell.measure_key = measure.measure_key
),

-- A whole whose parts below are confidential contributors: the largest of them (domain.md 5.5, dominance and p %).
ranked as (
    select
        part_of.whole_id,
        abs(part.value) as contribution,
        row_number() over (partition by part_of.whole_id order by abs(part.value) desc, part.cell_id) as position
    from part_of
    inner join described as whole on part_of.whole_id = whole.cell_id and whole.has_contributors
    inner join cell as part on part_of.part_id = part.cell_id
    where part_of.kind = 'organisation'
),

concentration as (
    select
        ranked.whole_id,
        rule.contributors,
        rule.share,
        sum(ranked.contribution) as total,
        sum(ranked.contribution) filter (where ranked.position <= rule.contributors) as largest
    from ranked
    cross join dominance_rule as rule
    group by ranked.whole_id, rule.contributors, rule.share
),

top_two as (
    select
        whole_id,
        sum(contribution) as total,
        max(contribution) as first,
        coalesce(max(contribution) filter (where position = 2), 0) as second
    from ranked
    group by whole_id
),

small_denominator as (
    select numerator.cell_id
    from described as denominator
    inner join described as numerator
        on
            numerator.kind = 'N' and denominator.measure_key = numerator.measure_key
            and denominator.structure = numerator.structure
            and denominator.organisation_key = numerator.organisation_key
            and denominator.time_key = numerator.time_key
            and denominator.target_group_key = numerator.target_group_key
    where
        denominator.kind = 'D' and denominator.is_count and denominator.value > 0
        and denominator.value < getvariable('minimum_denominator')
        and denominator.treatment <> 'open' and numerator.treatment <> 'open'
)

select cell_id, 'N' as conf_status, 'closed' as rule, cast(getvariable('protection') as double) as protection
from described
where treatment = 'closed' or list_contains(getvariable('closed_levels'), organisation_level)

union all

select cell_id, 'A', 'withheld_by_source', getvariable('protection')
from described
where is_withheld_by_source

union all

select cell_id, 'A', 'minimum_frequency', getvariable('protection')
from described
where
    treatment = 'protected' and is_count and abs(value) < getvariable('minimum_frequency')
    and (value <> 0 or not getvariable('publish_zero'))

union all

select cell_id, 'A', 'minimum_denominator', getvariable('protection')
from small_denominator

union all

select
    whole_id, case contributors when 1 then 'O' when 2 then 'T' else 'M' end, 'dominance', largest / share - total
from concentration
where largest > share * total

union all

select whole_id, 'M', 'p_percent', getvariable('p_percent') * first - (total - first - second)
from top_two
where total - first - second < getvariable('p_percent') * first;
