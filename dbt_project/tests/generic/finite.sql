{#- Neither infinite nor not-a-number (domain.md 11.3, invariant 4): both compare greater than every real quotient. -#}
{% test finite(model, column_name) %}
select {{ column_name }}
from {{ model }}
where not (abs({{ column_name }}) < 1e300)
{% endtest %}
