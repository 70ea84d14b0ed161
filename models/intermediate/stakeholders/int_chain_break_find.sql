-- one row per account, role with one before it and month in which people of both answered: whether
-- the story breaks between the two
with answers as (select * from {{ ref('int_chain_answer_measure') }}),
months as (select * from {{ ref('int_chain_month_find') }}),
roles as (select * from {{ ref('chain_roles') }}),
deliveries as (select * from {{ ref('stg_report_delivery') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

pairs as (
    select
        own.account_id,
        own.chain_role,
        roles.upstream_role,
        own.month,
        months.ended_at,
        own.people_count,
        own.mean_confidence,
        upstream.people_count as upstream_people_count,
        upstream.mean_confidence as upstream_mean_confidence,
        upstream.mean_confidence >= thresholds.break_high
        and own.mean_confidence <= thresholds.break_low as is_apart,
        own.people_count >= thresholds.chain_pair_least
        and upstream.people_count >= thresholds.chain_pair_least as is_tellable
    from answers as own
    inner join months on own.account_id = months.account_id and own.month = months.month
    inner join roles on own.chain_role = roles.chain_role
    inner join answers as upstream
        on
            own.account_id = upstream.account_id
            and own.month = upstream.month
            and roles.upstream_role = upstream.chain_role
    cross join thresholds
),

-- A month of one person alone is judged together with the others only: a break must not say what
-- this person answered.
runs as (
    select
        pairs.account_id,
        pairs.chain_role,
        pairs.month,
        count(*) as months_count,
        bool_and(earlier.is_apart or not earlier.is_tellable) as is_apart_where_tellable,
        {{ exact_sum('earlier.people_count * earlier.mean_confidence') }}
        / sum(earlier.people_count) as mean_confidence,
        {{ exact_sum('earlier.upstream_people_count * earlier.upstream_mean_confidence') }}
        / sum(earlier.upstream_people_count) as upstream_mean_confidence
    from pairs
    cross join thresholds
    inner join pairs as earlier
        on
            pairs.account_id = earlier.account_id
            and pairs.chain_role = earlier.chain_role
            and pairs.month >= earlier.month
            and {{ add_months('pairs.month', '1 - thresholds.break_months') }} <= earlier.month
    group by pairs.account_id, pairs.chain_role, pairs.month
),

-- evidence that was sent in the months of the break and opened before the end of the last one
opened as (
    select
        pairs.account_id,
        pairs.chain_role,
        pairs.month
    from pairs
    cross join thresholds
    inner join deliveries
        on
            pairs.account_id = deliveries.account_id
            and pairs.chain_role = deliveries.chain_role
            and {{ month_start('deliveries.delivered_at') }}
            >= {{ add_months('pairs.month', '1 - thresholds.break_months') }}
            and pairs.ended_at > deliveries.delivered_at
            and pairs.ended_at > deliveries.opened_at
    group by pairs.account_id, pairs.chain_role, pairs.month
),

delivery_supply as (
    select count(*) > 0 as is_supplied
    from deliveries
),

final as (
    select
        pairs.account_id,
        pairs.chain_role,
        pairs.upstream_role,
        pairs.month,
        pairs.is_apart,
        opened.account_id is not null as is_evidence_opened,
        case
            when pairs.is_tellable and delivery_supply.is_supplied
                then
                    pairs.is_apart
                    and opened.account_id is null
                    and runs.months_count = thresholds.break_months
                    and runs.is_apart_where_tellable
                    and runs.mean_confidence <= thresholds.break_low
                    and runs.upstream_mean_confidence >= thresholds.break_high
        end as is_break
    from pairs
    cross join thresholds
    cross join delivery_supply
    inner join runs
        on
            pairs.account_id = runs.account_id
            and pairs.chain_role = runs.chain_role
            and pairs.month = runs.month
    left join opened
        on
            pairs.account_id = opened.account_id
            and pairs.chain_role = opened.chain_role
            and pairs.month = opened.month
)

select * from final
