-- one row per window and segment with contracts whose last day lies in it: what became of them
with renewals as (select * from {{ ref('fct_renewals') }}),
windows as (select * from {{ ref('int_arr_window_find') }}),
segments as (select * from {{ ref('int_account_segment_find') }}),

final as (
    select
        windows.window_months,
        windows.window_end,
        segments.segment,
        bool_and(renewals.is_supplied) as is_supplied,
        min(renewals.reason) as reason,
        cast(sum(renewals.annual_value_amount) as decimal(18, 2)) as up_for_renewal_amount,
        cast(sum(coalesce(renewals.renewed_amount, 0)) as decimal(18, 2)) as renewed_amount,
        cast(
            sum(case when renewals.is_decided then 0 else renewals.annual_value_amount end)
            as decimal(18, 2)
        ) as undecided_amount,
        cast(count(*) as bigint) as up_for_renewal_count,
        cast(count_if(renewals.is_renewed) as bigint) as renewed_count,
        cast(count_if(not renewals.is_decided) as bigint) as undecided_count
    from renewals
    inner join windows
        on renewals.ends_on >= windows.window_start and renewals.ends_on <= windows.window_end
    inner join segments on renewals.account_id = segments.account_id
    where renewals.starts_on <= renewals.ends_on
    group by windows.window_months, windows.window_end, segments.segment
)

select * from final
