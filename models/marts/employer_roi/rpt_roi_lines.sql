with judged as (select * from {{ ref('int_roi_account_judge') }}),
benefits as (select * from {{ ref('int_roi_benefit_compute') }}),
costs as (select * from {{ ref('int_roi_cost_sum') }}),
pools as (select * from {{ ref('int_roi_pool_expand') }}),
cases as (select * from {{ ref('roi_cases') }}),

scenarios as (
    select
        case_code,
        setting as scenario
    from cases
    where parameter_code = 'scenario'
),

benefit_lines as (
    select
        benefits.account_code,
        scenarios.scenario,
        'benefit' as line_type,
        benefits.line_code,
        benefits.line_order,
        false as is_hidden,
        benefits.difference,
        benefits.units,
        benefits.unit_value,
        benefits.value_source,
        benefits.isolation,
        benefits.confidence,
        benefits.evidence_grade,
        benefits.gross_amount,
        benefits.amount,
        benefits.reason
    from benefits
    inner join scenarios on benefits.case_code = scenarios.case_code
),

cost_types as (
    {%- for type in [
        'tuition', 'program_fee', 'admin', 'travel', 'sme_time', 'manager_time',
        'paid_learning_time'
    ] %}
        select
            '{{ type }}' as line_code,
            {{ 4 + loop.index }} as line_order,
            '{{ type }}' in ('sme_time', 'manager_time', 'paid_learning_time') as is_hidden
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

spent as (
    select
        pools.account_code,
        costs.cost_type,
        {{ known_sum('costs.amount') }} as amount,
        case
            when sum(costs.minutes_known_count) = sum(costs.rows_count)
                then cast(sum(costs.minutes) as double) / 60
        end as hours,
        min(costs.missing) as missing
    from pools
    inner join costs on pools.account_id = costs.account_id
    group by pools.account_code, costs.cost_type
),

cost_lines as (
    select
        judged.account_code,
        scenarios.scenario,
        'cost' as line_type,
        cost_types.line_code,
        cost_types.line_order,
        cost_types.is_hidden,
        cast(null as double) as difference,
        spent.hours as units,
        {{ rate('spent.amount', 'spent.hours') }} as unit_value,
        cast(null as {{ dbt.type_string() }}) as value_source,
        cast(1 as double) as isolation, -- noqa: RF04
        cast(1 as double) as confidence,
        cast(null as {{ dbt.type_string() }}) as evidence_grade,
        spent.amount as gross_amount,
        spent.amount,
        case
            when spent.account_code is null then 'no such cost has landed for the period'
            else spent.missing
        end as reason
    from judged
    cross join scenarios
    cross join cost_types
    left join spent
        on
            judged.account_code = spent.account_code
            and cost_types.line_code = spent.cost_type
),

lines as (
    select
        benefit_lines.account_code,
        benefit_lines.scenario,
        benefit_lines.line_type,
        benefit_lines.line_code,
        benefit_lines.line_order,
        benefit_lines.is_hidden,
        benefit_lines.difference,
        benefit_lines.units,
        benefit_lines.unit_value,
        benefit_lines.value_source,
        benefit_lines.isolation,
        benefit_lines.confidence,
        benefit_lines.evidence_grade,
        -- without a return there is no benefit to show beside a cost that is not known
        case when judged.is_estimable then benefit_lines.gross_amount end as gross_amount,
        case when judged.is_estimable then benefit_lines.amount end as amount,
        coalesce(benefit_lines.reason, judged.reason) as reason
    from benefit_lines
    inner join judged on benefit_lines.account_code = judged.account_code
    union all
    select * from cost_lines
),

final as (
    select
        {{ surrogate_key(['account_code', 'scenario', 'line_type', 'line_code']) }}
            as roi_line_key,
        account_code as account_id,
        scenario,
        line_type,
        line_code,
        cast(line_order as int) as line_order,
        is_hidden,
        amount is not null as is_supplied,
        reason,
        evidence_grade,
        value_source,
        difference,
        units,
        unit_value,
        isolation,
        confidence,
        gross_amount,
        amount,
        '{{ var("reporting_currency") }}' as currency
    from lines
)

select * from final
