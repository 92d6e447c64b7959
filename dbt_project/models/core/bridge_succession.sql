-- Grain: scope x organisation x stretch of its life x organisation of today that its figures of that stretch belong to.
-- Chains of merge, split, rename and transfer are followed to their end; weights multiply (domain.md 4.5, 4.7).
-- Scope * holds for every indicator that no event names; a named indicator follows the events that name it.
with recursive organisation as (
    select * from {{ ref('dim_organisation') }}
),

registered_event as (
    select * from {{ ref('stg_organisation_event') }}
),

-- One basis of weights an event: where several are registered, the first by name.
event as (
    select
        source_organisation.organisation_key as from_key,
        target_organisation.organisation_key as to_key,
        registered_event.event_date,
        registered_event.weight,
        registered_event.scope,
        coalesce(registered_event.weight_basis, '') = min(coalesce(registered_event.weight_basis, '')) over (
            partition by source_organisation.organisation_key, registered_event.event_date, registered_event.scope
        ) as is_chosen_basis
    from registered_event
    inner join organisation as source_organisation
        on
            registered_event.from_code = source_organisation.organisation_code
            and registered_event.event_date > source_organisation.valid_from
            and coalesce(source_organisation.valid_to, date '9999-12-31') >= registered_event.event_date
    inner join organisation as target_organisation
        on
            registered_event.to_code = target_organisation.organisation_code
            and registered_event.event_date >= target_organisation.valid_from
            and coalesce(target_organisation.valid_to, date '9999-12-31') > registered_event.event_date
),

named_scope as (
    select
        from_key,
        to_key,
        event_date,
        weight,
        {{ split_to_rows('scope', '|') }} as scope_code
    from event
    where is_chosen_basis and scope is not null and from_key <> to_key
),

scope_of as (
    select '*' as scope_code
    union
    select distinct trim(scope_code) as scope_code from named_scope
),

applied as (
    select
        trim(scope_code) as scope_code,
        from_key,
        to_key,
        event_date,
        weight
    from named_scope

    union all

    select
        scope_of.scope_code,
        event.from_key,
        event.to_key,
        event.event_date,
        event.weight
    from event
    cross join scope_of
    left join named_scope
        on
            event.from_key = named_scope.from_key
            and event.event_date = named_scope.event_date
            and scope_of.scope_code = trim(named_scope.scope_code)
    where
        event.is_chosen_basis
        and event.scope is null
        and event.from_key <> event.to_key
        and named_scope.from_key is null
),

given as (
    select
        applied.scope_code,
        applied.from_key,
        applied.event_date,
        sum(applied.weight) as weight
    from applied
    group by applied.scope_code, applied.from_key, applied.event_date
),

dated as (
    select
        given.*,
        organisation.valid_from,
        organisation.valid_to,
        coalesce(
            lag(given.event_date) over (partition by given.scope_code, given.from_key order by given.event_date),
            organisation.valid_from
        ) as previous_date
    from given
    inner join organisation
        on given.from_key = organisation.organisation_key
),

-- What goes where on each date; what is not given away stays, if the organisation goes on.
step as (
    select
        dated.scope_code,
        dated.from_key,
        dated.event_date,
        dated.previous_date,
        applied.to_key,
        {{ share('applied.weight') }} as weight
    from dated
    inner join applied
        on
            dated.scope_code = applied.scope_code
            and dated.from_key = applied.from_key
            and dated.event_date = applied.event_date

    union all

    select
        scope_code,
        from_key,
        event_date,
        previous_date,
        from_key as to_key,
        {{ share('1 - weight') }} as weight
    from dated
    where weight < 1 and coalesce(valid_to, date '9999-12-31') > event_date
),

-- Each stretch of an organisation's life between two events has its own future.
stretch as (
    select distinct
        scope_code,
        from_key as origin_key,
        previous_date as valid_from,
        cast(event_date as date) as valid_to
    from step

    union all

    select
        scope_of.scope_code,
        organisation.organisation_key as origin_key,
        coalesce(max(dated.event_date), organisation.valid_from) as valid_from,
        organisation.valid_to
    from organisation
    cross join scope_of
    left join dated
        on
            scope_of.scope_code = dated.scope_code
            and organisation.organisation_key = dated.from_key
    group by scope_of.scope_code, organisation.organisation_key, organisation.valid_from, organisation.valid_to
    having coalesce(max(dated.event_date), organisation.valid_from) < coalesce(organisation.valid_to, date '9999-12-31')
),

chain as (
    select
        scope_code,
        origin_key,
        valid_from,
        valid_to,
        origin_key as holder_key,
        valid_from as clock,
        {{ share('1') }} as weight
    from stretch

    union all

    select
        chain.scope_code,
        chain.origin_key,
        chain.valid_from,
        chain.valid_to,
        step.to_key as holder_key,
        step.event_date as clock,
        {{ share('cast(chain.weight as double) * cast(step.weight as double)') }} as weight
    from chain
    inner join step
        on
            chain.scope_code = step.scope_code
            and chain.holder_key = step.from_key
            and chain.clock >= step.previous_date
            and chain.clock < step.event_date
),

ended as (
    select
        chain.scope_code,
        chain.origin_key,
        chain.valid_from,
        chain.valid_to,
        chain.holder_key as successor_key,
        {{ share('sum(chain.weight)') }} as weight
    from chain
    inner join organisation
        on chain.holder_key = organisation.organisation_key and organisation.is_current
    left join step
        on
            chain.scope_code = step.scope_code
            and chain.holder_key = step.from_key
            and chain.clock >= step.previous_date
            and chain.clock < step.event_date
    where step.from_key is null
    group by chain.scope_code, chain.origin_key, chain.valid_from, chain.valid_to, chain.holder_key
),

-- How many organisations share the successor at one time: with one, even what cannot be added passes unchanged.
company as (
    select
        ended.scope_code,
        ended.origin_key,
        ended.valid_from,
        ended.successor_key,
        count(distinct other.origin_key) as origins
    from ended
    inner join ended as other
        on
            ended.scope_code = other.scope_code
            and ended.successor_key = other.successor_key
            and {{ overlaps('ended', 'other') }}
    group by ended.scope_code, ended.origin_key, ended.valid_from, ended.successor_key
)

select
    ended.scope_code,
    ended.origin_key as origin_organisation_key,
    origin.organisation_code as origin_organisation_code,
    ended.successor_key as successor_organisation_key,
    successor.organisation_code as successor_organisation_code,
    ended.weight,
    ended.weight = 1 and company.origins = 1 as is_one_to_one,
    ended.valid_from,
    ended.valid_to
from ended
inner join company
    on
        ended.scope_code = company.scope_code
        and ended.origin_key = company.origin_key
        and ended.valid_from = company.valid_from
        and ended.successor_key = company.successor_key
inner join organisation as origin
    on ended.origin_key = origin.organisation_key
inner join organisation as successor
    on ended.successor_key = successor.organisation_key
