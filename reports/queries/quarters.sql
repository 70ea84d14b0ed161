-- Every quarter that has tiers, and its name; `place` 1 is the newest.
select
    quarter_start as value,
    'Q' || cast(cast(substr(quarter_start, 6, 2) as integer) // 3 + 1 as varchar) || ' ' || substr(quarter_start, 1, 4)
        as label,
    row_number() over (order by quarter_start desc) as place
from (select distinct quarter_start from mart.rpt_account_tiers) as quarters
order by quarter_start desc
