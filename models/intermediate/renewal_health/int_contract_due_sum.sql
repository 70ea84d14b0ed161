-- one row per window and segment with contracts whose last day lies in it: what became of them
with contracts as (select * from {{ ref('fct_renewals') }}),
windows as (select * from {{ ref('int_arr_window_find') }}),
segments as (select * from {{ ref('int_account_segment_find') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- one that ended long ago without a decision, and that nothing followed in time, was not renewed
renewals as (
    select
        contracts.*,
        not contracts.is_decided
        and (
            coalesce(contracts.gap_days <= thresholds.renewal_gap_days, false)
            or {{ add_days('contracts.ends_on', 'thresholds.renewal_gap_days') }}
            >= as_of.as_of_date
        ) as is_undecided
    from contracts
    cross join thresholds
    cross join as_of
    where contracts.starts_on <= contracts.ends_on
),

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
            sum(case when renewals.is_undecided then renewals.annual_value_amount else 0 end)
            as decimal(18, 2)
        ) as undecided_amount,
        cast(count(*) as bigint) as up_for_renewal_count,
        cast(count_if(renewals.is_renewed) as bigint) as renewed_count,
        cast(count_if(renewals.is_undecided) as bigint) as undecided_count
    from renewals
    inner join windows
        on renewals.ends_on >= windows.window_start and renewals.ends_on <= windows.window_end
    inner join segments on renewals.account_id = segments.account_id
    group by windows.window_months, windows.window_end, segments.segment
)

select * from final
