-- one row per response and item that had been given by the as-of date, on a scale of 0 to 100
with answers as (select * from {{ ref('stg_survey_response') }}),
items as (select * from {{ ref('survey_items') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

final as (
    select
        answers.response_id,
        answers.item_code,
        answers.survey_code,
        answers.account_id,
        answers.chain_role,
        -- an answer that names nobody is a person of its own
        coalesce(answers.respondent_key, answers.participant_id, answers.response_id) as person_key,
        answers.responded_at,
        {{ month_start('answers.responded_at') }} as month,
        coalesce(items.is_confidence, false) as is_confidence,
        coalesce(items.is_nps and answers.scale_min = 0 and answers.scale_max = 10, false)
            as is_nps,
        -- off its scale an answer says nothing
        case
            when answers.score between answers.scale_min and answers.scale_max
                then 100 * {{ rate(
                    '(answers.score - answers.scale_min)', '(answers.scale_max - answers.scale_min)'
                ) }}
        end as score_0_100
    from answers
    cross join as_of
    left join items on answers.item_code = items.item_code
    where answers.responded_at < as_of.known_before_at
)

select * from final
