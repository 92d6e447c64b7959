-- What a row is judged against. The registry tables of the same names, or empty ones, stand in schema registry.

-- grain: one definition of an indicator, or one ratio; valid_until never overlaps the next version
create table measure as
with definitions as (
    select
        code, name_vi, name_en, unit, integer_only, allow_negative, hard_min, hard_max, soft_min, soft_max, direction,
        reporting_level, accumulation as usual_accumulation, valid_from, valid_to, version,
        organisation_aggregation, group_aggregation, time_aggregation,
        null::varchar as ratio_class, null::decimal(38, 12) as scale, 0 as lag, false as is_ratio
    from registry.indicators
    union all by name
    select
        code, name_vi, name_en, unit, false as integer_only, allow_negative, direction,
        date '1900-01-01' as valid_from, null::date as valid_to, 1 as version, ratio_class, scale, lag, true as is_ratio
    from registry.ratios
),
latest as (
    select * from definitions
    qualify row_number() over (partition by code, valid_from order by version desc) = 1
)
select
    *,
    coalesce(lead(valid_from) over (partition by code order by valid_from), date '9999-12-31') as superseded_on
from latest;

-- grain: one organisation for as long as it was one and the same body
create table organisation as
select
    code, name_vi, name_en, level, parent_code, valid_from, valid_to,
    lag(name_vi) over (partition by code order by valid_from) is not null as is_reused_code,
    lag(name_vi) over (partition by code order by valid_from) as earlier_bearer
from registry.organisations
qualify row_number() over (partition by code, valid_from order by name_vi) = 1;

-- grain: one member of a dimension of target groups
create table target_group as
select dimension || '=' || code as target_group_code, dimension, code, parent, relation
from registry.target_groups
qualify row_number() over (partition by dimension, code order by name_vi) = 1;

-- grain: one period of one calendar
create table period as
select * from registry.period
qualify row_number() over (partition by period_code order by period_start) = 1;

-- grain: one term of a ratio
create table ratio_term as
select * from registry.ratio_term;

-- grain: source × calendar × period × who owes it
create table obligation as
select * from registry.obligation;

-- grain: one target group as written in the submissions, and whether every member of it is registered
create table reported_group as
with written as (
    select distinct target_group_code from tidy where target_group_code is not null
),
members as (
    select target_group_code, unnest(string_split(target_group_code, '|')) as member from written
)
select
    members.target_group_code,
    members.target_group_code = '_T' or bool_and(target_group.target_group_code is not null) as is_known,
    count(*) as dimensions,
    count(distinct split_part(member, '=', 1)) = count(*) as has_distinct_dimensions
from members
left join target_group on target_group.target_group_code = members.member
group by members.target_group_code;
