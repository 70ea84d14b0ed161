with conversions as (select * from {{ ref('int_stage_benchmark_find') }}),
causes as (select * from {{ ref('int_stage_cause_collect') }}),
diagnoses as (select * from {{ ref('diagnoses') }}),
weights as (select * from {{ ref('controllability') }}),
stages as (select * from {{ ref('dim_stages') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

-- the conversion to count on: the account's own, unless that is of a handful of people
usual as (
    select
        account_id,
        stage_code,
        stage_order,
        case
            when is_enough then conversion_rate
            else coalesce(benchmark_rate, conversion_rate)
        end as usual_rate
    from conversions
    where is_supplied
),

-- of those who reach a stage, the share that later completes
onward as (
    select
        conversions.account_id,
        conversions.stage_code,
        case
            when count(later.stage_code) = count(later.usual_rate)
                then exp(coalesce(sum(
                    case
                        when later.usual_rate = 0 then cast(-1e9 as double)
                        else ln(later.usual_rate)
                    end
                ), 0))
        end as onward_rate
    from conversions
    inner join stages
        on stages.stage_code = 'completed' and conversions.stage_order <= stages.stage_order
    left join usual as later
        on
            conversions.account_id = later.account_id
            and conversions.stage_order < later.stage_order
            and stages.stage_order >= later.stage_order
    group by conversions.account_id, conversions.stage_code
),

compared as (
    select
        *,
        not is_own_choice or benchmark_source = 'plan' as is_claimable,
        {{ two_proportion_p(
            'numerator_count', 'denominator_count',
            'benchmark_numerator_count', 'benchmark_denominator_count'
        ) }} as two_sample_p_value,
        (conversion_rate - benchmark_rate) / nullif(sqrt(
            benchmark_rate * (1 - benchmark_rate) / cast(denominator_count as double)
        ), 0) as one_sample_z
    from conversions
),

tested as (
    select
        *,
        case
            when not is_enough or benchmark_rate is null then cast(null as double)
            -- the best of several quarters lies above the rest by chance: Bonferroni
            when benchmark_source <> 'plan'
                then least(cast(1 as double), choices_count * two_sample_p_value)
            when benchmark_rate = conversion_rate then cast(1 as double)
            when benchmark_rate in (0, 1) then cast(0 as double)
            else {{ two_sided_p('one_sample_z') }}
        end as p_value
    from compared
),

corrected as (
    {{ benjamini_hochberg('tested', groups=['is_claimable']) }}
),

gaps as (
    select
        *,
        conversion_rate - benchmark_rate as gap,
        case
            when benchmark_source = 'plan'
                then {{ wilson_low('numerator_count', 'denominator_count') }} - benchmark_rate
            else {{ newcombe_low(
                'numerator_count', 'denominator_count',
                'benchmark_numerator_count', 'benchmark_denominator_count'
            ) }}
        end as gap_ci_low,
        case
            when benchmark_source = 'plan'
                then {{ wilson_high('numerator_count', 'denominator_count') }} - benchmark_rate
            else {{ newcombe_high(
                'numerator_count', 'denominator_count',
                'benchmark_numerator_count', 'benchmark_denominator_count'
            ) }}
        end as gap_ci_high
    from corrected
),

weighed as (
    select
        gaps.*,
        gaps.denominator_count * greatest(cast(0 as double), -gaps.gap) * onward.onward_rate
            as lost_completions,
        weights.weight as controllability,
        causes.question_codes,
        coalesce(causes.function_codes, diagnoses.function_codes) as function_codes,
        diagnoses.diagnosis,
        coalesce(
            gaps.is_claimable
            and gaps.q_value <= thresholds.false_discovery_rate
            and gaps.gap_ci_high < 0
            and gaps.gap_ci_high - coalesce(gaps.mix_effect, 0) < 0,
            false
        ) as is_significant
    from gaps
    cross join thresholds
    left join onward
        on gaps.account_id = onward.account_id and gaps.stage_code = onward.stage_code
    left join causes
        on gaps.account_id = causes.account_id and gaps.stage_code = causes.stage_code
    -- a stage that no question is about could not be tested
    inner join weights on coalesce(causes.evidence_state, 'not_enough_data') = weights.evidence
    left join diagnoses
        on
            concat(' ', diagnoses.stage_codes, ' ')
            like concat('% ', gaps.stage_code, ' %')
),

final as (
    select
        {{ surrogate_key(['account_id', 'stage_code']) }} as bottleneck_key,
        account_id,
        stage_code,
        stage_order,
        is_supplied,
        is_significant,
        numerator_count,
        denominator_count,
        conversion_rate,
        benchmark_rate,
        benchmark_source,
        gap,
        gap_ci_low,
        gap_ci_high,
        mix_effect,
        p_value,
        q_value,
        lost_completions,
        controllability,
        question_codes,
        function_codes,
        diagnosis,
        case
            when is_significant and lost_completions > 0
                then
                    cast(row_number() over (
                        partition by account_id, is_significant and lost_completions > 0
                        order by lost_completions * controllability desc, stage_order asc
                    ) as int)
        end as bottleneck_rank
    from weighed
)

select * from final
