{#-
    Who stands below whom and when. Several scopes may lead from an organisation of the past to one of today: one link is
    enough where organisations are counted and nothing is divided by weights.
-#}
{% macro links_of_any_scope() -%}
    select distinct
        structure,
        ancestor_organisation_key,
        descendant_organisation_key,
        valid_from,
        valid_to
    from {{ ref('bridge_organisation') }}
{%- endmacro %}
