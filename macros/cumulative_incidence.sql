{#-
    The cumulative incidence of an event under competing exits, by group and age: the Aalen-Johansen
    estimate with its standard error (delta method; equal to Greenwood's where nothing competes) and
    a 95 % interval on the log-log scale.
    One row per group and age at which anything happened: an event, a competing exit or the end of
    observation. At one age, events and exits come before the end of observation.
    Day 0 is time at risk.
    entry names a column of whole days where some are watched only later than from day 0: at risk
    from the beginning of that day, so at age t those with entry <= t <= age; a row whose age lies
    before its entry was never watched and does not count. Where nobody is at risk for a while, the
    estimate stays and goes on with those who enter; once all who were at risk have left on one day,
    survival is 0, and whoever enters later changes nothing.
    survival is the probability that neither event nor exit has happened yet.
    standard_error is null where it is not defined: once the estimate has reached 1.

    relation: a CTE with the group columns, age_days (whole days from entry to the first of event,
    exit and end of observation), is_event and is_competing (booleans, never both).
    {{ cumulative_incidence('transitions', ['account_id', 'from_stage', 'to_stage']) }}
    {{ cumulative_incidence('transitions', ['account_id'], entry='entry_age_days') }}

    Sources: Aalen and Johansen 1978; the variance of Dinse and Larson 1986, as in Pintilie 2006,
    Competing Risks, 4.2; delayed entry as in Andersen, Borgan, Gill and Keiding 1993, III.3.
-#}
{% macro cumulative_incidence(relation, groups, entry=0) -%}
    {%- set by = groups | join(', ') -%}
    {%- set in_order = 'partition by ' ~ by ~ ' order by age_days' -%}
    {%- set so_far = in_order ~ ' rows between unbounded preceding and current row' -%}
    {%- set entries_first
        = in_order ~ ', entering_count desc rows between unbounded preceding and current row' -%}
    {%- set z = 'cast(1.959963984540054 as double)' -%}
    {%- set exponent
        = z ~ ' * standard_error / (cumulative_incidence * ln(cumulative_incidence))' -%}
    with watched as (
        select
            {{ by }},
            age_days,
            cast({{ entry }} as int) as entry_days,
            is_event,
            is_competing
        from {{ relation }}
        where age_days >= {{ entry }}
    ),

    steps as (
        select
            {{ by }},
            age_days,
            cast(count_if(is_event) as bigint) as event_count,
            cast(count_if(is_competing) as bigint) as competing_count,
            cast(count_if(not is_event and not is_competing) as bigint) as censored_count,
            cast(0 as bigint) as entering_count
        from watched
        group by {{ by }}, age_days
        union all
        select
            {{ by }},
            entry_days as age_days,
            cast(0 as bigint) as event_count,
            cast(0 as bigint) as competing_count,
            cast(0 as bigint) as censored_count,
            cast(count(*) as bigint) as entering_count
        from watched
        group by {{ by }}, entry_days
    ),

    -- who has entered by then, less who was gone before; of one age, the entries come first
    at_risk as (
        select
            *,
            cast(event_count + competing_count as double) as leaving_count,
            cast(
                sum(
                    entering_count - event_count - competing_count - censored_count
                ) over ({{ entries_first }})
                + event_count + competing_count + censored_count as double
            ) as at_risk_count
        from steps
    ),

    counts as (
        select *
        from at_risk
        where entering_count = 0
    ),

    surviving as (
        select
            *,
            exp(sum(
                case
                    when leaving_count = at_risk_count then cast(-1e9 as double)
                    else ln(1 - leaving_count / at_risk_count)
                end
            ) over ({{ so_far }})) as survival
        from counts
    ),

    started as (
        select
            *,
            coalesce(lag(survival) over ({{ in_order }}), cast(1 as double)) as survival_before
        from surviving
    ),

    incidence as (
        select
            *,
            -- a sum of parts of one may exceed it in the last digit
            least(
                cast(1 as double),
                sum(survival_before * event_count / at_risk_count) over ({{ so_far }})
            ) as cumulative_incidence,
            case
                when at_risk_count > leaving_count
                    then leaving_count / (at_risk_count * (at_risk_count - leaving_count))
                else cast(0 as double)
            end as leaving_term,
            survival_before * survival_before * event_count * (at_risk_count - event_count)
            / (at_risk_count * at_risk_count * at_risk_count) as event_term,
            survival_before * event_count / (at_risk_count * at_risk_count) as cross_term
        from started
    ),

    -- sum over the ages j so far of (I - I_j)^2 * leaving_j + event_j - 2 * (I - I_j) * cross_j,
    -- multiplied out
    variances as (
        select
            *,
            cumulative_incidence * cumulative_incidence * sum(leaving_term) over ({{ so_far }})
            - 2 * cumulative_incidence
            * sum(leaving_term * cumulative_incidence + cross_term) over ({{ so_far }})
            + sum(
                leaving_term * cumulative_incidence * cumulative_incidence
                + event_term + 2 * cumulative_incidence * cross_term
            ) over ({{ so_far }}) as variance
        from incidence
    ),

    errors as (
        select
            *,
            case
                when cumulative_incidence < 1 - 1e-12
                    then sqrt(greatest(cast(0 as double), variance))
            end as standard_error
        from variances
    )

    select
        {{ by }},
        age_days,
        cast(at_risk_count as bigint) as at_risk_count,
        event_count,
        competing_count,
        censored_count,
        survival,
        cumulative_incidence,
        standard_error,
        case when standard_error > 0 then power(cumulative_incidence, exp(-{{ exponent }})) end
            as ci_low,
        case when standard_error > 0 then power(cumulative_incidence, exp({{ exponent }})) end
            as ci_high
    from errors
{%- endmacro %}
