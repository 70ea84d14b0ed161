-- one row per early indicator, outcome, cut-off day and account: the area under the ROC curve when
-- that account is left out
with pairs as (select * from {{ ref('int_cutoff_outcome_pair') }}),

cells as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        account_id,
        score,
        cast(count_if(has_outcome) as double) as positives,
        cast(count_if(not has_outcome) as double) as negatives
    from pairs
    group by indicator_code, outcome_code, cutoff_day, account_id, score
),

totals as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        score,
        sum(positives) as positives,
        sum(negatives) as negatives
    from cells
    group by indicator_code, outcome_code, cutoff_day, score
),

omitted as (
    select distinct
        indicator_code,
        outcome_code,
        cutoff_day,
        account_id
    from cells
),

others as (
    select
        omitted.indicator_code,
        omitted.outcome_code,
        omitted.cutoff_day,
        omitted.account_id,
        totals.score,
        totals.positives - coalesce(cells.positives, 0) as positives,
        totals.negatives - coalesce(cells.negatives, 0) as negatives
    from omitted
    inner join totals
        on
            omitted.indicator_code = totals.indicator_code
            and omitted.outcome_code = totals.outcome_code
            and omitted.cutoff_day = totals.cutoff_day
    left join cells
        on
            omitted.indicator_code = cells.indicator_code
            and omitted.outcome_code = cells.outcome_code
            and omitted.cutoff_day = cells.cutoff_day
            and omitted.account_id = cells.account_id
            and totals.score = cells.score
),

-- ties count half, as in the macro auc
ranked as (
    select
        *,
        sum(negatives) over (
            partition by indicator_code, outcome_code, cutoff_day, account_id
            order by score
            rows between unbounded preceding and current row
        ) - negatives / 2 as negatives_below
    from others
)

select
    indicator_code,
    outcome_code,
    cutoff_day,
    account_id,
    sum(positives * negatives_below) / nullif(sum(positives) * sum(negatives), 0) as auc
from ranked
group by indicator_code, outcome_code, cutoff_day, account_id
