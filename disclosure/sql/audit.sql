-- What the audit found, for readers, and by name what is derivable, for who mends it (`narrow_figure`).
-- A figure that stands in no table (what a whole has beyond its parts, what an identity leaves) is named after its whole,
-- with the relation that it is left by.
create table edition.audit.narrow_cell as
with named_cell as (
    select
        cell.cell_id, measure.measure_code, cell.kind, cell.structure, organisation.organisation_code,
        period.period_code, target_group.target_group_code
    from cell
    inner join measure on cell.kind = measure.kind and cell.measure_key = measure.measure_key
    inner join warehouse.core.dim_organisation as organisation using (organisation_key)
    inner join warehouse.core.dim_time as period using (time_key)
    inner join warehouse.core.dim_target_group as target_group using (target_group_key)
    where
        cell.cell_id in (select narrow.cell_id from narrow_figure as narrow where narrow.cell_id is not null)
        or cell.cell_id in (
            select margin.cell_id from margin
            inner join narrow_figure as narrow on margin.relation_id = narrow.relation_id
        )
),
relation as (
    select
        margin.relation_id, margin.kind as relation,
        min(margin.cell_id) filter (where margin.coefficient = 1) as whole_id,
        string_agg(
            case when margin.coefficient < 0 then '- ' else '+ ' end || named.measure_code || ' '
            || named.organisation_code || ' ' || named.period_code || ' ' || named.target_group_code,
            ' ' order by margin.coefficient desc, margin.cell_id
        ) as terms
    from margin
    inner join narrow_figure as narrow on margin.relation_id = narrow.relation_id
    inner join named_cell as named on margin.cell_id = named.cell_id
    group by margin.relation_id, margin.kind
)
select
    named.* exclude (cell_id), cast(null as varchar) as relation, cast(null as varchar) as left_by
from narrow_figure as narrow
inner join named_cell as named on narrow.cell_id = named.cell_id
union all
select named.* exclude (cell_id), relation.relation, relation.terms
from relation
inner join named_cell as named on relation.whole_id = named.cell_id
order by all;

create table edition.quality.mart_disclosure_audit as
select
    cast(getvariable('edition_audience') as varchar) as audience,
    cast(getvariable('minimum_frequency') as integer) as minimum_frequency,
    cast(getvariable('minimum_denominator') as integer) as minimum_denominator,
    cast(getvariable('protection') as integer) as protection,
    cast(getvariable('edition_relations') as bigint) as relations,
    cast(getvariable('edition_blocks') as bigint) as blocks,
    cast(getvariable('edition_largest_block') as bigint) as largest_block,
    cast(getvariable('edition_slices_whole') as bigint) as slices_suppressed_whole,
    cast(getvariable('edition_measures_whole') as bigint) as measures_suppressed_whole,
    cast(getvariable('edition_derivable') as bigint) as cells_derivable,
    cast(getvariable('edition_known') as bigint) as cells_known_from_earlier_editions,
    (
        select
            string_agg(
                coalesce(
                    left_by,
                    measure_code || ' ' || organisation_code || ' ' || period_code || ' ' || target_group_code
                ), '; '
            )
        from (from edition.audit.narrow_cell limit 3) as first_ones
    ) as first_derivable;
