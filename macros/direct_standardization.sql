{#-
    Direct standardization: the rate that each group would have if its strata had the sizes of the
    reference, so that two groups of another mix can be compared.
    One row per group: standardized_rate; standardized_share, the part of the reference whose strata
    the group has (the rate is over that part, and null where it has none); standardized_ci_low and
    standardized_ci_high, 95 % by the normal approximation of a weighted sum of independent rates,
    clipped to 0..1 and null where it says nothing because every stratum's rate is 0 or 1.

    relation: a CTE of one row per group and stratum, with the columns numerator and denominator.
    reference: a CTE of one row per stratum (and per value of the groups named in within, where the
    reference differs between them), with the column weight: counts or shares.
    {{ direct_standardization(
        'counts', ['account_id', 'stage_code'], 'program_id', 'numerator_count',
        'denominator_count', 'reference', 'weight', within=['stage_code']
    ) }}
    ->  Two treatments, 81 of 87 and 192 of 263 against 234 of 270 and 55 of 80, crude 0.78 and
    0.826: by the sizes of the strata together (357 and 343) 0.8325 and 0.7789.
    Source: Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, chapter 19.
-#}
{% macro direct_standardization(
    relation, groups, stratum, numerator, denominator, reference, weight, within=[]
) -%}
    {%- set by = groups | join(', ') -%}
    {%- set z = 'cast(1.959963984540054 as double)' -%}
    with mix as (
        select
            {% for column in within %}{{ column }},{% endfor %}
            {{ stratum }},
            cast({{ weight }} as double) / nullif(
                cast(sum({{ weight }}) over (
                    {%- if within %}partition by {{ within | join(', ') }}{% endif -%}
                ) as double),
                0
            ) as stratum_share
        from {{ reference }}
    ),

    weighted as (
        select
            {% for column in groups %}counted.{{ column }},{% endfor %}
            coalesce(mix.stratum_share, cast(0 as double)) as stratum_share,
            {{ rate('counted.' ~ numerator, 'counted.' ~ denominator) }} as stratum_rate,
            cast(nullif(counted.{{ denominator }}, 0) as double) as stratum_count
        from {{ relation }} as counted
        left join mix
            on
                counted.{{ stratum }} = mix.{{ stratum }}
                {% for column in within %}and counted.{{ column }} = mix.{{ column }}{% endfor %}
    ),

    summed as (
        select
            {{ by }},
            {{ exact_sum('case when stratum_count > 0 then stratum_share else 0 end') }}
                as covered_share,
            {{ exact_sum('stratum_share * stratum_rate') }} as weighted_rate,
            sqrt({{ exact_sum(
                'stratum_share * stratum_share * stratum_rate * (1 - stratum_rate) / stratum_count'
            ) }}) as weighted_error
        from weighted
        group by {{ by }}
    ),

    divided as (
        select
            {{ by }},
            least(cast(1 as double), covered_share) as standardized_share,
            -- a sum of shares may exceed one in the last digit; least() would pass over a null
            case
                when covered_share > 0 then least(cast(1 as double), weighted_rate / covered_share)
            end as standardized_rate,
            {{ z }} * nullif(weighted_error, 0) / nullif(covered_share, 0) as half_width
        from summed
    )

    select
        {{ by }},
        standardized_rate,
        standardized_share,
        case
            when half_width is not null
                then greatest(cast(0 as double), standardized_rate - half_width)
        end as standardized_ci_low,
        case
            when half_width is not null
                then least(cast(1 as double), standardized_rate + half_width)
        end as standardized_ci_high
    from divided
{%- endmacro %}
