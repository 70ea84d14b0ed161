-- one row per account and month with a score: what lifts it most above the reference account, and
-- what holds it back most, in words
{%- set text = dbt.type_string() %}
with components as (select * from {{ ref('rpt_health_components') }}),

ranked as (
    select
        *,
        concat(
            title, ': ', cast(cast(score as decimal(9, 0)) as {{ text }}),
            case when score = 1 then ' point' else ' points' end,
            ', where the median account has ',
            cast(cast(reference_score as decimal(9, 0)) as {{ text }})
        ) as words,
        row_number() over (
            partition by account_id, month
            order by contribution desc, component_order asc
        ) as strength_no,
        row_number() over (
            partition by account_id, month
            order by contribution, component_order
        ) as risk_no
    from components
    where contribution is not null
)

select
    account_id,
    month,
    cast(sum(contribution) as decimal(9, 4)) as contributions_sum,
    max(case when strength_no = 1 and contribution > 0 then words end) as top_strength,
    max(case when risk_no = 1 and contribution < 0 then words end) as top_risk
from ranked
group by account_id, month
