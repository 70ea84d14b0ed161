{#-
    What identifies the participants or workers of a relation: a row for the employee number and one
    for the e-mail address of each of its rows, empty ones left out.
    {{ identity_values('participants', 'participant', 'coalesce(updated_at, registered_at)') }}
-#}
{% macro identity_values(relation, party, known_at) -%}
    {%- set values = {
        'employee_number': "nullif(trim(employee_number), '')",
        'email': "nullif(lower(trim(email)), '')"
    } -%}
    {%- for link_method, match_value in values.items() %}
    select
        '{{ party }}' as party,
        account_id,
        {{ party }}_id as party_id,
        '{{ link_method }}' as link_method,
        {{ match_value }} as match_value,
        {{ known_at }} as known_at
    from {{ relation }}
    where {{ match_value }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
