-- one row per account, of itself and of the roll-up 'all' that it is counted in
with accounts as (select * from {{ ref('int_roi_account_supply') }})

select
    account_id as account_code,
    account_id
from accounts
union all
select
    'all' as account_code,
    account_id
from accounts
where is_counted
