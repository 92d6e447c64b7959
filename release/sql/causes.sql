-- Why the numbers of `moved` moved: from the figures, targets, definitions and structures that differ between the
-- databases `earlier` and `later`. Needs `moved` (comparison.py). Each statement makes one table.

-- One row a figure (current, preferred, actual) that is not what it was.
create temp table changed_figure as
with figures as (
    select
        coalesce(later_figure.indicator_code, earlier_figure.indicator_code) as indicator_code,
        coalesce(later_figure.organisation_key, earlier_figure.organisation_key) as organisation_key,
        coalesce(later_figure.time_key, earlier_figure.time_key) as time_key,
        coalesce(later_figure.target_group_key, earlier_figure.target_group_key) as target_group_key,
        earlier_figure.value as value_before,
        later_figure.value as value_after,
        earlier_figure.submission_id as submission_before,
        later_figure.submission_id as submission_after,
        earlier_figure.indicator_code is null as is_new,
        later_figure.indicator_code is null or contains(coalesce(later_figure.flags, ''), 'RETRACTED') as is_gone,
        coalesce(later_figure.submission_id, earlier_figure.submission_id) as submission_id,
        coalesce(later_figure.sheet, earlier_figure.sheet) as sheet,
        coalesce(later_figure.cell, earlier_figure.cell) as cell
    from (from earlier.core.fct_observation where is_preferred and measure_kind = 'ACTUAL') as earlier_figure
    full join (from later.core.fct_observation where is_preferred and measure_kind = 'ACTUAL') as later_figure
        using (indicator_key, organisation_key, time_key, target_group_key, accumulation)
    where
        (earlier_figure.value, earlier_figure.value_low, earlier_figure.value_high, earlier_figure.obs_status)
        is distinct from (later_figure.value, later_figure.value_low, later_figure.value_high, later_figure.obs_status)
        or earlier_figure.indicator_code is null or later_figure.indicator_code is null
),
held_back as (
    select distinct submission_id, sheet, cell from later.core.fct_finding where severity in ('QUARANTINE', 'BLOCK')
)
select
    figures.*,
    case
        when figures.is_gone and held_back.cell is not null then 'QUARANTINED'
        when figures.is_gone then 'WITHDRAWN'
        when figures.is_new then 'NEW_FIGURE'
        when figures.submission_before = figures.submission_after then 'READ_ANEW'
        else 'REVISED'
    end as cause
from figures
left join held_back
    on figures.submission_id = held_back.submission_id and figures.sheet = held_back.sheet and figures.cell = held_back.cell;

create temp table measure_indicator as
with part as (
    from earlier.core.bridge_ratio_indicator union from later.core.bridge_ratio_indicator
)
select indicator_code as measure_code, indicator_code from later.core.dim_indicator
union select indicator_code, indicator_code from earlier.core.dim_indicator
union select ratio_code, factor_1 from part
union select ratio_code, factor_2 from part where factor_2 is not null;

-- The numbers that a changed figure reaches: the organisations, periods and groups above it, in either release.
create temp table reached as
with organisation_above as (
    select distinct ancestor_organisation_key, descendant_organisation_key
    from (from earlier.core.bridge_organisation union all from later.core.bridge_organisation)
),
time_above as (
    select distinct ancestor_time_key, descendant_time_key
    from (from earlier.core.bridge_time union all from later.core.bridge_time)
    union
    select distinct time_key, time_key from changed_figure
),
group_above as (
    select distinct ancestor_target_group_key, descendant_target_group_key
    from (from earlier.core.bridge_target_group union all from later.core.bridge_target_group)
    union
    select distinct target_group_key, target_group_key from changed_figure
    union
    select distinct null, target_group_key from changed_figure -- whatever the group, for marts that have none
)
select
    changed_figure.indicator_code,
    organisation_above.ancestor_organisation_key as organisation_key,
    time_above.ancestor_time_key as time_key,
    group_above.ancestor_target_group_key as target_group_key,
    count(*) as figures,
    case when min(cause) = max(cause) then min(cause) else 'SEVERAL' end as cause,
    min(struct_pack(submission_id, sheet, cell, value_before, value_after)) as example
