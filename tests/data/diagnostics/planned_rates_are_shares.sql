-- What: a plan for the step to a stage is a share from 0 to 1.
-- When it matters: one such as 85 is passed over, and the account's benchmark is then its peers.
-- How to resolve: land 0.85. A warning: nothing is wrong, only the plan is not used.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'rpt_bottlenecks'}}}) }}
with planned as (select * from {{ ref('stg_plan_value') }}),
stages as (select * from {{ ref('dim_stages') }})

select
    planned.metric_code,
    planned.account_id,
    planned.month,
    planned.plan
from planned
inner join stages on planned.metric_code = stages.metric_code and stages.stage_order > 1
where planned.plan not between 0 and 1
