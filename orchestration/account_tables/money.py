"""What an account is told of its money: queries of their own rules."""

from orchestration.account_tables.outcomes import JUDGED, reason_in_words

# Money of an account is its own; what a few people cost or brought is not told. A benefit is a
# difference of an outcome times people times what one is worth, which the account knows: it is told
# where the differences are. Each line is told in two significant figures, so that neither the
# people behind it nor the few between two releases follow from it; all else follows from the lines.
MONEY = f"""
    {JUDGED},

    untold as (
        select distinct account_id
        from judged
        where
            is_estimable
            and not are_numbers_told
            and outcome_code in ('retained_12m_voluntary', 'filled_12m', 'absence_hours_12m')
    ),

    returns as (
        select
            *,
            coalesce(participants_count, 0) >= 10 as is_told,
            coalesce(participants_count, 0) >= 10
            and account_id not in (select account_id from untold) as is_benefit_told
        from {{rpt_employer_roi}}
        where account_id <> 'all'
    ),

    lines as (
        select
            lines.account_id,
            lines.scenario,
            lines.line_type,
            lines.line_code,
            lines.line_order,
            lines.is_hidden,
            returns.scenario_order,
            case
                when lines.amount = 0 then 0
                else round(
                    cast(lines.amount as double),
                    cast(1 - floor(log10(abs(cast(lines.amount as double)))) as integer)
                )
            end as amount
        from {{rpt_roi_lines}} as lines
        inner join returns
            on lines.account_id = returns.account_id and lines.scenario = returns.scenario
        where case lines.line_type when 'benefit' then is_benefit_told else is_told end
    )
"""
RETURN = f"""
    with {MONEY},

    sums as (
        select
            account_id,
            scenario,
            sum(amount) filter (where line_type = 'benefit') as benefit_amount,
            sum(amount) filter (where line_type = 'cost') as cost_amount,
            sum(amount) filter (where line_type = 'cost' and is_hidden) as hidden_cost_amount
        from lines
        group by account_id, scenario
    ),

    told as (
        select
            returns.* exclude (benefit_amount, cost_amount, hidden_cost_amount),
            case when returns.benefit_amount is not null then sums.benefit_amount end
                as benefit_amount,
            case when returns.cost_amount is not null then sums.cost_amount end as cost_amount,
            case when returns.hidden_cost_amount is not null then sums.hidden_cost_amount end
                as hidden_cost_amount
        from returns
        left join sums
            on returns.account_id = sums.account_id and returns.scenario = sums.scenario
    )

    select
        account_id,
        scenario,
        benefit_amount,
        cost_amount,
        hidden_cost_amount,
        case when is_benefit_told and net_benefit_amount is not null
            then benefit_amount - cost_amount end as net_benefit_amount,
        case when is_benefit_told and roi_rate is not null
            then (benefit_amount - cost_amount) / nullif(cost_amount, 0) end as roi_rate,
        case when is_benefit_told and bcr is not null
            then benefit_amount / nullif(cost_amount, 0) end as bcr,
        case when is_benefit_told then round(payback_months) end as payback_months,
        currency,
        period_start,
        period_end,
        case when is_benefit_told then evidence_grade end as evidence_grade,
        is_estimable and is_benefit_told as is_estimable,
        case when not is_told then 'too few participants to tell of'
            when is_estimable and not is_benefit_told
                then 'too few people left or filled a post to tell what came of it'
            else {reason_in_words("reason")} end as reason
    from told
    order by account_id, scenario_order
"""

RETURN_LINES = f"""
    with {MONEY}

    select
        account_id,
        scenario,
        line_type,
        line_code,
        line_order,
        case line_code
            when 'turnover_avoided' then 'Turnover avoided'
            when 'internal_filling' then 'Posts filled from within'
            when 'promoted_stayers_counted_once' then 'Stayers in such a post, counted once'
            when 'absence_avoided' then 'Absence avoided'
            when 'tuition' then 'Tuition'
            when 'program_fee' then 'Program fees'
            when 'admin' then 'Administration'
            when 'travel' then 'Travel'
            when 'sme_time' then 'Experts\u2019 time'
            when 'manager_time' then 'Managers\u2019 time'
            when 'paid_learning_time' then 'Paid learning time'
            else line_code
        end as title,
        amount
    from lines
    order by account_id, scenario_order, line_order
"""
