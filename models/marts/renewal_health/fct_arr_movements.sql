with compared as (select * from {{ ref('int_arr_window_compare') }}),
causes as (select * from {{ ref('int_arr_cause_find') }}),
segments as (select * from {{ ref('int_account_segment_find') }}),

months as (
    select
        *,
        window_start as month
    from compared
    where window_months = 1
),

movements as (
    select
        account_id,
        month,
        case when is_new then 'new' else 'reactivation' end as movement_type,
        closing_amount as arr_delta_amount,
        reason
    from months
    where not is_opening
    union all
    select
        account_id,
        month,
        'churn' as movement_type,
        cast(-opening_amount as decimal(18, 2)) as arr_delta_amount,
        reason
    from months
    where not is_closing
    union all
    select
        account_id,
        month,
        'expansion' as movement_type,
        expansion_amount as arr_delta_amount,
        reason
    from months
    where is_retained and expansion_amount > 0
    union all
    select
        account_id,
        month,
        'contraction' as movement_type,
        cast(-contraction_amount as decimal(18, 2)) as arr_delta_amount,
        reason
    from months
    where is_retained and contraction_amount > 0
    union all
    -- without a rate nobody knows what is whose doing: a row that says so
    select
        account_id,
        month,
        'fx' as movement_type,
        fx_amount as arr_delta_amount,
        reason
    from months
    where is_retained and coalesce(fx_amount <> 0, true)
),

final as (
    select
        {{ surrogate_key(['movements.account_id', 'movements.month', 'movements.movement_type']) }}
            as arr_movement_key,
        movements.account_id,
        segments.segment,
        case
            when movements.movement_type in ('churn', 'contraction') then causes.losing_contract_id
            when movements.movement_type = 'fx' then causes.foreign_contract_id
            else causes.gaining_contract_id
        end as contract_id,
        movements.month as movement_month,
        movements.movement_type,
        movements.arr_delta_amount is not null as is_supplied,
        case when movements.arr_delta_amount is null then movements.reason end as reason,
        movements.arr_delta_amount,
        '{{ var("reporting_currency") }}' as currency
    from movements
    inner join causes
        on movements.account_id = causes.account_id and movements.month = causes.month
    inner join segments
        on movements.account_id = segments.account_id and segments.segment <> 'all'
)

select * from final
