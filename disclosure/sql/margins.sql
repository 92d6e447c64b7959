-- Every linear relation between cells that an outsider can know: `margin`, one row a cell in a relation.
-- `relation` is unique within `kind`; the coefficients of a relation times the true values give `residual`.
-- `is_exact` false: the whole is at least the part (of which, overlapping groups), no more is known.
create temp table part_of (
    kind varchar, whole_id bigint, label varchar, part_id bigint, coefficient double, is_exact boolean
);

-- 1. Target groups: members under their parent, crossings under each of their margins, through no group in between.
create temp table group_link as
select
    ancestor_target_group_key as above, descendant_target_group_key as below, breakdown,
    is_additive
from warehouse.core.bridge_target_group
where ancestor_target_group_key <> descendant_target_group_key;

create temp table group_between as
select upper.above, upper.below as middle, lower.below
from group_link as upper
inner join group_link as lower on upper.below = lower.above;

insert into part_of
select
    'group', whole.cell_id, case when link.is_additive then link.breakdown else cast(part.target_group_key as varchar) end,
    part.cell_id, 1, link.is_additive
from cell as whole
inner join measure on whole.kind = measure.kind and whole.measure_key = measure.measure_key
inner join group_link as link on whole.target_group_key = link.above
inner join cell as part
    on
        whole.kind = part.kind and whole.measure_key = part.measure_key and whole.structure = part.structure
        and whole.organisation_key = part.organisation_key and whole.time_key = part.time_key
        and link.below = part.target_group_key
where
    measure.adds_over_groups
    and not exists (
        select 1 from group_between as between_link
        inner join cell as middle
            on
                between_link.middle = middle.target_group_key
                and middle.kind = whole.kind and middle.measure_key = whole.measure_key
                and middle.structure = whole.structure and middle.organisation_key = whole.organisation_key
                and middle.time_key = whole.time_key
        where between_link.above = whole.target_group_key and between_link.below = part.target_group_key
    );

-- 2. Organisations, as they were: those below, through none in between that has the figure too.
create temp table organisation_link as
select distinct
    'as_was' as structure, ancestor_organisation_key as above, descendant_organisation_key as below, valid_from, valid_to
from warehouse.core.bridge_organisation
where structure = 'as_was' and distance > 0
union all
(
    with recursive current_link as (
        select child.organisation_key as below, parent.organisation_key as above
        from warehouse.core.dim_organisation as child
        inner join warehouse.core.dim_organisation as parent
            on child.parent_organisation_code = parent.organisation_code and parent.is_current and child.is_current
        union
        select lower.below, upper.above
        from current_link as lower
        inner join current_link as upper on lower.above = upper.below
    )
    select 'as_is', above, below, date '0001-01-01', null from current_link
);

create temp table organisation_between as
select distinct upper.structure, upper.above, upper.below as middle, lower.below
from organisation_link as upper
inner join organisation_link as lower on upper.below = lower.above and upper.structure = lower.structure;

insert into part_of
select distinct 'organisation', whole.cell_id, '', part.cell_id, 1, true
from cell as whole
inner join measure on whole.kind = measure.kind and whole.measure_key = measure.measure_key
inner join organisation_link as link on whole.organisation_key = link.above and whole.structure = link.structure
inner join warehouse.core.dim_time as period on whole.time_key = period.time_key
inner join cell as part
    on
        whole.kind = part.kind and whole.measure_key = part.measure_key and whole.structure = part.structure
        and link.below = part.organisation_key and whole.time_key = part.time_key
        and whole.target_group_key = part.target_group_key
where
    measure.adds_over_organisations
    and link.valid_from < period.period_end_exclusive
    and (link.valid_to is null or link.valid_to > period.period_start)
    and not exists (
        select 1 from organisation_between as between_link
        inner join cell as middle
            on
                between_link.middle = middle.organisation_key and between_link.structure = middle.structure
                and middle.kind = whole.kind and middle.measure_key = whole.measure_key
                and middle.time_key = whole.time_key and middle.target_group_key = whole.target_group_key
        where
            between_link.above = whole.organisation_key and between_link.below = part.organisation_key
            and between_link.structure = whole.structure
    );

-- 3. Old map and new map: an organisation of today is made of those of the period, by weight.
insert into part_of
select 'structure', whole.cell_id, '', part.cell_id, max(cast(link.weight as double)), true
from cell as whole
inner join measure on whole.kind = measure.kind and whole.measure_key = measure.measure_key
inner join warehouse.core.bridge_organisation as link
    on
        whole.organisation_key = link.ancestor_organisation_key and link.structure = 'as_is' and link.distance = 0
        and link.scope_code = case
            when exists (select 1 from warehouse.core.bridge_organisation as own where own.scope_code = measure.scope_code)
                then measure.scope_code else '*' end
