-- The marts as an audience sees them. `cell_status` has, for each cell: hidden or not, and CL_CONF_STATUS.
create temp table cell_status as
select
    cell.kind, cell.measure_key, cell.structure, cell.organisation_key, cell.time_key, cell.target_group_key,
    decided.conf_status, decided.conf_status <> 'F' as is_hidden, measure.treatment
from cell
inner join decided using (cell_id)
inner join measure on cell.kind = measure.kind and cell.measure_key = measure.measure_key;

create temp table shown_indicator as
select indicator.* from warehouse.core.dim_indicator as indicator
inner join treatment_of_indicator as treatment using (indicator_code)
where treatment.treatment <> 'closed';

create temp table shown_ratio as
select * from warehouse.core.dim_ratio
where ratio_key not in (
    select term.ratio_key from term
    left join shown_indicator as factor_1 on term.factor_1_indicator_key = factor_1.indicator_key
    left join shown_indicator as factor_2 on term.factor_2_indicator_key = factor_2.indicator_key
    where factor_1.indicator_key is null or (term.factor_2_indicator_key is not null and factor_2.indicator_key is null)
);

create temp table shown_organisation as
select * from warehouse.core.dim_organisation
where not list_contains(getvariable('closed_levels'), level);

create temp table indicator_status as select * from cell_status where kind = 'I';

create temp table ratio_status as
with part as (
    select
        mart.ratio_key, mart.structure, mart.organisation_key, mart.time_key, mart.target_group_key,
        coalesce(numerator.conf_status, 'F') as numerator_conf_status,
        coalesce(denominator.conf_status, 'F') as denominator_conf_status
    from warehouse.marts.mart_ratio as mart
    left join cell_status as numerator
        on
            numerator.kind = 'N' and mart.ratio_key = numerator.measure_key and mart.structure = numerator.structure
            and mart.organisation_key = numerator.organisation_key and mart.time_key = numerator.time_key
            and mart.target_group_key = numerator.target_group_key
    left join cell_status as denominator
        on
            denominator.kind = 'D' and mart.ratio_key = denominator.measure_key
            and mart.structure = denominator.structure and mart.organisation_key = denominator.organisation_key
            and mart.time_key = denominator.time_key and mart.target_group_key = denominator.target_group_key
)
select
    *,
    -- The ratio is hidden with either of its parts, and as strictly as the stricter of them.
    case
        when numerator_conf_status = 'F' then denominator_conf_status
        when denominator_conf_status = 'F' or denominator_conf_status = 'D' then numerator_conf_status
        when numerator_conf_status = 'D' then denominator_conf_status
        else numerator_conf_status
    end as conf_status
from part;

create or replace table edition.marts.mart_indicator as
select
    mart.* exclude (submission_id, sheet, cell) replace (
        case when not coalesce(status.is_hidden, false) then mart.value end as value,
        case when not coalesce(status.is_hidden, false) then mart.value_low end as value_low,
        case when not coalesce(status.is_hidden, false) then mart.value_high end as value_high,
        case when coalesce(status.is_hidden, false) then 'Q' else mart.obs_status end as obs_status,
        case when coalesce(status.is_hidden, false) then 'suppressed' else mart.value_state end as value_state
    ),
    coalesce(status.conf_status, 'F') as conf_status
from warehouse.marts.mart_indicator as mart
inner join shown_indicator using (indicator_key)
inner join shown_organisation using (organisation_key)
left join indicator_status as status
    on
        mart.indicator_key = status.measure_key and mart.organisation_key = status.organisation_key
        and mart.time_key = status.time_key and mart.target_group_key = status.target_group_key;

create or replace table edition.marts.mart_ratio as
select
    mart.* replace (
        case when status.numerator_conf_status = 'F' then mart.numerator end as numerator,
        case when status.denominator_conf_status = 'F' then mart.denominator end as denominator,
        case when status.conf_status = 'F' then mart.value end as value,
        case when status.conf_status = 'F' then mart.lower end as lower,
        case when status.conf_status = 'F' then mart.upper end as upper,
        -- A coverage is a quotient of two figures, one of which stands in no table: shown, it would betray the other.
        case when mart.coverage_numerator in (0, 1) then mart.coverage_numerator end as coverage_numerator,
        case when mart.coverage_denominator in (0, 1) then mart.coverage_denominator end as coverage_denominator,
        case when status.conf_status = 'F' then mart.status else 'Q' end as status,
        case when status.conf_status = 'F' then mart.reason else 'SUPPRESSED' end as reason
    ),
    status.conf_status,
    status.numerator_conf_status,
    status.denominator_conf_status
from warehouse.marts.mart_ratio as mart
inner join shown_ratio using (ratio_key)
inner join shown_organisation using (organisation_key)
inner join ratio_status as status using (ratio_key, structure, organisation_key, time_key, target_group_key);

