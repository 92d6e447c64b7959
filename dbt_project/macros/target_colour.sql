{#-
    Share of the way to a point that is expected to be gone after a share of the time (domain.md 7.3): linear by days,
    a step on the due day, or an S-curve (slow, fast, slow). Between explicit points nothing is expected.
-#}
{% macro trajectory_share(trajectory, time_share) -%}
    case {{ trajectory }}
        when 'linear' then {{ time_share }}
        when 'step' then 0
        when 's_curve' then {{ time_share }} * {{ time_share }} * (3 - 2 * {{ time_share }})
    end
{%- endmacro %}

{#-
    Whether a gap is on the good side of a limit, with hysteresis (domain.md 8.4): the side changes only if the gap is
    past the limit by the margin, or for two periods. So it is the side of the last period that decided.
-#}
{% macro is_past_limit(gap, limit) -%}
    case when {{ gap }} >= {{ var(limit) }} then 1 when {{ gap }} is not null then 0 end
{%- endmacro %}

{% macro side_of_limit(side, gap, limit, partition, sort_by) -%}
    cast(
        max(
            case
                when
                    {{ side }} = previous_{{ side }}
                    or previous_{{ side }} is null
                    or abs({{ gap }} - ({{ var(limit) }})) >= {{ var('rag_margin') }} - 1e-9
                    then 2 * {{ sort_by }} + {{ side }}
            end
        ) over (partition by {{ partition }} order by {{ sort_by }} rows between unbounded preceding and current row)
        as bigint
    ) % 2
{%- endmacro %}
