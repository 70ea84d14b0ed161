-- one row per metric of the participant's journey, account and period
with cohorts as (select * from {{ ref('rpt_funnel_cohorts') }}),
cohort_people as (select * from {{ ref('int_cohort_people_count') }}),
rpt_weekly_engagement as (select * from {{ ref('rpt_weekly_engagement') }}),
indicators as (select * from {{ ref('rpt_indicators') }}),
indicator_people as (select * from {{ ref('int_indicator_people_count') }}),
bottlenecks as (select * from {{ ref('rpt_bottlenecks') }}),
components as (select * from {{ ref('rpt_health_components') }}),
stages as (select * from {{ ref('dim_stages') }}),

-- a cohort is told once everyone in it had the whole time; over all cohorts, of those who had it
counted_cohorts as (
    select
        cohorts.account_id,
        stages.metric_code as stage_metric_code,
        case when cohorts.cohort_month = 'all' then 'all' else 'month' end as cohort_grain,
        cast(nullif(cohorts.cohort_month, 'all') as date) as month,
        cohorts.mature_rate,
        cohorts.mature_numerator_count,
        cohorts.mature_denominator_count,
        case when stages.metric_code = 'eligible_count' then cohorts.reached_count end
            as eligible_count,
        coalesce(cohort_people.people_count, 0) as cohort_people_count,
        coalesce(cohort_people.fewest_people_count, 0) as cohort_fewest_count
    from cohorts
    inner join stages on cohorts.stage_code = stages.stage_code
    left join cohort_people
        on
            cohorts.account_id = cohort_people.account_id
            and cohorts.cohort_month = cohort_people.cohort_month
            and cohorts.stage_code = cohort_people.stage_code
    where cohorts.program_id = 'all' and (cohorts.cohort_month = 'all' or cohorts.is_mature)
),

counted_indicators as (
    select
        indicators.account_id,
        indicators.indicator_code,
        indicators.month,
        indicators.rate,
        indicators.numerator_count,
        indicators.denominator_count,
        indicator_people.people_count as indicator_people_count,
        indicator_people.fewest_people_count as indicator_fewest_count
    from indicators
    left join indicator_people
        on
            indicators.account_id = indicator_people.account_id
            and indicators.month = indicator_people.month
            and indicators.indicator_code = indicator_people.indicator_code
    where indicators.is_mature
),

-- an account has one bottleneck at most: the stage in first place
counted_bottlenecks as (
    select
        bottlenecks.account_id,
        bottlenecks.gap,
        bottlenecks.lost_completions,
        cohort_people.people_count as cohort_people_count,
        cohort_people.fewest_people_count as cohort_fewest_count
    from bottlenecks
    left join cohort_people
        on
            bottlenecks.account_id = cohort_people.account_id
            and cohort_people.cohort_month = 'all'
            and bottlenecks.stage_code = cohort_people.stage_code
    where bottlenecks.bottleneck_rank = 1
),

finishers as (
    select
        account_id,
        month,
        value as finished_share,
        people_count as ended_people_count
    from components
    where component_code = 'participant_health'
),

final as (
    {{ metric_values('counted_cohorts', 'cohort_grain', start='month', table='rpt_funnel_cohorts',
        values=[
            {'metric_in': 'stage_metric_code', 'value': 'mature_rate',
             'numerator': 'mature_numerator_count', 'denominator': 'mature_denominator_count',
             'people': 'cohort_people_count', 'fewest': 'cohort_fewest_count'},
            {'metric': 'eligible_count', 'value': 'eligible_count',
             'people': 'cohort_people_count', 'fewest': 'cohort_fewest_count'},
        ]) }}
    union all
    {{ metric_values('rpt_weekly_engagement', "'week'", start='week_start_date',
        where="program_id = 'all' and is_mature",
        values=[
            {'metric': 'weekly_engagement_rate', 'value': 'active_rate',
             'numerator': 'active_count', 'denominator': 'at_risk_count',
             'people': 'at_risk_count',
             'fewest': 'least(active_count, at_risk_count - active_count)'},
            {'metric': 'week_1_retention_rate', 'value': 'week_1_retention_rate',
             'numerator': 'week_1_retained_count', 'denominator': 'week_1_active_count',
             'people': 'week_1_active_count',
             'fewest': 'least(week_1_retained_count, week_1_active_count - week_1_retained_count)'},
        ]) }}
    union all
    {{ metric_values('counted_indicators', "'month'", start='month', table='rpt_indicators',
        values=[
            {'metric_in': 'indicator_code', 'value': 'rate',
             'numerator': 'numerator_count', 'denominator': 'denominator_count',
             'people': 'indicator_people_count', 'fewest': 'indicator_fewest_count'},
        ]) }}
    union all
    {{ metric_values('counted_bottlenecks', "'all'", table='rpt_bottlenecks',
        values=[
            {'metric': 'bottleneck_gap', 'value': 'gap',
             'people': 'cohort_people_count', 'fewest': 'cohort_fewest_count'},
            {'metric': 'lost_completions', 'value': 'lost_completions',
             'people': 'cohort_people_count', 'fewest': 'cohort_fewest_count'},
        ]) }}
    union all
    {{ metric_values('finishers', "'month'", start='month', table='rpt_health_components',
        values=[
            {'metric': 'program_persistence', 'value': 'finished_share',
             'people': 'ended_people_count'},
        ]) }}
)

select * from final