from changed_figure
inner join organisation_above on changed_figure.organisation_key = organisation_above.descendant_organisation_key
inner join time_above on changed_figure.time_key = time_above.descendant_time_key
inner join group_above on changed_figure.target_group_key = group_above.descendant_target_group_key
group by all;

-- Per measure: figures of another period or group under the same organisation (a year taken apart, a lag, a comparison).
create temp table reached_elsewhere as
select indicator_code, organisation_key, min(example) as example
from reached group by all;

create temp table reached_anywhere as
select indicator_code, count(*) as figures, min(struct_pack(submission_id, sheet, cell, value_before, value_after)) as example
from changed_figure group by all;

create temp table changed_target as
select distinct measure_code from (
    (from earlier.core.fct_target except from later.core.fct_target)
    union all
    (from later.core.fct_target except from earlier.core.fct_target)
);

create temp table changed_definition as
with indicator as (
    (from earlier.core.dim_indicator except from later.core.dim_indicator)
    union all
    (from later.core.dim_indicator except from earlier.core.dim_indicator)
),
ratio as (
    (from earlier.core.dim_ratio except from later.core.dim_ratio)
    union all
    (from later.core.dim_ratio except from earlier.core.dim_ratio)
)
select distinct measure_indicator.measure_code from indicator inner join measure_indicator using (indicator_code)
union
select ratio_code from ratio;

create temp table changed_structure as
select count(*) > 0 as is_changed from (
    (from earlier.core.bridge_organisation except from later.core.bridge_organisation)
    union all
    (from later.core.bridge_organisation except from earlier.core.bridge_organisation)
);

create temp table explained as
with parts as (
    select
        moved.number_id,
        sum(reached.figures) as figures,
        case when min(reached.cause) = max(reached.cause) then min(reached.cause)
            when max(reached.cause) is not null then 'SEVERAL' end as cause,
        min(reached.example) as example,
        min(reached_elsewhere.example) as example_elsewhere,
        min(reached_anywhere.example) as example_anywhere
    from moved
    left join measure_indicator using (measure_code)
    left join reached
        on measure_indicator.indicator_code = reached.indicator_code
        and moved.organisation_key = reached.organisation_key
        and moved.time_key = reached.time_key
        and moved.target_group_key is not distinct from reached.target_group_key
    left join reached_elsewhere
        on measure_indicator.indicator_code = reached_elsewhere.indicator_code
        and moved.organisation_key = reached_elsewhere.organisation_key
    left join reached_anywhere on measure_indicator.indicator_code = reached_anywhere.indicator_code
    group by all
),
judged as (
    select
        moved.*,
        coalesce(parts.figures, 0) as figures,
        case
            when parts.cause is not null then parts.cause
            when changed_definition.measure_code is not null then 'DEFINITION'
            when parts.example_elsewhere is not null then 'OTHER_PERIOD'
            when changed_target.measure_code is not null then 'TARGET'
            when (select is_changed from changed_structure) then 'REORGANISATION'
            when parts.example_anywhere is not null then 'PEERS'
            when moved.measure_code is null and (select count(*) from changed_figure) > 0 then 'SUBMISSIONS'
            else 'ENGINE'
        end as cause,
        coalesce(parts.example, parts.example_elsewhere, parts.example_anywhere) as example
    from moved
    inner join parts using (number_id)
    left join changed_definition on moved.measure_code = changed_definition.measure_code
    left join changed_target on moved.measure_code = changed_target.measure_code
),
submission as (
    select submission_id, any_value(file_name) as file_name
    from (
        select submission_id, file_name from earlier.core.fct_submission
        union all
        select submission_id, file_name from later.core.fct_submission
    )
    group by all
)
select
    judged.* exclude (example),
    submission.file_name,
    judged.example.sheet,
    judged.example.cell,
    judged.example.value_before as figure_before,
    judged.example.value_after as figure_after
from judged
left join submission on judged.example.submission_id = submission.submission_id;
