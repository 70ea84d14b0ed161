-- one row: every threshold as a column
with thresholds as (select * from {{ ref('thresholds') }})

select
    cast(max(amount) filter (where threshold_code = 'activation_window_days') as int)
        as activation_window_days,
    cast(max(amount) filter (where threshold_code = 'engagement_window_weeks') as int)
        as engagement_window_weeks,
    cast(max(amount) filter (where threshold_code = 'engagement_active_weeks') as int)
        as engagement_active_weeks,
    cast(max(amount) filter (where threshold_code = 'completion_window_share') as double)
        as completion_window_share,
    cast(max(amount) filter (where threshold_code = 'default_planned_days') as int)
        as default_planned_days,
    cast(max(amount) filter (where threshold_code = 'fresh_within_hours') as double)
        as fresh_within_hours
from thresholds
