-- What: the parts of the whole ledger are those of its functions, added up.
-- When it matters: a reader who adds up the functions on the page must come to the whole.
-- How to resolve: a function or a month is missing on one side: rpt_capacity, or
--   rpt_cost_reconciliation.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_ledger_use'}}}) }}
with uses as (select * from {{ ref('rpt_ledger_use') }}),
activity_costs as (select * from {{ ref('rpt_cost_to_serve') }}),

added as (
    select
        period_no,
        part,
        sum(amount) as added_amount
    from uses
    where function_code <> 'all' and part in ('accounts', 'internal', 'unused')
    group by period_no, part
    union all
    select
        period_no,
        'both' as part,
        sum(cost_amount) as added_amount
    from activity_costs
    group by period_no
    -- an activity with a month that has no rate has no cost of the year
    having count(*) = count(cost_amount)
),

whole as (
    select
        period_no,
        part,
        amount as whole_amount
    from uses
    where function_code = 'all'
    union all
    select
        uses.period_no,
        'both' as part,
        sum(uses.amount) as whole_amount
    from uses
    where uses.function_code = 'all' and uses.part in ('accounts', 'internal')
    group by uses.period_no
)

select
    added.period_no,
    added.part,
    added.added_amount,
    whole.whole_amount
from added
left join whole on added.period_no = whole.period_no and added.part = whole.part
where added.added_amount <> coalesce(whole.whole_amount, 0)
