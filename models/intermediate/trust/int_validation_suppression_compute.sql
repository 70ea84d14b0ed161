-- one row per cell of a published table: 1 where too few people are in it, or it would tell of them
with thresholds as (select * from {{ ref('int_threshold_pivot') }}),

cells as (
    select
        reference_cells.*,
        thresholds.survey_people_least
    from {{ ref('reference_cells') }} as reference_cells
    cross join thresholds
),

judged as (
    {{ suppression('cells', ['study_code'], 'cell_code', 'people_count', 'survey_people_least') }}
),

final as (
    select
        concat(study_code, '_', cell_code, '_hidden') as case_code,
        cast(case when suppression_reason is not null then 1 else 0 end as double) as computed
    from judged
)

select * from final
