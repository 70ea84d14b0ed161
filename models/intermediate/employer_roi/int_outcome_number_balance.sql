-- one row per account, stratum and number: its mean in both arms ('all' pools)
with trials as (select * from {{ ref('int_trial_observe') }}),

numbers as (
    select 'tenure_months' as covariate_code
    union all
    select 'base_pay_annual' as covariate_code
    union all
    select 'absence_hours_before' as covariate_code
),

valued as (
    select
        trials.account_id,
        trials.stratum,
        numbers.covariate_code,
        trials.arm,
        trials.trial_weight as row_weight,
        case when numbers.covariate_code = 'base_pay_annual' then trials.currency end
            as row_currency,
        -- pay in thousands: its squares would be too large to be summed exactly
        case numbers.covariate_code
            when 'tenure_months' then cast(trials.tenure_months as double)
            when 'base_pay_annual' then cast(trials.base_pay_annual as double) / 1000
            else cast(trials.absence_hours_before as double)
        end as row_value
    from trials
    cross join numbers
    where trials.is_in_evaluation
),

by_stratum as (
    select
        account_id,
        stratum,
        covariate_code,
        arm,
        min(row_currency) as first_currency,
        max(row_currency) as last_currency,
        cast(count(*) as bigint) as rows_count,
        sum(cast(row_value as decimal(28, 15))) as value_sum,
        sum(cast(row_value * row_value as decimal(28, 15))) as value_square_sum,
        sum(cast(row_weight as decimal(28, 15))) as weight_sum,
        sum(cast(row_weight * row_weight as decimal(28, 15))) as weight_square_sum,
        sum(cast(row_weight * row_value as decimal(28, 15))) as weighted_sum,
        sum(cast(row_weight * row_value * row_value as decimal(28, 15))) as weighted_square_sum
    from valued
    where row_value is not null
    group by account_id, stratum, covariate_code, arm
),

by_arm as (
    select
        {{ all_or('account_id') }} as account_code,
        {{ all_or('stratum') }} as stratum_code,
        covariate_code,
        arm,
        min(first_currency) as first_currency,
        max(last_currency) as last_currency,
        cast(sum(rows_count) as double) as rows_count,
        cast(sum(value_sum) as double) as value_sum,
        cast(sum(value_square_sum) as double) as value_square_sum,
        cast(sum(weight_sum) as double) as weight_sum,
        cast(sum(weight_square_sum) as double) as weight_square_sum,
        cast(sum(weighted_sum) as double) as weighted_sum,
        cast(sum(weighted_square_sum) as double) as weighted_square_sum
    from by_stratum
    group by cube(account_id, stratum), covariate_code, arm
),

described as (
    select
        *,
        value_sum / rows_count as mean_before,
        {{ weighted_variance('rows_count', 'rows_count', 'value_sum', 'value_square_sum') }}
            as variance_before,
        weighted_sum / nullif(weight_sum, 0) as mean_after,
        {{ weighted_variance(
            'weight_sum', 'weight_square_sum', 'weighted_sum', 'weighted_square_sum'
        ) }} as variance_after
    from by_arm
),

-- pay is compared only where all are paid in one currency
paired as (
    select
        account_code as account_id,
        stratum_code as stratum,
        covariate_code,
        max(case when arm = 'treated' then mean_before end) as treated_mean_before,
        max(case when arm = 'treated' then variance_before end) as treated_variance_before,
        max(case when arm = 'treated' then mean_after end) as treated_mean_after,
        max(case when arm = 'treated' then variance_after end) as treated_variance_after,
        max(case when arm = 'comparison' then mean_before end) as comparison_mean_before,
        max(case when arm = 'comparison' then variance_before end)
            as comparison_variance_before,
        max(case when arm = 'comparison' then mean_after end) as comparison_mean_after,
        max(case when arm = 'comparison' then variance_after end) as comparison_variance_after
    from described
    group by account_code, stratum_code, covariate_code
    having coalesce(min(first_currency) = max(last_currency), true)
),

scaled as (
    select
        *,
        case when covariate_code = 'base_pay_annual' then 1000 else 1 end as scale
    from paired
),

final as (
    select
        account_id,
        stratum,
        covariate_code,
        scale * treated_mean_before as treated_value,
        scale * comparison_mean_before as comparison_before,
        scale * treated_mean_after as treated_matched_value,
        scale * comparison_mean_after as comparison_after,
        {{ standardized_difference(
            'treated_mean_before', 'comparison_mean_before',
            'treated_variance_before', 'comparison_variance_before'
        ) }} as difference_before,
        {{ standardized_difference(
            'treated_mean_after', 'comparison_mean_after',
            'treated_variance_after', 'comparison_variance_after'
        ) }} as difference_after
    from scaled
)

select * from final
