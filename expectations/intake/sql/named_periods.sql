-- What the names of the files say of their period (PER-03): folders and file, but not when it was received.

-- grain: one submission whose name holds exactly one year, with the quarter or month it names beside it
create temp table named_period as
with worded as (
    select
        submission_id, coalesce(received_on, received_at::date) as received,
        -- every word and number on its own, between two blanks
        '  ' || regexp_replace(regexp_replace(regexp_replace(
            lower(replace(replace(strip_accents(regexp_replace(regexp_replace(file_name, 'received=[^/]*/', '', 'g'), '\.[A-Za-z0-9]+$', '')), 'đ', 'd'), 'Đ', 'd')),
            '([a-z])([0-9])', '\1 \2', 'g'), '([0-9])([a-z])', '\1 \2', 'g'), '[^a-z0-9]+', '  ', 'g') || '  ' as words
    from submission
),
-- a day is no period, nor are the two ends of a stretch
undated as (
    select * replace (regexp_replace(regexp_replace(words,
        ' (19|20)[0-9]{2}  [01]?[0-9]  [0-3]?[0-9] ', ' ', 'g'), ' [0-3]?[0-9]  [01]?[0-9]  (19|20)[0-9]{2} ', ' ', 'g') as words)
    from worded
),
named as (
    select submission_id, received, words, list_distinct(regexp_extract_all(words, ' ((?:19|20)[0-9]{2}) ', 1)) as years
    from undated
),
worded_part as (
    select
        submission_id, received, years[1] as year_label,
        nullif(regexp_extract(words, ' (?:quy *|q  )(iv|iii|ii|i|[1-4]) ', 1), '') as quarter_word,
        nullif(regexp_extract(words, ' (?:thang|m|t)  (0?[1-9]|1[0-2]) ', 1), '') as month_word
    from named
    where length(years) = 1
)
select
    submission_id, received, year_label,
    -- as period codes end: Q4, M07; a name that holds both says which month of which quarter, or something else
    case
        when quarter_word is not null and month_word is not null then null
        when quarter_word is not null
            then 'Q' || coalesce(list_position(['i', 'ii', 'iii', 'iv'], quarter_word)::varchar, quarter_word)
        when month_word is not null then 'M' || lpad(month_word, 2, '0')
    end as part_label
from worded_part;

-- grain: one period of the figures of such a submission
create temp table read_period as
select distinct
    tidy.submission_id, tidy.period_code, tidy.period_start, tidy.period_end_exclusive,
    regexp_extract(tidy.period_code, '([0-9]{4})', 1) as year_label,
    nullif(regexp_extract(tidy.period_code, '-([QM][0-9]{1,2})$', 1), '') as part_label
from tidy
where tidy.period_code is not null and tidy.submission_id in (select submission_id from named_period);
