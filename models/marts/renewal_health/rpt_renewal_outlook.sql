{%- set z = 'cast(1.959963984540054 as double)' -%}
with renewals as (select * from {{ ref('int_renewal_open_find') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- variance in thousands, squared: exact_sum() takes values up to 1e12
valued as (
    select
        account_id,
        segment,
        band,
        is_decided,
        days_to_end,
        ends_on,
        renewal_probability,
        annual_value_amount,
        renewed_amount,
        currency,
        case when not is_decided then annual_value_amount * renewal_probability end
            as probable_amount,
        case
            when not is_decided
                then
                    power(cast(annual_value_amount as double) / 1000, 2)
                    * renewal_probability * (1 - renewal_probability)
        end as probable_variance
    from renewals
),

dated as (
    select
        valued.*,
        'month' as horizon,
        {{ month_start('valued.ends_on') }} as month
    from valued
    union all
    select
        valued.*,
        'next_12_months' as horizon,
        {{ month_start('as_of.as_of_date') }} as month
    from valued
    cross join as_of
    where valued.days_to_end <= 365
),

segmented as (
    select
        *,
        segment as segment_or_all
    from dated
    union all
    select
        *,
        'all' as segment_or_all
    from dated
),

summed as (
    select
        horizon,
        month,
        segment_or_all as segment,
        cast(count(distinct account_id) as bigint) as accounts_count,
        cast(count(*) as bigint) as contracts_count,
        cast(count_if(is_decided) as bigint) as decided_count,
        count(*) = count(annual_value_amount) as is_supplied,
        count_if(not is_decided and renewal_probability is null) = 0 as is_predicted,
        sum(annual_value_amount) as arr_amount,
        coalesce(sum(annual_value_amount) filter (where is_decided), 0) as decided_amount,
        coalesce(sum(annual_value_amount) filter (where not is_decided and band = 'green'), 0)
            as green_amount,
        coalesce(sum(annual_value_amount) filter (where not is_decided and band = 'amber'), 0)
            as amber_amount,
        coalesce(sum(annual_value_amount) filter (where not is_decided and band = 'red'), 0)
            as red_amount,
        coalesce(sum(annual_value_amount) filter (where not is_decided and band = 'unknown'), 0)
            as unknown_amount,
        cast(coalesce(sum(renewed_amount) filter (where is_decided), 0) as double)
            as secured_amount,
        cast(coalesce(sum(annual_value_amount) filter (where not is_decided), 0) as double)
            as open_amount,
        coalesce({{ exact_sum('probable_amount') }}, cast(0 as double)) as probable_amount,
        1000 * sqrt(coalesce({{ exact_sum('probable_variance') }}, cast(0 as double)))
            as probable_deviation,
        max(currency) as currency
    from segmented
    group by horizon, month, segment_or_all
),

final as (
    select
        {{ surrogate_key(['horizon', 'month', 'segment']) }} as renewal_outlook_key,
        horizon,
        month,
        segment,
        is_supplied,
        accounts_count,
        contracts_count,
        decided_count,
        {% for amount in ['arr', 'green', 'amber', 'red', 'unknown', 'decided'] -%}
            case when is_supplied then cast({{ amount }}_amount as decimal(18, 2)) end
                as {{ amount }}_amount,
        {% endfor -%}
        case
            when is_supplied and is_predicted
                then {{ whole_cents('secured_amount + probable_amount') }}
        end as expected_amount,
        -- renewals of contracts that know nothing of each other; never less than is decided, nor
        -- more than is left
        case
            when is_supplied and is_predicted
                then
                    {{ whole_cents(
                        'secured_amount + greatest(cast(0 as double), probable_amount - '
                        ~ z ~ ' * probable_deviation)'
                    ) }}
        end as expected_low_amount,
        case
            when is_supplied and is_predicted
                then
                    {{ whole_cents(
                        'secured_amount + least(open_amount, probable_amount + '
                        ~ z ~ ' * probable_deviation)'
                    ) }}
        end as expected_high_amount,
        currency
    from summed
)

select * from final
