with renewals as (select * from {{ ref('fct_renewals') }}),
horizons as (select * from {{ ref('renewal_horizons') }}),
scores as (select * from {{ ref('int_health_moment_score') }}),
rates as (select * from {{ ref('int_renewal_rate_estimate') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

horizon_days as (
    select
        renewals.contract_id,
        renewals.account_id,
        renewals.starts_on,
        renewals.ends_on,
        renewals.annual_value_amount,
        renewals.currency,
        renewals.is_decided,
        renewals.decision,
        renewals.decided_on,
        renewals.is_renewed,
        horizons.horizon_days,
        {{ add_days('renewals.ends_on', '-horizons.horizon_days') }} as observed_on
    from renewals
    cross join horizons
),

-- a decision that had been made but not landed counts as made: health may already show it
measured as (
    select
        horizon_days.*,
        horizon_days.starts_on <= horizon_days.observed_on as has_begun,
        coalesce(horizon_days.decided_on <= horizon_days.observed_on, false) as was_decided,
        scores.health_score,
        scores.coverage_share,
        scores.band,
        scores.evidence_points
    from horizon_days
    cross join as_of
    left join scores
        on
            horizon_days.account_id = scores.account_id
            and horizon_days.observed_on = scores.observed_on
    where horizon_days.observed_on <= as_of.as_of_date
),

predicted as (
    select
        measured.*,
        measured.has_begun and not measured.was_decided as is_undecided_then,
        rates.decisions_count,
        rates.base_rate,
        rates.band_decisions_count,
        rates.band_renewed_count,
        rates.renewal_rate
    from measured
    left join rates
        on
            measured.observed_on = rates.observed_on
            and measured.horizon_days = rates.horizon_days
            and measured.band = rates.band
            and measured.has_begun
            and not measured.was_decided
),

final as (
    select
        {{ surrogate_key(['predicted.contract_id', 'predicted.horizon_days']) }}
            as renewal_forecast_key,
        predicted.contract_id,
        predicted.account_id,
        predicted.horizon_days,
        predicted.band,
        predicted.is_undecided_then,
        predicted.is_undecided_then and predicted.health_score is not null as is_prediction,
        predicted.is_decided,
        predicted.decision,
        predicted.is_renewed,
        case
            when not predicted.has_begun then 'not begun'
            when predicted.was_decided then 'already decided'
            when predicted.health_score is null then 'no health score'
            when predicted.renewal_rate is null then 'too few decisions known'
        end as why_not,
        predicted.health_score,
        predicted.coverage_share,
        cast(predicted.evidence_points as bigint) as evidence_points,
        predicted.renewal_rate as renewal_probability,
        predicted.base_rate,
        predicted.decisions_count,
        predicted.band_decisions_count,
        predicted.band_renewed_count,
        case
            when predicted.is_decided and predicted.is_undecided_then
                then {{ days_between('predicted.observed_on', 'predicted.decided_on') }}
        end as lead_days,
        predicted.annual_value_amount,
        predicted.currency,
        predicted.observed_on,
        predicted.decided_on,
        predicted.ends_on
    from predicted
)

select * from final
