{%- set links = [
    ('adoption', 'reach_rate', 'share'),
    ('utilization', 'benefit_utilization_rate', 'share'),
    ('capability', 'skill_gain', 'levels'),
    ('workforce_outcomes', 'retained_12m_voluntary', 'share'),
    ('business_outcomes', 'verified_goal_rate', 'share'),
    ('roi', 'roi_rate', 'share'),
] %}
with judged as (select * from {{ ref('int_roi_account_judge') }}),
uses as (select * from {{ ref('int_benefit_use_count') }}),
gains as (select * from {{ ref('int_skill_gain_measure') }}),
outcomes as (select * from {{ ref('rpt_workforce_outcomes') }}),
goals as (select * from {{ ref('int_goal_verification_count') }}),
returns as (select * from {{ ref('rpt_employer_roi') }}),

links as (
    {%- for code, metric, unit in links %}
        select
            {{ loop.index }} as link_order,
            '{{ code }}' as link_code,
            '{{ metric }}' as metric_code,
            '{{ unit }}' as unit
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

measured as (
    select
        'adoption' as link_code,
        account_id,
        cast(reached_count as double) as numerator_count,
        cast(eligible_count as double) as denominator_count,
        {{ rate('reached_count', 'eligible_count') }} as link_value,
        {{ wilson_low('reached_count', 'eligible_count') }} as ci_low,
        {{ wilson_high('reached_count', 'eligible_count') }} as ci_high,
        cast(null as {{ dbt.type_string() }}) as evidence_grade,
        cast(null as {{ dbt.type_string() }}) as reason
    from uses
    union all
    -- who left in the year is in the numerator, so that it can exceed the mean: then no interval
    select
        'utilization' as link_code,
        account_id,
        cast(users_count as double) as numerator_count,
        eligible_mean as denominator_count,
        {{ rate('users_count', 'eligible_mean') }} as link_value,
        case
            when users_count <= eligible_mean
                then {{ wilson_low('least(users_count, eligible_mean)', 'eligible_mean') }}
        end as ci_low,
        case
            when users_count <= eligible_mean
                then {{ wilson_high('least(users_count, eligible_mean)', 'eligible_mean') }}
        end as ci_high,
        cast(null as {{ dbt.type_string() }}) as evidence_grade,
        case when eligible_mean is null then 'nobody was eligible in the newest twelve months' end
            as reason
    from uses
    union all
    select
        'capability' as link_code,
        account_id,
        cast(participants_count as double) as numerator_count,
        cast(pairs_count as double) as denominator_count,
        mean_gain as link_value,
        ci_low,
        ci_high,
        cast(null as {{ dbt.type_string() }}) as evidence_grade,
        cast(null as {{ dbt.type_string() }}) as reason
    from gains
    union all
    select
        'workforce_outcomes' as link_code,
        account_id,
        cast(null as double) as numerator_count,
        cast(treated_count as double) as denominator_count,
        adjusted_difference as link_value,
        ci_low,
        ci_high,
        evidence_grade,
        reason
    from outcomes
    where outcome_code = 'retained_12m_voluntary' and stratum = 'all'
    union all
    select
        'business_outcomes' as link_code,
        account_id,
        cast(verified_count as double) as numerator_count,
        cast(goals_count as double) as denominator_count,
        {{ rate('verified_count', 'goals_count') }} as link_value,
        {{ wilson_low('verified_count', 'goals_count') }} as ci_low,
        {{ wilson_high('verified_count', 'goals_count') }} as ci_high,
        evidence_grade,
        cast(null as {{ dbt.type_string() }}) as reason
    from goals
    union all
    select
        'roi' as link_code,
        account_id,
        cast(null as double) as numerator_count,
        cast(null as double) as denominator_count,
        max(case when scenario = 'base' then roi_rate end) as link_value,
        max(case when scenario = 'low' then roi_rate end) as ci_low,
        max(case when scenario = 'high' then roi_rate end) as ci_high,
        max(evidence_grade) as evidence_grade,
        max(reason) as reason
    from returns
    group by account_id
),

final as (
    select
        {{ surrogate_key(['judged.account_code', 'links.link_code']) }} as roi_chain_key,
        judged.account_code as account_id,
        links.link_code,
        cast(links.link_order as int) as link_order,
        links.metric_code,
        links.unit,
        measured.link_value is not null as is_supplied,
        case
            when measured.link_value is not null then null
            when measured.reason is not null then measured.reason
            when links.link_code in ('adoption', 'utilization')
                then 'no eligibility of its workers has landed'
            when links.link_code = 'capability'
                then 'no skill has landed that was assessed before and after'
            when links.link_code = 'business_outcomes' then 'no goal has landed'
            else 'no participant has landed'
        end as reason,
        measured.evidence_grade,
        measured.numerator_count,
        measured.denominator_count,
        measured.link_value as value, -- noqa: RF04
        measured.ci_low,
        measured.ci_high
    from judged
    cross join links
    left join measured
        on
            judged.account_code = measured.account_id
            and links.link_code = measured.link_code
)

select * from final
