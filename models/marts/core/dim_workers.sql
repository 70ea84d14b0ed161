with workers as (select * from {{ ref('stg_worker') }}),
orphans as (select * from {{ ref('int_orphan_find') }}),
participants as (select * from {{ ref('dim_participants') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

-- a worker that others name but that never landed: kept, flagged, healed when it lands
named as (
    select
        account_id,
        missing_id as worker_id
    from orphans
    where parent_entity = 'worker'
    union
    select
        account_id,
        worker_id
    from participants
    where worker_id is not null
),

known as (
    select distinct
        account_id,
        worker_id
    from workers
),

inferred as (
    select
        named.account_id,
        named.worker_id
    from named
    left join known on named.account_id = known.account_id and named.worker_id = known.worker_id
    where known.worker_id is null
),

-- pay is comparable within an account and currency only, so its bands are quarters of theirs
bands as (
    select
        account_id,
        worker_id,
        effective_from,
        -- the share paid less: of equals all are in one band, the lower one
        cast(floor(least(3, 4 * percent_rank() over (
            partition by account_id, currency order by base_pay_annual
        ))) as int) + 1 as pay_quarter
    from workers
    where base_pay_annual is not null
),

versions as (
    select
        workers.account_id,
        workers.worker_id,
        workers.effective_from as valid_from,
        cast(workers.job_level as int) as job_level,
        workers.job_family,
        workers.department,
        workers.location_code,
        workers.manager_worker_id,
        workers.pay_type,
        workers.employment_type,
        'q' || cast(bands.pay_quarter as {{ dbt.type_string() }}) as pay_band,
        false as is_inferred
    from workers
    left join bands
        on
            workers.account_id = bands.account_id
            and workers.worker_id = bands.worker_id
            and workers.effective_from = bands.effective_from
    union all
    select
        account_id,
        worker_id,
        cast('1900-01-01' as date) as valid_from,
        cast(null as int) as job_level,
        cast(null as {{ dbt.type_string() }}) as job_family,
        cast(null as {{ dbt.type_string() }}) as department,
        cast(null as {{ dbt.type_string() }}) as location_code,
        cast(null as {{ dbt.type_string() }}) as manager_worker_id,
        cast(null as {{ dbt.type_string() }}) as pay_type,
        cast(null as {{ dbt.type_string() }}) as employment_type,
        cast(null as {{ dbt.type_string() }}) as pay_band,
        true as is_inferred
    from inferred
),

spells as (
    select
        *,
        lead(valid_from) over (partition by account_id, worker_id order by valid_from) as valid_to
    from versions
),

final as (
    select
        {{ surrogate_key(['spells.account_id', 'spells.worker_id', 'spells.valid_from']) }}
            as worker_key,
        spells.account_id,
        spells.worker_id,
        spells.job_level,
        spells.job_family,
        spells.department,
        spells.location_code,
        spells.manager_worker_id,
        spells.pay_type,
        spells.employment_type,
        spells.pay_band,
        spells.is_inferred,
        {{ is_in_force('spells', 'as_of.as_of_date') }} as is_current,
        spells.valid_from,
        spells.valid_to
    from spells
    cross join as_of
)

select * from final
