{#-
    One expression for every way in which shorter periods make a longer one (domain.md 2.5, 3.3).
    Stands in a query that groups by `time_rule`; `condition` limits the sub-periods that count, `rules` are the rules
    of the rows at hand: sums are by far the most, and pay for no other rule when they are rolled up by themselves.
    A stock that is averaged enters with the mean of its opening and closing level, which over equal sub-periods is the
    chronological mean (x1/2 + x2 + ... + xn/2) / (n - 1) of domain.md WE-2; without any opening level, with its level.
-#}
{% macro roll_up_over_time(value, opening, period_start, rules, condition='true') -%}
    {%- set counted = value if condition == 'true' else 'case when ' ~ condition ~ ' then ' ~ value ~ ' end' -%}
    {%- set opened = 'case when ' ~ condition ~ ' then ' ~ opening ~ ' end' -%}
    {%- set levels = 'case when ' ~ condition ~ ' and ' ~ opening ~ ' is not null then ' ~ value ~ ' + ' ~ opening ~ ' end' -%}
    {%- set start = 'case when ' ~ condition ~ ' then ' ~ period_start ~ ' end' -%}
    {%- if rules == ['sum'] -%}
        {{ measure('sum(' ~ counted ~ ')') }}
    {%- else -%}
    case time_rule
        when 'average' then coalesce(
            {{ measure_quotient('sum(' ~ levels ~ ')', '2 * count(' ~ opened ~ ')') }},
            {{ measure_quotient('sum(' ~ counted ~ ')', 'count(' ~ counted ~ ')') }}
        )
        when 'last' then {{ measure('max_by(' ~ counted ~ ', ' ~ start ~ ')') }}
        when 'first' then {{ measure('min_by(' ~ counted ~ ', ' ~ start ~ ')') }}
        when 'maximum' then {{ measure('max(' ~ counted ~ ')') }}
        when 'distinct' then {{ measure('max(' ~ counted ~ ')') }}
        when 'minimum' then {{ measure('min(' ~ counted ~ ')') }}
    end
    {%- endif -%}
{%- endmacro %}

{#-
    What is present of a part of a ratio, beside what is matched of it: present figures summed, and for the other rules
    the matched figure enlarged by the share that is present and not matched. Means of different sub-periods say nothing
    of each other: the mean of the three quarters that are matched can exceed the mean of all four. Levels weigh by
    the `size` of their periods: two half-years that are present are as much as the year that is matched.
-#}
{% macro present_over_time(rules) -%}
    {%- set present = roll_up_over_time('low', 'opening', 'descendant_start', rules, 'is_present') -%}
    {%- if rules == ['sum'] -%}
        {{ present }}
    {%- else -%}
        {%- set matched = roll_up_over_time('low', 'opening', 'descendant_start', rules, 'is_matched') -%}
        {%- set present_size = 'sum(case when is_present then abs(low) * size end)' -%}
        {%- set matched_size = 'sum(case when is_matched then abs(low) * size end)' -%}
        case
            when {{ present_size }} = {{ matched_size }} then {{ matched }}
            else coalesce(
                {{ measure_of_double('cast(' ~ matched ~ ' as double) * ' ~ ratio(present_size, matched_size)) }},
                {{ present }}
            )
        end
    {%- endif -%}
{%- endmacro %}
