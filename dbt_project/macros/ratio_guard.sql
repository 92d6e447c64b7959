{#- How much of a part lies in matched units; a part of zero is covered as soon as it is matched. -#}
{% macro part_coverage(matched, present) -%}
    case
        when is_matched and {{ present }} = 0 then 1
        else least(1, greatest(0, coalesce({{ ratio(matched, present) }}, 0)))
    end
{%- endmacro %}

{#- What a ratio is judged by: the part of which less lies in matched units. A unit whose output nobody knows is missing
    from the known outputs as well, and only its cost tells (docs/decisions/0026). -#}
{% macro ratio_coverage(part=none) -%}
    {%- set of = part ~ '.' if part else '' -%}
    least({{ of }}coverage_numerator, {{ of }}coverage_denominator)
{%- endmacro %}

{#- Why a ratio has no value, in the order of the table in domain.md 2.6 and the gate of 2.8; else NULL. -#}
{% macro ratio_refusal(part, ratio) -%}
    case
        when {{ part }}.is_refused then 'NOT_ADDITIVE'
        when
            {{ part }}.has_pending
            and (not {{ part }}.is_matched or {{ ratio_coverage(part) }} < {{ ratio }}.coverage_gate)
            then 'PENDING_LAG'
        when {{ part }}.denominator is null then 'DEN_MISSING'
        when {{ part }}.numerator is null then 'NUM_MISSING'
        when {{ part }}.denominator < 0 then 'DEN_NEGATIVE'
        when {{ part }}.denominator = 0 and {{ part }}.numerator = 0 then 'NO_ACTIVITY'
        when {{ part }}.denominator = 0 and {{ ratio }}.ratio_class in ('proportion', 'share') then 'NUM_WITHOUT_DEN'
        when {{ part }}.denominator = 0 and {{ ratio }}.ratio_class = 'rate' then 'EVENTS_WITHOUT_EXPOSURE'
        when {{ part }}.denominator = 0 and {{ ratio }}.ratio_class = 'unit_cost' then 'COST_WITHOUT_OUTPUT'
        when {{ part }}.denominator = 0 then 'DEN_ZERO'
        when not {{ part }}.is_matched or {{ ratio_coverage(part) }} < {{ ratio }}.coverage_gate then 'COVERAGE'
        when {{ part }}.numerator < 0 and not {{ ratio }}.is_negative_allowed then 'NUM_NEGATIVE'
    end
{%- endmacro %}

{#- SDMX status of a ratio: M cannot exist, O not known, Q known as an interval only, E partial, U few, else its parts'. -#}
{% macro ratio_status(judged) -%}
    case
        when {{ judged }}.refusal in ('NO_ACTIVITY', 'COST_WITHOUT_OUTPUT', 'DEN_ZERO') then 'M'
        when {{ judged }}.refusal is not null then 'O'
        when {{ judged }}.is_interval then 'Q'
        when
            {{ ratio_coverage(judged) }} < {{ var('full_coverage') }}
            and {{ judged }}.status_rank < {{ status_rank("'E'") }}
            then 'E'
        when {{ judged }}.reservation = 'SMALL_DEN' and {{ judged }}.status_rank < {{ status_rank("'U'") }} then 'U'
        else {{ status_of_rank(judged ~ '.status_rank') }}
    end
{%- endmacro %}

{#- Lower (-) or upper (+) bound before scaling: of parts known as intervals, else the 95 % interval of the class. -#}
{% macro ratio_bound(judged, direction) -%}
    {%- set n = judged ~ '.numerator' -%}
    {%- set d = judged ~ '.denominator' -%}
    case
        when {{ judged }}.is_interval then
            {% if direction == '-' -%}
            {{ ratio(n, d ~ ' + ' ~ judged ~ '.denominator_width') }}
            {%- else -%}
            {{ ratio(n ~ ' + ' ~ judged ~ '.numerator_width', d) }}
            {%- endif %}
        when {{ judged }}.interval_method = 'wilson' and {{ n }} <= {{ d }}
            then {{ wilson_bound(n ~ '_value', d ~ '_value', direction) }}
        when {{ judged }}.interval_method = 'byar' then {{ byar_bound(n ~ '_value', d ~ '_value', direction) }}
    end
{%- endmacro %}
