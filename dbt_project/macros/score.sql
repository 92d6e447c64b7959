{#- Levels of a scorecard that are added up, from its themes down; deeper ones are refused at load. -#}
{% macro scorecard_levels() -%} 6 {%- endmacro %}

{#-
    Score of a measure before cap and floor (domain.md 8.2): 0 at the baseline, 100 at the target. Empty where the method
    is not defined, such as 100 T / A at A = 0. A milestone is 0, under way or 100.
-#}
{% macro raw_score(row) -%}
    {%- set value, baseline, target = row ~ '.value', row ~ '.baseline', row ~ '.target' -%}
    case {{ row }}.method
        when 'progress' then 100 * {{ ratio(value ~ ' - ' ~ baseline, target ~ ' - ' ~ baseline) }}
        when 'goalpost' then 100 * {{ ratio(value ~ ' - ' ~ baseline, target ~ ' - ' ~ baseline) }}
        when 'attain_high' then 100 * {{ ratio(value, target) }}
        when 'attain_low' then 100 * {{ ratio(target, value) }}
        when 'attain_low_linear' then 100 * (2 - {{ ratio(value, target) }})
        when 'range' then
            100 - 100 * {{ ratio(
                'greatest(' ~ row ~ '.range_low - ' ~ value ~ ', ' ~ value ~ ' - ' ~ row ~ '.range_high, 0)',
                row ~ '.range_high - ' ~ row ~ '.range_low'
            ) }}
        when 'band' then cast({{ row }}.points as double)
        when 'milestone' then case when {{ value }} >= 100 then 100 when {{ value }} > 0 then 50 else {{ value }} * 0 end
    end
{%- endmacro %}

{#- Colour of a score: its distance from 100 is the gap to the target as a share of the way (domain.md 8.2, 8.4). -#}
{% macro score_colour(score, is_vetoed='false') -%}
    case
        when {{ score }} is null then 'grey'
        when {{ score }} / 100.0 - 1 >= {{ var('rag_green') }} - 1e-12 and not {{ is_vetoed }} then 'green'
        when {{ score }} / 100.0 - 1 >= {{ var('rag_amber') }} - 1e-12 then 'amber'
        else 'red'
    end
{%- endmacro %}

{#- Sum of weight times value over the children that have a score: exact, so that their order cannot matter. -#}
{% macro weighted_sum(value) -%}
    sum(
        case
            when child.score is not null
                then {{ measure('cast(child.weight as double) * cast(' ~ value ~ ' as double)') }}
            else 0
        end
    )
{%- endmacro %}

{#- What a method of scoring is called: a composite of scores says that it is one (domain.md 8.1, 8.2). -#}
{% macro score_method_name(method, language) -%}
    {%- set names = {
        'progress': ('Tiến độ từ số gốc đến mục tiêu', 'Progress from baseline to target'),
        'attain_high': ('Tỷ lệ đạt mục tiêu, càng cao càng tốt', 'Share of the target, higher is better'),
        'attain_low': ('Mục tiêu trên thực hiện, càng thấp càng tốt', 'Target over actual, lower is better'),
        'attain_low_linear': ('Tỷ lệ đạt mục tiêu tuyến tính, càng thấp càng tốt', 'Linear share of the target, lower is better'),
        'goalpost': ('Vị trí giữa hai mốc cố định', 'Place between two fixed goalposts'),
        'band': ('Điểm theo khung', 'Points by band'),
        'range': ('Điểm theo khoảng mục tiêu', 'Within or outside the target range'),
        'milestone': ('Điểm theo mốc hoàn thành', 'Milestones reached'),
        'weighted_mean': ('Điểm tổng hợp (bình quân gia quyền các điểm)', 'Composite score (weighted mean of scores)'),
    } -%}
    case {{ method }}
        {%- for code, name in names.items() %} when '{{ code }}' then '{{ name[0 if language == 'vi' else 1] }}'{% endfor %}
    end
{%- endmacro %}
