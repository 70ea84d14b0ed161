-- one row per published AUC and Brier score, computed from its published scores
with reference_scores as (select * from {{ ref('reference_scores') }}),

areas as (
    {{ auc('reference_scores', ['study_code'], 'score', 'is_positive') }}
),

final as (
    select
        concat('toy_', study_code) as case_code,
        auc as computed
    from areas
    where study_code = 'auc'
    union all
    select
        concat('toy_', study_code) as case_code,
        {{ brier_score('score', 'case when is_positive then 1 else 0 end', '1') }} as computed
    from reference_scores
    where study_code <> 'auc'
    group by study_code
)

select * from final
