with components as (select * from {{ ref('int_renewal_component_find') }}),
plays as (select * from {{ ref('int_renewal_play_find') }}),

final as (
    select
        {{ surrogate_key(['components.contract_id', 'components.component_code']) }}
            as renewal_evidence_key,
        components.contract_id,
        components.account_id,
        components.month,
        components.component_code,
        components.component_order,
        components.title,
        components.kind,
        components.is_supplied,
        components.is_old,
        components.is_weak,
        case
            when not components.is_supplied then coalesce(components.reason, 'nothing has landed')
            when components.is_old or components.is_weak
                then
                    case
                        when components.is_weak
                            then coalesce('grade ' || components.evidence_grade, 'without a grade')
                        else ''
                    end
                    || case when components.is_old and components.is_weak then ', ' else '' end
                    || case
                        when components.is_old
                            then
                                cast(components.evidence_age_days as {{ dbt.type_string() }})
                                || ' days old'
                        else ''
                    end
        end as what_is_missing,
        plays.play_code,
        plays.play_title,
        plays.play_action as action, -- noqa: RF04
        plays.function_code,
        plays.play_order,
        components.score,
        components.reference_score,
        components.weight,
        components.contribution,
        components.evidence_grade,
        cast(components.evidence_age_days as int) as evidence_age_days
    from components
    left join plays
        on
            components.contract_id = plays.contract_id
            and components.component_code = plays.component_code
            and plays.component_play_no = 1
)

select * from final
