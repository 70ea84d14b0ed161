-- one row per renewal case and component of health: how it stood at the end of the newest month
-- measured
with renewals as (select * from {{ ref('int_renewal_open_find') }}),
components as (select * from {{ ref('health_components') }}),
healths as (select * from {{ ref('rpt_health_components') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

found as (
    select
        renewals.contract_id,
        renewals.account_id,
        renewals.is_decided,
        renewals.days_to_end,
        renewals.month,
        components.component_code,
        components.component_order,
        components.title,
        components.kind,
        coalesce(healths.is_supplied, false) as is_supplied,
        case
            when healths.component_code is null then 'health has not been measured yet'
            else healths.reason
        end as reason,
        healths.score,
        healths.reference_score,
        healths.weight,
        healths.contribution,
        healths.evidence_grade,
        healths.evidence_age_days
    from renewals
    cross join components
    left join healths
        on
            renewals.account_id = healths.account_id
            and renewals.month = healths.month
            and components.component_code = healths.component_code
    where renewals.is_case
),

final as (
    select
        found.*,
        found.is_supplied and coalesce(found.evidence_grade not in ('A', 'B'), true) as is_weak,
        found.is_supplied
        and coalesce(found.evidence_age_days > thresholds.evidence_old_days, false) as is_old
    from found
    cross join thresholds
)

select * from final
