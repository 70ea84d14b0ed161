-- one row per early indicator, outcome, cut-off day, start month and flag: what the enrollments
-- whose outcome was no longer open by that month predict for it, and what became of it
with pairs as (select * from {{ ref('int_cutoff_outcome_pair') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

cells as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        start_month,
        window_end_month,
        is_flagged,
        cast(count(*) as bigint) as observations_count,
        cast(count_if(has_outcome) as bigint) as outcome_count
    from pairs
    group by
        indicator_code, outcome_code, cutoff_day, start_month, window_end_month, is_flagged
),

tested as (
    select
        indicator_code,
        outcome_code,
        cutoff_day,
        start_month,
        is_flagged,
        cast(sum(observations_count) as bigint) as observations_count,
        cast(sum(outcome_count) as bigint) as outcome_count
    from cells
    group by indicator_code, outcome_code, cutoff_day, start_month, is_flagged
),

months as (
    select distinct
        indicator_code,
        outcome_code,
        cutoff_day,
        start_month
    from tested
),

trained as (
    select
        months.indicator_code,
        months.outcome_code,
        months.cutoff_day,
        months.start_month,
        sum(cells.observations_count) filter (where cells.is_flagged) as flagged_count,
        sum(cells.outcome_count) filter (where cells.is_flagged) as flagged_outcome_count,
        sum(cells.observations_count) filter (where not cells.is_flagged) as unflagged_count,
        sum(cells.outcome_count) filter (where not cells.is_flagged) as unflagged_outcome_count
    from months
    inner join cells
        on
            months.indicator_code = cells.indicator_code
            and months.outcome_code = cells.outcome_code
            and months.cutoff_day = cells.cutoff_day
            and months.start_month > cells.window_end_month
    group by
        months.indicator_code, months.outcome_code, months.cutoff_day, months.start_month
),

final as (
    select
        tested.indicator_code,
        tested.outcome_code,
        tested.cutoff_day,
        tested.start_month,
        tested.is_flagged,
        tested.observations_count,
        tested.outcome_count,
        case
            when tested.is_flagged
                then {{ rate('trained.flagged_outcome_count', 'trained.flagged_count') }}
            else {{ rate('trained.unflagged_outcome_count', 'trained.unflagged_count') }}
        end as predicted_rate,
        {{ rate(
            '(trained.flagged_outcome_count + trained.unflagged_outcome_count)',
            '(trained.flagged_count + trained.unflagged_count)'
        ) }} as base_predicted_rate
    from tested
    inner join trained
        on
            tested.indicator_code = trained.indicator_code
            and tested.outcome_code = trained.outcome_code
            and tested.cutoff_day = trained.cutoff_day
            and tested.start_month = trained.start_month
    cross join thresholds
    where
        trained.flagged_count >= thresholds.minimum_observations
        and trained.unflagged_count >= thresholds.minimum_observations
)

select * from final
