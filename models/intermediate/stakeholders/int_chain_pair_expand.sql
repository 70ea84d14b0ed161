-- one row per link of the chain, account, month and lag: the confidence of the role, its own a
-- month ago, and that of the role before, so many months ago. Only months in which it is known for
-- every lag from 0 to 4, so that lags are compared by the same months
with answers as (select * from {{ ref('int_chain_answer_measure') }}),
contacts as (select * from {{ ref('int_chain_contact_measure') }}),
roles as (select * from {{ ref('chain_roles') }}),

-- how much one person differs from another, of all accounts and months: the few of one cannot say
spreads as (
    select
        chain_role,
        {{ exact_sum('squared_deviations') }} / nullif(sum(people_count - 1), 0)
            as person_variance
    from answers
    where account_id <> 'all' and people_count > 0
    group by chain_role
),

means as (
    select
        answers.account_id,
        answers.chain_role,
        answers.month,
        answers.mean_confidence,
        spreads.person_variance / answers.people_count as sampling_variance
    from answers
    inner join spreads on answers.chain_role = spreads.chain_role
    where answers.account_id <> 'all' and answers.people_count > 0
),

-- where other people answer than before, a month says nothing of the one before it
steady as (
    select
        means.*,
        roles.upstream_role
    from means
    inner join roles on means.chain_role = roles.chain_role
    left join contacts
        on
            means.account_id = contacts.account_id
            and means.chain_role = contacts.chain_role
            and means.month = contacts.month
    where roles.answered_by <> 'contact' or not coalesce(contacts.has_recent_change, false)
),

paired as (
    select
        steady.account_id,
        steady.chain_role,
        steady.upstream_role,
        steady.month,
        {{ months_between('upstream.month', 'steady.month') }} as lag_months,
        steady.mean_confidence as confidence,
        last_month.mean_confidence as own_confidence,
        last_month.sampling_variance as own_variance,
        upstream.mean_confidence as upstream_confidence,
        upstream.sampling_variance as upstream_variance,
        count(*) over (partition by steady.account_id, steady.chain_role, steady.month)
            as lags_count
    from steady
    inner join means as last_month
        on
            steady.account_id = last_month.account_id
            and steady.chain_role = last_month.chain_role
            and {{ add_months('steady.month', -1) }} = last_month.month
    inner join means as upstream
        on
            steady.account_id = upstream.account_id
            and steady.upstream_role = upstream.chain_role
            and upstream.month between {{ add_months('steady.month', -4) }} and steady.month
),

final as (
    select
        account_id,
        chain_role,
        upstream_role,
        month,
        lag_months,
        confidence,
        own_confidence,
        own_variance,
        upstream_confidence,
        upstream_variance
    from paired
    where lags_count = 5
)

select * from final
