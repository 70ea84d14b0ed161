-- one row per account and stage that a question is about: what the evidence says of its loss
{%- set functions = [
    'marketing', 'enrollment', 'product', 'engineering', 'coaching', 'learning_design',
    'client_success', 'analytics'
] %}
with evidence as (select * from {{ ref('rpt_diagnostic_evidence') }}),
stages as (select * from {{ ref('dim_stages') }}),

asked as (
    select
        evidence.account_id,
        stages.stage_code,
        evidence.verdict,
        case when evidence.verdict = 'supported' then evidence.question_code end as cause,
        case when evidence.verdict = 'supported' then evidence.function_codes end as actors
    from evidence
    inner join stages
        on concat(' ', evidence.stage_codes, ' ') like concat('% ', stages.stage_code, ' %')
),

final as (
    select
        account_id,
        stage_code,
        case
            when count(cause) > 0 then 'supported'
            when count_if(verdict = 'not_enough_data') > 0 then 'not_enough_data'
            else 'not_supported'
        end as evidence_state,
        nullif(concat_ws(
            ' ',
            {%- for number in range(1, 13) %}
                max(case when cause = 'D{{ number }}' then cause end)
                {{- ',' if not loop.last }}
            {%- endfor %}
        ), '') as question_codes,
        nullif(concat_ws(
            ' ',
            {%- for code in functions %}
                max(case when actors like '%{{ code }}%' then '{{ code }}' end)
                {{- ',' if not loop.last }}
            {%- endfor %}
        ), '') as function_codes
    from asked
    group by account_id, stage_code
)

select * from final
