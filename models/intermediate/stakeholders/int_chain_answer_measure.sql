-- one row per account ('all' too), role and month with an answer: what was said, nothing hidden yet
with scores as (select * from {{ ref('int_survey_item_score') }}),
roles as (select * from {{ ref('chain_roles') }}),

persons as (
    select
        scores.account_id,
        scores.chain_role,
        scores.month,
        scores.person_key,
        count(distinct case when scores.is_confidence then scores.response_id end)
            as responses_count,
        {{ exact_sum('case when scores.is_confidence then scores.score_0_100 end') }}
        / nullif(count(case when scores.is_confidence then scores.score_0_100 end), 0)
            as confidence,
        {{ exact_sum('case when scores.is_nps then scores.score_0_100 end') }}
        / nullif(count(case when scores.is_nps then scores.score_0_100 end), 0) as recommendation
    from scores
    inner join roles on scores.chain_role = roles.chain_role
    where scores.score_0_100 is not null and (scores.is_confidence or scores.is_nps)
    group by scores.account_id, scores.chain_role, scores.month, scores.person_key
),

scoped as (
    select *
    from persons
    union all
    select
        'all' as account_id,
        chain_role,
        month,
        person_key,
        responses_count,
        confidence,
        recommendation
    from persons
),

summed as (
    select
        account_id,
        chain_role,
        month,
        sum(responses_count) as responses_count,
        count(confidence) as people_count,
        {{ exact_sum('confidence') }} / nullif(count(confidence), 0) as mean_confidence,
        count(recommendation) as nps_people_count,
        count_if(recommendation >= 90) as promoters_count,
        count_if(recommendation <= 60) as detractors_count
    from scoped
    group by account_id, chain_role, month
),

spread as (
    select
        scoped.account_id,
        scoped.chain_role,
        scoped.month,
        {{ exact_sum('power(scoped.confidence - summed.mean_confidence, 2)') }}
            as squared_deviations
    from scoped
    inner join summed
        on
            scoped.account_id = summed.account_id
            and scoped.chain_role = summed.chain_role
            and scoped.month = summed.month
    group by scoped.account_id, scoped.chain_role, scoped.month
),

final as (
    select
        summed.account_id,
        summed.chain_role,
        summed.month,
        cast(summed.responses_count as bigint) as responses_count,
        cast(summed.people_count as bigint) as people_count,
        summed.mean_confidence,
        spread.squared_deviations,
        sqrt(
            spread.squared_deviations
            / cast(nullif(summed.people_count * (summed.people_count - 1), 0) as double)
        ) as standard_error,
        cast(summed.nps_people_count as bigint) as nps_people_count,
        100 * {{ rate(
            '(summed.promoters_count - summed.detractors_count)', 'summed.nps_people_count'
        ) }} as mean_nps
    from summed
    inner join spread
        on
            summed.account_id = spread.account_id
            and summed.chain_role = spread.chain_role
            and summed.month = spread.month
)

select * from final
