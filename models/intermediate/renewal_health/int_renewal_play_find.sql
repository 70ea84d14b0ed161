-- one row per undecided renewal case and play that applies to it today
with renewals as (select * from {{ ref('int_renewal_open_find') }}),
components as (select * from {{ ref('int_renewal_component_find') }}),
chain as (select * from {{ ref('rpt_stakeholder_chain') }}),
plays as (select * from {{ ref('renewal_plays') }}),

broken as (
    select
        account_id,
        month
    from chain
    where is_break
    group by account_id, month
),

subjects as (
    select
        components.contract_id,
        components.component_code,
        components.days_to_end,
        components.is_supplied,
        components.is_weak,
        components.is_old,
        components.score,
        broken.account_id is not null as is_broken,
        cast(null as int) as days_to_notice,
        cast(null as decimal(9, 4)) as explain_score,
        cast(null as decimal(9, 4)) as expand_score
    from components
    left join broken
        on components.account_id = broken.account_id and components.month = broken.month
    where not components.is_decided
    union all
    select
        contract_id,
        'contract' as component_code,
        days_to_end,
        true as is_supplied,
        false as is_weak,
        false as is_old,
        cast(null as decimal(9, 4)) as score,
        false as is_broken,
        days_to_notice,
        explain_score,
        expand_score
    from renewals
    where is_case and not is_decided
),

judged as (
    select
        subjects.contract_id,
        subjects.component_code,
        plays.play_code,
        plays.play_order,
        plays.title as play_title,
        plays.action as play_action,
        plays.function_code,
        case plays.condition
            when 'missing' then not subjects.is_supplied
            when 'low_score' then subjects.score < plays.limit_value
            when 'weak_grade' then subjects.is_weak
            when 'old' then subjects.is_old
            when 'break' then subjects.is_broken
            when 'notice_near' then subjects.days_to_notice between 0 and plays.limit_value
            when 'explain_low' then coalesce(subjects.explain_score < plays.limit_value, false)
            when 'expand_low' then coalesce(subjects.expand_score < plays.limit_value, true)
            when 'always' then true
        end as is_so
    from subjects
    inner join plays
        on
            subjects.component_code = plays.component_code
            and subjects.days_to_end between plays.to_days and plays.from_days
),

final as (
    select
        contract_id,
        component_code,
        play_code,
        play_order,
        play_title,
        play_action,
        function_code,
        row_number() over (partition by contract_id order by play_order) as case_play_no,
        row_number() over (partition by contract_id, component_code order by play_order)
            as component_play_no
    from judged
    where is_so
)

select * from final