inner join warehouse.core.dim_time as period on whole.time_key = period.time_key
inner join cell as part
    on
        whole.kind = part.kind and whole.measure_key = part.measure_key and part.structure = 'as_was'
        and link.descendant_organisation_key = part.organisation_key and whole.time_key = part.time_key
        and whole.target_group_key = part.target_group_key
where
    whole.structure = 'as_is' and measure.adds_over_organisations
    and link.valid_from < period.period_end_exclusive
    and (link.valid_to is null or link.valid_to > period.period_start)
group by whole.cell_id, part.cell_id;

-- 4. Time: shorter periods that tile a longer one, by the measure's own rule; each frequency by itself.
create temp table within_period as
select
    whole.cell_id as whole_id, part.cell_id as part_id, link.descendant_frequency as frequency, measure.time_rule,
    link.descendant_start,
    count(*) over (partition by whole.cell_id, link.descendant_frequency) as parts,
    row_number() over (partition by whole.cell_id, link.descendant_frequency order by link.descendant_start) as position,
    row_number() over (partition by whole.cell_id, link.descendant_frequency order by part.value, link.descendant_start)
        as rank_of_value
from cell as whole
inner join measure on whole.kind = measure.kind and whole.measure_key = measure.measure_key
inner join warehouse.core.bridge_time as link on whole.time_key = link.ancestor_time_key and link.is_tiled and not link.is_self
inner join cell as part
    on
        whole.kind = part.kind and whole.measure_key = part.measure_key and whole.structure = part.structure
        and whole.organisation_key = part.organisation_key and link.descendant_time_key = part.time_key
        and whole.target_group_key = part.target_group_key
where measure.time_rule <> 'none';

insert into part_of
select 'time', whole_id, frequency, part_id, case time_rule when 'average' then 1.0 / parts else 1 end, true
from within_period
where
    time_rule in ('sum', 'average')
    or (time_rule = 'last' and position = parts) or (time_rule = 'first' and position = 1)
    or (time_rule = 'maximum' and rank_of_value = parts) or (time_rule = 'minimum' and rank_of_value = 1);

-- A mean of a stock may be the chronological one, which enters each sub-period with its opening and closing level.
insert into part_of
with leveled as (
    select
        within_period.whole_id, within_period.frequency, within_period.part_id, opening.cell_id as opening_id,
        count(opening.cell_id) over (partition by within_period.whole_id, within_period.frequency) as levels
    from within_period
    inner join cell as closing on within_period.part_id = closing.cell_id
    inner join warehouse.core.dim_time as period on closing.time_key = period.time_key
    left join warehouse.core.dim_time as before
        on
            period.calendar_code = before.calendar_code and period.frequency = before.frequency
            and period.sequence_number - 1 = before.sequence_number
    left join cell as opening
        on
            closing.kind = opening.kind and closing.measure_key = opening.measure_key
            and closing.structure = opening.structure and closing.organisation_key = opening.organisation_key
            and before.time_key = opening.time_key and closing.target_group_key = opening.target_group_key
    where within_period.time_rule = 'average'
)
select 'time', whole_id, frequency || ' chronological', cell_id, sum(0.5 / levels), true
from (
    select whole_id, frequency, part_id as cell_id, levels from leveled where opening_id is not null
    union all
    select whole_id, frequency, opening_id, levels from leveled where opening_id is not null
)
group by whole_id, frequency, cell_id;

-- 5. Parts of ratios and the indicators they are made of; the later part of a lagged ratio stands in an earlier period.
insert into part_of
select
    'term', whole.cell_id, '', part.cell_id,
    sum(case
        when term.factor_2_indicator_key is null then term.sign
        -- A product is taken by its tangent: who knows one factor and the product knows the other.
        when part.measure_key = term.factor_1_indicator_key then term.sign * other.value else term.sign * other.value
    end), true
from cell as whole
inner join term on whole.kind = term.kind and whole.measure_key = term.ratio_key
inner join warehouse.core.dim_time as period on whole.time_key = period.time_key
inner join warehouse.core.dim_time as later
    on
        period.calendar_code = later.calendar_code and period.frequency = later.frequency
        and period.sequence_number + term.lag = later.sequence_number
inner join cell as part
    on
        part.kind = 'I' and part.structure = 'as_was' and whole.organisation_key = part.organisation_key
        and later.time_key = part.time_key and whole.target_group_key = part.target_group_key
        and part.measure_key in (term.factor_1_indicator_key, coalesce(term.factor_2_indicator_key, term.factor_1_indicator_key))
left join cell as other
    on
        other.kind = 'I' and other.structure = 'as_was' and part.organisation_key = other.organisation_key
        and part.time_key = other.time_key and part.target_group_key = other.target_group_key
        and other.measure_key = case
            when part.measure_key = term.factor_1_indicator_key then term.factor_2_indicator_key
            else term.factor_1_indicator_key
        end
where
    whole.structure = 'as_was' and (not term.is_lagged_ratio or period.frequency = term.frequency)
    and (term.factor_2_indicator_key is null or other.cell_id is not null)
