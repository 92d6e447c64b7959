-- Grain: scope x organisation x stretch of its life x organisation of the structure that its figures of that stretch
-- belong to: of today, or of another day in a reading. Chains of merge, split, rename and transfer are followed to
-- their end; weights multiply (domain.md 4.5, 4.7).
with recursive organisation as (
    select * from {{ ref('dim_organisation') }}
),

structure as (
    select structure_day from {{ ref('dim_structure') }}
    where structure = 'as_is'
),

event as (
    select
        scope_code,
        from_organisation_key as from_key,
        to_organisation_key as to_key,
        event_date,
        previous_date,
        weight
    from {{ ref('bridge_organisation_event') }}
),

existing as (
    select organisation.*
    from organisation
    inner join structure
        on {{ exists_on('organisation', 'structure.structure_day') }}
),

-- What had happened by the day of the structure.
step as (
    select event.*
    from event
    inner join structure
        on event.event_date <= structure.structure_day
),

scope_of as (
    select '*' as scope_code
    union
    select scope_code from event
),

-- Each stretch of an organisation's life between two events has its own future.
stretch as (
    select distinct
        scope_code,
        from_key as origin_key,
        previous_date as valid_from,
        event_date as valid_to
    from event

    union all

    select
        scope_of.scope_code,
        organisation.organisation_key as origin_key,
        coalesce(max(event.event_date), organisation.valid_from) as valid_from,
        organisation.valid_to
    from organisation
    cross join scope_of
    left join event
        on
            scope_of.scope_code = event.scope_code
            and organisation.organisation_key = event.from_key
    group by scope_of.scope_code, organisation.organisation_key, organisation.valid_from, organisation.valid_to
    having coalesce(max(event.event_date), organisation.valid_from) < coalesce(organisation.valid_to, date '9999-12-31')
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
    inner join existing
        on chain.holder_key = existing.organisation_key
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
            and {{ valid_together('ended', 'other') }}
    group by ended.scope_code, ended.origin_key, ended.valid_from, ended.successor_key
),

-- Figures that no chain leads to an organisation of the structure: nothing may be lost of the totals above.
unplaced as (
    select
        stretch.scope_code,
        stretch.origin_key,
        stretch.valid_from,
        stretch.valid_to
    from stretch
    left join ended
        on
            stretch.scope_code = ended.scope_code
            and stretch.origin_key = ended.origin_key
            and stretch.valid_from = ended.valid_from
    where ended.origin_key is null
),

lost as (
    select distinct origin_key from unplaced
),

-- Those of an organisation that began after the day belong to the one it came from, if that was one alone, else to the
-- nearest above all of them: no weight says how much of the new came from which old.
later as (
    select
        scope_of.scope_code,
        existing.organisation_key as base_key,
        existing.organisation_key as holder_key,
        structure.structure_day as clock,
        {{ share('1') }} as weight
    from existing
    cross join structure
    cross join scope_of

    union all

    select
        later.scope_code,
        later.base_key,
        event.to_key as holder_key,
        event.event_date as clock,
        {{ share('cast(later.weight as double) * cast(event.weight as double)') }} as weight
    from later
    inner join event
        on
            later.scope_code = event.scope_code
            and later.holder_key = event.from_key
            and later.clock >= event.previous_date
            and later.clock < event.event_date
),

base as (
    select
        later.scope_code,
        later.holder_key as origin_key,
        later.base_key,
        max(later.weight) as weight
    from later
    inner join lost
        on later.holder_key = lost.origin_key
    group by later.scope_code, later.holder_key, later.base_key
),

above as (
    select
        organisation_key as below_key,
        organisation_key as above_key,
        0 as distance
    from existing

    union all

    select
        above.below_key,
        parent.organisation_key as above_key,
        above.distance + 1 as distance
    from above
    inner join existing as child
        on above.above_key = child.organisation_key
    inner join existing as parent
        on child.parent_organisation_code = parent.organisation_code
),

base_count as (
    select
        scope_code,
        origin_key,
        count(*) as bases,
        min(weight) as weight
    from base
    group by scope_code, origin_key
),

-- The others, abolished without a successor or begun without a predecessor, belong to the nearest above them.
climb as (
    select
        origin_key,
        origin_key as holder_key,
        0 as distance
    from lost

    union all

    select
        climb.origin_key,
        child.parent_organisation_key as holder_key,
        climb.distance + 1 as distance
    from climb
    inner join organisation as child
        on climb.holder_key = child.organisation_key
    where child.parent_organisation_key is not null
),

home as (
    select
        scope_code,
        origin_key as holder_key,
        max(successor_key) as home_key
    from ended
    group by scope_code, origin_key
    having count(distinct successor_key) = 1
),

candidate as (
    select
        base.scope_code,
        base.origin_key,
        above.above_key as successor_key,
        max(above.distance) as distance,
        base_count.bases = 1 and base_count.weight = 1 as is_one_to_one
    from base
    inner join base_count
        on base.scope_code = base_count.scope_code and base.origin_key = base_count.origin_key
    inner join above
        on base.base_key = above.below_key
    group by base.scope_code, base.origin_key, above.above_key, base_count.bases, base_count.weight
    having count(*) = max(base_count.bases)

    union all

    select
        home.scope_code,
        climb.origin_key,
        home.home_key as successor_key,
        1000 + climb.distance as distance,
        false as is_one_to_one
    from climb
    inner join home
        on climb.holder_key = home.holder_key
    where climb.distance > 0
),

nearest as (
    select
        candidate.*,
        row_number() over (
            partition by candidate.scope_code, candidate.origin_key
            order by candidate.distance, candidate.successor_key
        ) as candidate_number
    from candidate
),

placed as (
    select
        ended.scope_code,
        ended.origin_key,
        ended.valid_from,
        ended.valid_to,
        ended.successor_key,
        ended.weight,
        ended.weight = 1 and company.origins = 1 as is_one_to_one
    from ended
    inner join company
        on
            ended.scope_code = company.scope_code
            and ended.origin_key = company.origin_key
            and ended.valid_from = company.valid_from
            and ended.successor_key = company.successor_key

    union all

    select
        unplaced.scope_code,
        unplaced.origin_key,
        unplaced.valid_from,
        unplaced.valid_to,
        nearest.successor_key,
        {{ share('1') }} as weight,
        nearest.is_one_to_one and nearest.distance = 0 as is_one_to_one
    from unplaced
    inner join nearest
        on
            unplaced.scope_code = nearest.scope_code
            and unplaced.origin_key = nearest.origin_key
            and nearest.candidate_number = 1
)

select
    placed.scope_code,
    placed.origin_key as origin_organisation_key,
    origin.organisation_code as origin_organisation_code,
    placed.successor_key as successor_organisation_key,
    successor.organisation_code as successor_organisation_code,
    placed.weight,
    placed.is_one_to_one,
    placed.valid_from,
    placed.valid_to
from placed
inner join organisation as origin
    on placed.origin_key = origin.organisation_key
inner join organisation as successor
    on placed.successor_key = successor.organisation_key
