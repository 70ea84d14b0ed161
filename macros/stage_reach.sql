{#-
    What became of each stage of a journey, the same for spells of eligibility and enrollments.
    Adds to every column of the relation: is_reached; is_reached_in_time, by window_end_date;
    is_mature, watched for the whole window; is_implied: without a date of its own although a later
    stage that needs it was reached, which is counted apart; is_previous_reached and
    is_previous_reached_in_time, of the stage from which the step is counted: the supplied one
    before, or for a stage that does not need it the first of the journey.

    relation: a CTE of one row per journey and supplied stage, with stage_order, needs_previous,
    clock_date, window_end_date and observed_until_date.
    {{ stage_reach('reached', 'enrollment_id') }}
-#}
{% macro stage_reach(relation, journey) -%}
    select
        *,
        clock_date is not null as is_reached,
        coalesce(clock_date <= window_end_date, false) as is_reached_in_time,
        coalesce(window_end_date <= observed_until_date, false) as is_mature,
        clock_date is null
        and coalesce(
            max(case when clock_date is not null and needs_previous then stage_order end)
                over (partition by {{ journey }})
            > stage_order,
            false
        ) as is_implied,
        {{ _of_previous_stage('clock_date is not null', journey) }} as is_previous_reached,
        {{ _of_previous_stage('clock_date <= window_end_date', journey) }}
            as is_previous_reached_in_time
    from {{ relation }}
{%- endmacro %}

{% macro _of_previous_stage(condition, journey) -%}
    coalesce(
        case
            when needs_previous
                then lag({{ condition }}) over (
                    partition by {{ journey }}, needs_previous order by stage_order
                )
            else first_value({{ condition }}) over (
                partition by {{ journey }} order by stage_order
            )
        end,
        false
    )
{%- endmacro %}
