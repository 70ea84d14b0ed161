-- What: the contributions of an account's month add up to its health less the reference score,
--   exactly; that score is, but for rounding, the weighted mean of the medians; all are missing
--   together.
-- When it matters: the picture that explains a health would not end at it.
-- How to resolve: see the contribution in rpt_health_components and int_health_month_explain.
with sums as (
    select
        account_id,
        month,
        sum(contribution) as contributions_sum,
        sum(case when is_supplied then weight * cast(reference_score as double) end)
        / sum(case when is_supplied then weight end) as reference_mean
    from {{ ref('rpt_health_components') }}
    group by account_id, month
)

select
    healths.account_id,
    healths.month,
    healths.health_score,
    healths.reference_score,
    sums.contributions_sum,
    sums.reference_mean
from {{ ref('rpt_renewal_health') }} as healths
left join sums on healths.account_id = sums.account_id and healths.month = sums.month
where
    (healths.health_score is null) <> (sums.contributions_sum is null)
    or healths.health_score - healths.reference_score <> sums.contributions_sum
    or (
        healths.health_score is not null
        and coalesce(abs(healths.reference_score - sums.reference_mean) > 0.001, true)
    )
