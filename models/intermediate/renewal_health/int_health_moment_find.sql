-- one row per account and day on which its health is measured, with what was known at its end
with contracts as (select * from {{ ref('stg_contract_version') }}),
decisions as (select * from {{ ref('stg_renewal_decision_version') }}),
weights as (select * from {{ ref('health_weights') }}),
horizons as (select * from {{ ref('renewal_horizons') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

bounds as (
    select
        min({{ month_start('contracts.starts_on') }}) as first_month,
        min(as_of.as_of_date) as last_date
    from contracts
    inner join as_of on contracts.starts_on <= as_of.as_of_date
),

days as (
    select {{ date_series('first_month', 'last_date') }} as date_day
    from bounds
),

months as (
    select {{ month_start('date_day') }} as month
    from days
    group by {{ month_start('date_day') }}
),

accounts as (
    select account_id
    from contracts
    group by account_id
),

month_ends as (
    select
        accounts.account_id,
        {{ add_days(add_months('months.month', 1), -1) }} as observed_on,
        months.month
    from months
    inner join as_of on {{ month_is_over('months.month', 'as_of.known_until_at') }}
    cross join accounts
),

ends as (
    select
        contracts.*,
        {{ add_days('contracts.ends_on', '-horizons.horizon_days') }} as observed_on
    from contracts
    cross join horizons
),

-- by the end of the contract as it was known on the day, not as it was moved to later
horizon_days as (
    select
        ends.account_id,
        ends.observed_on
    from ends
    inner join as_of on ends.observed_on <= as_of.as_of_date
    where
        ends.starts_on <= ends.observed_on
        and {{ known_then('ends', 'cast(' ~ add_days('ends.observed_on', 1) ~ ' as timestamp)') }}
),

candidates as (
    select
        account_id,
        observed_on
    from month_ends
    union
    select
        account_id,
        observed_on
    from horizon_days
),

dated as (
    select
        candidates.account_id,
        candidates.observed_on,
        cast({{ add_days('candidates.observed_on', 1) }} as timestamp) as known_before_at,
        month_ends.month
    from candidates
    left join month_ends
        on
            candidates.account_id = month_ends.account_id
            and candidates.observed_on = month_ends.observed_on
),

-- contracts that had begun by the day, and had not ended long before it
known_contracts as (
    select
        dated.account_id,
        dated.observed_on,
        dated.known_before_at,
        dated.month,
        contracts.contract_id,
        contracts.previous_contract_id,
        contracts.starts_on,
        contracts.ends_on,
        contracts.annual_value,
        contracts.currency,
        cast({{ days_between('dated.observed_on', 'contracts.ends_on') }} as int)
            as days_to_renewal
    from dated
    cross join thresholds
    inner join contracts
        on
            dated.account_id = contracts.account_id
            and dated.observed_on >= contracts.starts_on
            and dated.observed_on
            <= {{ add_days('contracts.ends_on', 'thresholds.renewal_gap_days') }}
            and {{ known_then('contracts', 'dated.known_before_at') }}
),

decided as (
    select
        known_contracts.*,
        decisions.decision
    from known_contracts
    left join decisions
        on
            known_contracts.contract_id = decisions.contract_id
            and known_contracts.observed_on >= decisions.decided_on
            and {{ known_then('decisions', 'known_contracts.known_before_at') }}
),

-- who names a predecessor of another account, one that begins later, or itself, follows nobody; of
-- two of one day that name each other neither does: see int_contract_term_resolve
successors as (
    select
        followed.observed_on,
        followed.contract_id
    from known_contracts as followed
    inner join known_contracts as heirs
        on
            followed.contract_id = heirs.previous_contract_id
            and followed.account_id = heirs.account_id
            and followed.observed_on = heirs.observed_on
            and followed.starts_on <= heirs.starts_on
    where
        followed.contract_id <> heirs.contract_id
        and (
            followed.starts_on < heirs.starts_on
            or coalesce(followed.previous_contract_id, '') <> heirs.contract_id
        )
    group by followed.observed_on, followed.contract_id
),

-- a contract that another follows has been replaced by it, even where the two overlap; one that
-- ended without a word that it is over still serves for as long as a signature may be late
serving as (
    select
        decided.*,
        row_number() over (
            partition by decided.account_id, decided.observed_on
            order by
                case when decided.days_to_renewal >= 0 then 0 else 1 end,
                abs(decided.days_to_renewal),
                decided.contract_id
        ) as serving_no
    from decided
    left join successors
        on
            decided.contract_id = successors.contract_id
            and decided.observed_on = successors.observed_on
    where
        successors.contract_id is null
        and (decided.days_to_renewal >= 0 or coalesce(decided.decision, 'none') <> 'churned')
),

final as (
    select
        {{ surrogate_key(['serving.account_id', 'serving.observed_on']) }} as moment_key,
        serving.account_id,
        serving.observed_on,
        serving.known_before_at,
        serving.month is not null as is_month_end,
        serving.month,
        serving.contract_id,
        serving.ends_on,
        serving.days_to_renewal,
        serving.annual_value,
        serving.currency,
        serving.decision is not null as is_decided,
        serving.decision,
        max(weights.version) as weights_version
    from serving
    left join weights on serving.observed_on >= weights.valid_from
    where serving.serving_no = 1
    group by
        serving.account_id,
        serving.observed_on,
        serving.known_before_at,
        serving.month,
        serving.contract_id,
        serving.ends_on,
        serving.days_to_renewal,
        serving.annual_value,
        serving.currency,
        serving.decision
)

select * from final
