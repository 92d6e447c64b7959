{#- A share: neither below 0 nor above 1, rounding of the last binary digit aside. -#}
{% test at_most_one(model, column_name) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} < 0 or {{ column_name }} > 1.000000001
{% endtest %}
