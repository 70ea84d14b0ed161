with scores as (select * from {{ ref('int_survey_item_score') }}),

final as (
    select
        {{ surrogate_key(['response_id', 'item_code']) }} as survey_item_key,
        response_id,
        item_code,
        survey_code,
        account_id,
        chain_role,
        month,
        responded_at,
        is_confidence,
        is_nps,
        score_0_100
    from scores
)

select * from final
