with accounts as (select * from {{ ref('stg_account') }}),
orphans as (select * from {{ ref('int_orphan_find') }}),

-- an account that others name but that never landed: kept, flagged, healed when it lands
inferred as (
    select missing_id as account_id
    from orphans
    where parent_entity = 'account'
    union
    -- a participant that never landed belongs to an account that nobody knows; so does a session of
    -- an enrollment that never did
    select 'unknown' as account_id
    from orphans
    left join accounts on accounts.account_id = 'unknown'
    where
        accounts.account_id is null
        and (
            orphans.parent_entity = 'participant'
            or (orphans.parent_entity = 'enrollment' and orphans.entity = 'coaching_session')
        )
),

versions as (
    select
        account_id,
        parent_account_id,
        name,
        industry,
        segment,
        region,
        timezone,
        reporting_currency,
        fiscal_year_start_month,
        customer_since,
        coalesce(effective_from, cast('1900-01-01' as date)) as valid_from,
        false as is_inferred
    from accounts
    union all
    select
        account_id,
        cast(null as {{ dbt.type_string() }}) as parent_account_id,
        'Account ' || account_id as name,
        cast(null as {{ dbt.type_string() }}) as industry,
        cast(null as {{ dbt.type_string() }}) as segment,
        cast(null as {{ dbt.type_string() }}) as region,
        cast(null as {{ dbt.type_string() }}) as timezone,
        cast(null as {{ dbt.type_string() }}) as reporting_currency,
        cast(null as bigint) as fiscal_year_start_month,
        cast(null as date) as customer_since,
        cast('1900-01-01' as date) as valid_from,
        true as is_inferred
    from inferred
),

spells as (
    select
        *,
        lead(valid_from) over (partition by account_id order by valid_from) as valid_to
    from versions
),

as_of as (select * from {{ ref('stg_as_of') }}),

final as (
    select
        {{ surrogate_key(['spells.account_id', 'spells.valid_from']) }} as account_key,
        spells.account_id,
        spells.parent_account_id,
        spells.name,
        spells.industry,
        spells.segment,
        spells.region,
        spells.timezone,
        spells.reporting_currency,
        cast(coalesce(spells.fiscal_year_start_month, 1) as int) as fiscal_year_start_month,
        spells.customer_since,
        spells.is_inferred,
        {{ is_in_force('spells', 'as_of.as_of_date') }} as is_current,
        spells.valid_from,
        spells.valid_to
    from spells
    cross join as_of
)

select * from final
