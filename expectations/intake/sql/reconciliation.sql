-- Totals beside their parts (SUM-01, SUM-02). A total is reconciled only where every part is there and sound.

-- grain: group × dimension; the group that it is a part of, and how parts and whole relate
create temp table group_parent as
with written as (
    select distinct target_group_code from sound where target_group_code <> '_T'
),
member as (
    select target_group_code, unnest(string_split(target_group_code, '|')) as code from written
),
step as (
    select
        member.target_group_code, target_group.dimension, target_group.relation, target_group.parent,
        coalesce(list_aggregate(list_sort(list_concat(
            list_filter(string_split(member.target_group_code, '|'), lambda other: other <> member.code),
            case when target_group.parent is null then [] else [target_group.dimension || '=' || target_group.parent] end
        )), 'string_agg', '|'), '_T') as parent_group_code
    from member
    join target_group on target_group.target_group_code = member.code
)
select
    target_group_code, dimension, relation, coalesce(nullif(parent_group_code, ''), '_T') as parent_group_code,
    (select count(*) from target_group as sibling
        where sibling.dimension = step.dimension and sibling.parent is not distinct from step.parent) as siblings
from step;

-- grain: one total or part, with what its last digit says about rounding
create temp view reconcilable as
with figures as (
    select
        row_id, null as total_of, submission_id, sheet, cell, indicator_code, organisation_code, organisation_valid_from,
        calendar_code, period_code, period_start, period_end_exclusive, target_group_code, measure_kind, accumulation, value,
        raw_text
    from sound
    where value is not null
    union all
    select
        null, total_of, submission_id, sheet, cell, indicator_code, organisation_code, organisation_valid_from,
        calendar_code, period_code, period_start, period_end_exclusive, target_group_code, measure_kind, accumulation, value,
        raw_text
    from total
    where value is not null
)
select
    *,
    last_digit_power(value) as digit_power,
    -- a figure written in thousands shows fewer digits than it stands for
    value = trunc(value) and regexp_replace(regexp_replace(coalesce(raw_text, ''), '[.,]0+$', ''), '[^0-9]', '', 'g')
        in ('', regexp_replace(number_text(value), '[^0-9]', '', 'g')) as is_exact
from figures;

