-- one row per metric of the employer's return, account and period: all of them of one evaluation
with rpt_workforce_outcomes as (select * from {{ ref('rpt_workforce_outcomes') }}),
rpt_employer_roi as (select * from {{ ref('rpt_employer_roi') }}),
rpt_roi_chain as (select * from {{ ref('rpt_roi_chain') }}),

final as (
    {{ metric_values('rpt_workforce_outcomes', "'all'", where="stratum = 'all'",
        values=[
            {'metric_in': 'outcome_code', 'value': 'adjusted_difference',
             'people': 'matched_count', 'fewest': 'least(matched_count, comparison_worker_count)'},
        ]) }}
    union all
    {{ metric_values('rpt_employer_roi', "'all'", where="scenario = 'base'",
        values=[
            {'metric': 'benefit_amount', 'value': 'benefit_amount', 'people': 'participants_count'},
            {'metric': 'fully_loaded_cost', 'value': 'cost_amount'},
            {'metric': 'roi_rate', 'value': 'roi_rate', 'numerator': 'net_benefit_amount',
             'denominator': 'cost_amount', 'people': 'participants_count'},
            {'metric': 'bcr', 'value': 'bcr', 'numerator': 'benefit_amount',
             'denominator': 'cost_amount', 'people': 'participants_count'},
        ]) }}
    union all
    {{ metric_values('rpt_roi_chain', "'all'", where="link_code = 'adoption'",
        values=[
            {'metric': 'reach_rate', 'value': 'value',
             'numerator': 'numerator_count', 'denominator': 'denominator_count',
             'people': 'denominator_count',
             'fewest': 'least(numerator_count, denominator_count - numerator_count)'},
        ]) }}
    union all
    -- the denominator is a mean, and some of the numerator are not in it
    {{ metric_values('rpt_roi_chain', "'all'", where="link_code = 'utilization'",
        values=[
            {'metric': 'benefit_utilization_rate', 'value': 'value',
             'numerator': 'numerator_count', 'denominator': 'denominator_count',
             'people': 'floor(denominator_count)',
             'fewest': 'floor(least(numerator_count, denominator_count))'},
        ]) }}
    union all
    {{ metric_values('rpt_roi_chain', "'all'", where="link_code = 'capability'",
        values=[
            {'metric': 'skill_gain', 'value': 'value', 'denominator': 'denominator_count',
             'people': 'numerator_count'},
        ]) }}
    union all
    {{ metric_values('rpt_roi_chain', "'all'", where="link_code = 'business_outcomes'",
        values=[
            {'metric': 'verified_goal_rate', 'value': 'value',
             'numerator': 'numerator_count', 'denominator': 'denominator_count'},
        ]) }}
)

select * from final
