with renewals as (select * from {{ ref('int_renewal_open_find') }}),
components as (select * from {{ ref('int_renewal_component_find') }}),
plays as (select * from {{ ref('int_renewal_play_find') }}),
forecasts as (select * from {{ ref('rpt_renewal_forecasts') }}),
functions as (select * from {{ ref('dim_functions') }}),

gaps as (
    select
        contract_id,
        cast(count_if(not is_supplied) as bigint) as missing_count
    from components
    where kind <> 'context'
    group by contract_id
),

-- what contracts that renewed had so long before their end
usual as (
    select
        horizon_days,
        cast(percentile_cont(0.5) within group (order by evidence_points) as double)
            as usual_evidence_points
    from forecasts
    where is_renewed and is_undecided_then and evidence_points is not null
    group by horizon_days
),

final as (
    select
        renewals.contract_id,
        renewals.account_id,
        renewals.month,
        case
            when renewals.days_to_end > 180 then 'T-270'
            when renewals.days_to_end > 120 then 'T-180'
            when renewals.days_to_end > 90 then 'T-120'
            when renewals.days_to_end > 30 then 'T-90'
            else 'T-30'
        end as stage, -- noqa: RF04
        renewals.horizon_days,
        renewals.band,
        renewals.is_decided,
        renewals.decision,
        renewals.top_strength,
        renewals.top_risk,
        plays.play_code as next_play_code,
        case
            when renewals.is_decided
                then
                    'Decided on ' || cast(renewals.decided_on as {{ dbt.type_string() }}) || ': '
                    || renewals.decision
            else plays.play_action
        end as next_action,
        plays.function_code,
        functions.title as function_title,
        renewals.health_score,
        renewals.coverage_share,
        renewals.explain_score,
        renewals.defend_score,
        renewals.expand_score,
        renewals.evidence_points,
        usual.usual_evidence_points,
        gaps.missing_count,
        renewals.renewal_probability,
        renewals.probability_basis,
        renewals.band_decisions_count,
        renewals.band_renewed_count,
        {{ wilson_low('renewals.band_renewed_count', 'renewals.band_decisions_count') }}
            as band_ci_low,
        {{ wilson_high('renewals.band_renewed_count', 'renewals.band_decisions_count') }}
            as band_ci_high,
        renewals.annual_value_amount,
        renewals.currency,
        renewals.days_to_end,
        renewals.days_to_notice,
        renewals.notice_on,
        renewals.ends_on
    from renewals
    inner join gaps on renewals.contract_id = gaps.contract_id
    left join plays on renewals.contract_id = plays.contract_id and plays.case_play_no = 1
    left join functions on plays.function_code = functions.function_code
    left join usual on renewals.horizon_days = usual.horizon_days
)

select * from final
