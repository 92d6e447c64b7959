{#-
    The steps from figures since the start of the year to what each period added (domain.md 3.3, WE-12): the common table
    expressions `preceded`, `difference`, `doubtful` and `increment` over `cumulative`, one row a cumulative figure.
    Re-accumulated, the increments give the cumulative figures back.
-#}
{% macro increments_of(cumulative) -%}
-- What came on top since the last cumulative figure of the year, whenever that was; before the first, nothing had.
preceded as (
    select
        cumulative.*,
        lag(cumulative.time_key) over series as previous_time_key,
        lag(cumulative.obs_status) over series as previous_status,
        coalesce(lag(cumulative.period_end_exclusive) over series, cumulative.counted_from) as span_start,
        coalesce(lag(coalesce(cumulative.value, cumulative.value_low)) over series, 0) as previous_low,
        coalesce(lag(coalesce(cumulative.value, cumulative.value_high)) over series, 0) as previous_high
    from {{ cumulative }} as cumulative
    where cumulative.time_aggregation = 'sum' and coalesce(cumulative.value, cumulative.value_high) is not null
    window series as (
        partition by
            cumulative.indicator_key, cumulative.organisation_key, cumulative.target_group_key,
            cumulative.calendar_code, cumulative.frequency, cumulative.year_start
        order by cumulative.period_start
    )
),

difference as (
    select
        preceded.*,
        preceded.span_start < preceded.period_start as has_gap,
        case when preceded.previous_low = preceded.previous_high then preceded.value - preceded.previous_low end
            as increment,
        coalesce(preceded.value_low, preceded.value) - preceded.previous_high as increment_low,
        coalesce(preceded.value_high, preceded.value) - preceded.previous_low as increment_high,
        case
            when {{ status_rank('preceded.previous_status') }} > {{ status_rank('preceded.obs_status') }}
                then preceded.previous_status
            else preceded.obs_status
        end as increment_status
    from preceded
    where not preceded.is_first_of_year
),

-- An increment below zero of a measure that cannot be negative says that one of two cumulative figures is wrong, and
-- so does the increment after it, which starts from the doubtful one: both are withheld until restated.
doubtful as (
    select
        indicator_key,
        organisation_key,
        target_group_key,
        time_key
    from difference
    where increment < 0 and not is_negative_allowed
),

increment as (
    select
        difference.*,
        difference.increment_status in ('O', 'L', 'M', 'Q')
        or itself.time_key is not null
        or before.time_key is not null as is_withheld
    from difference
    left join doubtful as itself
        on
            difference.indicator_key = itself.indicator_key
            and difference.organisation_key = itself.organisation_key
            and difference.target_group_key = itself.target_group_key
            and difference.time_key = itself.time_key
    left join doubtful as before
        on
            difference.indicator_key = before.indicator_key
            and difference.organisation_key = before.organisation_key
            and difference.target_group_key = before.target_group_key
            and difference.previous_time_key = before.time_key
)
{%- endmacro %}
