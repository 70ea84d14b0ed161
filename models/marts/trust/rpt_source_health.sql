with entities as (
    {{ contract_entities() }}
),

batches as (select * from {{ source('load_ledger', 'batches') }}),
supply as (select * from {{ ref('int_entity_supply') }}),
orphans as (select * from {{ ref('int_orphan_find') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

loads as (
    select
        family,
        entity,
        cast(count(*) as bigint) as batches_count,
        cast(count_if(status = 'failed') as bigint) as failed_batches_count,
        cast(sum(received_count) as bigint) as received_count,
        cast(sum(accepted_count) as bigint) as accepted_count,
        cast(sum(rejected_count) as bigint) as rejected_count,
        cast(sum(duplicate_count) as bigint) as duplicate_count,
        cast(sum(corrected_count) as bigint) as corrected_count,
        -- not of a file that cannot be read: each load tries it again
        cast(max(loaded_at) filter (where status <> 'failed') as timestamp) as last_loaded_at
    from batches
    group by family, entity
),

orphans_by_entity as (
    select
        family,
        entity,
        cast(sum(rows_count) as bigint) as orphan_count
    from orphans
    group by family, entity
),

-- what landed under a name that the contract does not know is shown too
named as (
    select
        family,
        entity,
        tier
    from entities
    union all
    select
        loads.family,
        loads.entity,
        'unknown' as tier
    from loads
    left join entities on loads.family = entities.family and loads.entity = entities.entity
    where entities.entity is null
),

final as (
    select
        named.family,
        named.entity,
        named.tier,
        coalesce(supply.known_rows_count, 0) > 0 as is_supplied,
        coalesce(loads.batches_count, 0) as batches_count,
        coalesce(loads.failed_batches_count, 0) as failed_batches_count,
        coalesce(loads.received_count, 0) as received_count,
        coalesce(loads.accepted_count, 0) as accepted_count,
        coalesce(loads.rejected_count, 0) as rejected_count,
        coalesce(loads.duplicate_count, 0) as duplicate_count,
        coalesce(loads.corrected_count, 0) as corrected_count,
        coalesce(orphans_by_entity.orphan_count, 0) as orphan_count,
        {{ hours_between('supply.last_known_at', 'as_of.known_before_at') }} as freshness_hours,
        {{ hours_between('supply.last_known_at', 'as_of.known_before_at') }}
        <= thresholds.fresh_within_hours as is_fresh,
        supply.last_known_at,
        loads.last_loaded_at
    from named
    cross join thresholds
    cross join as_of
    left join loads on named.family = loads.family and named.entity = loads.entity
    left join supply on named.family = supply.family and named.entity = supply.entity
    left join orphans_by_entity
        on named.family = orphans_by_entity.family and named.entity = orphans_by_entity.entity
)

select * from final
