"""What an account is told of outcomes: a query of its own rules.

See others.py for why people are told in tens and rates in whole points.
"""

# Words of its own for each reason: those of the marts hold counts.
REASON = """
    case
        when {column} is null then null
        when {column} like '%expected%'
            then 'too few people are expected to differ for a comparison that says anything'
        when {column} like '%comparable%'
            then 'too few participants have comparable colleagues'
        when {column} like '%followed%'
            then 'too few participants have been followed for 12 months'
        when {column} like '%not supplied%' then 'the workers of the employer were not supplied'
        when {column} like '%no such cost%' then 'no such cost has landed for the period'
        else 'it cannot be estimated from what was supplied'
    end
"""


def reason_in_words(column: str) -> str:
    """A query's column of reasons, in words without counts."""
    return REASON.replace("{column}", column)


# Both arms have ten people; a rate is told where it is neither near none nor near all, and in each
# arm at least ten people have the outcome and ten have not. The width of the interval follows from
# the rates and the numbers of people, so who knows it and the difference knows the rates: rates,
# difference and interval are told together, or none of them; then the direction alone is told.
JUDGED = """
    outcomes as (
        select
            *,
            treated_count >= 10
            and matched_count >= 10
            and comparison_worker_count >= 10 as is_enough,
            unit <> 'share'
            or (
                least(treated_rate, 1 - treated_rate) * matched_count >= 9.999
                and least(comparison_rate, 1 - comparison_rate) * comparison_worker_count >= 9.999
                and treated_rate between 0.05 and 0.95
                and comparison_rate between 0.05 and 0.95
            ) as is_rate_told,
            case unit when 'share' then 2 else 1 end as places
        from {rpt_workforce_outcomes}
        where stratum = 'all' and account_id <> 'all'
    ),

    judged as (
        select
            *,
            is_estimable and is_enough as is_told,
            is_estimable and is_enough and is_rate_told as are_numbers_told
        from outcomes
    )
"""
OUTCOMES = f"""
    with {JUDGED}

    select
        account_id,
        outcome_code,
        outcome_order,
        title,
        unit,
        better,
        case when treated_count >= 10 then treated_count // 10 * 10 end as treated_count,
        case when matched_count >= 10 then matched_count // 10 * 10 end as matched_count,
        case when are_numbers_told then round(treated_rate, places) end as treated_rate,
        case when are_numbers_told then round(comparison_rate, places) end as comparison_rate,
        case when are_numbers_told then round(adjusted_difference, places + 1) end
            as adjusted_difference,
        case when are_numbers_told then round(ci_low, places + 1) end as ci_low,
        case when are_numbers_told then round(ci_high, places + 1) end as ci_high,
        case
            when not is_told then null
            when ci_low > 0 then case better when 'lower' then 'worse' else 'better' end
            when ci_high < 0 then case better when 'lower' then 'better' else 'worse' end
            else 'not clear'
        end as direction,
        case when is_told then evidence_grade end as evidence_grade,
        is_told as is_estimable,
        case when is_estimable and not is_enough then 'too few people to tell of'
            else {reason_in_words("reason")} end as reason,
        case when is_estimable and not are_numbers_told then 'protected' end as hidden_reason
    from judged
    order by account_id, outcome_order
"""
