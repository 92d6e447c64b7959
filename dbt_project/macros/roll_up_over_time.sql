{#-
    One expression for every way in which shorter periods make a longer one (domain.md 2.5, 3.3).
    Stands in a query that groups by `time_rule`; `condition` limits the sub-periods that count.
    A stock that is averaged enters with the mean of its opening and closing level, which over equal sub-periods is the
    chronological mean (x1/2 + x2 + ... + xn/2) / (n - 1) of domain.md WE-2; without any opening level, with its level.
-#}
{% macro roll_up_over_time(value, opening, period_start, condition='true') -%}
    case time_rule
        when 'sum' then {{ measure('sum(case when ' ~ condition ~ ' then ' ~ value ~ ' end)') }}
        when 'average' then coalesce(
            {{ measure_quotient(
                'sum(case when ' ~ condition ~ ' and ' ~ opening ~ ' is not null then ' ~ value ~ ' + ' ~ opening ~ ' end)',
                '2 * count(case when ' ~ condition ~ ' then ' ~ opening ~ ' end)'
            ) }},
            {{ measure_quotient(
                'sum(case when ' ~ condition ~ ' then ' ~ value ~ ' end)',
                'count(case when ' ~ condition ~ ' then ' ~ value ~ ' end)'
            ) }}
        )
        when 'last' then {{ measure('max_by(case when ' ~ condition ~ ' then ' ~ value ~ ' end, case when ' ~ condition ~ ' then ' ~ period_start ~ ' end)') }}
        when 'first' then {{ measure('min_by(case when ' ~ condition ~ ' then ' ~ value ~ ' end, case when ' ~ condition ~ ' then ' ~ period_start ~ ' end)') }}
        when 'maximum' then {{ measure('max(case when ' ~ condition ~ ' then ' ~ value ~ ' end)') }}
        when 'minimum' then {{ measure('min(case when ' ~ condition ~ ' then ' ~ value ~ ' end)') }}
    end
{%- endmacro %}
