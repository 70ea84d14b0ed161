-- one row per account, month and indicator: how many met it of how many, known and over?
with observations as (select * from {{ ref('int_indicator_observe') }}),
indicators as (select * from {{ ref('indicators') }}),
supply as (select * from {{ ref('int_entity_supply') }}),
enrollments as (select * from {{ ref('int_enrollment_resolve') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

supplied as (
    select
        indicators.indicator_code,
        min(supply.known_rows_count) > 0 as is_supplied
    from indicators
    inner join supply on supply.entity in (indicators.required_entity, indicators.second_entity)
    group by indicators.indicator_code
),

counts as (
    select
        {{ all_or('observations.account_id') }} as account_code,
        observations.month,
        observations.indicator_code,
        cast(count_if(observations.is_met) as bigint) as numerator_count,
        cast(count(observations.is_met) as bigint) as denominator_count,
        cast(count(*) - count(observations.is_met) as bigint) as left_out_count,
        {{ exact_sum(
            'case when observations.is_met is not null then observations.comparison_rate end'
        ) }} / nullif(cast(count(observations.is_met) as double), 0) as comparison_rate,
        bool_and(observations.is_mature) as is_watched
    from observations
    inner join supplied on observations.indicator_code = supplied.indicator_code
    cross join as_of
    where supplied.is_supplied and observations.month <= as_of.as_of_date
    group by cube(observations.account_id), observations.month, observations.indicator_code
    having count(observations.is_met) > 0
),

start_months as (
    select
        {{ all_or('account_id') }} as account_code,
        {{ month_start('start_date') }} as month
    from enrollments
    where started_at is not null
    group by cube(account_id), {{ month_start('start_date') }}
),

measured as (
    select
        counts.account_code,
        counts.month,
        counts.indicator_code,
        true as is_supplied,
        -- more may yet start, fall due or be held in a month that still runs
        counts.is_watched
        and {{ add_days("cast(date_trunc('month', " ~ add_days('counts.month', 31)
            ~ ") as date)", -1) }}
        <= {{ add_days('cast(as_of.known_until_at as date)', -1) }} as is_mature,
        counts.numerator_count,
        counts.denominator_count,
        counts.left_out_count,
        counts.comparison_rate
    from counts
    cross join as_of
),

unmeasured as (
    select
        start_months.account_code,
        start_months.month,
        supplied.indicator_code,
        false as is_supplied,
        false as is_mature,
        cast(null as bigint) as numerator_count,
        cast(null as bigint) as denominator_count,
        cast(null as bigint) as left_out_count,
        cast(null as double) as comparison_rate
    from start_months
    cross join supplied
    where not supplied.is_supplied
),

final as (
    select * from measured
    union all
    select * from unmeasured
)

select
    account_code as account_id,
    month,
    indicator_code,
    is_supplied,
    is_mature,
    numerator_count,
    denominator_count,
    left_out_count,
    {{ rate('numerator_count', 'denominator_count') }} as rate,
    comparison_rate
from final