group by whole.cell_id, part.cell_id;

-- A stock that is averaged enters a ratio with the mean of its opening and closing level.
insert into part_of
select 'term', part_of.whole_id, 'chronological', level.cell_id, sum(0.5 * part_of.coefficient), true
from part_of
inner join cell as closing on part_of.part_id = closing.cell_id
inner join measure on closing.kind = measure.kind and closing.measure_key = measure.measure_key
inner join warehouse.core.dim_time as period on closing.time_key = period.time_key
inner join warehouse.core.dim_time as before
    on
        period.calendar_code = before.calendar_code and period.frequency = before.frequency
        and period.sequence_number - 1 = before.sequence_number
inner join cell as opening
    on
        closing.kind = opening.kind and closing.measure_key = opening.measure_key
        and closing.structure = opening.structure and closing.organisation_key = opening.organisation_key
        and before.time_key = opening.time_key and closing.target_group_key = opening.target_group_key
cross join lateral (values (closing.cell_id), (opening.cell_id)) as level (cell_id)
where part_of.kind = 'term' and measure.time_rule = 'average'
group by part_of.whole_id, level.cell_id;

-- A proportion also shows the rest of its denominator.
insert into part_of
select 'complement', whole.cell_id, part.kind, part.cell_id, 1, false
from cell as whole
inner join warehouse.core.dim_ratio as ratio
    on whole.kind = 'D' and whole.measure_key = ratio.ratio_key and ratio.ratio_class in ('proportion', 'share')
inner join cell as part
    on
        part.kind = 'N' and whole.measure_key = part.measure_key and whole.structure = part.structure
        and whole.organisation_key = part.organisation_key and whole.time_key = part.time_key
        and whole.target_group_key = part.target_group_key;

-- 6. Identities between indicators that the workspace's rules state: the first cell of the left side is the whole. What
-- a period opens with is what the one before it, of the same frequency, left.
create temp table identity_cell as
select
    identity_term.identity_id, identity_term.coefficient, identity_term.is_exact, identity_term.terms, cell.cell_id,
    min(case when identity_term.position = 1 then cell.cell_id end) over place as whole_id,
    count(*) over place as present
from identity_term
inner join indicator using (indicator_code)
inner join cell on cell.kind = 'I' and indicator.indicator_key = cell.measure_key
inner join warehouse.core.dim_time as period on cell.time_key = period.time_key
window place as (
    partition by
        identity_term.identity_id, cell.structure, cell.organisation_key, cell.target_group_key, period.calendar_code,
        period.frequency, period.sequence_number + cast(identity_term.is_before as int)
);

insert into part_of
select 'identity', whole_id, cast(identity_id as varchar), cell_id, -coefficient, is_exact
from identity_cell
where present = terms and cell_id <> whole_id;

create temp table margin as
with whole as (
    select distinct kind, whole_id, label, is_exact from part_of
),
entry as (
    select kind, whole_id, label, is_exact, part_id as cell_id, -coefficient as coefficient from part_of
    union all
    select kind, whole_id, label, is_exact, whole_id as cell_id, 1 as coefficient from whole
)
select
    cast(dense_rank() over (order by entry.kind, whole_id, label, is_exact) - 1 as bigint) as relation_id,
    entry.kind, entry.is_exact, entry.cell_id, entry.coefficient, cell.value,
    -- Whether what a whole has beyond its parts is a group by itself: of a sum it is, of a mean it is not.
    measure.is_count and measure.treatment = 'protected' and (
        entry.kind in ('group', 'organisation', 'complement')
        -- What an equation of a form does not account for is a mistake, not a group.
        or (entry.kind = 'identity' and not entry.is_exact)
        or (entry.kind = 'time' and measure.time_rule = 'sum')
    ) as is_rest_a_group
from entry
inner join cell using (cell_id)
inner join cell as whole on entry.whole_id = whole.cell_id
inner join measure on whole.kind = measure.kind and whole.measure_key = measure.measure_key
order by relation_id, cell_id;

-- Of the readings of a mean, only the one that holds is known to anybody.
delete from margin where relation_id in (
    with reading as (
        select
            margin.relation_id,
            margin.kind,
            any_value(margin.cell_id) filter (where margin.coefficient = 1) as whole_id,
            abs(sum(margin.coefficient * margin.value)) <= 1e-9 * greatest(max(abs(margin.value)), 1) as holds
        from margin
        where margin.kind in ('time', 'term')
        group by margin.relation_id, margin.kind
    ),
    averaged as (
        select reading.*
        from reading
        inner join cell on reading.whole_id = cell.cell_id
        inner join measure on cell.kind = measure.kind and cell.measure_key = measure.measure_key
        where measure.time_rule = 'average'
    )
    select relation_id from averaged
    where not holds and (kind, whole_id) in (select (kind, whole_id) from averaged where holds)
);
