{#-
    What an amount at the end of a month is worth at the start, at a yearly rate, compounded.
    {{ present_value('amount', 'discount_rate', 'month_no') }}
        ->  3490909.09 for 4224000 after 24 months at 0.10
    Source: Forrester 2023, Total Economic Impact methodology: cash flows at the end of a period.
-#}
{% macro present_value(amount, yearly_rate, months) -%}
    cast({{ amount }} as double)
    / power(1 + cast({{ yearly_rate }} as double), cast({{ months }} as double) / 12)
{%- endmacro %}

{#-
    Months from the start until the money is back for good, by group. A query of its own, one row
    per group: the groups and payback_months. Within the month in which the cumulated net turns
    positive the money is taken to flow evenly. 0 where it never was below 0; null where it is at
    the end.

    relation: one row per group and month, without gaps, with month_no (the first month is 1) and
    net: the column of its benefit less its cost.
    {{ payback_months('flows', ['account_id', 'scenario'], 'net_amount') }}
        ->  2.5 for -100, 50, 100 and 10

    Source: Brealey, Myers and Allen, Principles of Corporate Finance: the payback period.
-#}
{% macro payback_months(relation, groups, net) -%}
    {%- set by = groups | join(', ') -%}
    with cumulated as (
        select
            {{ by }},
            month_no,
            {{ net }} as net_of_month,
            sum({{ net }}) over (
                partition by {{ by }} order by month_no
                rows between unbounded preceding and current row
            ) as cumulative_net
        from {{ relation }}
    ),

    last_months as (
        select
            {{ by }},
            coalesce(max(month_no) filter (where cumulative_net < 0), 0) as last_month_below,
            max(month_no) as last_month
        from cumulated
        group by {{ by }}
    )

    select
        {% for group in groups -%}
        last_months.{{ group }},
        {% endfor -%}
        case
            when last_months.last_month_below = 0 then cast(0 as double)
            when last_months.last_month_below < last_months.last_month
                then
                    cast(last_months.last_month_below as double)
                    + 1 - cast(cumulated.cumulative_net as double)
                    / cast(cumulated.net_of_month as double)
        end as payback_months
    from last_months
    left join cumulated
        on
            {% for group in groups -%}
            last_months.{{ group }} = cumulated.{{ group }} and
            {% endfor -%}
            last_months.last_month_below + 1 = cumulated.month_no
{%- endmacro %}
