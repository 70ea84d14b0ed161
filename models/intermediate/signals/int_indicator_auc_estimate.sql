-- one row per early indicator, outcome and cut-off day: the area under the ROC curve of the score
with pairs as (select * from {{ ref('int_cutoff_outcome_pair') }}),

final as (
    {{ auc('pairs', ['indicator_code', 'outcome_code', 'cutoff_day'], 'score', 'has_outcome') }}
)

select * from final
