-- one row per moment: the health of an account on a day, as known then, and what it rests on
with moments as (select * from {{ ref('int_health_moment_find') }}),
scores as (select * from {{ ref('int_health_component_score') }}),
components as (select * from {{ ref('health_components') }}),
cases as (select * from {{ ref('int_health_case_measure') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

weighed as (
    select
        scores.*,
        case when scores.is_supplied then scores.weight else 0 end as supplied_weight,
        case when components.kind = 'evidence' then scores.weight else 0 end as evidence_weight,
        case when components.kind = 'evidence' and scores.is_supplied then 1 else 0 end
            as evidence_supplied,
        case
            when
                components.kind = 'evidence'
                and scores.evidence_grade in ('A', 'B')
                and scores.evidence_age_days <= thresholds.evidence_old_days
                then scores.weight
            else 0
        end as defended_weight,
        case
            when components.kind <> 'evidence' then 0
            when scores.evidence_grade = 'A' then 4
            when scores.evidence_grade = 'B' then 3
            when scores.evidence_grade = 'C' then 2
            when scores.evidence_grade = 'D' then 1
            else 0
        end as grade_points
    from scores
    cross join thresholds
    inner join components on scores.component_code = components.component_code
),

summed as (
    select
        moment_key,
        {{ exact_sum('supplied_weight * score') }} as weighted_score,
        {{ exact_sum('supplied_weight') }} as known_weight,
        {{ exact_sum('weight') }} as total_weight,
        {{ exact_sum('defended_weight') }} as defended_total,
        {{ exact_sum('evidence_weight') }} as evidence_total,
        sum(evidence_supplied) as evidence_supplied_count,
        cast(sum(grade_points) as bigint) as evidence_points
    from weighed
    group by moment_key
),

-- a component that is missing lowers the coverage: it is neither zero nor average
covered as (
    select
        *,
        {{ rate('known_weight', 'total_weight') }} as coverage_share
    from summed
),

healthy as (
    select
        covered.*,
        thresholds.health_green_least,
        thresholds.health_amber_least,
        case
            when covered.coverage_share >= thresholds.health_coverage_least
                then {{ points('covered.weighted_score / nullif(covered.known_weight, 0)') }}
        end as health_score
    from covered
    cross join thresholds
),

final as (
    select
        moments.moment_key,
        moments.account_id,
        moments.observed_on,
        moments.is_month_end,
        moments.contract_id,
        moments.days_to_renewal,
        moments.is_decided,
        healthy.health_score,
        healthy.known_weight,
        healthy.coverage_share,
        case
            when healthy.health_score is null then 'unknown'
            when healthy.health_score >= healthy.health_green_least then 'green'
            when healthy.health_score >= healthy.health_amber_least then 'amber'
            else 'red'
        end as band,
        -- null where one of the two shares is not known
        {{ points(
            '50 * (' ~ rate('cases.verified_count', 'cases.goals_count')
            ~ ' + ' ~ rate('cases.opened_count', 'cases.reports_count') ~ ')'
        ) }} as explain_score,
        case
            when healthy.evidence_supplied_count > 0
                then {{ points('100 * healthy.defended_total / healthy.evidence_total') }}
        end as defend_score,
        {{ points('25.0 * cases.expansion_yes_count') }} as expand_score,
        healthy.evidence_points
    from moments
    inner join healthy on moments.moment_key = healthy.moment_key
    inner join cases on moments.moment_key = cases.moment_key
)

select * from final
