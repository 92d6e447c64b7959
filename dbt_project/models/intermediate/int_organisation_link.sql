-- Grain: structure x scope x ancestor x descendant x distance x stretch of the descendant's life, as in the bridge, but
-- links that lead to an organisation in both structures alike stand once, as structure `both`: what is added up along
-- them is added up once.
with bridge as (
    select * from {{ ref('bridge_organisation') }}
),

as_is_scopes as (
    select count(distinct scope_code) as scopes from bridge
    where structure = 'as_is'
),

repeated as (
    select
        ancestor_organisation_key,
        count(*) as repetitions
    from bridge
    group by
        ancestor_organisation_key, descendant_organisation_key, distance, is_whole, weight, is_one_to_one,
        valid_from, valid_to
),

changed as (
    select distinct repeated.ancestor_organisation_key
    from repeated
    cross join as_is_scopes
    where as_is_scopes.scopes = 0 or repeated.repetitions <> 1 + as_is_scopes.scopes
)

select
    bridge.ancestor_organisation_key,
    bridge.descendant_organisation_key,
    case when changed.ancestor_organisation_key is null then 'both' else bridge.structure end as structure,
    bridge.scope_code,
    bridge.distance,
    bridge.is_whole,
    bridge.weight,
    bridge.is_one_to_one,
    bridge.valid_from,
    bridge.valid_to
from bridge
left join changed
    on bridge.ancestor_organisation_key = changed.ancestor_organisation_key
where bridge.structure = 'as_was' or changed.ancestor_organisation_key is not null
