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
        cast(12 * extract(year from own.month) + extract(month from own.month) as int) as month_no,
        upstream.mean_confidence >= thresholds.break_high
        and own.mean_confidence <= thresholds.break_low as is_apart,
        -- nothing is told from the answers of one person, but they count for the month after
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

-- months in a row have one difference of month and place
placed as (
    select
        *,
        month_no - row_number() over (
            partition by account_id, chain_role, is_apart order by month
        ) as run_no
    from pairs
),

runs as (
    select
        *,
        case
            when is_apart
                then row_number() over (
                    partition by account_id, chain_role, is_apart, run_no order by month
                )
            else 0
        end as run_months
    from placed
),

-- evidence that was sent in the months of the break and opened before the end of the last one
opened as (
    select
        runs.account_id,
        runs.chain_role,
        runs.month
    from runs
    cross join thresholds
    inner join deliveries
        on
            runs.account_id = deliveries.account_id
            and runs.chain_role = deliveries.chain_role
            and {{ month_start('deliveries.delivered_at') }}
            >= {{ add_months('runs.month', '1 - thresholds.break_months') }}
            and runs.ended_at > deliveries.delivered_at
            and runs.ended_at > deliveries.opened_at
    group by runs.account_id, runs.chain_role, runs.month
),

final as (
    select
        runs.account_id,
        runs.chain_role,
        runs.upstream_role,
        runs.month,
        cast(runs.run_months as int) as apart_months,
        opened.account_id is not null as is_evidence_opened,
        case
            when runs.is_tellable
                then runs.run_months >= thresholds.break_months and opened.account_id is null
        end as is_break
    from runs
    cross join thresholds
    left join opened
        on
            runs.account_id = opened.account_id
            and runs.chain_role = opened.chain_role
            and runs.month = opened.month
)

select * from final
