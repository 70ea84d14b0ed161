"""What decides the cause of a changed value: its period against both releases, and the code."""

# How many periods of its grain were over by the end of a day.
PERIODS_OVER = """
    create or replace macro periods_over(grain, day) as case
        when grain = 'week' then date_diff('week', date '1900-01-01', day + 1)
        when grain = 'quarter' then date_diff('quarter', date '1900-01-01', day + 1)
        when grain = 'half_year' then date_diff('month', date '1900-01-01', day + 1) // 6
        when grain = 'year' then date_diff('year', date '1900-01-01', day + 1)
        when grain = 'all' then null
        else date_diff('month', date '1900-01-01', day + 1)
    end
"""

# Each value with what decides its cause.
FACTS = """
    create or replace table facts as
    with newest as (
        select metric_code, period_grain, max(periods_over(period_grain, period_end)) as newest
        from (
            select metric_code, period_grain, period_end from new_values, sides
            where later_as_of >= earlier_as_of
            union all
            select metric_code, period_grain, period_end from old_values, sides
            where later_as_of < earlier_as_of
        )
        group by all
    ),
    windows as (
        select metric_code, period_grain, is_new, list(distinct period_end) as window_ends
        from (
            select *, true as is_new from new_values
            union all by name
            select *, false as is_new from old_values
        )
        where starts_with(period_grain, 'trailing')
        group by all
    )
    select changed.*, evidence.* exclude (table_name, account_id, period_start, period_end),
        sides.*,
        coalesce(table_code.is_changed, false) as is_code_changed,
        if(is_code_changed, ' The models behind ' || changed.table_name || ' changed too.', '')
            as code_words,
        if(
            table_code.is_changed is null,
            ' The two releases do not both say which code computed ' || changed.table_name || '.',
            ''
        ) as unknown_words,
        changed.period_end > both_cover as is_open,
        -- what happens on the as-of date itself is often known the day after only
        changed.period_end >= both_cover as is_last_day_open,
        -- the side with the earlier as-of date has none
        if(later_as_of >= earlier_as_of, old_value, new_value) is null as is_absent,
        -- on that day the newest published period of the metric lay before this one
        periods_over(period_grain, changed.period_end) > periods_over(period_grain, both_cover)
        - (periods_over(period_grain, greatest(later_as_of, earlier_as_of)) - newest.newest)
            as is_immature,
        -- the side without it has a later window, none of that day, and is not one month short
        list_max(window_ends) > changed.period_end
        and not list_contains(window_ends, changed.period_end)
        and not (
            list_bool_or([day between changed.period_end - 31 and changed.period_end
                for day in window_ends])
            and list_bool_or([day between changed.period_end and changed.period_end + 31
                for day in window_ends])
        ) as is_rolled_on,
        list_min([day for day in window_ends if day > changed.period_end]) as next_end
    from changed
    cross join sides
    left join newest using (metric_code, period_grain)
    left join windows
        on windows.metric_code = changed.metric_code
        and windows.period_grain = changed.period_grain
        and windows.is_new = (new_value is null)
    left join table_code on table_code.table_name = changed.table_name
    left join evidence
        on evidence.table_name = changed.table_name
        and evidence.account_id = changed.account_id
        and evidence.period_start = changed.period_start
        and evidence.period_end = changed.period_end
"""
