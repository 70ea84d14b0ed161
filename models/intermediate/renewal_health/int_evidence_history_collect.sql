-- one row per half-year end, account and component: what the warehouse could say of it then
with ledger as (select * from {{ source('evaluation_ledger', 'evidence') }}),
own as (select * from {{ ref('int_evidence_evaluate') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

evaluated as (
    select ledger.*
    from ledger
    inner join as_of on ledger.evaluated_on < as_of.as_of_date
    union all
    select *
    from own
    where
        extract(month from {{ add_days('evaluated_on', 1) }}) in (1, 7)
        and extract(day from {{ add_days('evaluated_on', 1) }}) = 1
),

final as (
    select
        evaluated_on,
        account_id,
        component_code,
        value,
        ci_low,
        ci_high,
        people_count,
        evidence_grade,
        period_start,
        period_end,
        is_supplied,
        reason
    from evaluated
)

select * from final
