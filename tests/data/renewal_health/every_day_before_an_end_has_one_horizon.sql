-- What: the ranges of days of the horizons meet without gap or overlap, each ending at its horizon.
-- When it matters: a contract between two ranges has no probability, one in both has two rows.
-- How to resolve: mend from_days and to_days in the seed `renewal_horizons`.
{{ config(meta={'dagster': {'ref': {'name': 'renewal_horizons'}}}) }}
with horizons as (select * from {{ ref('renewal_horizons') }}),

neighbours as (
    select
        horizon_days,
        from_days,
        to_days,
        lag(to_days) over (order by horizon_days) as to_days_before,
        lead(horizon_days) over (order by horizon_days) as longer_horizon_days
    from horizons
)

select * from neighbours
where
    from_days <> to_days_before + 1
    or (longer_horizon_days is not null and to_days <> horizon_days)
    or to_days < horizon_days
