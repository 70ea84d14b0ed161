-- two rows per account with a contract: its segment, and all
with terms as (select * from {{ ref('int_contract_term_resolve') }}),
accounts as (select * from {{ ref('dim_accounts') }}),

final as (
    select
        terms.account_id,
        coalesce(accounts.segment, 'unknown') as segment
    from terms
    left join accounts on terms.account_id = accounts.account_id and accounts.is_current
    group by terms.account_id, coalesce(accounts.segment, 'unknown')
    union all
    select
        account_id,
        'all' as segment
    from terms
    group by account_id
)

select * from final
