-- What: the scenarios are in order: benefit, net benefit and net present value, low to high.
-- When it matters: low and high are shown as a range around the base.
-- How to resolve: a low end above its high end, a case of the seed roi_cases that takes the wrong
--   end, or a hire that is worth more than one who stays: then a better difference in staying takes
--   off more than it adds (promoted_stayers_counted_once); look at the lines.
with returns as (select * from {{ ref('rpt_employer_roi') }}),

ordered as (
    select
        account_id,
        max(benefit_amount) filter (where scenario = 'low') as low_benefit,
        max(benefit_amount) filter (where scenario = 'base') as base_benefit,
        max(benefit_amount) filter (where scenario = 'high') as high_benefit,
        max(npv_amount) filter (where scenario = 'low') as low_npv,
        max(npv_amount) filter (where scenario = 'base') as base_npv,
        max(npv_amount) filter (where scenario = 'high') as high_npv,
        count(*) as scenarios_count
    from returns
    group by account_id
)

select *
from ordered
where
    low_benefit > base_benefit
    or base_benefit > high_benefit
    -- each month is rounded to a cent
    or low_npv > base_npv + 1
    or base_npv > high_npv + 1
    or scenarios_count <> 3
