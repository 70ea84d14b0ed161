-- one row per version of a worker: what participants and colleagues are compared by, pay in bands
with workers as (select * from {{ ref('stg_worker') }}),
bands as (select * from {{ ref('strata_bands') }}),

ranges as (
    select
        band_code,
        from_value,
        lead(from_value) over (order by band_order) as below_value
    from bands
    where covariate_code = 'pay'
),

final as (
    select
        workers.account_id,
        workers.worker_id,
        cast(workers.job_level as int) as job_level,
        coalesce(workers.pay_type, 'unknown') as pay_type,
        coalesce(workers.employment_type, 'unknown') as employment_type,
        coalesce(workers.job_family, 'unknown') as department_group,
        coalesce(ranges.band_code, 'unknown') as pay_band,
        -- amounts of two currencies are not alike
        coalesce(ranges.band_code || coalesce(' ' || workers.currency, ''), 'unknown') as pay_group,
        workers.base_pay_annual,
        workers.currency,
        workers.effective_from as valid_from,
        lead(workers.effective_from) over (
            partition by workers.account_id, workers.worker_id order by workers.effective_from
        ) as valid_to
    from workers
    left join ranges
        on
            workers.base_pay_annual >= ranges.from_value
            and workers.base_pay_annual < coalesce(ranges.below_value, cast(1e300 as double))
)

select * from final
