-- one row per account ('all' too) and value parameter: what one outcome of its people is worth
with pools as (select * from {{ ref('int_roi_pool_expand') }}),
participants as (select * from {{ ref('int_roi_participant_count') }}),
parameters as (select * from {{ ref('int_value_parameter_resolve') }}),

levels as (
    select
        account_id,
        level_code,
        sum(participants_count) as participants_count,
        sum(pay_known_count) as pay_known_count,
        {{ exact_sum('pay_total') }} as pay_total,
        min(missing) as missing_pay
    from participants
    group by account_id, level_code
),

-- a leaver costs a share of the pay; everything else is worth the same to all of a level
weighed as (
    select
        pools.account_code,
        parameters.parameter,
        parameters.low,
        parameters.base,
        parameters.high,
        parameters.isolation,
        parameters.confidence,
        parameters.value_source,
        coalesce(levels.missing_pay, parameters.missing) as missing,
        cast(levels.participants_count as double) as level_people,
        case
            when parameters.parameter = 'turnover_cost_share_of_pay' then levels.pay_total
            else cast(levels.participants_count as double)
        end as weight,
        case
            when parameters.parameter = 'turnover_cost_share_of_pay'
                then cast(levels.pay_known_count as double)
            else cast(levels.participants_count as double)
        end as known_people
    from pools
    inner join levels on pools.account_id = levels.account_id
    inner join parameters
        on levels.account_id = parameters.account_id and levels.level_code = parameters.level_code
),

summed as (
    select
        account_code,
        parameter,
        min(missing) as missing,
        {{ exact_sum('level_people') }} as people_count,
        {{ exact_sum('known_people') }} as known_people,
        {{ exact_sum('weight * low') }} as low_sum,
        {{ exact_sum('weight * base') }} as base_sum,
        {{ exact_sum('weight * high') }} as high_sum,
        {{ exact_sum('level_people * low') }} as low_mean_sum,
        {{ exact_sum('level_people * base') }} as base_mean_sum,
        {{ exact_sum('level_people * high') }} as high_mean_sum,
        case
            when count(isolation * confidence) = count(*)
                then {{ exact_sum('level_people * isolation') }}
        end as isolation_sum,
        case
            when count(isolation * confidence) = count(*)
                then {{ exact_sum('level_people * confidence') }}
        end as confidence_sum,
        case max(
            case value_source
                when 'finance_approved' then 1
                when 'client_estimate' then 2
                else 3
            end
        )
            when 1 then 'finance_approved'
            when 2 then 'client_estimate'
            else 'benchmark'
        end as value_source
    from weighed
    group by account_code, parameter
)

select
    account_code,
    parameter,
    value_source,
    case
        when missing is not null then missing
        when known_people = 0 then 'the pay of no participant is known'
    end as reason,
    case when missing is null then {{ rate('low_sum', 'known_people') }} end as low_value,
    case when missing is null then {{ rate('base_sum', 'known_people') }} end as base_value,
    case when missing is null then {{ rate('high_sum', 'known_people') }} end as high_value,
    case when missing is null then {{ rate('low_mean_sum', 'people_count') }} end as low_mean,
    case when missing is null then {{ rate('base_mean_sum', 'people_count') }} end as base_mean,
    case when missing is null then {{ rate('high_mean_sum', 'people_count') }} end as high_mean,
    {{ rate('isolation_sum', 'people_count') }} as isolation, -- noqa: RF04
    {{ rate('confidence_sum', 'people_count') }} as confidence
from summed
