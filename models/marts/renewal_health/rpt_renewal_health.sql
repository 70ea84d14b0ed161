-- one row per account and month: its renewal health, and the chance of its next renewal
with moments as (select * from {{ ref('int_health_moment_find') }}),
healths as (select * from {{ ref('int_health_moment_score') }}),
explanations as (select * from {{ ref('int_health_month_explain') }}),
probabilities as (select * from {{ ref('int_renewal_probability') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),

final as (
    select
        {{ surrogate_key(['moments.account_id', 'moments.month']) }} as renewal_health_key,
        moments.account_id,
        moments.month,
        moments.observed_on,
        healths.health_score,
        -- what the rounding of the contributions leaves over is the reference account's
        cast(healths.health_score - explanations.contributions_sum as decimal(9, 4))
            as reference_score,
        healths.band,
        healths.coverage_share,
        moments.contract_id,
        moments.ends_on,
        moments.days_to_renewal,
        moments.is_decided,
        moments.decision,
        case
            when moments.currency = '{{ var("reporting_currency") }}'
                then cast(moments.annual_value as decimal(18, 2))
            else {{ whole_cents(at_rate('moments.annual_value', 'rates.rate')) }}
        end as arr_amount,
        '{{ var("reporting_currency") }}' as currency,
        probabilities.horizon_days,
        probabilities.renewal_probability,
        probabilities.probability_basis,
        probabilities.band_decisions_count,
        probabilities.band_renewed_count,
        {{ wilson_low('probabilities.band_renewed_count', 'probabilities.band_decisions_count') }}
            as band_ci_low,
        {{ wilson_high('probabilities.band_renewed_count', 'probabilities.band_decisions_count') }}
            as band_ci_high,
        healths.explain_score,
        healths.defend_score,
        healths.expand_score,
        healths.evidence_points,
        explanations.top_strength,
        explanations.top_risk,
        moments.weights_version
    from moments
    inner join healths on moments.moment_key = healths.moment_key
    left join explanations
        on moments.account_id = explanations.account_id and moments.month = explanations.month
    left join probabilities on moments.moment_key = probabilities.moment_key
    left join rates on moments.month = rates.month and moments.currency = rates.from_currency
    where moments.is_month_end
)

select * from final
