-- one row per moment with a contact in force: how many were lately in a conversation, by role
with moments as (select * from {{ ref('int_health_moment_find') }}),
contacts as (select * from {{ ref('stg_contact_version') }}),
touchpoints as (select * from {{ ref('stg_touchpoint_version') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- where no conversation was known of anybody, nobody can be said to have been left alone
touch_supply as (
    select min(held_at) as first_held_at
    from touchpoints
    where two_way
),

in_force as (
    select
        moments.moment_key,
        moments.observed_on,
        moments.known_before_at,
        contacts.contact_id,
        contacts.chain_role
    from moments
    inner join touch_supply on moments.known_before_at > touch_supply.first_held_at
    inner join contacts
        on
            moments.account_id = contacts.account_id
            and moments.observed_on >= contacts.valid_from
            and moments.observed_on <= coalesce(contacts.valid_to, moments.observed_on)
            and {{ known_then('contacts', 'moments.known_before_at') }}
    where
        contacts.chain_role in ('manager', 'program_owner', 'hr_leader', 'executive_sponsor')
),

conversations as (
    select *
    from touchpoints
    where two_way
),

touched as (
    select
        in_force.moment_key,
        in_force.chain_role,
        in_force.contact_id,
        max(conversations.held_at) as held_at
    from in_force
    cross join thresholds
    left join conversations
        on
            in_force.contact_id = conversations.contact_id
            and in_force.known_before_at > conversations.held_at
            and cast(
                {{ add_days('in_force.observed_on', '1 - thresholds.touch_active_days') }}
                as timestamp
            ) <= conversations.held_at
            and {{ known_then('conversations', 'in_force.known_before_at') }}
    group by in_force.moment_key, in_force.chain_role, in_force.contact_id
),

roles as (
    select
        moment_key,
        chain_role,
        count(*) as named_count,
        count(held_at) as touched_count,
        max(held_at) as last_held_at
    from touched
    group by moment_key, chain_role
),

-- a role without a contact is nobody's: of the four it counts 0
final as (
    select
        moment_key,
        {{ exact_sum(rate('touched_count', 'named_count')) }} / 4 as coverage,
        cast(sum(named_count) as bigint) as contacts_count,
        cast(sum(touched_count) as bigint) as active_count,
        cast(max(last_held_at) as date) as evidence_on
    from roles
    group by moment_key
)

select * from final
