with gaps as (select * from {{ ref('int_costing_gap_collect') }}),
holds as (select * from {{ ref('int_profit_hold_find') }}),

-- the account months that a gap holds back, counted once each
held_account_months as (
    select
        account_id,
        month,
        gap_code,
        missing,
        case
            when gap_code <> 'missing_rate' then 'any'
            when part in ('revenue', 'pass_through') then 'invoice_line'
            when part in ('direct_cost', 'pass_through_cost') then 'direct_cost'
            else 'ledger_expense'
        end as entity
    from holds
    group by
        account_id,
        month,
        gap_code,
        missing,
        case
            when gap_code <> 'missing_rate' then 'any'
            when part in ('revenue', 'pass_through') then 'invoice_line'
            when part in ('direct_cost', 'pass_through_cost') then 'direct_cost'
            else 'ledger_expense'
        end
),

matched as (
    select
        *,
        case
            -- one of a function's expenses without a rate takes the rate of its minutes
            when gap_code = 'missing_rate' and function_code <> 'none' then 'unconverted_cost'
            else gap_code
        end as hold_code,
        case
            when gap_code = 'missing_rate' and function_code = 'none' then entity
            else 'any'
        end as hold_entity,
        coalesce(cast(gap_month as {{ dbt.type_string() }}), 'all') as month_label
    from gaps
),

counted as (
    select
        matched.gap_code,
        matched.entity,
        matched.function_code,
        matched.activity_code,
        matched.attribute_code,
        matched.account_id,
        matched.month_label,
        matched.from_currency,
        matched.rows_count,
        matched.minutes,
        matched.amount,
        cast(count(held_account_months.account_id) as bigint) as held_count
    from matched
    left join held_account_months
        on
            matched.hold_code = held_account_months.gap_code
            and matched.missing = held_account_months.missing
            and matched.hold_entity = held_account_months.entity
            and (matched.gap_month is null or matched.gap_month = held_account_months.month)
    group by
        matched.gap_code,
        matched.entity,
        matched.function_code,
        matched.activity_code,
        matched.attribute_code,
        matched.account_id,
        matched.month_label,
        matched.from_currency,
        matched.rows_count,
        matched.minutes,
        matched.amount
),

final as (
    select
        {{ surrogate_key([
            'gap_code', 'entity', 'function_code', 'activity_code', 'attribute_code',
            'account_id', 'month_label', 'from_currency'
        ]) }} as costing_gap_key,
        gap_code,
        entity,
        function_code,
        activity_code,
        attribute_code,
        account_id,
        month_label as month,
        from_currency,
        case gap_code when 'missing_rate' then '{{ var("reporting_currency") }}' else 'none' end
            as to_currency,
        held_count > 0 as holds_back,
        case gap_code
            when 'not_landed'
                then concat('Land ', entity, ': without it a part of every profit is unknown.')
            when 'missing_rate'
                then concat(
                    'Land one fx_rate for ', month_label, ' from ', from_currency,
                    ' to {{ var("reporting_currency") }}.'
                )
            when 'missing_ledger'
                then concat('Land ledger_expense of level activity for ', month_label, '.')
            when 'missing_cost'
                then concat(
                    'Land ledger_expense of level activity for ', function_code, ', ', month_label,
                    '.'
                )
            when 'missing_capacity'
                then concat(
                    'Land function_capacity for ', function_code, ', ', month_label,
                    ', with minutes above 0.'
                )
            when 'double_capacity'
                then concat(
                    'Land one function_capacity for ', function_code, ', ', month_label,
                    ', not several days of it.'
                )
            when 'unlisted_activity'
                then concat('Land an activity ', activity_code, ' with its standard minutes.')
            when 'no_equation_in_force'
                then concat(
                    'Land a version of activity ', activity_code, ' valid from the work of ',
                    month_label, ' on.'
                )
            when 'counted_elsewhere'
                then concat(
                    'Nothing, or take ', activity_code,
                    ' out of the seed activity_sources: its volume comes from there.'
                )
            when 'negative_minutes'
                then concat('Check the terms of activity ', activity_code, ': minutes are below 0.')
            when 'unlisted_function'
                then concat('Nothing, or add ', function_code, ' to the seed functions.')
            when 'attribute_without_term'
                then concat(
                    'Land an activity_term for ', activity_code, ' and ', attribute_code,
                    ' if it takes time: it adds nothing now.'
                )
            when 'term_without_activity'
                then concat(
                    'Land an activity ', activity_code, ' for the term ', attribute_code, '.'
                )
        end as what_to_do,
        rows_count,
        held_count as held_account_months_count,
        minutes,
        amount,
        '{{ var("reporting_currency") }}' as currency
    from counted
)

select * from final
