with windows as (select * from {{ ref('int_arr_window_find') }}),
account_segments as (select * from {{ ref('int_account_segment_find') }}),
bridges as (select * from {{ ref('int_arr_bridge_sum') }}),
dues as (select * from {{ ref('int_contract_due_sum') }}),

segments as (
    select segment
    from account_segments
    group by segment
),

-- nothing in a window is 0; a sum with a part that is not known is null
filled as (
    select
        windows.window_months,
        windows.window_start,
        windows.window_end,
        segments.segment,
        coalesce(bridges.is_supplied, true) and coalesce(dues.is_supplied, true) as is_supplied,
        coalesce(bridges.reason, dues.reason) as reason,
        {{ zero_if_absent('bridges', 'opening_amount') }} as opening_amount,
        {{ zero_if_absent('bridges', 'new_amount') }} as new_amount,
        {{ zero_if_absent('bridges', 'reactivation_amount') }} as reactivation_amount,
        {{ zero_if_absent('bridges', 'expansion_amount') }} as expansion_amount,
        {{ zero_if_absent('bridges', 'contraction_amount') }} as contraction_amount,
        {{ zero_if_absent('bridges', 'churn_amount') }} as churn_amount,
        {{ zero_if_absent('bridges', 'fx_amount') }} as fx_amount,
        {{ zero_if_absent('bridges', 'closing_amount') }} as closing_amount,
        {{ zero_if_absent('dues', 'up_for_renewal_amount') }} as up_for_renewal_amount,
        {{ zero_if_absent('dues', 'renewed_amount') }} as renewed_amount,
        {{ zero_if_absent('dues', 'undecided_amount') }} as undecided_amount,
        coalesce(bridges.opening_count, 0) as opening_count,
        coalesce(bridges.retained_count, 0) as retained_count,
        coalesce(bridges.new_count, 0) as new_count,
        coalesce(bridges.reactivated_count, 0) as reactivated_count,
        coalesce(bridges.closing_count, 0) as closing_count,
        coalesce(dues.up_for_renewal_count, 0) as up_for_renewal_count,
        coalesce(dues.renewed_count, 0) as renewed_count,
        coalesce(dues.undecided_count, 0) as undecided_count
    from windows
    cross join segments
    left join bridges
        on
            windows.window_end = bridges.window_end
            and windows.window_months = bridges.window_months
            and segments.segment = bridges.segment
    left join dues
        on
            windows.window_end = dues.window_end
            and windows.window_months = dues.window_months
            and segments.segment = dues.segment
),

final as (
    select
        {{ surrogate_key(['window_start', 'window_end', 'segment']) }} as revenue_retention_key,
        window_start,
        window_end,
        window_months,
        segment,
        is_supplied,
        reason,
        opening_amount as opening_arr_amount,
        new_amount,
        reactivation_amount,
        expansion_amount,
        contraction_amount,
        churn_amount,
        fx_amount,
        closing_amount as closing_arr_amount,
        {{ gross_retention('opening_amount', 'contraction_amount', 'churn_amount') }} as grr,
        {{ net_retention(
            'opening_amount', 'expansion_amount', 'contraction_amount', 'churn_amount'
        ) }} as nrr,
        cast(opening_count as bigint) as opening_accounts_count,
        cast(retained_count as bigint) as retained_accounts_count,
        cast(new_count as bigint) as new_accounts_count,
        cast(reactivated_count as bigint) as reactivated_accounts_count,
        cast(closing_count as bigint) as closing_accounts_count,
        {{ rate('retained_count', 'opening_count') }} as logo_retention_rate,
        {{ wilson_low('retained_count', 'opening_count') }} as logo_ci_low,
        {{ wilson_high('retained_count', 'opening_count') }} as logo_ci_high,
        up_for_renewal_amount,
        renewed_amount,
        undecided_amount,
        {{ rate('renewed_amount', 'up_for_renewal_amount - undecided_amount') }} as renewal_rate,
        cast(up_for_renewal_count as bigint) as up_for_renewal_contracts_count,
        cast(renewed_count as bigint) as renewed_contracts_count,
        cast(undecided_count as bigint) as undecided_contracts_count,
        '{{ var("reporting_currency") }}' as currency
    from filled
)

select * from final