-- grain: one total × dimension, or one total over organisations
create table reconciliation as
with group_parts as (
    select
        'target_group' as part_kind, group_parent.relation, group_parent.siblings, whole.row_id as total_row_id,
        whole.submission_id, whole.sheet, whole.cell, whole.indicator_code, whole.organisation_code, whole.period_code,
        whole.target_group_code, whole.value as total_value, whole.digit_power as total_power, whole.is_exact as total_exact,
        group_parent.dimension as part_name, part.row_id, part.value, part.digit_power, part.is_exact
    from reconcilable as part
    join group_parent on group_parent.target_group_code = part.target_group_code
    join reconcilable as whole
        on whole.target_group_code = group_parent.parent_group_code
        and whole.submission_id = part.submission_id and whole.indicator_code = part.indicator_code
        and whole.organisation_code = part.organisation_code
        and whole.organisation_valid_from = part.organisation_valid_from
        and whole.period_start = part.period_start and whole.period_end_exclusive = part.period_end_exclusive
        and whole.measure_kind = part.measure_kind and whole.accumulation = part.accumulation
    join measure on measure.code = part.indicator_code and not measure.is_ratio and measure.group_aggregation = 'sum'
        and measure.valid_from < part.period_end_exclusive and measure.superseded_on >= part.period_end_exclusive
    where part.total_of is null and coalesce(whole.total_of, 'target_group') = 'target_group'
),
-- how many rows of the sheet a printed total stands for, sound or not
sheet_rows as (
    select submission_id, sheet, indicator_code, period_code, target_group_code, measure_kind, accumulation,
        count(*) as siblings, count(distinct organisation.level) as levels
    from tidy
    left join organisation
        on organisation.code = tidy.organisation_code and organisation.valid_from = tidy.organisation_valid_from
    where submission_id in (select submission_id from total where total_of = 'organisation')
    group by all
),
printed_parts as (
    select
        'printed' as part_kind, 'partition' as relation, sheet_rows.siblings, null::bigint as total_row_id,
        whole.submission_id, whole.sheet, whole.cell, whole.indicator_code, whole.organisation_code, whole.period_code,
        whole.target_group_code, whole.value as total_value, whole.digit_power as total_power, whole.is_exact as total_exact,
        'organisation' as part_name, part.row_id, part.value, part.digit_power, part.is_exact
    from reconcilable as whole
    join reconcilable as part
        on part.submission_id = whole.submission_id and part.sheet = whole.sheet
        and part.indicator_code = whole.indicator_code and part.period_code = whole.period_code
        and part.target_group_code = whole.target_group_code and part.measure_kind = whole.measure_kind
        and part.accumulation = whole.accumulation
    join sheet_rows
        on sheet_rows.submission_id = part.submission_id and sheet_rows.sheet = part.sheet
        and sheet_rows.indicator_code = part.indicator_code and sheet_rows.period_code = part.period_code
        and sheet_rows.target_group_code = part.target_group_code and sheet_rows.measure_kind = part.measure_kind
        and sheet_rows.accumulation = part.accumulation and sheet_rows.levels = 1
    join measure on measure.code = part.indicator_code and not measure.is_ratio and measure.organisation_aggregation = 'sum'
        and measure.valid_from < part.period_end_exclusive and measure.superseded_on >= part.period_end_exclusive
    where whole.total_of = 'organisation' and part.total_of is null
),
child_parts as (
    select
        'child' as part_kind, 'partition' as relation, children.siblings, whole.row_id as total_row_id,
        whole.submission_id, whole.sheet, whole.cell, whole.indicator_code, whole.organisation_code, whole.period_code,
        whole.target_group_code, whole.value as total_value, whole.digit_power as total_power, whole.is_exact as total_exact,
        'organisation' as part_name, part.row_id, part.value, part.digit_power, part.is_exact
    from reconcilable as part
    join organisation as child
        on child.code = part.organisation_code and child.valid_from = part.organisation_valid_from
    join reconcilable as whole
        on whole.organisation_code = child.parent_code
        and whole.submission_id = part.submission_id and whole.indicator_code = part.indicator_code
        and whole.period_start = part.period_start and whole.period_end_exclusive = part.period_end_exclusive
        and whole.target_group_code = part.target_group_code and whole.measure_kind = part.measure_kind
        and whole.accumulation = part.accumulation
    join measure on measure.code = part.indicator_code and not measure.is_ratio and measure.organisation_aggregation = 'sum'
        and measure.valid_from < part.period_end_exclusive and measure.superseded_on >= part.period_end_exclusive
    join lateral (
        select count(*) as siblings from organisation as sibling
        where sibling.parent_code = child.parent_code and sibling.valid_from < part.period_end_exclusive
            and (sibling.valid_to is null or sibling.valid_to > part.period_start)
    ) as children on true
    where part.total_of is null and whole.total_of is null
),
parts as (
    select * from group_parts union all select * from printed_parts union all select * from child_parts
),
summed as (
    select
        part_kind, relation, part_name, total_row_id, submission_id, sheet, cell, indicator_code, organisation_code,
        period_code, target_group_code, total_value,
        list(row_id order by row_id) as part_row_ids,
        count(*) as part_count,
        count(*) >= max(siblings) as is_complete,
        sum(value) as parts_sum,
        max(value) as largest_part,
        least(min(digit_power), any_value(total_power)) as digit_power,
        bool_and(is_exact) and any_value(total_exact) as is_exact
    from parts
    group by all
)
select
    *,
    case when is_exact then 0 else rounding_tolerance(part_count, coalesce(digit_power, 0)) end as tolerance,
    case
        when relation = 'partition' and is_complete then abs(parts_sum - total_value)
        when relation in ('partition', 'of_which') then greatest(parts_sum - total_value, 0)
        else greatest(largest_part - total_value, 0)
    end as gap
from summed;
