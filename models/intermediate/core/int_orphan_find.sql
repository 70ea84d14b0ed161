-- one row per reference of the contract and value of it that points at a parent that never landed
{%- set references = [
    ('financial', 'contract', 'account_id', 'account'),
    ('financial', 'contract', 'previous_contract_id', 'contract'),
    ('financial', 'renewal_decision', 'contract_id', 'contract'),
    ('financial', 'invoice_line', 'account_id', 'account'),
    ('financial', 'invoice_line', 'contract_id', 'contract'),
    ('financial', 'invoice_line', 'program_id', 'program'),
    ('financial', 'direct_cost', 'account_id', 'account'),
    ('financial', 'direct_cost', 'program_id', 'program'),
    ('financial', 'direct_cost', 'enrollment_id', 'enrollment'),
    ('financial', 'ledger_expense', 'account_id', 'account'),
    ('financial', 'employer_cost', 'account_id', 'account'),
    ('financial', 'value_parameter', 'account_id', 'account'),
    ('financial', 'plan_value', 'account_id', 'account'),
    ('operations', 'cohort', 'program_id', 'program'),
    ('operations', 'cohort', 'account_id', 'account'),
    ('operations', 'campaign', 'account_id', 'account'),
    ('operations', 'activity_term', 'activity_code', 'activity'),
    ('operations', 'work_item', 'activity_code', 'activity'),
    ('operations', 'work_item', 'account_id', 'account'),
    ('operations', 'work_item', 'program_id', 'program'),
    ('operations', 'work_item', 'enrollment_id', 'enrollment'),
    ('operations', 'work_item', 'goal_id', 'goal'),
    ('operations', 'work_item_attribute', 'work_item_id', 'work_item'),
    ('operations', 'support_ticket', 'account_id', 'account'),
    ('operations', 'support_ticket', 'participant_id', 'participant'),
    ('operations', 'content_release', 'program_id', 'program'),
    ('operations', 'goal', 'account_id', 'account'),
    ('operations', 'program_goal', 'program_id', 'program'),
    ('operations', 'program_goal', 'goal_id', 'goal'),
    ('operations', 'intervention', 'account_id', 'account'),
    ('operations', 'intervention', 'program_id', 'program'),
    ('participant', 'worker', 'account_id', 'account'),
    ('participant', 'job_event', 'account_id', 'account'),
    ('participant', 'job_event', 'worker_id', 'worker'),
    ('participant', 'absence', 'account_id', 'account'),
    ('participant', 'absence', 'worker_id', 'worker'),
    ('participant', 'eligibility', 'account_id', 'account'),
    ('participant', 'eligibility', 'worker_id', 'worker'),
    ('participant', 'participant', 'account_id', 'account'),
    ('participant', 'identity_override', 'participant_id', 'participant'),
    ('participant', 'identity_override', 'account_id', 'account'),
    ('participant', 'marketing_touch', 'account_id', 'account'),
    ('participant', 'marketing_touch', 'campaign_id', 'campaign'),
    ('participant', 'application', 'participant_id', 'participant'),
    ('participant', 'application', 'program_id', 'program'),
    ('participant', 'enrollment', 'application_id', 'application'),
    ('participant', 'enrollment', 'participant_id', 'participant'),
    ('participant', 'enrollment', 'program_id', 'program'),
    ('participant', 'enrollment', 'cohort_id', 'cohort'),
    ('participant', 'enrollment_status', 'enrollment_id', 'enrollment'),
    ('participant', 'learning_event', 'participant_id', 'participant'),
    ('participant', 'learning_event', 'enrollment_id', 'enrollment'),
    ('participant', 'assignment', 'program_id', 'program'),
    ('participant', 'assignment', 'cohort_id', 'cohort'),
    ('participant', 'submission', 'enrollment_id', 'enrollment'),
    ('participant', 'submission', 'assignment_id', 'assignment'),
    ('participant', 'coaching_session', 'enrollment_id', 'enrollment'),
    ('participant', 'skill_assessment', 'participant_id', 'participant'),
    ('participant', 'skill_assessment', 'enrollment_id', 'enrollment'),
    ('participant', 'credential', 'participant_id', 'participant'),
    ('participant', 'credential', 'enrollment_id', 'enrollment'),
    ('stakeholder', 'contact', 'account_id', 'account'),
    ('stakeholder', 'touchpoint', 'account_id', 'account'),
    ('stakeholder', 'touchpoint', 'contact_id', 'contact'),
    ('stakeholder', 'survey_response', 'account_id', 'account'),
    ('stakeholder', 'survey_response', 'participant_id', 'participant'),
    ('stakeholder', 'report_delivery', 'account_id', 'account'),
    ('stakeholder', 'report_delivery', 'contact_id', 'contact'),
    ('stakeholder', 'verified_outcome', 'account_id', 'account'),
    ('stakeholder', 'verified_outcome', 'goal_id', 'goal'),
    ('stakeholder', 'opportunity', 'account_id', 'account'),
    ('stakeholder', 'objective', 'account_id', 'account'),
    ('stakeholder', 'key_result', 'objective_id', 'objective'),
    ('stakeholder', 'key_result_checkin', 'key_result_id', 'key_result'),
    ('stakeholder', 'assessment_answer', 'account_id', 'account'),
    ('stakeholder', 'priority_vote', 'account_id', 'account'),
    ('stakeholder', 'priority_vote', 'contact_id', 'contact'),
    ('stakeholder', 'priority_vote', 'goal_id', 'goal'),
    ('stakeholder', 'account_rating', 'account_id', 'account'),
    ('stakeholder', 'tier_decision', 'account_id', 'account'),
    ('stakeholder', 'governance_meeting', 'account_id', 'account')
] %}

-- a worker is known by its account and its own id, everything else by its id
with named as (
    {% for family, entity, column, parent in references %}
        select
            '{{ family }}' as family,
            '{{ entity }}' as entity,
            '{{ column }}' as column_name,
            '{{ parent }}' as parent_entity,
            {{ 'account_id' if parent == 'worker' else "''" }} as parent_account_id,
            {{ column }} as missing_id,
            count(*) as rows_count
        from {{ ref('stg_' ~ entity) }}
        where {{ column }} is not null
        group by {{ 'account_id, ' if parent == 'worker' }}{{ column }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

landed as (
    {% for parent in references | map('last') | unique %}
        select distinct
            '{{ parent }}' as parent_entity,
            {{ 'account_id' if parent == 'worker' else "''" }} as parent_account_id,
            {{ 'activity_code' if parent == 'activity' else parent ~ '_id' }} as landed_id
        from {{ ref('stg_' ~ parent) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    named.family,
    named.entity,
    named.column_name,
    named.parent_entity,
    nullif(named.parent_account_id, '') as account_id,
    named.missing_id,
    cast(named.rows_count as bigint) as rows_count
from named
left join landed
    on
        named.parent_entity = landed.parent_entity
        and named.parent_account_id = landed.parent_account_id
        and named.missing_id = landed.landed_id
where landed.landed_id is null
