-- one row per day on which health is measured, horizon and band: which share of the contracts that
-- were in this band so long before their end renewed, by the decisions known on that day
with moments as (select * from {{ ref('int_health_moment_find') }}),
scores as (select * from {{ ref('int_health_moment_score') }}),
contracts as (select * from {{ ref('stg_contract_version') }}),
decisions as (select * from {{ ref('stg_renewal_decision_version') }}),
horizons as (select * from {{ ref('renewal_horizons') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

days as (
    select
        observed_on,
        known_before_at
    from moments
    group by observed_on, known_before_at
),

known_decisions as (
    select
        days.observed_on,
        contracts.account_id,
        contracts.starts_on,
        contracts.ends_on,
        decisions.decided_on,
        decisions.decision <> 'churned' as is_renewed
    from days
    inner join decisions
        on
            {{ known_then('decisions', 'days.known_before_at') }}
            and decisions.decided_on <= days.observed_on
    inner join contracts
        on
            decisions.contract_id = contracts.contract_id
            and {{ known_then('contracts', 'days.known_before_at') }}
),

all_counts as (
    select
        observed_on,
        cast(count(*) as bigint) as decisions_count,
        cast(count_if(is_renewed) as bigint) as renewed_count
    from known_decisions
    group by observed_on
),

-- as health stood at the horizon, unless the decision had been made by then
band_counts as (
    select
        known_decisions.observed_on,
        horizons.horizon_days,
        scores.band,
        cast(count(*) as bigint) as band_decisions_count,
        cast(count_if(known_decisions.is_renewed) as bigint) as band_renewed_count
    from known_decisions
    cross join horizons
    inner join scores
        on
            known_decisions.account_id = scores.account_id
            and {{ add_days('known_decisions.ends_on', '-horizons.horizon_days') }}
            = scores.observed_on
            and known_decisions.starts_on <= scores.observed_on
            and known_decisions.decided_on > scores.observed_on
    group by known_decisions.observed_on, horizons.horizon_days, scores.band
),

bands as (
    select 'green' as band
    union all
    select 'amber' as band
    union all
    select 'red' as band
),

counted as (
    select
        days.observed_on,
        horizons.horizon_days,
        bands.band,
        coalesce(all_counts.decisions_count, 0) as decisions_count,
        coalesce(all_counts.renewed_count, 0) as renewed_count,
        {{ rate('all_counts.renewed_count', 'all_counts.decisions_count') }} as base_rate,
        coalesce(band_counts.band_decisions_count, 0) as band_decisions_count,
        coalesce(band_counts.band_renewed_count, 0) as band_renewed_count
    from days
    cross join horizons
    cross join bands
    left join all_counts on days.observed_on = all_counts.observed_on
    left join band_counts
        on
            days.observed_on = band_counts.observed_on
            and horizons.horizon_days = band_counts.horizon_days
            and bands.band = band_counts.band
),

final as (
    select
        counted.*,
        -- a band of few decisions is drawn to the rate of all, and that of few to a half, for all
        -- are renewed until the first is not: means of beta distributions (Gelman et al. 2013,
        -- Bayesian Data Analysis, 2.4; the second is the rule of succession, Laplace 1774)
        case
            when counted.decisions_count >= thresholds.renewal_minimum_decisions
                then
                    (
                        counted.band_renewed_count
                        + thresholds.renewal_prior_count
                        * {{ rate('(counted.renewed_count + 1)', '(counted.decisions_count + 2)') }}
                    )
                    / (counted.band_decisions_count + thresholds.renewal_prior_count)
        end as renewal_rate,
        case
            when counted.band_decisions_count > 0
                then
                    'of ' || cast(counted.band_decisions_count as {{ dbt.type_string() }})
                    || case
                        when counted.band_decisions_count = 1 then ' contract in '
                        else ' contracts in '
                    end
                    || counted.band || ' '
                    || cast(counted.horizon_days as {{ dbt.type_string() }})
                    || ' days before the end, '
                    || cast(counted.band_renewed_count as {{ dbt.type_string() }}) || ' renewed'
            else
                'no contract in ' || counted.band || ' '
                || cast(counted.horizon_days as {{ dbt.type_string() }})
                || ' days before the end was decided by then; of all, '
                || cast(counted.renewed_count as {{ dbt.type_string() }}) || ' of '
                || cast(counted.decisions_count as {{ dbt.type_string() }}) || ' renewed'
        end as probability_basis
    from counted
    cross join thresholds
)

select * from final
