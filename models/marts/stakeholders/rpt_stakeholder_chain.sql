with reached as (select * from {{ ref('int_chain_reach_count') }}),
roles as (select * from {{ ref('chain_roles') }}),
answers as (select * from {{ ref('int_chain_suppress') }}),
breaks as (select * from {{ ref('int_chain_break_find') }}),
supply as (select * from {{ ref('int_entity_supply') }}),

supplied as (
    select bool_or(entity = 'survey_response' and known_rows_count > 0) as is_supplied
    from supply
),

-- who answered has been asked
invited as (
    select
        reached.*,
        case
            when reached.asked_count is not null
                then greatest(reached.asked_count, coalesce(answers.people_count, 0))
        end as invited_count
    from reached
    left join answers
        on
            reached.account_id = answers.account_id
            and reached.chain_role = answers.chain_role
            and reached.month = answers.month
),

summed as (
    select
        {{ all_or('account_id') }} as scope_id,
        chain_role,
        month,
        cast(sum(invited_count) as bigint) as invited_count,
        cast(sum(named_count) as bigint) as named_count,
        cast(sum(active_count) as bigint) as active_count,
        -- how long ago is an account's matter
        case when grouping(account_id) = 0 then max(days_since_touch) end as days_since_touch,
        cast(sum(contacts_started_count) as bigint) as contacts_started_count,
        cast(sum(contacts_ended_count) as bigint) as contacts_ended_count,
        2 * {{ rate('sum(ended_in_year_count)', 'sum(named_twice_count)') }} as turnover_rate,
        cast(sum(reports_delivered_count) as bigint) as reports_delivered_count,
        cast(sum(reports_opened_count) as bigint) as reports_opened_count
    from invited
    group by cube(account_id), chain_role, month
),

joined as (
    select
        summed.*,
        roles.role_order,
        supplied.is_supplied,
        case when supplied.is_supplied then coalesce(answers.responses_count, 0) end
            as responses_count,
        case when supplied.is_supplied then coalesce(answers.people_count, 0) end as people_count,
        answers.confidence_score,
        answers.ci_low,
        answers.ci_high,
        answers.nps,
        coalesce(answers.is_suppressed, false) as is_suppressed,
        case answers.suppression_reason
            when 'few_people' then 'too few people answered'
            when 'protects_another' then 'another account could be worked out from it'
        end as suppression_reason,
        breaks.is_break,
        case when breaks.is_break then breaks.upstream_role end as breaks_with
    from summed
    inner join roles on summed.chain_role = roles.chain_role
    cross join supplied
    left join answers
        on
            summed.scope_id = answers.account_id
            and summed.chain_role = answers.chain_role
            and summed.month = answers.month
    left join breaks
        on
            summed.scope_id = breaks.account_id
            and summed.chain_role = breaks.chain_role
            and summed.month = breaks.month
),

final as (
    select
        {{ surrogate_key(['scope_id', 'chain_role', 'month']) }} as stakeholder_chain_key,
        scope_id as account_id,
        chain_role,
        role_order,
        month,
        is_supplied,
        confidence_score,
        ci_low,
        ci_high,
        responses_count,
        people_count,
        invited_count,
        {{ rate('people_count', 'invited_count') }} as response_rate,
        {{ wilson_low('people_count', 'invited_count') }} as response_ci_low,
        {{ wilson_high('people_count', 'invited_count') }} as response_ci_high,
        nps,
        named_count,
        active_count,
        -- a role that nobody holds is not covered
        case
            when active_count is not null and named_count = 0 then cast(0 as double)
            else {{ rate('active_count', 'named_count') }}
        end as coverage,
        days_since_touch,
        contacts_started_count,
        contacts_ended_count,
        turnover_rate,
        reports_delivered_count,
        reports_opened_count,
        is_break,
        breaks_with,
        is_suppressed,
        suppression_reason
    from joined
)

select * from final
