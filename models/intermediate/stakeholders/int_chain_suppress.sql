-- one row per account ('all' too), role and month with an answer: what may be shown of it
with answers as (select * from {{ ref('int_chain_answer_measure') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

counted as (
    select
        answers.*,
        thresholds.survey_people_least,
        case when answers.account_id = 'all' then 'all' else 'account' end as scope
    from answers
    cross join thresholds
),

-- 'all' is the margin of the accounts, and no cell of it. Each question is judged by who answered
-- it, and what one of them hides is hidden of both
judged_by_confidence as (
    {{ suppression(
        'counted', ['scope', 'chain_role', 'month'], 'account_id', 'people_count',
        'survey_people_least'
    ) }}
),

judged_by_nps as (
    {{ suppression(
        'counted', ['scope', 'chain_role', 'month'], 'account_id', 'nps_people_count',
        'survey_people_least'
    ) }}
),

judged as (
    select
        counted.*,
        case
            when
                judged_by_confidence.suppression_reason = 'few_people'
                or judged_by_nps.suppression_reason = 'few_people'
                then 'few_people'
            else
                coalesce(
                    judged_by_confidence.suppression_reason, judged_by_nps.suppression_reason
                )
        end as suppression_reason
    from counted
    inner join judged_by_confidence
        on
            counted.account_id = judged_by_confidence.account_id
            and counted.chain_role = judged_by_confidence.chain_role
            and counted.month = judged_by_confidence.month
    inner join judged_by_nps
        on
            counted.account_id = judged_by_nps.account_id
            and counted.chain_role = judged_by_nps.chain_role
            and counted.month = judged_by_nps.month
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
