-- one row per contract: what follows it, what was decided, and until when which value counts
with contracts as (select * from {{ ref('stg_contract') }}),
decisions as (select * from {{ ref('stg_renewal_decision') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- a contract names its predecessor; one that begins before it, or belongs to another account, is
-- no successor. Of two of one day that name each other neither is
links as (
    select
        predecessors.contract_id,
        successors.contract_id as successor_contract_id,
        successors.starts_on as successor_starts_on
    from contracts as predecessors
    inner join contracts as successors
        on
            predecessors.contract_id = successors.previous_contract_id
            and predecessors.account_id = successors.account_id
            and predecessors.starts_on <= successors.starts_on
    where
        predecessors.contract_id <> successors.contract_id
        and predecessors.starts_on <= predecessors.ends_on
        and successors.starts_on <= successors.ends_on
        and (
            predecessors.starts_on < successors.starts_on
            or coalesce(predecessors.previous_contract_id, '') <> successors.contract_id
        )
),

unfollowed as (
    select contracts.*
    from contracts
    left join links on contracts.contract_id = links.contract_id
    where links.contract_id is null and contracts.starts_on <= contracts.ends_on
),

unpreceded as (
    select contracts.*
    from contracts
    left join links on contracts.contract_id = links.successor_contract_id
    where links.successor_contract_id is null and contracts.starts_on <= contracts.ends_on
),

-- where no link landed: what begins soon after the end goes on with it
followed as (
    select
        unfollowed.contract_id,
        unpreceded.contract_id as successor_contract_id,
        unpreceded.starts_on as successor_starts_on
    from unfollowed
    cross join thresholds
    inner join unpreceded
        on
            unfollowed.account_id = unpreceded.account_id
            and unfollowed.ends_on < unpreceded.starts_on
            and {{ add_days('unfollowed.ends_on', 'thresholds.renewal_gap_days + 1') }}
            >= unpreceded.starts_on
),

successions as (
    select * from links
    union all
    select * from followed
),

-- of several successors the first ends the contract
first_successors as (
    select
        contract_id,
        successor_contract_id,
        successor_starts_on
    from successions
    qualify
        row_number() over (
            partition by contract_id order by successor_starts_on, successor_contract_id
        ) = 1
),

described as (
    select
        contracts.contract_id,
        contracts.account_id,
        contracts.pricing_model,
        contracts.auto_renew,
        contracts.notice_days,
        contracts.previous_contract_id,
        first_successors.successor_contract_id,
        first_successors.successor_starts_on,
        contracts.signed_on,
        contracts.starts_on,
        contracts.ends_on,
        contracts.currency,
        cast(
            greatest(contracts.annual_value, cast(0 as decimal(18, 4))) as decimal(18, 4)
        ) as value_now,
        decisions.decision,
        decisions.decided_on,
        decisions.reason_code,
        decisions.new_annual_value as landed_new_value,
        cast(
            {{ days_between('contracts.ends_on', 'first_successors.successor_starts_on') }} - 1
            as int
        ) as gap_days,
        thresholds.renewal_gap_days
    from contracts
    cross join thresholds
    left join first_successors on contracts.contract_id = first_successors.contract_id
    left join decisions on contracts.contract_id = decisions.contract_id
),

final as (
    select
        contract_id,
        account_id,
        pricing_model,
        auto_renew,
        notice_days,
        previous_contract_id,
        successor_contract_id,
        gap_days,
        signed_on,
        starts_on,
        ends_on,
        currency,
        value_now as local_annual_value,
        decision,
        decided_on,
        reason_code,
        cast(
            case
                when decision = 'churned' then cast(0 as decimal(18, 4))
                when decision is not null
                    then greatest(
                        coalesce(landed_new_value, value_now), cast(0 as decimal(18, 4))
                    )
            end as decimal(18, 4)
        ) as local_new_annual_value,
        -- the last day at the annual value
        case
            when
                successor_starts_on <= ends_on
                or (
                    gap_days <= renewal_gap_days
                    and coalesce(decision <> 'churned', true)
                )
                then {{ add_days('successor_starts_on', -1) }}
            else ends_on
        end as served_until,
        -- the last day at the new value: renewed, and the new contract has not landed
        case
            when decision <> 'churned' and successor_starts_on is null
                then {{ add_days('ends_on', 'renewal_gap_days') }}
        end as extended_until
    from described
)

select * from final
