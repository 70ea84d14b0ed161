-- one row per account and day on which its health is measured: the probability that the contract in
-- force then will be renewed, by what was known then
with moments as (select * from {{ ref('int_health_moment_find') }}),
scores as (select * from {{ ref('int_health_moment_score') }}),
rates as (select * from {{ ref('int_renewal_rate_estimate') }}),
horizons as (select * from {{ ref('renewal_horizons') }}),

final as (
    select
        moments.moment_key,
        horizons.horizon_days,
        rates.renewal_rate as renewal_probability,
        rates.band_decisions_count,
        rates.band_renewed_count,
        rates.decisions_count,
        rates.base_rate,
        rates.probability_basis
    from moments
    inner join scores on moments.moment_key = scores.moment_key
    left join horizons
        on moments.days_to_renewal between horizons.from_days and horizons.to_days
    -- whose decision is known is not predicted any more
    left join rates
        on
            moments.observed_on = rates.observed_on
            and horizons.horizon_days = rates.horizon_days
            and scores.band = rates.band
            and not moments.is_decided
)

select * from final
