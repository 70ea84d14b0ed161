-- one row per account, value parameter and job level of its participants: what it is worth there
with parameters as (select * from {{ ref('stg_value_parameter') }}),
defaults as (select * from {{ ref('value_defaults') }}),
participants as (select * from {{ ref('int_roi_participant_count') }}),
rates as (select * from {{ ref('int_exchange_rate_find') }}),

levels as (
    select
        account_id,
        level_code,
        rate_month,
        {{ add_days(add_months('rate_month', 1), -1) }} as period_end
    from participants
    group by account_id, level_code, rate_month
),

candidates as (
    select
        account_id,
        parameter,
        cast(job_level as {{ dbt.type_string() }}) as level_code,
        cast(low as double) as low,
        cast(base as double) as base,
        cast(high as double) as high,
        cast(isolation as double) as isolation, -- noqa: RF04
        cast(confidence as double) as confidence,
        source as value_source,
        currency,
        valid_from,
        false as is_seed
    from parameters
    union all
    select
        cast(null as {{ dbt.type_string() }}) as account_id,
        parameter,
        cast(null as {{ dbt.type_string() }}) as level_code,
        cast(low as double) as low,
        cast(base as double) as base,
        cast(high as double) as high,
        cast(null as double) as isolation, -- noqa: RF04
        cast(null as double) as confidence,
        'benchmark' as value_source,
        currency,
        cast('1900-01-01' as date) as valid_from,
        true as is_seed
    from defaults
),

-- what the account said, then what was landed for all, then the seed; of each the job level first
ranked as (
    select
        levels.account_id,
        levels.level_code,
        levels.rate_month,
        defaults.parameter,
        defaults.currency = 'none' as is_share,
        candidates.low,
        candidates.base,
        candidates.high,
        candidates.isolation,
        candidates.confidence,
        candidates.value_source,
        candidates.currency,
        row_number() over (
            partition by levels.account_id, levels.level_code, defaults.parameter
            order by
                candidates.is_seed asc,
                case when candidates.account_id is null then 1 else 0 end asc,
                case when candidates.level_code is null then 1 else 0 end asc,
                candidates.valid_from desc
        ) as precedence
    from levels
    cross join defaults
    inner join candidates
        on
            defaults.parameter = candidates.parameter
            and levels.period_end >= candidates.valid_from
            and levels.account_id = coalesce(candidates.account_id, levels.account_id)
            and levels.level_code = coalesce(candidates.level_code, levels.level_code)
),

converted as (
    select
        ranked.*,
        case
            when ranked.is_share or ranked.currency = '{{ var("reporting_currency") }}'
                then cast(1 as double)
            else cast(rates.rate as double)
        end as rate
    from ranked
    left join rates
        on ranked.rate_month = rates.month and ranked.currency = rates.from_currency
    where ranked.precedence = 1
),

judged as (
    select
        *,
        case
            when
                low > base or base > high or low < 0
                or (parameter = 'discount_rate' and high > 1)
                -- the highest published cost of a leaver is 2.13 years of pay
                or (parameter = 'turnover_cost_share_of_pay' and high > 3)
                or isolation < 0 or isolation > 1 or confidence < 0 or confidence > 1
                then concat(parameter, ': a landed value is out of its range')
            when rate is null and currency is null
                then concat(parameter, ': a landed value has no currency')
            when rate is null
                then concat(parameter, ': ', {{ missing_rate_reason('currency', 'rate_month') }})
        end as missing
    from converted
)

select
    account_id,
    parameter,
    level_code,
    case when missing is null then low * rate end as low,
    case when missing is null then base * rate end as base,
    case when missing is null then high * rate end as high,
    case when missing is null then isolation end as isolation, -- noqa: RF04
    case when missing is null then confidence end as confidence,
    value_source,
    missing
from judged
