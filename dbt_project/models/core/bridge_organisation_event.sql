-- Grain: scope x organisation x date x organisation: what share of its figures goes where on that day (domain.md 4.5).
-- Scope * holds for every indicator that no event names; a named indicator follows the events that name it.
with organisation as (
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
)

select
    step.scope_code,
    step.from_key as from_organisation_key,
    source_organisation.organisation_code as from_organisation_code,
    step.to_key as to_organisation_key,
    target_organisation.organisation_code as to_organisation_code,
    cast(step.event_date as date) as event_date,
    cast(step.previous_date as date) as previous_date,
    step.weight
from step
inner join organisation as source_organisation
    on step.from_key = source_organisation.organisation_key
inner join organisation as target_organisation
    on step.to_key = target_organisation.organisation_key
