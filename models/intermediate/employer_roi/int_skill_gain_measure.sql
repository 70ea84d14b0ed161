-- one row per account, and all: how much better participants were at a skill afterwards
with assessments as (select * from {{ ref('stg_skill_assessment') }}),
participants as (select * from {{ ref('dim_participants') }}),
as_of as (select * from {{ ref('stg_as_of') }}),

known_assessments as (
    select
        assessments.participant_id,
        assessments.skill_id,
        coalesce(assessments.assessor, 'unknown') as assessor,
        assessments.phase,
        assessments.assessed_at,
        assessments.assessment_id,
        cast(assessments.level as double) as skill_level
    from assessments
    inner join as_of on assessments.assessed_at < as_of.known_before_at
),

first_levels as (
    select *
    from known_assessments
    where phase = 'pre'
    qualify row_number() over (
        partition by participant_id, skill_id, assessor order by assessed_at, assessment_id
    ) = 1
),

last_levels as (
    select *
    from known_assessments
    where phase = 'post'
    qualify row_number() over (
        partition by participant_id, skill_id, assessor
        order by assessed_at desc, assessment_id desc
    ) = 1
),

gains as (
    select
        participants.account_id,
        first_levels.participant_id,
        last_levels.skill_level - first_levels.skill_level as gain
    from first_levels
    inner join last_levels
        on
            first_levels.participant_id = last_levels.participant_id
            and first_levels.skill_id = last_levels.skill_id
            and first_levels.assessor = last_levels.assessor
            and first_levels.assessed_at <= last_levels.assessed_at
    inner join participants on first_levels.participant_id = participants.participant_id
),

means as (
    select
        {{ all_or('account_id') }} as account_code,
        cast(count(*) as bigint) as pairs_count,
        {{ exact_sum('gain') }} / cast(count(*) as double) as mean_gain
    from gains
    group by rollup(account_id)
),

-- the skills of one participant rise together: they are one cluster (Liang and Zeger 1986)
clusters as (
    select
        means.account_code,
        means.pairs_count,
        means.mean_gain,
        gains.participant_id,
        {{ exact_sum('gains.gain - means.mean_gain') }} as residual_sum
    from means
    inner join gains on means.account_code in ('all', gains.account_id)
    group by means.account_code, means.pairs_count, means.mean_gain, gains.participant_id
),

varied as (
    select
        account_code,
        pairs_count,
        mean_gain,
        cast(count(*) as bigint) as participants_count,
        case
            when count(*) > 1
                then sqrt(
                    {{ exact_sum('residual_sum * residual_sum') }}
                    * cast(count(*) as double) / (cast(count(*) as double) - 1)
                ) / cast(pairs_count as double)
        end as standard_error
    from clusters
    group by account_code, pairs_count, mean_gain
)

select
    account_code as account_id,
    pairs_count,
    participants_count,
    mean_gain,
    standard_error,
    mean_gain - cast(1.959963984540054 as double) * standard_error as ci_low,
    mean_gain + cast(1.959963984540054 as double) * standard_error as ci_high
from varied
