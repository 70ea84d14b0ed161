{#-
    Why a difference cannot be told, in words: a clause without a full stop. People fewer than ten
    are not counted out. Reads the columns reason_code, missing_entity, needs, treated_count,
    matched_count, colleagues_count, comparison_worker_count, minimum_participants and
    minimum_expected_events. Null for null.
    {{ outcome_reason() }}
        ->  18 participants have been followed for 12 months; 30 are needed
-#}
{% macro outcome_reason() -%}
    {%- set expected = 'cast(cast(minimum_expected_events as int) as '
        ~ dbt.type_string() ~ ')' -%}
    case reason_code
        when 'not_supplied'
            then case missing_entity
                when 'worker' then 'the workers of the employer were not supplied'
                when 'eligibility'
                    then 'eligibility was not supplied, so nobody is known who could have enrolled'
                when 'job_event' then 'promotions and moves were not supplied'
                when 'absence' then 'absences were not supplied'
            end
        when 'not_followed' then 'no participant has been followed for 12 months'
        when 'supplied_too_short'
            then case needs when 'absence' then 'absences' else 'promotions and moves' end
            || ' were not supplied for 12 months of any participant'
        when 'too_few_participants'
            then {{ _people('treated_count') }}
            || ' participants have been followed for 12 months' || {{ _needed() }}
        when 'too_few_colleagues'
            then {{ _people('colleagues_count') }}
            || ' colleagues could have enrolled and did not' || {{ _needed() }}
        when 'too_few_matched'
            then {{ _people('matched_count') }}
            || ' participants have comparable colleagues' || {{ _needed() }}
        when 'too_few_comparable'
            then {{ _people('comparison_worker_count') }}
            || ' colleagues are comparable to participants' || {{ _needed() }}
        when 'too_few_expected'
            then 'fewer than ' || {{ expected }} || ' participants would be expected to have this '
            || 'outcome by the rate of their colleagues'
        when 'too_many_expected'
            then 'fewer than ' || {{ expected }} || ' participants would be expected not to have '
            || 'this outcome by the rate of their colleagues'
        when 'no_variation' then 'nobody differs in this outcome'
    end
{%- endmacro %}

{% macro _people(column) -%}
    case
        when {{ column }} < 10
            then 'fewer than ' || cast(
                least(10, minimum_participants) as {{ dbt.type_string() }}
            )
        else cast({{ column }} as {{ dbt.type_string() }})
    end
{%- endmacro %}

{% macro _needed() -%}
    '; ' || cast(minimum_participants as {{ dbt.type_string() }})
    || case when minimum_participants = 1 then ' is needed' else ' are needed' end
{%- endmacro %}
