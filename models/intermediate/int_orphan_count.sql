-- one row per reference of the contract: known rows that point at a parent that never landed
{{ orphan_count('participant', 'participant', 'account_id', 'account') }}
union all
{{ orphan_count('participant', 'enrollment', 'participant_id', 'participant') }}
union all
{{ orphan_count('participant', 'enrollment', 'program_id', 'program') }}
union all
{{ orphan_count('participant', 'enrollment', 'cohort_id', 'cohort') }}
union all
{{ orphan_count('participant', 'enrollment_status', 'enrollment_id', 'enrollment') }}
union all
{{ orphan_count('participant', 'learning_event', 'participant_id', 'participant') }}
union all
{{ orphan_count('participant', 'learning_event', 'enrollment_id', 'enrollment') }}
union all
{{ orphan_count('participant', 'assignment', 'program_id', 'program') }}
union all
{{ orphan_count('participant', 'assignment', 'cohort_id', 'cohort') }}
union all
{{ orphan_count('participant', 'submission', 'enrollment_id', 'enrollment') }}
union all
{{ orphan_count('participant', 'submission', 'assignment_id', 'assignment') }}
union all
{{ orphan_count('operations', 'cohort', 'program_id', 'program') }}
union all
{{ orphan_count('operations', 'cohort', 'account_id', 'account') }}
union all
{{ orphan_count('financial', 'contract', 'account_id', 'account') }}
union all
{{ orphan_count('financial', 'contract', 'previous_contract_id', 'contract', 'contract_id') }}
union all
{{ orphan_count('financial', 'invoice_line', 'account_id', 'account') }}
union all
{{ orphan_count('financial', 'invoice_line', 'contract_id', 'contract') }}
union all
{{ orphan_count('financial', 'invoice_line', 'program_id', 'program') }}
