with forecasts as (select * from {{ ref('rpt_renewal_forecasts') }}),
horizons as (select * from {{ ref('renewal_horizons') }}),

bands as (
    select
        'green' as band,
        1 as band_order
    union all
    select
        'amber' as band,
        2 as band_order
    union all
    select
        'red' as band,
        3 as band_order
    union all
    select
        'unknown' as band,
        4 as band_order
    union all
    select
        'all' as band,
        5 as band_order
),

decided as (
    select
        horizon_days,
        coalesce(band, 'unknown') as band,
        is_renewed
    from forecasts
    where is_undecided_then and is_decided
),

counted as (
    select
        horizons.horizon_days,
        bands.band,
        bands.band_order,
        cast(count(decided.is_renewed) as bigint) as decisions_count,
        cast(count_if(coalesce(decided.is_renewed, false)) as bigint) as renewed_count
    from horizons
    cross join bands
    left join decided
        on
            horizons.horizon_days = decided.horizon_days
            and (bands.band = decided.band or bands.band = 'all')
    group by horizons.horizon_days, bands.band, bands.band_order
),

final as (
    select
        {{ surrogate_key(['horizon_days', 'band']) }} as renewal_band_key,
        horizon_days,
        band,
        cast(band_order as int) as band_order,
        decisions_count,
        renewed_count,
        {{ rate('renewed_count', 'decisions_count') }} as observed_rate,
        {{ wilson_low('renewed_count', 'decisions_count') }} as ci_low,
        {{ wilson_high('renewed_count', 'decisions_count') }} as ci_high,
        'of ' || cast(decisions_count as {{ dbt.type_string() }})
        || case when decisions_count = 1 then ' contract ' else ' contracts ' end
        || case band
            when 'all' then 'still undecided'
            when 'unknown' then 'without a health score'
            else 'in ' || band
        end
        || ', ' || cast(renewed_count as {{ dbt.type_string() }})
        || ' renewed' as statement -- noqa: RF04
    from counted
)

select * from final
