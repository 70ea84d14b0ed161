-- one row per moment with an answer of an executive sponsor in the window: their mean satisfaction
with moments as (select * from {{ ref('int_health_moment_find') }}),
responses as (select * from {{ ref('stg_survey_response_version') }}),
items as (select * from {{ ref('survey_items') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

answers as (
    select
        responses.*,
        -- an answer that names nobody is a person of its own; off its scale it says nothing
        coalesce(responses.respondent_key, responses.participant_id, responses.response_id)
            as person_key,
        case
            when responses.score between responses.scale_min and responses.scale_max
                then 100 * {{ rate(
                    '(responses.score - responses.scale_min)',
                    '(responses.scale_max - responses.scale_min)'
                ) }}
        end as score_0_100
    from responses
    inner join items on responses.item_code = items.item_code
    where responses.chain_role = 'executive_sponsor' and items.is_confidence
),

recent as (
    select
        moments.moment_key,
        answers.response_id,
        answers.person_key,
        answers.score_0_100,
        answers.responded_at,
        power(
            cast(0.5 as double),
            cast({{ days_between('answers.responded_at', 'moments.observed_on') }} as double)
            / thresholds.confidence_half_life_days
        ) as weight
    from moments
    cross join thresholds
    inner join answers
        on
            moments.account_id = answers.account_id
            and moments.known_before_at > answers.responded_at
            and cast(
                {{ add_days('moments.observed_on', '1 - thresholds.confidence_window_days') }}
                as timestamp
            ) <= answers.responded_at
            and {{ known_then('answers', 'moments.known_before_at') }}
    where answers.score_0_100 is not null
),

persons as (
    select
        moment_key,
        person_key,
        {{ exact_sum('weight') }} as weight
    from recent
    group by moment_key, person_key
),

-- how many people of equal weight would count as much: 1 where all weight is one person's
-- (Kish 1965, Survey Sampling, 11.7)
spread as (
    select
        moment_key,
        power({{ exact_sum('weight') }}, 2) / {{ exact_sum('weight * weight') }} as effective_people
    from persons
    group by moment_key
),

measured as (
    select
        moment_key,
        {{ exact_sum('weight * score_0_100') }} / {{ exact_sum('weight') }} as mean_score,
        cast(count(*) as bigint) as answers_count,
        cast(count(distinct response_id) as bigint) as responses_count,
        cast(count(distinct person_key) as bigint) as people_count,
        cast(max(responded_at) as date) as evidence_on
    from recent
    group by moment_key
),

final as (
    select
        measured.*,
        spread.effective_people
    from measured
    inner join spread on measured.moment_key = spread.moment_key
)

select * from final
