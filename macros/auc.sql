{#-
    The area under the ROC curve of a score, by group: the chance that a case with the outcome has
    higher score than one without, ties counted half. A query of its own, one row per group:
    the groups, positives_count, negatives_count, auc, standard_error, auc_ci_low and auc_ci_high
    (95 %, normal, clipped to 0..1) and p_value against 0.5 (two-sided z).
    Cases without a score or an outcome are left out; a group with no others has no row.
    auc is null without a positive or a negative. standard_error is null, and with it the interval
    and p_value, where it is not defined: with a single positive or negative, and where nothing
    varies (all scores equal, or the two kinds wholly apart).

    relation: a table with the columns of the groups, a numeric score and a boolean outcome.
    {{ auc('scored', ['indicator_code', 'cutoff_day'], 'score', 'is_completed') }}

    Sources: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837-845; placements by ranks as
    Sun and Xu 2014, IEEE Signal Processing Letters 21:1389-1393: here by counts of distinct scores.
-#}
{% macro auc(relation, groups, score, outcome) -%}
    {%- set by = groups | join(', ') -%}
    {%- set so_far
        = 'partition by ' ~ by ~ ' order by ' ~ score
        ~ ' rows between unbounded preceding and current row' -%}
    {%- set z = 'cast(1.959963984540054 as double)' -%}
    with counts as (
        select
            {{ by }},
            {{ score }},
            cast(count_if({{ outcome }}) as double) as positives,
            cast(count_if(not {{ outcome }}) as double) as negatives
        from {{ relation }}
        where {{ score }} is not null and {{ outcome }} is not null
        group by {{ by }}, {{ score }}
    ),

    ranked as (
        select
            *,
            sum(positives) over (partition by {{ by }}) as all_positives,
            sum(negatives) over (partition by {{ by }}) as all_negatives,
            sum(positives) over ({{ so_far }}) - positives / 2 as positives_below,
            sum(negatives) over ({{ so_far }}) - negatives / 2 as negatives_below
        from counts
    ),

    -- a positive's placement is the share of negatives below it, a negative's of positives above
    placed as (
        select
            *,
            negatives_below / nullif(all_negatives, 0) as positive_placement,
            1 - positives_below / nullif(all_positives, 0) as negative_placement,
            sum(positives * negatives_below) over (partition by {{ by }})
            / nullif(all_positives * all_negatives, 0) as auc
        from ranked
    ),

    spread as (
        select
            {{ by }},
            all_positives,
            all_negatives,
            auc,
            {{ exact_sum('positives * power(positive_placement - auc, 2)') }}
            / nullif(all_positives * (all_positives - 1), 0)
            + {{ exact_sum('negatives * power(negative_placement - auc, 2)') }}
            / nullif(all_negatives * (all_negatives - 1), 0) as variance
        from placed
        group by {{ by }}, all_positives, all_negatives, auc
    ),

    tested as (
        select
            *,
            sqrt(nullif(variance, 0)) as standard_error,
            (auc - 0.5) / sqrt(nullif(variance, 0)) as deviation
        from spread
    )

    select
        {{ by }},
        cast(all_positives as bigint) as positives_count,
        cast(all_negatives as bigint) as negatives_count,
        auc,
        standard_error,
        case
            when standard_error is not null
                then greatest(cast(0 as double), auc - {{ z }} * standard_error)
        end as auc_ci_low,
        case
            when standard_error is not null
                then least(cast(1 as double), auc + {{ z }} * standard_error)
        end as auc_ci_high,
        {{ two_sided_p('deviation') }} as p_value
    from tested
{%- endmacro %}
