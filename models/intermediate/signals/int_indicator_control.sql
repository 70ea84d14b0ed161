-- one row per account, mature month and indicator with enough such months: its control limits
with counts as (select * from {{ ref('int_indicator_count') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

mature as (
    select *
    from counts
    where is_mature
),

final as (
    {{ control_limits('mature', 'thresholds', ['account_id', 'indicator_code']) }}
)

select * from final
