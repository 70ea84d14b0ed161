-- one row per worker and index month in a trial: the arm, what was known by then, what came of it
with worker_months as (select * from {{ ref('int_worker_month_sum') }}),
enrolled as (select * from {{ ref('int_worker_enrollment_find') }}),
versions as (select * from {{ ref('int_worker_version_describe') }}),
bands as (select * from {{ ref('strata_bands') }}),
supply as (select * from {{ ref('int_workforce_supply') }}),

index_months as (
    select
        account_id,
        enrolled_month as index_month
    from enrolled
    group by account_id, enrolled_month
),

tenure_bands as (
    select
        band_code,
        from_value,
        lead(from_value) over (order by band_order) as below_value
    from bands
    where covariate_code = 'tenure'
),

-- nobody gets days in which leaving was impossible: both arms are still employed at month's end
eligible as (
    select
        worker_months.*,
        enrolled.enrolled_month,
        {{ months_between('worker_months.employed_from_date', 'worker_months.month') }}
        - case
            when
                worker_months.employed_from_date
                > {{ month_start('worker_months.employed_from_date') }}
                then 1
            else 0
        end as tenure_months
    from worker_months
    inner join index_months
        on
            worker_months.account_id = index_months.account_id
            and worker_months.month = index_months.index_month
    left join enrolled
        on
            worker_months.account_id = enrolled.account_id
            and worker_months.worker_id = enrolled.worker_id
    where
        worker_months.is_employed
        and worker_months.is_eligible
        and coalesce(
            worker_months.termination_date >= {{ add_months('worker_months.month', 1) }}, true
        )
        and coalesce(enrolled.enrolled_month >= worker_months.month, true)
),

described as (
    select
        eligible.account_id,
        eligible.worker_id,
        eligible.month as index_month,
        case when eligible.enrolled_month = eligible.month then 'treated' else 'comparison' end
            as arm,
        versions.job_level,
        versions.pay_type,
        versions.employment_type,
        versions.department_group,
        eligible.tenure_months,
        coalesce(tenure_bands.band_code, 'unknown') as tenure_band,
        versions.base_pay_annual,
        versions.currency,
        versions.pay_band,
        versions.pay_group,
        case
            when supply.first_event_month <= {{ add_months('eligible.month', -12) }}
                then eligible.is_promoted_before
        end as is_promoted_before,
        case
            when supply.first_event_month <= {{ add_months('eligible.month', -12) }}
                then eligible.is_moved_before
        end as is_moved_before,
        case
            when supply.first_event_month <= {{ add_months('eligible.month', 1) }}
                then eligible.is_promoted_after
        end as is_promoted_after,
        case
            when supply.first_event_month <= {{ add_months('eligible.month', 1) }}
                then eligible.is_moved_after
        end as is_moved_after,
        case
            when
                supply.first_absence_month <= {{ add_months('eligible.month', -12) }}
                and supply.last_absence_month >= {{ add_months('eligible.month', -1) }}
                then eligible.absence_hours_before
        end as absence_hours_before,
        case
            when
                supply.first_absence_month <= {{ add_months('eligible.month', 1) }}
                and supply.last_absence_month >= {{ add_months('eligible.month', 12) }}
                then eligible.absence_hours_after
        end as absence_hours,
        case
            when {{ months_between('eligible.month', 'eligible.enrolled_month') }} <= 12
                then {{ months_between('eligible.month', 'eligible.enrolled_month') }}
        end as enrolled_month_no,
        case
            when {{ months_between('eligible.month', 'eligible.termination_date') }} <= 12
                then {{ months_between('eligible.month', 'eligible.termination_date') }}
        end as left_month_no,
        eligible.enrolled_month,
        eligible.termination_type
    from eligible
    inner join supply on eligible.account_id = supply.account_id
    inner join versions
        on
            eligible.account_id = versions.account_id
            and eligible.worker_id = versions.worker_id
            and {{ is_in_force('versions', 'eligible.month') }}
    left join tenure_bands
        on
            eligible.tenure_months >= tenure_bands.from_value
            and eligible.tenure_months
            < coalesce(tenure_bands.below_value, cast(1e300 as double))
),

-- all covariates in one text: of few values, so strata and cells are made from these
final as (
    select
        *,
        coalesce('level ' || cast(job_level as {{ dbt.type_string() }}), 'unknown')
        || ' | ' || pay_type
        || ' | ' || employment_type
        || ' | ' || tenure_band
        || ' | ' || pay_group
        || ' | ' || department_group
        || ' | ' || case
            when is_promoted_before then 'promoted'
            when not is_promoted_before then 'not promoted'
            else 'unknown'
        end
        || ' | ' || case
            when is_moved_before then 'moved'
            when not is_moved_before then 'not moved'
            else 'unknown'
        end as profile
    from described
)

select * from final
