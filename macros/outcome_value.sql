{#-
    The outcome of a trial's row as a number, by its code in the seed workforce_outcomes: 1 or 0, or
    hours; null where it is not known.
    {{ outcome_value('outcomes.outcome_code', 'trials') }}
-#}
{% macro outcome_value(outcome_code, trials) -%}
    case {{ outcome_code }}
        when 'retained_12m_voluntary'
            then cast(cast({{ trials }}.is_retained_voluntary as int) as double)
        when 'retained_12m_total' then cast(cast({{ trials }}.is_retained_total as int) as double)
        when 'promoted_12m' then cast(cast({{ trials }}.is_promoted as int) as double)
        when 'moved_12m' then cast(cast({{ trials }}.is_moved as int) as double)
        when 'internal_mobility_12m' then cast(cast({{ trials }}.is_mobile as int) as double)
        when 'filled_12m' then cast(cast({{ trials }}.is_filled as int) as double)
        when 'absence_hours_12m' then cast({{ trials }}.absence_hours as double)
    end
{%- endmacro %}
