-- What: each piece of work is costed once, and each activity from one entity.
-- When it matters: a ticket that is also landed as a work item would cost its account twice.
-- How to resolve: `activity_sources` lists two rows for an entity and category, or a join in
--   int_work_collect meets several rows.
{{ config(meta={'dagster': {'ref': {'name': 'fct_activity_costs'}}}) }}
with activity_costs as (select * from {{ ref('fct_activity_costs') }}),
work as (select * from {{ ref('int_work_time_measure') }}),

pieces as (
    select
        source,
        count(*) as pieces_count
    from work
    where cost_state = 'costed'
    group by source
),

costed as (
    select
        source,
        sum(pieces_count) as costed_count
    from activity_costs
    group by source
),

several as (
    select
        activity_code,
        count(distinct source) as sources_count
    from activity_costs
    group by activity_code
    having count(distinct source) > 1
)

select
    pieces.source as counted,
    costed.costed_count as times
from pieces
left join costed on pieces.source = costed.source
where pieces.pieces_count <> coalesce(costed.costed_count, 0)
union all
select
    activity_code as counted,
    sources_count as times
from several
