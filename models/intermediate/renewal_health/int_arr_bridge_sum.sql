-- one row per window and segment with recurring revenue at one of its ends: the bridge, summed
with compared as (select * from {{ ref('int_arr_window_compare') }}),
segments as (select * from {{ ref('int_account_segment_find') }}),

final as (
    select
        compared.window_months,
        compared.window_end,
        segments.segment,
        bool_and(compared.is_supplied) as is_supplied,
        min(compared.reason) as reason,
        cast(sum(compared.opening_amount) as decimal(18, 2)) as opening_amount,
        cast(sum(compared.new_amount) as decimal(18, 2)) as new_amount,
        cast(sum(compared.reactivation_amount) as decimal(18, 2)) as reactivation_amount,
        cast(sum(compared.expansion_amount) as decimal(18, 2)) as expansion_amount,
        cast(sum(compared.contraction_amount) as decimal(18, 2)) as contraction_amount,
        cast(sum(compared.churn_amount) as decimal(18, 2)) as churn_amount,
        cast(sum(compared.fx_amount) as decimal(18, 2)) as fx_amount,
        cast(sum(compared.closing_amount) as decimal(18, 2)) as closing_amount,
        cast(count_if(compared.is_opening) as bigint) as opening_count,
        cast(count_if(compared.is_retained) as bigint) as retained_count,
        cast(count_if(compared.is_new) as bigint) as new_count,
        cast(count_if(compared.is_reactivated) as bigint) as reactivated_count,
        cast(count_if(compared.is_closing) as bigint) as closing_count
    from compared
    inner join segments on compared.account_id = segments.account_id
    group by compared.window_months, compared.window_end, segments.segment
)

select * from final
