-- one row per contract in force on the as-of date that no other has followed yet: how its account
-- stood at the end of the newest month that is measured, and its chance to be renewed
with renewals as (select * from {{ ref('fct_renewals') }}),
healths as (select * from {{ ref('rpt_renewal_health') }}),
rates as (select * from {{ ref('int_renewal_rate_estimate') }}),
horizons as (select * from {{ ref('renewal_horizons') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

newest as (
    select max(month) as newest_month
    from healths
),

followed as (
    select renewals.contract_id
    from renewals
    inner join renewals as successors
        on renewals.successor_contract_id = successors.contract_id
    cross join as_of
    where successors.starts_on <= as_of.as_of_date
),

in_force as (
    select
        renewals.*,
        newest.newest_month,
        cast({{ add_days(add_months('newest.newest_month', 1), -1) }} as date) as observed_on,
        cast({{ days_between('as_of.as_of_date', 'renewals.ends_on') }} as int) as days_to_end,
        cast({{ days_between('as_of.as_of_date', 'renewals.notice_on') }} as int)
            as days_to_notice
    from renewals
    cross join as_of
    cross join newest
    left join followed on renewals.contract_id = followed.contract_id
    where
        not renewals.is_ended
        and renewals.starts_on <= as_of.as_of_date
        and followed.contract_id is null
),

measured as (
    select
        in_force.*,
        coalesce(healths.band, 'unknown') as band,
        healths.health_score,
        coalesce(healths.coverage_share, cast(0 as double)) as coverage_share,
        healths.explain_score,
        healths.defend_score,
        healths.expand_score,
        coalesce(healths.evidence_points, 0) as evidence_points,
        healths.top_strength,
        healths.top_risk,
        {{ days_between('in_force.observed_on', 'in_force.ends_on') }} as observed_days
    from in_force
    left join healths
        on
            in_force.account_id = healths.account_id
            and in_force.newest_month = healths.month
),

final as (
    select
        measured.contract_id,
        measured.account_id,
        measured.segment,
        measured.newest_month as month,
        horizons.horizon_days,
        measured.band,
        measured.days_to_end <= thresholds.renewal_case_days as is_case,
        measured.is_decided,
        measured.decision,
        measured.health_score,
        measured.coverage_share,
        measured.explain_score,
        measured.defend_score,
        measured.expand_score,
        cast(measured.evidence_points as bigint) as evidence_points,
        measured.top_strength,
        measured.top_risk,
        rates.renewal_rate as renewal_probability,
        rates.probability_basis,
        rates.band_decisions_count,
        rates.band_renewed_count,
        measured.annual_value_amount,
        measured.renewed_amount,
        measured.currency,
        measured.days_to_end,
        measured.days_to_notice,
        measured.notice_on,
        measured.decided_on,
        measured.ends_on
    from measured
    cross join thresholds
    left join horizons
        on measured.observed_days between horizons.from_days and horizons.to_days
    left join rates
        on
            measured.observed_on = rates.observed_on
            and horizons.horizon_days = rates.horizon_days
            and measured.band = rates.band
            and not measured.is_decided
)

select * from final
