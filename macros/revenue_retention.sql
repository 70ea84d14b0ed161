{#-
    Gross revenue retention: what is left of the recurring revenue of the opening, without what
    anybody added. Null where there was none.
    {{ gross_retention('10.0', '0.6', '0.9') }}  ->  0.85
    Source: closed cohort, as net and gross dollar retention are told of public software companies;
    the numbers of the example are published case V18 of rpt_validation_cases.
-#}
{% macro gross_retention(opening, contraction, churn) -%}
    {{ rate(opening ~ ' - ' ~ contraction ~ ' - ' ~ churn, opening) }}
{%- endmacro %}

{#-
    Net revenue retention: the same with what the accounts of the opening added.
    {{ net_retention('10.0', '1.8', '0.6', '0.9') }}  ->  1.03
-#}
{% macro net_retention(opening, expansion, contraction, churn) -%}
    {{ rate(opening ~ ' + ' ~ expansion ~ ' - ' ~ contraction ~ ' - ' ~ churn, opening) }}
{%- endmacro %}
