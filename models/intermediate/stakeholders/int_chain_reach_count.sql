-- one row per account, role and month: who could have answered, who is named and talked to, what
-- became of reports; null where the entities that say so never landed
with months as (select * from {{ ref('int_chain_month_find') }}),
roles as (select * from {{ ref('chain_roles') }}),
contacts as (select * from {{ ref('int_chain_contact_measure') }}),
learners as (select * from {{ ref('int_chain_learner_count') }}),
deliveries as (select * from {{ ref('stg_report_delivery') }}),
supply as (select * from {{ ref('int_entity_supply') }}),

supplied as (
    select
        bool_or(entity = 'contact' and known_rows_count > 0) as has_contacts,
        bool_or(entity = 'touchpoint' and known_rows_count > 0) as has_touchpoints,
        bool_or(entity = 'report_delivery' and known_rows_count > 0) as has_reports,
        bool_or(entity = 'enrollment' and known_rows_count > 0) as has_enrollments,
        bool_or(entity = 'worker' and known_rows_count > 0) as has_workers
    from supply
),

reports as (
    select
        months.account_id,
        deliveries.chain_role,
        months.month,
        count(*) as reports_delivered_count,
        count_if(deliveries.opened_at < months.ended_at) as reports_opened_count
    from months
    inner join deliveries
        on
            months.account_id = deliveries.account_id
            and cast(months.month as timestamp) <= deliveries.delivered_at
            and months.ended_at > deliveries.delivered_at
    group by months.account_id, deliveries.chain_role, months.month
),

-- what is not supplied stays without a number in the sums below
final as (
    select
        months.account_id,
        roles.chain_role,
        months.month,
        case
            when roles.answered_by = 'contact' and supplied.has_contacts
                then coalesce(contacts.asked_count, 0)
            when roles.answered_by = 'learner' and supplied.has_enrollments
                then coalesce(learners.participants_count, 0)
            when
                roles.answered_by = 'manager of a learner'
                and supplied.has_enrollments
                and supplied.has_workers
                then coalesce(learners.managers_count, 0)
        end as asked_count,
        case
            when supplied.has_contacts and roles.upstream_role <> 'none'
                then coalesce(contacts.named_count, 0)
        end as named_count,
        case
            when
                supplied.has_contacts
                and supplied.has_touchpoints
                and roles.upstream_role <> 'none'
                then coalesce(contacts.active_count, 0)
        end as active_count,
        contacts.days_since_touch,
        case
            when supplied.has_contacts and roles.upstream_role <> 'none'
                then coalesce(contacts.contacts_started_count, 0)
        end as contacts_started_count,
        case
            when supplied.has_contacts and roles.upstream_role <> 'none'
                then coalesce(contacts.contacts_ended_count, 0)
        end as contacts_ended_count,
        -- of roles that somebody held a year ago
        case when contacts.named_year_ago_count > 0 then contacts.ended_in_year_count end
            as ended_in_year_count,
        case
            when contacts.named_year_ago_count > 0
                then contacts.named_count + contacts.named_year_ago_count
        end as named_twice_count,
        case when supplied.has_reports then coalesce(reports.reports_delivered_count, 0) end
            as reports_delivered_count,
        case when supplied.has_reports then coalesce(reports.reports_opened_count, 0) end
            as reports_opened_count
    from months
    cross join roles
    cross join supplied
    left join contacts
        on
            months.account_id = contacts.account_id
            and months.month = contacts.month
            and roles.chain_role = contacts.chain_role
    left join learners
        on
            months.account_id = learners.account_id
            and months.month = learners.month
    left join reports
        on
            months.account_id = reports.account_id
            and months.month = reports.month
            and roles.chain_role = reports.chain_role
)

select * from final
