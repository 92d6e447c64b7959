-- What a later submission withdraws by not containing it (docs/recipe.md, resubmission).
-- Reads the view tidy (rows of a source as read, before the gate) and the table delivery (submission_id, file_name, is_complete).
-- A moment is a time of receipt: files received together neither replace nor withdraw one another.

-- grain: one reading of a figure whose components are all known
create view figure as
select {key}, {scope}, tidy.submission_id, tidy.recorded_at, tidy.sheet, tidy.cell
from tidy
inner join delivery using (submission_id)
where {key_is_known};

-- grain: one figure of one moment
create table present as
select distinct {key_names}, recorded_at from figure;

-- grain: one reading with unknown components: it may be any figure that agrees in the others, so none of them is withdrawn
create table unclear as
select distinct {key}, tidy.recorded_at from tidy where not ({key_is_known});

-- grain: scope × moment: who covers it completely, and where on its first sheet
create table covered as
with corner as (
    select
        {scope_names}, recorded_at, submission_id, sheet,
        min({{'digits': length(letters), 'letters': letters}}).letters as first_column,
        max({{'digits': length(letters), 'letters': letters}}).letters as last_column,
        min(line) as first_line,
        max(line) as last_line
    from (
        select
            *,
            regexp_extract(cell, '^([A-Z]+)([0-9]+)$', 1) as letters,
            cast(nullif(regexp_extract(cell, '^([A-Z]+)([0-9]+)$', 2), '') as bigint) as line
        from figure
        semi join (from delivery where is_complete) using (submission_id)
    )
    group by all
)
select
    {scope_names}, recorded_at, submission_id, sheet,
    case
        when first_line is null then 'A1'
        when first_column = last_column and first_line = last_line then first_column || first_line
        else first_column || first_line || ':' || last_column || last_line
    end as cells
from corner
qualify row_number() over (partition by {scope_names}, recorded_at order by submission_id, sheet) = 1;

-- grain: figure × moment that covers it and does not contain it, after it was first reported
create table absent as
with known as (
    select {key_names}, {scope_names}, min(recorded_at) as first_at from figure group by all
)
select distinct {known_key}, covered.recorded_at
from known
inner join covered on {known_scope} and covered.recorded_at > known.first_at
anti join present on {present_key} and present.recorded_at = covered.recorded_at;

-- grain: figure × moment that withdraws it, with the last reading before
create table withdrawn as
with earlier as (
    select absent.recorded_at as withdrawn_at, figure.*
    from absent
    inner join figure on {figure_key} and figure.recorded_at < absent.recorded_at
    qualify row_number() over (
        partition by {figure_names}, absent.recorded_at
        order by figure.recorded_at desc, figure.submission_id desc, figure.sheet desc, figure.cell desc
    ) = 1
)
select earlier.*, covered.submission_id as withdrawn_by, covered.sheet as withdrawn_sheet, covered.cells
from earlier
inner join covered on {earlier_scope} and covered.recorded_at = earlier.withdrawn_at
where not exists (
    select 1 from unclear
    where unclear.recorded_at = earlier.withdrawn_at and {unclear_key}
);

-- grain: one retraction, with the columns of TIDY
create view retraction as
select {columns}
from withdrawn
inner join tidy
    on tidy.submission_id = withdrawn.submission_id and tidy.sheet = withdrawn.sheet and tidy.cell = withdrawn.cell
    and {tidy_key}
inner join delivery on delivery.submission_id = withdrawn.submission_id
qualify row_number() over (partition by {withdrawn_names}, withdrawn.withdrawn_at order by tidy.raw_text) = 1;
