-- one row per account: its period, its people, and whether its cost and its values are known
with supply as (select * from {{ ref('int_workforce_supply') }}),
accounts as (select * from {{ ref('dim_accounts') }}),
differences as (select * from {{ ref('int_roi_difference_find') }}),
participants as (select * from {{ ref('int_roi_participant_count') }}),
parameters as (select * from {{ ref('int_value_parameter_resolve') }}),
costs as (select * from {{ ref('int_roi_cost_sum') }}),
landed_costs as (select * from {{ ref('int_employer_cost_convert') }}),

people as (
    select
        account_id,
        cast(sum(participants_count) as bigint) as participants_count,
        cast(sum(pay_known_count) as bigint) as pay_known_count,
        min(missing) as missing
    from participants
    group by account_id
),

-- an account that others name but that never landed counts once somebody enrolled there
never_landed as (
    select account_id
    from accounts
    where is_inferred
    group by account_id
),

values_known as (
    select
        account_id,
        min(missing) as missing
    from parameters
    group by account_id
),

landed as (
    select
        account_id,
        min(month) as first_cost_month
    from landed_costs
    group by account_id
),

spent as (
    select
        account_id,
        cast(count(distinct month) as bigint) as cost_months_count,
        cast(count(distinct case when is_hidden then month end) as bigint)
            as hidden_months_count,
        cast(count_if(not is_hidden) as bigint) as visible_count,
        min(missing) as missing
    from costs
    group by account_id
),

gathered as (
    select
        supply.account_id,
        supply.unlinked_enrollments_count as unlinked_count,
        differences.period_start,
        differences.period_end,
        coalesce(people.participants_count, 0) as participants_count,
        coalesce(people.pay_known_count, 0) as pay_known_count,
        coalesce(spent.cost_months_count, 0) as cost_months_count,
        coalesce(spent.hidden_months_count, 0) as hidden_months_count,
        coalesce(spent.visible_count, 0) as visible_count,
        landed.account_id is not null as has_landed_cost,
        landed.first_cost_month,
        coalesce(landed.first_cost_month < differences.period_start, false) as has_earlier_cost,
        spent.missing as missing_cost,
        coalesce(people.missing, values_known.missing) as missing_value,
        cast(
            12 * (
                extract(year from differences.period_end)
                - extract(year from differences.period_start)
            )
            + extract(month from differences.period_end)
            - extract(month from differences.period_start) + 1 as bigint
        ) as months_count
    from supply
    left join differences
        on
            supply.account_id = differences.account_id
            and differences.outcome_code = 'retained_12m_voluntary'
    left join people on supply.account_id = people.account_id
    left join values_known on supply.account_id = values_known.account_id
    left join spent on supply.account_id = spent.account_id
    left join landed on supply.account_id = landed.account_id
    left join never_landed on supply.account_id = never_landed.account_id
    where never_landed.account_id is null or people.account_id is not null
),

reasoned as (
    select
        *,
        case
            when not has_landed_cost then 'no employer cost has landed'
            when period_start is null then null
            when cost_months_count = 0 then 'no employer cost has landed for the period'
            else nullif(concat_ws(
                '; ',
                missing_cost,
                case
                    when months_count < 12
                        then
                            'first and last enrollment lie less than twelve months apart:'
                            || ' what is spent on the participants after that is in no number'
                end,
                case
                    when cost_months_count * 2 < months_count
                        then concat(
                            'cost has landed for ',
                            cast(cost_months_count as {{ dbt.type_string() }}),
                            ' of ',
                            cast(months_count as {{ dbt.type_string() }}),
                            ' months only'
                        )
                end,
                case
                    when first_cost_month > {{ add_months(month_start('period_start'), 2) }}
                        then 'no cost has landed for the first months of the period'
                end,
                case
                    when hidden_months_count = 0
                        then
                            'no cost of the time of own people has landed for the period:'
                            || ' without it the return would look too good'
                    when hidden_months_count * 2 < months_count
                        then concat(
                            'time of own people has landed for ',
                            cast(hidden_months_count as {{ dbt.type_string() }}),
                            ' of ',
                            cast(months_count as {{ dbt.type_string() }}),
                            ' months only'
                        )
                end,
                case
                    when visible_count = 0
                        then
                            'only time of own people has landed for the period, and nothing paid:'
                            || ' without it the return would look too good'
                end
            ), '')
        end as cost_reason
    from gathered
)

select
    account_id,
    period_start,
    period_end,
    months_count,
    months_count - cost_months_count as months_without_cost_count,
    participants_count,
    pay_known_count,
    unlinked_count,
    has_earlier_cost,
    cost_reason,
    missing_value as value_reason,
    period_start is not null and cost_reason is null as is_cost_known,
    period_start is not null
    and participants_count > 0
    and cost_reason is null
    and missing_value is null as is_counted
from reasoned
