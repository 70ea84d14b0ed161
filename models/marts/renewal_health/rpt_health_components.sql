-- one row per account, month and component of renewal health
with moments as (select * from {{ ref('int_health_moment_find') }}),
healths as (select * from {{ ref('int_health_moment_score') }}),
scores as (select * from {{ ref('int_health_component_score') }}),
reference_scores as (select * from {{ ref('int_health_reference_find') }}),
components as (select * from {{ ref('health_components') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

monthly as (
    select
        scores.*,
        moments.month,
        healths.health_score,
        healths.known_weight
    from scores
    inner join moments on scores.moment_key = moments.moment_key
    inner join healths on scores.moment_key = healths.moment_key
    where moments.is_month_end
),

-- months in which the account was not served, and components that are missing, have no score
compared as (
    select
        monthly.*,
        reference_scores.reference_score,
        cast(monthly.score - earlier.score as decimal(9, 4)) as change_points
    from monthly
    cross join thresholds
    left join reference_scores
        on
            monthly.month = reference_scores.month
            and monthly.component_code = reference_scores.component_code
    left join monthly as earlier
        on
            monthly.account_id = earlier.account_id
            and monthly.component_code = earlier.component_code
            and {{ add_months('monthly.month', '-thresholds.trend_months') }} = earlier.month
),

final as (
    select
        {{ surrogate_key(['compared.account_id', 'compared.month', 'compared.component_code']) }}
            as health_component_key,
        compared.account_id,
        compared.month,
        compared.component_code,
        components.component_order,
        components.title,
        components.kind,
        components.unit,
        components.function_code,
        compared.is_supplied,
        compared.reason,
        compared.value,
        compared.score,
        compared.weight,
        case when compared.is_supplied then compared.reference_score end as reference_score,
        -- what a component adds to the reference account's health or takes from it
        case
            when compared.health_score is not null and compared.is_supplied
                then {{ points(
                    'compared.weight / compared.known_weight'
                    ~ ' * cast(compared.score - compared.reference_score as double)'
                ) }}
        end as contribution,
        compared.people_count,
        compared.evidence_on,
        compared.evidence_age_days,
        compared.evidence_grade,
        compared.change_points,
        case
            when compared.change_points >= thresholds.trend_points then 'rising'
            when compared.change_points <= -thresholds.trend_points then 'falling'
            when compared.change_points is not null then 'steady'
            else 'unknown'
        end as trend
    from compared
    cross join thresholds
    inner join components on compared.component_code = components.component_code
)

select * from final
