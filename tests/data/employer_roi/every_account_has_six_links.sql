-- What: the chain of every account has six links, each with a value or a reason.
-- When it matters: a link that is missing would read as one that was never asked about.
-- How to resolve: look at rpt_roi_chain: an account is in rpt_employer_roi and not in it.
{{ config(meta={'dagster': {'ref': {'name': 'rpt_roi_chain'}}}) }}
with returns as (select * from {{ ref('rpt_employer_roi') }}),
chain as (select * from {{ ref('rpt_roi_chain') }}),

counted as (
    select
        returns.account_id,
        count(chain.link_code) as links_count,
        count_if(chain.is_supplied = (chain.reason is not null)) as unclear_count
    from returns
    left join chain on returns.account_id = chain.account_id
    where returns.scenario = 'base'
    group by returns.account_id
)

select *
from counted
where links_count <> 6 or unclear_count > 0
