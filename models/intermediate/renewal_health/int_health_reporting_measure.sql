-- one row per moment with a report due in the window: what became of the reports
with moments as (select * from {{ ref('int_health_moment_find') }}),
deliveries as (select * from {{ ref('stg_report_delivery_version') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

due as (
    select
        moments.moment_key,
        deliveries.contact_id,
        deliveries.due_at,
        coalesce(deliveries.delivered_at <= deliveries.due_at, false) as is_on_time,
        coalesce(deliveries.opened_at < moments.known_before_at, false) as is_opened,
        coalesce(deliveries.acted_at < moments.known_before_at, false) as is_acted,
        coalesce(deliveries.disputed, false) as is_disputed
    from moments
    cross join thresholds
    inner join deliveries
        on
            moments.account_id = deliveries.account_id
            and moments.known_before_at > deliveries.due_at
            and cast(
                {{ add_days('moments.observed_on', '1 - thresholds.reporting_window_days') }}
                as timestamp
            ) <= deliveries.due_at
            and {{ known_then('deliveries', 'moments.known_before_at') }}
),

counted as (
    select
        moment_key,
        cast(count(*) as bigint) as reports_count,
        cast(count(*) filter (where is_on_time) as bigint) as on_time_count,
        cast(count(*) filter (where is_opened) as bigint) as opened_count,
        cast(count(*) filter (where is_opened and not is_disputed) as bigint)
            as undisputed_count,
        cast(count(*) filter (where is_opened and is_acted) as bigint) as acted_count,
        cast(count(distinct contact_id) as bigint) as people_count,
        cast(max(due_at) as date) as evidence_on
    from due
    group by moment_key
),

final as (
    select
        moment_key,
        reports_count,
        on_time_count,
        opened_count,
        undisputed_count,
        acted_count,
        people_count,
        evidence_on,
        -- what nobody opened, nobody accepted or acted upon: both shares are 0
        (
            {{ rate('on_time_count', 'reports_count') }}
            + {{ rate('opened_count', 'reports_count') }}
            + coalesce({{ rate('undisputed_count', 'opened_count') }}, cast(0 as double))
            + coalesce({{ rate('acted_count', 'opened_count') }}, cast(0 as double))
        ) / 4 as quality
    from counted
)

select * from final
