-- one row per account, month of its evaluation and type of cost
with costs as (select * from {{ ref('int_employer_cost_convert') }}),
differences as (select * from {{ ref('int_roi_difference_find') }})

select
    costs.account_id,
    costs.month,
    costs.cost_type,
    costs.is_hidden,
    cast(count(*) as bigint) as rows_count,
    cast(count(costs.minutes) as bigint) as minutes_known_count,
    cast(sum(costs.minutes) as decimal(18, 4)) as minutes,
    {{ known_sum('costs.amount') }} as amount,
    min(costs.missing) as missing
from costs
inner join differences
    on
        costs.account_id = differences.account_id
        and differences.outcome_code = 'retained_12m_voluntary'
        and costs.month between differences.period_start and differences.period_end
group by costs.account_id, costs.month, costs.cost_type, costs.is_hidden
