-- one row per account ('all' too), case and line of benefit: units, value of one, amount
with cases as (select * from {{ ref('roi_cases') }}),
differences as (select * from {{ ref('int_roi_case_difference_find') }}),
unit_values as (select * from {{ ref('int_roi_unit_value_measure') }}),
pools as (select * from {{ ref('int_roi_pool_expand') }}),
accounts as (select * from {{ ref('int_roi_account_supply') }}),

participants as (
    select
        pools.account_code,
        cast(sum(accounts.participants_count) as double) as people_count
    from pools
    inner join accounts on pools.account_id = accounts.account_id
    group by pools.account_code
),

lines as (
    select
        account_code,
        case_code,
        1 as line_order,
        'turnover_avoided' as line_code,
        'turnover_cost_share_of_pay' as parameter,
        retention_difference as difference,
        1 as direction,
        retention_basis as basis,
        retention_grade as evidence_grade,
        retention_reason as difference_reason
    from differences
    union all
    select
        account_code,
        case_code,
        2 as line_order,
        'internal_filling' as line_code,
        'external_hire_cost' as parameter,
        filling_difference as difference,
        1 as direction,
        filling_basis as basis,
        filling_grade as evidence_grade,
        filling_reason as difference_reason
    from differences
    union all
    -- of the posts filled from within, those filled only because more people stayed: who stayed is
    -- valued as turnover already
    select
        account_code,
        case_code,
        3 as line_order,
        'promoted_stayers_counted_once' as line_code,
        'external_hire_cost' as parameter,
        case
            when retention_difference is not null
                then
                    (0 - greatest(retention_difference, cast(0 as double)))
                    * {{ rate('filled_rate', 'retained_rate') }}
        end as difference,
        1 as direction,
        greatest(retention_basis, filling_basis) as basis,
        greatest(retention_grade, filling_grade) as evidence_grade,
        coalesce(filling_reason, retention_reason) as difference_reason
    from differences
    union all
    select
        account_code,
        case_code,
        4 as line_order,
        'absence_avoided' as line_code,
        'absence_hour_cost' as parameter,
        absence_difference as difference,
        -1 as direction,
        absence_basis as basis,
        absence_grade as evidence_grade,
        absence_reason as difference_reason
    from differences
),

-- the end of a value that is worse depends on whether its lines together are a gain or a loss
counted as (
    select
        lines.*,
        participants.people_count,
        lines.direction * lines.difference * participants.people_count as units,
        case lines.parameter
            when 'turnover_cost_share_of_pay' then cases.turnover_cost_share_of_pay
            when 'external_hire_cost' then cases.external_hire_cost
            else cases.absence_hour_cost
        end as asked_end,
        sum(lines.direction * lines.difference) over (
            partition by lines.account_code, lines.case_code, lines.parameter
        ) >= 0 as is_gain
    from lines
    inner join cases on lines.case_code = cases.case_code
    inner join participants on lines.account_code = participants.account_code
),

valued as (
    select
        counted.*,
        unit_values.value_source,
        unit_values.reason as value_reason,
        case
            when counted.asked_end = 'base' then unit_values.base_value
            when
                counted.asked_end = 'low'
                or (counted.asked_end = 'worse' and counted.is_gain)
                or (counted.asked_end = 'better' and not counted.is_gain)
                then unit_values.low_value
            else unit_values.high_value
        end as unit_value,
        -- a loss is not made smaller by doubting it
        case
            when counted.basis = 'adjusted' or not counted.is_gain then cast(1 as double)
            else unit_values.isolation
        end as isolation, -- noqa: RF04
        case
            when counted.basis = 'adjusted' or not counted.is_gain then cast(1 as double)
            else unit_values.confidence
        end as confidence
    from counted
    left join unit_values
        on
            counted.account_code = unit_values.account_code
            and counted.parameter = unit_values.parameter
)

select
    account_code,
    case_code,
    line_order,
    line_code,
    parameter,
    people_count,
    difference,
    units,
    unit_value,
    isolation,
    confidence,
    basis,
    evidence_grade,
    value_source,
    {{ whole_cents('units * unit_value') }} as gross_amount,
    {{ whole_cents(isolated_benefit('units * unit_value', 'isolation', 'confidence')) }}
        as amount,
    case
        when difference is null then difference_reason
        when unit_value is null then value_reason
        when isolation is null or confidence is null
            then
                'too few colleagues are like the participants, and nobody has estimated what part'
                || ' of the plain difference the program caused (isolation and confidence)'
    end as reason
from valued
