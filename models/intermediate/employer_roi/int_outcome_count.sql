-- one row per account, outcome and stratum: who was followed, matched or not, and what came of it
with trials as (select * from {{ ref('int_trial_observe') }}),
outcomes as (select * from {{ ref('workforce_outcomes') }}),

-- few rows from many: alike in stratum, arm and all that is yes or no
grouped as (
    select
        account_id,
        stratum,
        arm,
        is_retained_voluntary,
        is_retained_total,
        is_promoted,
        is_moved,
        is_mobile,
        is_filled,
        absence_hours,
        cast(count(*) as bigint) as rows_count
    from trials
    where is_in_evaluation
    group by
        account_id,
        stratum,
        arm,
        is_retained_voluntary,
        is_retained_total,
        is_promoted,
        is_moved,
        is_mobile,
        is_filled,
        absence_hours
),

valued as (
    select
        grouped.account_id,
        grouped.stratum,
        outcomes.outcome_code,
        grouped.arm,
        grouped.rows_count,
        {{ outcome_value('outcomes.outcome_code', 'grouped') }} as row_value
    from grouped
    cross join outcomes
),

counted as (
    select
        account_id,
        stratum,
        outcome_code,
        arm,
        cast(sum(rows_count) as bigint) as known_count,
        {{ exact_sum('rows_count * row_value') }} as value_sum,
        {{ exact_sum('rows_count * row_value * row_value') }} as value_square_sum
    from valued
    where row_value is not null
    group by account_id, stratum, outcome_code, arm
),

pooled as (
    select
        {{ all_or('account_id') }} as account_code,
        outcome_code,
        {{ all_or('stratum') }} as stratum_code,
        cast(sum(case when arm = 'treated' then known_count else 0 end) as bigint)
            as treated_count,
        cast(sum(case when arm = 'comparison' then known_count else 0 end) as bigint)
            as comparison_count,
        {{ exact_sum("case when arm = 'treated' then value_sum end") }} as treated_sum,
        {{ exact_sum("case when arm = 'comparison' then value_sum end") }} as comparison_sum,
        {{ exact_sum("case when arm = 'treated' then value_square_sum end") }}
            as treated_square_sum,
        {{ exact_sum("case when arm = 'comparison' then value_square_sum end") }}
            as comparison_square_sum
    from counted
    group by cube(account_id, stratum), outcome_code
),

final as (
    select
        account_code as account_id,
        outcome_code,
        stratum_code as stratum,
        treated_count,
        comparison_count,
        treated_sum,
        comparison_sum,
        treated_square_sum,
        comparison_square_sum
    from pooled
)

select * from final
