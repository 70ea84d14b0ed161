-- one row per worker and month of employment, to the one in which it ends: employed, eligible?
with spells as (select * from {{ ref('int_employment_spell_resolve') }}),
eligibility as (select * from {{ ref('stg_eligibility') }}),
enrolled as (select * from {{ ref('int_worker_enrollment_find') }}),
supply as (select * from {{ ref('int_workforce_supply') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

first_enrolled as (
    select
        account_id,
        min(enrolled_month) as first_enrolled_month
    from enrolled
    group by account_id
),

-- from the first month in which anybody is eligible (or enrolled, where no eligibility landed), but
-- not from before the account was a customer: many employers say eligible from the day of the hire
starts as (
    select
        supply.account_id,
        supply.has_eligibility,
        supply.last_worker_month,
        greatest(
            coalesce(supply.first_eligible_month, first_enrolled.first_enrolled_month),
            least(supply.customer_month, first_enrolled.first_enrolled_month)
        ) as first_month
    from supply
    left join first_enrolled on supply.account_id = first_enrolled.account_id
),

account_days as (
    select
        starts.account_id,
        starts.has_eligibility,
        starts.last_worker_month,
        {{ date_series('starts.first_month', 'as_of.as_of_date') }} as day_date
    from starts
    cross join as_of
    where starts.first_month <= as_of.as_of_date
),

account_months as (
    select
        account_id,
        has_eligibility,
        day_date as month_date
    from account_days
    where day_date = {{ month_start('day_date') }} and day_date <= last_worker_month
),

-- of spells of eligibility that overlap the later one counts from the day after the earlier one
begun as (
    select
        account_id,
        worker_id,
        eligible_from,
        coalesce(eligible_to, cast('2200-01-01' as date)) as eligible_until,
        max(coalesce(eligible_to, cast('2200-01-01' as date))) over (
            partition by account_id, worker_id order by eligible_from, eligibility_id
            rows between unbounded preceding and 1 preceding
        ) as eligible_before
    from eligibility
),

eligible as (
    select
        account_id,
        worker_id,
        eligible_until,
        case
            when eligible_before >= eligible_from then {{ add_days('eligible_before', 1) }}
            else eligible_from
        end as counted_from
    from begun
),

preceded as (
    select
        account_id,
        worker_id,
        coalesce(employed_from_date, cast('1900-01-01' as date)) as begun_date,
        employed_from_date,
        termination_date,
        termination_type,
        rehire_date,
        lag(termination_date) over (
            partition by account_id, worker_id order by spell_no
        ) as previous_termination_date
    from spells
),

-- a month with two spells is of the one in force on its first, else of the earlier one
final as (
    select
        preceded.account_id,
        preceded.worker_id,
        account_months.month_date as month,
        preceded.begun_date <= account_months.month_date
        and coalesce(preceded.termination_date > account_months.month_date, true) as is_employed,
        case when account_months.has_eligibility then eligible.worker_id is not null end
            as is_eligible,
        preceded.employed_from_date,
        preceded.termination_date,
        preceded.termination_type
    from preceded
    inner join account_months
        on
            preceded.account_id = account_months.account_id
            and account_months.month_date >= {{ month_start('preceded.begun_date') }}
            and account_months.month_date
            <= coalesce(preceded.termination_date, cast('2200-01-01' as date))
    left join eligible
        on
            preceded.account_id = eligible.account_id
            and preceded.worker_id = eligible.worker_id
            and account_months.month_date >= eligible.counted_from
            and account_months.month_date <= eligible.eligible_until
    where
        (
            preceded.begun_date <= account_months.month_date
            and coalesce(preceded.rehire_date > account_months.month_date, true)
        )
        or (
            preceded.begun_date > account_months.month_date
            and coalesce(preceded.previous_termination_date < account_months.month_date, true)
        )
)

select * from final
