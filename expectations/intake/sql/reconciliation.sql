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

-- grain: one figure that something adds up to: few, so that joins start from them
create temp table whole as
select
    row_id, null as total_of, submission_id, sheet, cell, indicator_code, organisation_code, organisation_valid_from,
    period_code, period_start, period_end_exclusive, target_group_code, measure_kind, accumulation, value, raw_text
from sound
where value is not null and (
    target_group_code in (select parent_group_code from group_parent)
    or organisation_code in (select parent_code from organisation)
)
union all
select
    null, total_of, submission_id, sheet, cell, indicator_code, organisation_code, organisation_valid_from,
    period_code, period_start, period_end_exclusive, target_group_code, measure_kind, accumulation, value, raw_text
from total
where value is not null;

-- grain: one part of one total
create temp table addend as
with part as (
    select
        row_id, submission_id, sheet, indicator_code, organisation_code, organisation_valid_from, period_code, period_start,
        period_end_exclusive, target_group_code, measure_kind, accumulation, value, raw_text
    from sound
    where value is not null and submission_id in (select submission_id from whole)
),
-- how many rows of the sheet a printed total stands for, sound or not
sheet_rows as (
    select submission_id, sheet, indicator_code, period_code, target_group_code, measure_kind, accumulation,
        count(*) as siblings, count(distinct organisation.level) as levels
    from tidy
    left join organisation
        on organisation.code = tidy.organisation_code and organisation.valid_from = tidy.organisation_valid_from
    where submission_id in (select submission_id from whole where total_of = 'organisation')
    group by all
),
group_addend as (
    select
        'target_group' as part_kind, group_parent.relation, group_parent.siblings, group_parent.dimension as part_name,
        whole, part.row_id, part.value, part.raw_text
    from part
    join group_parent on group_parent.target_group_code = part.target_group_code
    join whole
        on whole.target_group_code = group_parent.parent_group_code
        and whole.submission_id = part.submission_id and whole.indicator_code = part.indicator_code
        and whole.organisation_code = part.organisation_code
        and whole.organisation_valid_from = part.organisation_valid_from
        and whole.period_start = part.period_start and whole.period_end_exclusive = part.period_end_exclusive
        and whole.measure_kind = part.measure_kind and whole.accumulation = part.accumulation
    where coalesce(whole.total_of, 'target_group') = 'target_group'
),
printed_addend as (
    select
        'printed' as part_kind, 'partition' as relation, sheet_rows.siblings, 'organisation' as part_name,
        whole, part.row_id, part.value, part.raw_text
    from part
    join whole
        on whole.submission_id = part.submission_id and whole.sheet = part.sheet
        and whole.indicator_code = part.indicator_code and whole.period_code = part.period_code
        and whole.target_group_code = part.target_group_code and whole.measure_kind = part.measure_kind
        and whole.accumulation = part.accumulation and whole.total_of = 'organisation'
    join sheet_rows
        on sheet_rows.submission_id = part.submission_id and sheet_rows.sheet = part.sheet
        and sheet_rows.indicator_code = part.indicator_code and sheet_rows.period_code = part.period_code
        and sheet_rows.target_group_code = part.target_group_code and sheet_rows.measure_kind = part.measure_kind
        and sheet_rows.accumulation = part.accumulation and sheet_rows.levels = 1
),
-- a printed total over organisations whose group no row of the sheet has: the groups of one dimension make it up, if
-- they are parts of a whole and all members are there
sheet_dimension as (
    select tidy.submission_id, tidy.sheet, tidy.indicator_code, tidy.period_code, tidy.measure_kind, tidy.accumulation,
        group_parent.parent_group_code, group_parent.dimension, count(*) as siblings,
        count(distinct tidy.target_group_code) = any_value(group_parent.siblings)
            and count(*) = count(distinct tidy.target_group_code) * count(distinct tidy.organisation_code)
            and count(distinct organisation.level) = 1 as is_whole
    from tidy
    join group_parent on group_parent.target_group_code = tidy.target_group_code and group_parent.relation = 'partition'
    left join organisation
        on organisation.code = tidy.organisation_code and organisation.valid_from = tidy.organisation_valid_from
    where tidy.submission_id in (select submission_id from whole where total_of = 'organisation')
    group by all
),
only_dimension as (
    from sheet_dimension
    anti join sheet_rows
        on sheet_rows.submission_id = sheet_dimension.submission_id and sheet_rows.sheet = sheet_dimension.sheet
        and sheet_rows.indicator_code = sheet_dimension.indicator_code
        and sheet_rows.period_code = sheet_dimension.period_code
        and sheet_rows.target_group_code = sheet_dimension.parent_group_code
        and sheet_rows.measure_kind = sheet_dimension.measure_kind
        and sheet_rows.accumulation = sheet_dimension.accumulation
    where is_whole
    qualify count(*) over (
        partition by submission_id, sheet, indicator_code, period_code, measure_kind, accumulation, parent_group_code
    ) = 1
),
printed_addend_of_groups as (
    select
        'printed' as part_kind, 'partition' as relation, only_dimension.siblings, 'organisation' as part_name,
        whole, part.row_id, part.value, part.raw_text
    from part
    join group_parent on group_parent.target_group_code = part.target_group_code
    join only_dimension
        on only_dimension.submission_id = part.submission_id and only_dimension.sheet = part.sheet
        and only_dimension.indicator_code = part.indicator_code and only_dimension.period_code = part.period_code
        and only_dimension.measure_kind = part.measure_kind and only_dimension.accumulation = part.accumulation
        and only_dimension.dimension = group_parent.dimension
        and only_dimension.parent_group_code = group_parent.parent_group_code
    join whole
        on whole.submission_id = part.submission_id and whole.sheet = part.sheet
        and whole.indicator_code = part.indicator_code and whole.period_code = part.period_code
        and whole.target_group_code = group_parent.parent_group_code and whole.measure_kind = part.measure_kind
        and whole.accumulation = part.accumulation and whole.total_of = 'organisation'
),
-- a printed total over periods: the shorter periods of one length that fill it, and of several lengths the longest
shorter_period as (
    select
        whole, part.row_id, part.value, part.raw_text, part.period_start, part.period_end_exclusive,
        date_diff('month', part.period_start, part.period_end_exclusive) as months,
        date_diff('day', whole.period_start, whole.period_end_exclusive) as days_to_fill
    from part
    join whole
        on whole.submission_id = part.submission_id and whole.indicator_code = part.indicator_code
        and whole.organisation_code = part.organisation_code
        and whole.organisation_valid_from = part.organisation_valid_from
        and whole.target_group_code = part.target_group_code and whole.measure_kind = part.measure_kind
        and whole.accumulation = 'IN_PERIOD' and part.accumulation = 'IN_PERIOD' and whole.total_of = 'period'
        and part.period_start >= whole.period_start and part.period_end_exclusive <= whole.period_end_exclusive
        and part.period_code <> whole.period_code
    -- a figure that stands on two sheets counts once
    qualify row_number() over (
        partition by whole, part.period_start, part.period_end_exclusive
        order by part.sheet = whole.sheet desc, part.row_id
    ) = 1
),
filling_period as (
    select
        *,
        sum(date_diff('day', period_start, period_end_exclusive)) over (partition by whole, months) as days_filled,
        count(*) over (partition by whole, months) as parts_of_length
    from shorter_period
),
printed_addend_of_periods as (
    select
        'period' as part_kind, 'partition' as relation,
        case when days_filled = days_to_fill then parts_of_length else parts_of_length + 1 end as siblings,
        'period' as part_name, whole, row_id, value, raw_text
    from filling_period
    qualify months = first_value(months) over (
        partition by whole order by days_filled = days_to_fill desc, months desc
    )
),
child_addend as (
    select
        'child' as part_kind, 'partition' as relation, null::bigint as siblings, 'organisation' as part_name,
        whole, part.row_id, part.value, part.raw_text
    from part
    join organisation as child
        on child.code = part.organisation_code and child.valid_from = part.organisation_valid_from
    join whole
        on whole.organisation_code = child.parent_code
        and whole.submission_id = part.submission_id and whole.indicator_code = part.indicator_code
        and whole.period_start = part.period_start and whole.period_end_exclusive = part.period_end_exclusive
        and whole.target_group_code = part.target_group_code and whole.measure_kind = part.measure_kind
        and whole.accumulation = part.accumulation and whole.total_of is null
)
select * from group_addend union all select * from printed_addend union all select * from printed_addend_of_groups
union all select * from printed_addend_of_periods union all select * from child_addend;

