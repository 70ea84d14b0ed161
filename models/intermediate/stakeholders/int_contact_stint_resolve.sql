-- one row per contact and first day in a role: whether somebody came, and whether somebody went
with contacts as (select * from {{ ref('stg_contact') }}),

neighbours as (
    select
        account_id,
        chain_role,
        contact_id,
        valid_from,
        valid_to,
        lag(valid_to) over (
            partition by account_id, chain_role, contact_id order by valid_from
        ) as previous_valid_to,
        lead(valid_from) over (
            partition by account_id, chain_role, contact_id order by valid_from
        ) as next_valid_from,
        min(valid_from) over (partition by account_id, chain_role) as first_valid_from
    from contacts
),

-- a new title is the same person in the same role
final as (
    select
        account_id,
        chain_role,
        contact_id,
        valid_from,
        valid_to,
        coalesce(previous_valid_to < {{ add_days('valid_from', -1) }}, true) as is_start,
        valid_to is not null
        and coalesce(next_valid_from > {{ add_days('valid_to', 1) }}, true) as is_end,
        valid_from = first_valid_from as is_first
    from neighbours
)

select * from final
