{#-
    Benefit for each unit of cost; 1 is break even. Null where the cost is 0 or not known.
    {{ benefit_cost_ratio('benefit_amount', 'cost_amount') }}  ->  1.7647 for 750000 and 425000
    Source: Phillips 2003, Return on Investment in Training and Performance Improvement Programs.
-#}
{% macro benefit_cost_ratio(benefit, cost) -%}
    {{ rate(benefit, cost) }}
{%- endmacro %}

{#-
    Net benefit for each unit of cost; 0 is break even: always 1 less than the benefit-cost ratio.
    {{ return_on_investment('benefit_amount', 'cost_amount') }}  ->  0.7647 for 750000 and 425000
    Source: Phillips 2003, as above.
-#}
{% macro return_on_investment(benefit, cost) -%}
    {{ rate('(' ~ benefit ~ ' - ' ~ cost ~ ')', cost) }}
{%- endmacro %}

{#-
    What is claimed of a benefit when no comparison group tells cause from chance: the share that an
    estimator credits to the program, times the estimator's own confidence. Both are 1 where a
    comparison group isolates: its interval is the uncertainty then.
    {{ isolated_benefit('gross_amount', 'isolation', 'confidence') }}
        ->  576000 for 9.6 million of sales at a margin of 12 %, isolation 0.5, confidence 1
    Source: Phillips 2003, as above: the estimate is adjusted for its error.
-#}
{% macro isolated_benefit(gross, isolation, confidence) -%}
    cast({{ gross }} as double) * cast({{ isolation }} as double)
    * cast({{ confidence }} as double)
{%- endmacro %}

{#-
    The difference between participants and colleagues at which the benefit equals the cost; null
    without people or value.
    {{ break_even_difference('cost_amount', 'people_count', 'value_of_one') }}
        ->  0.05 for a cost of 100000, 200 people and 10000 for each who stays
    Source: Boudreau and Ramstad 2007, Beyond HR: break-even analysis of a program for people.
-#}
{% macro break_even_difference(cost, people, value_of_one) -%}
    cast({{ cost }} as double)
    / nullif(cast({{ people }} as double) * cast({{ value_of_one }} as double), 0)
{%- endmacro %}
