-- one row per account ('all' too), role and month with an answer: what may be shown of it
with answers as (select * from {{ ref('int_chain_answer_measure') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- who answers one question only must not be found out by it
counted as (
    select
        answers.*,
        thresholds.survey_people_least,
        case
            when answers.people_count = 0 then answers.nps_people_count
            when answers.nps_people_count = 0 then answers.people_count
            else least(answers.people_count, answers.nps_people_count)
        end as least_people_count,
        case when answers.account_id = 'all' then 'all' else 'account' end as scope
    from answers
    cross join thresholds
),

-- 'all' is the margin of the accounts, and no cell of it
judged as (
    {{ suppression(
        'counted', ['scope', 'chain_role', 'month'], 'account_id', 'least_people_count',
        'survey_people_least'
    ) }}
),

widened as (
    select
        *,
        {{ t_quantile('(people_count - 1)') }} * standard_error as margin
    from judged
),

final as (
    select
        account_id,
        chain_role,
        month,
        responses_count,
        people_count,
        suppression_reason is not null as is_suppressed,
        suppression_reason,
        case when suppression_reason is null then mean_confidence end as confidence_score,
        case
            when suppression_reason is null and margin is not null
                then greatest(mean_confidence - margin, cast(0 as double))
        end as ci_low,
        case
            when suppression_reason is null and margin is not null
                then least(mean_confidence + margin, cast(100 as double))
        end as ci_high,
        case when suppression_reason is null then mean_nps end as nps
    from widened
)

select * from final
