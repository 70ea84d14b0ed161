{#-
    What a minute of a function costs in a month: its cost divided by the minutes that its people
    can practically work, not by those that they happened to use; null without either.
    {{ capacity_rate('cost_amount', 'practical_minutes') }}  ->  0.8 for 560000 and 700000
    Source: Kaplan and Anderson, Time-driven activity-based costing, HBR November 2004.
-#}
{% macro capacity_rate(cost, practical_minutes) -%}
    cast({{ cost }} as double) / nullif(cast({{ practical_minutes }} as double), 0)
{%- endmacro %}

{#-
    What so many minutes of work cost, in whole cents, half a cent up; null without a rate. The
    quotient is taken with 6 decimals before the cents, so that half a cent is one on both engines.
    {{ activity_cost('used_minutes', 'cost_amount', 'practical_minutes') }}
        ->  313600.00 for 392000 minutes of a function that costs 560000 for 700000
-#}
{% macro activity_cost(minutes, cost, practical_minutes) -%}
    cast(cast(
        cast({{ minutes }} as double) * cast({{ cost }} as double)
        / nullif(cast({{ practical_minutes }} as double), 0)
        as decimal(28, 6)
    ) as decimal(18, 2))
{%- endmacro %}

{#-
    The sum of amounts, of which one is not known: then neither is the sum. Null without a row.
    {{ known_sum('amount') }}  ->  null for 1.00 and null
-#}
{% macro known_sum(amount) -%}
    case when count(*) = count({{ amount }}) then cast(sum({{ amount }}) as decimal(18, 2)) end
{%- endmacro %}
