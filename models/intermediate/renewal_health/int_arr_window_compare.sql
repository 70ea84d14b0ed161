-- one row per account and window: what became of its recurring revenue
with valued as (select * from {{ ref('int_arr_window_value') }}),
positions as (select * from {{ ref('int_arr_position_find') }}),

first_months as (
    select
        account_id,
        min(month) as first_month
    from positions
    group by account_id
),

compared as (
    select
        valued.*,
        valued.is_opening and valued.is_closing as is_retained,
        not valued.is_opening and first_months.first_month > valued.opening_month as is_new,
        not valued.is_opening and first_months.first_month <= valued.opening_month
            as is_reactivated,
        valued.constant_amount - valued.opening_amount as change_amount
    from valued
    inner join first_months on valued.account_id = first_months.account_id
),

final as (
    select
        window_months,
        window_start,
        window_end,
        account_id,
        is_opening,
        is_closing,
        is_retained,
        is_new,
        is_reactivated,
        reason is null as is_supplied,
        reason,
        opening_amount,
        cast(case when is_new then closing_amount else 0 end as decimal(18, 2)) as new_amount,
        cast(case when is_reactivated then closing_amount else 0 end as decimal(18, 2))
            as reactivation_amount,
        cast(
            case
                when not is_retained or change_amount < 0 then 0
                else change_amount
            end as decimal(18, 2)
        ) as expansion_amount,
        cast(
            case
                when not is_retained or change_amount > 0 then 0
                else -change_amount
            end as decimal(18, 2)
        ) as contraction_amount,
        cast(case when is_closing then 0 else opening_amount end as decimal(18, 2))
            as churn_amount,
        cast(
            case when is_retained then closing_amount - constant_amount else 0 end
            as decimal(18, 2)
        ) as fx_amount,
        closing_amount
    from compared
)

select * from final