create or replace table edition.marts.mart_disaggregation as
with status as (
    select
        'indicator' as measure_kind, shown_indicator.indicator_code as measure_code, status.organisation_key,
        status.time_key, status.target_group_key, status.conf_status
    from indicator_status as status
    inner join shown_indicator on status.measure_key = shown_indicator.indicator_key
    union all
    select
        'ratio', shown_ratio.ratio_code, status.organisation_key, status.time_key, status.target_group_key,
        status.conf_status
    from ratio_status as status
    inner join shown_ratio using (ratio_key)
    where status.structure = 'as_was'
),
mart as (
    select
        mart.*,
        coalesce(status.conf_status, 'F') as conf_status,
        coalesce(total.conf_status, 'F') = 'F' as is_total_shown
    from warehouse.marts.mart_disaggregation as mart
    inner join (
        select 'indicator' as measure_kind, indicator_code as measure_code from shown_indicator
        union all
        select 'ratio', ratio_code from shown_ratio
    ) as measure using (measure_kind, measure_code)
    inner join shown_organisation using (organisation_key)
    left join status using (measure_kind, measure_code, organisation_key, time_key, target_group_key)
    left join warehouse.core.dim_target_group as grand_total on grand_total.target_group_code = '_T'
    left join status as total
        on
            mart.measure_kind = total.measure_kind and mart.measure_code = total.measure_code
            and mart.organisation_key = total.organisation_key and mart.time_key = total.time_key
            and grand_total.target_group_key = total.target_group_key
),
beside as (
    select
        *,
        bool_and(conf_status = 'F') over (
            partition by measure_kind, measure_code, organisation_key, time_key, dimension
        ) as are_siblings_shown
    from mart
)
select
    * exclude (is_total_shown, are_siblings_shown) replace (
        case when conf_status = 'F' then value end as value,
        case when conf_status = 'F' then obs_status else 'Q' end as obs_status,
        case when is_total_shown then total_value end as total_value,
        case when conf_status = 'F' and is_total_shown then share_of_total end as share_of_total,
        case when conf_status = 'F' and is_total_shown then gap_to_total end as gap_to_total,
        case when are_siblings_shown then gap_to_best end as gap_to_best
    )
from beside;

create or replace table edition.core.dim_indicator as
select shown_indicator.* exclude (steward, collection_cost), treatment.treatment as disclosure_treatment
from shown_indicator
inner join treatment_of_indicator as treatment using (indicator_code);

create or replace table edition.core.dim_ratio as from shown_ratio;
create or replace table edition.core.dim_organisation as from shown_organisation;

create or replace table edition.core.bridge_organisation as
from warehouse.core.bridge_organisation
where
    ancestor_organisation_key in (select organisation_key from shown_organisation)
    and descendant_organisation_key in (select organisation_key from shown_organisation);

create or replace table edition.core.bridge_ratio_indicator as
from warehouse.core.bridge_ratio_indicator where ratio_key in (select ratio_key from shown_ratio);
create or replace table edition.core.dim_time as from warehouse.core.dim_time;
create or replace table edition.core.dim_target_group as from warehouse.core.dim_target_group;
create or replace table edition.core.bridge_time as from warehouse.core.bridge_time;
create or replace table edition.core.bridge_target_group as from warehouse.core.bridge_target_group;

-- What the audience does not learn, table by table: shares of the cells and of the value they add up to.
create or replace table edition.quality.mart_disclosure as
with face as (
    select
        case when cell.kind = 'I' then 'mart_indicator' else 'mart_ratio' end as table_name,
        case cell.kind when 'I' then 'value' when 'N' then 'numerator' else 'denominator' end as column_name,
        decided.conf_status,
        -- Figures of different measures have no common unit: each counts as a share of its own measure.
        abs(cell.value) / nullif(sum(abs(cell.value)) over (partition by cell.kind, cell.measure_key), 0) as weight
    from cell
    inner join decided using (cell_id)
    union all
    select 'mart_ratio', 'value', status.conf_status, 1
    from ratio_status as status
    inner join warehouse.marts.mart_ratio as mart
        using (ratio_key, structure, organisation_key, time_key, target_group_key)
    where mart.value is not null
),
counted as (
    select
        table_name, column_name, count(*) as cells,
        count(*) filter (where conf_status not in ('F', 'D')) as cells_primary,
        count(*) filter (where conf_status = 'D') as cells_complementary,
        coalesce(sum(weight) filter (where conf_status <> 'F'), 0) as weight_hidden,
        sum(weight) as weight
    from face
    group by table_name, column_name
)
select
    table_name, column_name, cells, cells_primary, cells_complementary,
    (cells_primary + cells_complementary) / nullif(cells, 0)::double as share_of_cells,
    weight_hidden / nullif(weight, 0) as share_of_value
from counted
order by table_name, column_name;
