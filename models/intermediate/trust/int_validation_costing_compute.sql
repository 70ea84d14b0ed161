-- one row per published number of costing, whale curve and concentration, computed from its input
with reference_departments as (select * from {{ ref('reference_departments') }}),
reference_activities as (select * from {{ ref('reference_activities') }}),
reference_customer_lines as (select * from {{ ref('reference_customer_lines') }}),
reference_customer_groups as (select * from {{ ref('reference_customer_groups') }}),
reference_amounts as (select * from {{ ref('reference_amounts') }}),
reference_pairs as (select * from {{ ref('reference_pairs') }}),

worked as (
    select
        study_code,
        activity_code,
        quantity,
        cast(quantity * minutes_per_unit as decimal(18, 4)) as used_minutes
    from reference_activities
),

activity_costs as (
    select
        worked.study_code,
        worked.activity_code,
        worked.quantity,
        worked.used_minutes,
        {{ activity_cost(
            'worked.used_minutes', 'reference_departments.cost_amount',
            'reference_departments.practical_minutes'
        ) }} as activity_amount
    from worked
    inner join reference_departments
        on worked.study_code = reference_departments.study_code
),

departments as (
    select
        reference_departments.study_code,
        cast(reference_departments.cost_amount as double) as cost_amount,
        cast(reference_departments.practical_minutes as double) as practical_minutes,
        {{ capacity_rate(
            'reference_departments.cost_amount', 'reference_departments.practical_minutes'
        ) }} as rate_per_minute,
        cast(sum(activity_costs.used_minutes) as double) as used_minutes,
        cast(sum(activity_costs.activity_amount) as double) as assigned_amount
    from reference_departments
    inner join activity_costs
        on reference_departments.study_code = activity_costs.study_code
    group by
        reference_departments.study_code,
        reference_departments.cost_amount,
        reference_departments.practical_minutes
),

customers as (
    select
        study_code,
        customer_code,
        cast(sum(quantity * unit_amount) as decimal(18, 2)) as profit_amount,
        cast(
            sum(case when line_code in ('sales', 'discount') then quantity * unit_amount else 0 end)
            as double
        ) as revenue_amount
    from reference_customer_lines
    group by study_code, customer_code
),

curves as (
    {{ whale_curve('customers', ['study_code'], 'customer_code', 'profit_amount') }}
),

peaks as (
    select
        study_code,
        cast(max(total_profit_amount) as double) as total_profit_amount,
        cast(max(cumulative_profit_amount) as double) as peak_profit_amount,
        max(cumulative_profit_share) as peak_profit_share
    from curves
    group by study_code
),

-- as many rows of a group as it has customers: both engines can count days
group_customers as (
    select
        study_code,
        customer_amount,
        {{ date_series(
            "cast('2000-01-01' as date)",
            add_days("cast('2000-01-01' as date)", 'customers_count - 1')
        ) }} as customer_day
    from reference_customer_groups
),

amounts as (
    select
        study_code,
        customer_amount as amount
    from group_customers
    union all
    select
        study_code,
        amount
    from reference_amounts
),

concentrations as (
    {{ concentration('amounts', ['study_code'], 'amount') }}
),

correlations as (
    {{ rank_correlation('reference_pairs', ['study_code'], 'x', 'y') }}
),

final as (
    select
        concat(study_code, '_', activity_code, '_cost') as case_code,
        cast(activity_amount as double) as computed
    from activity_costs
    union all
    select
        concat(study_code, '_', activity_code, '_unit_cost') as case_code,
        {{ rate('activity_amount', 'quantity') }} as computed
    from activity_costs
    union all
    select
        concat(study_code, '_rate_per_minute') as case_code,
        rate_per_minute as computed
    from departments
    union all
    select
        concat(study_code, '_used_minutes') as case_code,
        used_minutes as computed
    from departments
    union all
    select
        concat(study_code, '_utilization') as case_code,
        {{ rate('used_minutes', 'practical_minutes') }} as computed
    from departments
    union all
    select
        concat(study_code, '_assigned_cost') as case_code,
        assigned_amount as computed
    from departments
    union all
    select
        concat(study_code, '_unused_minutes') as case_code,
        practical_minutes - used_minutes as computed
    from departments
    union all
    select
        concat(study_code, '_unused_cost') as case_code,
        cost_amount - assigned_amount as computed
    from departments
    union all
    select
        concat(study_code, '_', customer_code, '_profit') as case_code,
        cast(profit_amount as double) as computed
    from customers
    union all
    select
        concat(study_code, '_total_revenue') as case_code,
        sum(revenue_amount) as computed
    from customers
    group by study_code
    union all
    select
        concat(study_code, '_total_profit') as case_code,
        total_profit_amount as computed
    from peaks
    union all
    select
        concat(study_code, '_peak_profit') as case_code,
        peak_profit_amount as computed
    from peaks
    union all
    select
        concat(study_code, '_peak_share') as case_code,
        peak_profit_share as computed
    from peaks
    union all
    select
        concat(study_code, '_top_20_share') as case_code,
        top_20_share as computed
    from concentrations
    union all
    select
        concat(study_code, '_top_4_share') as case_code,
        top_4_share as computed
    from concentrations
    union all
    select
        concat(study_code, '_gini') as case_code,
        gini as computed
    from concentrations
    union all
    select
        concat(study_code, '_rank_correlation') as case_code,
        rank_correlation as computed
    from correlations
)

select * from final
