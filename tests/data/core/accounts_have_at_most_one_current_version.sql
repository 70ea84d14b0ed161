-- What: of an account's versions at most one is in force at the as-of date.
-- When it matters: pages join account names on is_current; two would count everything twice.
-- How to resolve: two landed versions share their effective_from; correct one of them.
select account_id
from {{ ref('dim_accounts') }}
where is_current
group by account_id
having count(*) > 1
