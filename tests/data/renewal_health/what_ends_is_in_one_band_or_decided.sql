-- What: the amounts of the bands and of what is decided add up to the value that ends, and what is
--   expected lies in its interval and does not exceed that value.
-- When it matters: a reader who adds up the parts must come to the whole.
-- How to resolve: a band that rpt_renewal_outlook does not name, or a value renewed above the old.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_renewal_outlook'}}}) }}
select
    horizon,
    month,
    segment,
    arr_amount,
    expected_low_amount,
    expected_amount,
    expected_high_amount
from {{ ref('rpt_renewal_outlook') }}
where
    arr_amount
    <> green_amount + amber_amount + red_amount + unknown_amount + decided_amount
    or expected_amount > arr_amount
    or expected_amount not between expected_low_amount and expected_high_amount
