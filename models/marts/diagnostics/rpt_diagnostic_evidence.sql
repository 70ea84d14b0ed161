-- who belongs to an account that nobody knows is nobody's peer
with accounts as (
    select account_id
    from {{ ref('dim_accounts') }}
    where is_current and account_id <> 'unknown'
),

questions as (select * from {{ ref('diagnostic_questions') }}),
supply as (select * from {{ ref('int_entity_supply') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

observations as (
    select * from {{ ref('int_learner_evidence_collect') }}
    union all
    select * from {{ ref('int_renewal_evidence_collect') }}
),

-- a census is all there is of an account: one observation says what is so
measured as (
    select
        observations.account_id,
        observations.question_code,
        cast(count(*) as bigint) as evidence_count,
        count(*) >= max(
            case
                when questions.value_type = 'census' then 1
                else thresholds.minimum_observations
            end
        ) as is_enough,
        sum(observations.observed_value) as observed_sum,
        avg(observations.observed_value) as observed_mean,
        stddev_samp(observations.observed_value) as deviation
    from observations
    inner join questions on observations.question_code = questions.question_code
    cross join thresholds
    where observations.account_id <> 'unknown'
    group by observations.account_id, observations.question_code
),

peers as (
    select
        accounts.account_id,
        measured.question_code,
        cast(count(*) as bigint) as peers_count,
        percentile_cont(0.5) within group (order by measured.observed_mean) as median_value,
        cast(sum(measured.evidence_count) as double) as peer_evidence_count,
        sum((measured.evidence_count - 1) * measured.deviation * measured.deviation)
        / nullif(cast(sum(measured.evidence_count - 1) as double), 0) as peer_variance
    from accounts
    inner join measured on accounts.account_id <> measured.account_id
    where measured.is_enough
    group by accounts.account_id, measured.question_code
),

compared as (
    select
        accounts.account_id,
        questions.question_code,
        questions.value_type,
        coalesce(supply.known_rows_count, 0) > 0 as is_supplied,
        coalesce(measured.evidence_count, 0) as evidence_count,
        coalesce(measured.is_enough, false) as is_enough,
        measured.observed_mean,
        measured.deviation,
        measured.deviation / sqrt(cast(measured.evidence_count as double)) as standard_error,
        case
            when questions.value_type = 'census' then thresholds.census_benchmark_share
            when peers.peers_count >= thresholds.minimum_peers then peers.median_value
        end as benchmark_value,
        case when questions.value_type = 'share' then measured.observed_sum end as share_sum,
        case
            when questions.value_type = 'share'
                then peers.median_value * peers.peer_evidence_count
        end as peer_share_sum,
        peers.peer_evidence_count,
        (measured.observed_mean - peers.median_value) / nullif(sqrt(
            measured.deviation * measured.deviation / measured.evidence_count
            + peers.peer_variance / peers.peer_evidence_count
        ), 0) as z
    from accounts
    cross join questions
    cross join thresholds
    left join supply on questions.entity = supply.entity
    left join measured
        on
            accounts.account_id = measured.account_id
            and questions.question_code = measured.question_code
    left join peers
        on
            accounts.account_id = peers.account_id
            and questions.question_code = peers.question_code
),

shares_compared as (
    select
        *,
        {{ two_proportion_p(
            'share_sum', 'evidence_count', 'peer_share_sum', 'peer_evidence_count'
        ) }} as share_p_value
    from compared
),

tested as (
    select
        *,
        case
            when
                not is_supplied or not is_enough or benchmark_value is null
                or value_type = 'census'
                then cast(null as double)
            when value_type = 'share' then share_p_value
            else {{ two_sided_p('z') }}
        end as p_value
    from shares_compared
),

corrected as (
    {{ benjamini_hochberg('tested') }}
),

final as (
    select
        {{ surrogate_key(['corrected.account_id', 'questions.question_code']) }}
            as diagnostic_evidence_key,
        corrected.account_id,
        questions.diagnosis,
        questions.question_code,
        questions.question,
        questions.function_codes,
        questions.stage_codes,
        questions.measure_code,
        questions.measure,
        questions.unit,
        questions.better,
        corrected.is_supplied,
        case
            when
                not corrected.is_supplied
                or not corrected.is_enough
                or corrected.benchmark_value is null
                or (corrected.q_value is null and corrected.value_type <> 'census')
                then 'not_enough_data'
            when
                (
                    corrected.value_type = 'census'
                    or corrected.q_value <= thresholds.false_discovery_rate
                )
                and case
                    when questions.better = 'higher'
                        then corrected.benchmark_value - corrected.observed_mean
                    else corrected.observed_mean - corrected.benchmark_value
                end >= questions.minimum_difference
                then 'supported'
            else 'not_supported'
        end as verdict,
        -- what fewer people said is not shown
        case
            when
                corrected.is_supplied
                and (corrected.is_enough or questions.entity <> 'survey_response')
                then corrected.observed_mean
        end as value, -- noqa: RF04
        case
            when
                corrected.is_supplied and corrected.is_enough and corrected.value_type <> 'census'
                then coalesce(
                    {{ wilson_low('corrected.share_sum', 'corrected.evidence_count') }},
                    corrected.observed_mean - 1.959963984540054 * corrected.standard_error
                )
        end as ci_low,
        case
            when
                corrected.is_supplied and corrected.is_enough and corrected.value_type <> 'census'
                then coalesce(
                    {{ wilson_high('corrected.share_sum', 'corrected.evidence_count') }},
                    corrected.observed_mean + 1.959963984540054 * corrected.standard_error
                )
        end as ci_high,
        case when corrected.is_supplied then corrected.benchmark_value end as benchmark_value,
        case
            when corrected.is_supplied and corrected.benchmark_value is not null
                then case corrected.value_type when 'census' then 'stated' else 'peer_median' end
        end as benchmark_source,
        questions.minimum_difference,
        case when corrected.is_supplied then corrected.evidence_count end as evidence_count,
        corrected.p_value,
        corrected.q_value
    from corrected
    inner join questions on corrected.question_code = questions.question_code
    cross join thresholds
)

select * from final
