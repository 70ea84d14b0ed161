with judged as (select * from {{ ref('int_outcome_judge') }}),
compared as (select * from {{ ref('int_outcome_account_compare') }}),
ratios as (select * from {{ ref('int_outcome_ratio_measure') }}),
outcomes as (select * from {{ ref('workforce_outcomes') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

final as (
    select
        {{ surrogate_key(['judged.account_id', 'judged.outcome_code', 'judged.stratum']) }}
            as workforce_outcome_key,
        judged.account_id,
        judged.outcome_code,
        judged.stratum,
        outcomes.outcome_order,
        outcomes.title,
        outcomes.unit,
        outcomes.better,
        compared.period_start,
        compared.period_end,
        judged.treated_count,
        judged.matched_count,
        judged.comparison_count,
        judged.comparison_worker_count,
        case when judged.is_estimable then judged.treated_mean end as treated_rate,
        case when judged.is_estimable then judged.comparison_mean end as comparison_rate,
        case when judged.stratum = 'all' then compared.naive_difference end as naive_difference,
        case
            when
                coalesce(judged.reason_code, 'none')
                not in ('not_followed', 'too_few_participants', 'too_few_colleagues')
                then judged.crude_difference
        end as crude_difference,
        case when judged.is_estimable then judged.difference end as adjusted_difference,
        case when judged.is_estimable then judged.standard_error end as standard_error,
        case when judged.is_estimable then judged.ci_low end as ci_low,
        case when judged.is_estimable then judged.ci_high end as ci_high,
        case when judged.is_estimable then judged.p_value end as p_value,
        {% for column in [
            'protocol_difference', 'protocol_ci_low', 'protocol_ci_high', 'prior_difference',
            'difference_in_differences'
        ] -%}
            case when judged.is_estimable and judged.stratum = 'all' then compared.{{ column }} end
                as {{ column }},
        {% endfor -%}
        'sequential_trials' as method,
        judged.overlap_share,
        judged.max_standardized_difference,
        {% for column in ['difference', 'ci_low', 'ci_high'] -%}
            case when judged.stratum = 'all' then compared.negative_control_{{ column }} end
                as negative_control_{{ column }},
        {% endfor -%}
        {% for column in ['difference', 'ci_low', 'ci_high'] -%}
            case when judged.stratum = 'all' then compared.second_control_{{ column }} end
                as second_control_{{ column }},
        {% endfor -%}
        ratios.effect_ratio,
        ratios.e_value,
        ratios.e_value_limit,
        judged.has_overlap,
        judged.is_balanced,
        judged.are_controls_clear,
        judged.evidence_grade,
        judged.is_estimable,
        judged.reason_code,
        judged.reason,
        thresholds.overlap_good,
        thresholds.overlap_least,
        thresholds.balance_good,
        thresholds.balance_least,
        thresholds.minimum_participants,
        thresholds.minimum_expected_events
    from judged
    cross join thresholds
    inner join outcomes on judged.outcome_code = outcomes.outcome_code
    left join compared
        on
            judged.account_id = compared.account_id
            and judged.outcome_code = compared.outcome_code
    left join ratios
        on
            judged.account_id = ratios.account_id
            and judged.outcome_code = ratios.outcome_code
            and judged.stratum = ratios.stratum
)

select * from final
