-- What: the participants of an account's strata add up to those of all its strata, and the strata
--   that are matched add up to its matched ones.
-- When it matters: a stratum left out of the table would hide participants without like colleagues.
-- How to resolve: compare int_outcome_count with int_trial_observe for the account and outcome.
with strata as (
    select
        account_id,
        outcome_code,
        sum(treated_count) as treated_count,
        sum(matched_count) as matched_count
    from {{ ref('rpt_workforce_outcomes') }}
    where stratum <> 'all'
    group by account_id, outcome_code
)

select
    outcomes.account_id,
    outcomes.outcome_code,
    outcomes.treated_count,
    strata.treated_count as strata_treated_count,
    outcomes.matched_count,
    strata.matched_count as strata_matched_count
from {{ ref('rpt_workforce_outcomes') }} as outcomes
left join strata
    on
        outcomes.account_id = strata.account_id
        and outcomes.outcome_code = strata.outcome_code
where
    outcomes.stratum = 'all'
    and (
        coalesce(outcomes.treated_count, 0) <> coalesce(strata.treated_count, 0)
        or coalesce(outcomes.matched_count, 0) <> coalesce(strata.matched_count, 0)
    )