-- grain: one total × dimension, or one total over organisations
create table reconciliation as
with summed as (
    select
        part_kind, relation, part_name, whole,
        list(row_id order by row_id) as part_row_ids,
        count(*) as part_count,
        max(siblings) as siblings,
        sum(value) as parts_sum,
        max(value) as largest_part,
        least(min(last_digit_power(value)), last_digit_power(any_value(whole.value))) as digit_power,
        bool_and(is_written_out(value, raw_text)) and is_written_out(any_value(whole.value), any_value(whole.raw_text)) as is_exact
    from addend
    group by part_kind, relation, part_name, whole
),
-- a total over organisations is complete when every child that existed in the period is there
expected as (
    select
        summed.*,
        case when part_kind = 'child' then (
            select count(*) from organisation as child
            where child.parent_code = whole.organisation_code and child.valid_from < whole.period_end_exclusive
                and (child.valid_to is null or child.valid_to > whole.period_start)
        ) else siblings end as expected_parts
    from summed
)
select
    part_kind, relation, part_name, whole.row_id as total_row_id, whole.submission_id, whole.sheet, whole.cell,
    whole.indicator_code, whole.organisation_code, whole.period_code, whole.target_group_code, whole.value as total_value,
    part_row_ids, parts_sum, largest_part,
    part_count >= expected_parts as is_complete,
    case when is_exact then 0 else rounding_tolerance(part_count, coalesce(digit_power, 0)) end as tolerance,
    case
        when relation = 'partition' and part_count >= expected_parts then abs(parts_sum - whole.value)
        when relation in ('partition', 'of_which') then greatest(parts_sum - whole.value, 0)
        else greatest(largest_part - whole.value, 0)
    end as gap
from expected
join measure
    on measure.code = whole.indicator_code and not measure.is_ratio
    and measure.valid_from < whole.period_end_exclusive and measure.superseded_on >= whole.period_end_exclusive
    and case part_kind
        when 'target_group' then measure.group_aggregation
        when 'period' then measure.time_aggregation
        else measure.organisation_aggregation
    end = 'sum';
