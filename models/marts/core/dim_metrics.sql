with metrics as (select * from {{ ref('metrics') }}),
thresholds as (select * from {{ ref('thresholds') }}),

-- instr, not like: an underscore in a pattern stands for any character
used_thresholds as (
    select
        metrics.metric_code,
        -- as a decimal, since the engines write doubles differently
        concat(
            thresholds.threshold_code,
            ' = ',
            cast(cast(thresholds.amount as decimal(18, 6)) as {{ dbt.type_string() }})
        ) as threshold,
        row_number() over (
            partition by metrics.metric_code order by thresholds.threshold_code
        ) as threshold_no
    from metrics
    inner join thresholds
        on instr(
            concat(' ', metrics.threshold_codes, ' '), concat(' ', thresholds.threshold_code, ' ')
        ) > 0
),

-- a metric names four at most: tests/data/core/metrics_name_thresholds_that_exist.sql
thresholds_by_metric as (
    select
        metric_code,
        cast(count(*) as int) as thresholds_count,
        max(threshold) filter (where threshold_no = 1) as threshold_1,
        max(threshold) filter (where threshold_no = 2) as threshold_2,
        max(threshold) filter (where threshold_no = 3) as threshold_3,
        max(threshold) filter (where threshold_no = 4) as threshold_4
    from used_thresholds
    group by metric_code
),

final as (
    select
        metrics.metric_code,
        metrics.title,
        metrics.definition,
        metrics.formula,
        metrics.unit,
        metrics.better,
        metrics.layer,
        metrics.signal_class,
        metrics.owner_role,
        metrics.function_code,
        metrics.threshold_codes,
        metrics.standard_reference,
        {{ surrogate_key([
            'metrics.definition', 'metrics.formula', 'metrics.unit',
            'threshold_1', 'threshold_2', 'threshold_3', 'threshold_4'
        ]) }} as definition_hash,
        coalesce(thresholds_by_metric.thresholds_count, 0) as thresholds_count
    from metrics
    left join thresholds_by_metric on metrics.metric_code = thresholds_by_metric.metric_code
)

select * from final
