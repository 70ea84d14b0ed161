{#-
    The difference between two weighted means, by group, with an interval that allows for rows of
    the same person: weighted least squares of the outcome on the arm, variance clustered. A query
    of its own, one row per group: the groups, treated_count, comparison_count (rows),
    treated_cluster_count, comparison_cluster_count, treated_mean, comparison_mean, difference,
    standard_error, ci_low and ci_high (95 %, normal) and p_value (two-sided z).
    Rows without an outcome or a weight are left out. Difference and all that follows are null where
    an arm has no weight; standard_error, interval and p_value also where they are not defined:
    with a single cluster or two rows, and where nothing varies within the arms. For outcomes up
    to 1e5: sums are exact (see exact_sum).

    relation: a table with the columns of the groups, the arm ('treated' or 'comparison'), a numeric
    outcome, a weight and the columns of the cluster. At least one group.
    {{ weighted_difference(
        'trials', ['account_id'], 'is_retained', 'arm', 'trial_weight', ['account_id', 'worker_id']
    ) }}

    Sources: Liang and Zeger 1986, Biometrika 73:13-22, with the correction for few clusters that
    Stata and statsmodels call CR1: G / (G - 1) * (N - 1) / (N - 2).
-#}
{% macro weighted_difference(relation, groups, outcome, arm, weight, cluster) -%}
    with entered_rows as (
        select
            {{ (groups + cluster) | unique | join(', ') }},
            {{ arm }},
            cast(1 as bigint) as rows_count,
            cast({{ weight }} as double) as weight_sum,
            cast({{ weight }} as double) * cast({{ outcome }} as double) as outcome_sum
        from {{ relation }}
        where {{ outcome }} is not null and {{ weight }} is not null
    ),

    {{ _difference_of_sums('entered_rows', groups, arm, cluster) }}
{%- endmacro %}

{#-
    The same from sums, where the rows are too many to be read more than once: the relation has any
    number of rows per group, cluster and arm, with the columns rows_count, weight_sum and
    outcome_sum (of weight times outcome).
    {{ weighted_difference_of_sums('sums', ['account_id'], 'arm', ['account_id', 'worker_id']) }}
-#}
{% macro weighted_difference_of_sums(relation, groups, arm, cluster) -%}
    with {{ _difference_of_sums(relation, groups, arm, cluster) }}
{%- endmacro %}

{#- The common table expressions of both, and the query. -#}
{% macro _difference_of_sums(relation, groups, arm, cluster) -%}
    {%- set by = groups | join(', ') -%}
    {%- set keys = (groups + cluster) | unique | join(', ') -%}
    {%- set z = 'cast(1.959963984540054 as double)' -%}
    clusters as (
        select
            {{ keys }},
            {% for side in ['treated', 'comparison'] -%}
                cast(sum(case when {{ arm }} = '{{ side }}' then rows_count else 0 end) as bigint)
                    as {{ side }}_rows,
                {{ exact_sum("case when " ~ arm ~ " = '" ~ side ~ "' then weight_sum else 0 end") }}
                    as {{ side }}_weight,
                {{ exact_sum(
                    "case when " ~ arm ~ " = '" ~ side ~ "' then outcome_sum else 0 end"
                ) }} as {{ side }}_sum{{ ',' if not loop.last }}
            {% endfor -%}
        from {{ relation }}
        group by {{ keys }}
    ),

    means as (
        select
            {{ by }},
            cast(sum(treated_rows) as bigint) as treated_count,
            cast(sum(comparison_rows) as bigint) as comparison_count,
            cast(count_if(treated_rows > 0) as bigint) as treated_cluster_count,
            cast(count_if(comparison_rows > 0) as bigint) as comparison_cluster_count,
            cast(count(*) as double) as clusters_count,
            cast(sum(treated_rows + comparison_rows) as double) as all_rows_count,
            nullif({{ exact_sum('treated_weight') }}, 0) as all_treated_weight,
            nullif({{ exact_sum('comparison_weight') }}, 0) as all_comparison_weight,
            {{ exact_sum('treated_sum') }} / nullif({{ exact_sum('treated_weight') }}, 0)
                as treated_mean,
            {{ exact_sum('comparison_sum') }} / nullif({{ exact_sum('comparison_weight') }}, 0)
                as comparison_mean
        from clusters
        group by {{ by }}
    ),

    -- by how much a cluster moves the difference, times the weight of the treated
    influences as (
        select
            {% for column in groups %}means.{{ column }},{% endfor %}
            clusters.treated_sum - means.treated_mean * clusters.treated_weight
            - (clusters.comparison_sum - means.comparison_mean * clusters.comparison_weight)
            * means.all_treated_weight / means.all_comparison_weight as influence
        from clusters
        inner join means
            on
                {% for column in groups -%}
                {{ 'and ' if not loop.first }}clusters.{{ column }} = means.{{ column }}
                {% endfor %}
    ),

    spread as (
        select
            {{ by }},
            {{ exact_sum('influence * influence') }} as squares_sum
        from influences
        group by {{ by }}
    ),

    estimated as (
        select
            means.*,
            means.treated_mean - means.comparison_mean as difference,
            sqrt(nullif(
                spread.squares_sum
                * means.clusters_count / nullif(means.clusters_count - 1, 0)
                * (means.all_rows_count - 1) / nullif(means.all_rows_count - 2, 0),
                0
            )) / means.all_treated_weight as standard_error
        from means
        inner join spread
            on
                {% for column in groups -%}
                {{ 'and ' if not loop.first }}means.{{ column }} = spread.{{ column }}
                {% endfor %}
    ),

    tested as (
        select
            *,
            difference / standard_error as deviation
        from estimated
    )

    select
        {{ by }},
        treated_count,
        comparison_count,
        treated_cluster_count,
        comparison_cluster_count,
        treated_mean,
        comparison_mean,
        difference,
        standard_error,
        difference - {{ z }} * standard_error as ci_low,
        difference + {{ z }} * standard_error as ci_high,
        {{ two_sided_p('deviation') }} as p_value
    from tested
{%- endmacro %}
