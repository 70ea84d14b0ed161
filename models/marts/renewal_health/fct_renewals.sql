with terms as (select * from {{ ref('int_contract_term_resolve') }}),
segments as (select * from {{ ref('int_account_segment_find') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- at the rate of the month in which it ends; what still runs, of the last month that is over
dated as (
    select
        terms.*,
        least({{ month_start('terms.ends_on') }}, {{ last_month_over('as_of') }}) as rate_month,
        as_of.as_of_date
    from terms
    cross join as_of
),

valued as (
    select
        dated.*,
        case
            when dated.currency = '{{ var("reporting_currency") }}' then cast(1 as decimal(18, 8))
            else rates.rate
        end as rate
    from dated
    left join rates on dated.rate_month = rates.month and dated.currency = rates.from_currency
),

converted as (
    select
        *,
        {{ whole_cents(at_rate('local_annual_value', 'rate')) }} as annual_value_amount,
        {{ whole_cents(at_rate('local_new_annual_value', 'rate')) }}
            as new_annual_value_amount
    from valued
),

final as (
    select
        converted.contract_id,
        converted.account_id,
        segments.segment,
        converted.pricing_model,
        converted.auto_renew,
        converted.previous_contract_id,
        converted.successor_contract_id,
        converted.decision is not null as is_decided,
        converted.decision <> 'churned' as is_renewed,
        converted.ends_on < converted.as_of_date as is_ended,
        converted.rate is not null as is_supplied,
        case
            when converted.rate is null
                then {{ missing_rate_reason('converted.currency', 'converted.rate_month') }}
        end as reason,
        converted.decision,
        converted.reason_code,
        converted.currency as local_currency,
        converted.local_annual_value,
        converted.local_new_annual_value,
        converted.annual_value_amount,
        converted.new_annual_value_amount,
        case
            when converted.decision is not null
                then least(converted.annual_value_amount, converted.new_annual_value_amount)
        end as renewed_amount,
        '{{ var("reporting_currency") }}' as currency,
        cast(converted.notice_days as int) as notice_days,
        converted.gap_days,
        converted.signed_on,
        converted.starts_on,
        {{ add_days('converted.ends_on', '-converted.notice_days') }} as notice_on,
        converted.decided_on,
        converted.ends_on
    from converted
    inner join segments
        on converted.account_id = segments.account_id and segments.segment <> 'all'
)

select * from final
