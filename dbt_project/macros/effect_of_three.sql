{#-
    What one factor adds to the change of a product of three, averaged over all orders in which the factors may change
    (Shapley; for two factors it is the split of Bennet, domain.md 2.9). Columns are `NAME_from` and `NAME_to`.
-#}
{% macro effect_of_three(factor, second, third) -%}
    ({{ factor }}_to - {{ factor }}_from) * (
        ({{ second }}_from * {{ third }}_from + {{ second }}_to * {{ third }}_to) / 3
        + ({{ second }}_from * {{ third }}_to + {{ second }}_to * {{ third }}_from) / 6
    )
{%- endmacro %}
