with fits as (select * from {{ ref('int_chain_link_fit') }}),
roles as (select * from {{ ref('chain_roles') }}),
supply as (select * from {{ ref('int_entity_supply') }}),
thresholds as (select * from {{ ref('int_threshold_pivot') }}),

links as (
    select
        roles.upstream_role as from_role,
        roles.chain_role as to_role,
        roles.role_order - 1 as from_order,
        roles.role_order as to_order,
        false as is_path,
        fits.lag_months,
        fits.coefficient,
        fits.standard_error,
        fits.own_coefficient,
        coalesce(fits.panel_count, 0) as panel_count,
        coalesce(fits.accounts_count, 0) as accounts_count,
        fits.out_of_sample_error
    from roles
    left join fits on roles.chain_role = fits.chain_role
    where roles.upstream_role <> 'none'
),

ends as (
    select
        min(from_order) as first_order,
        max(to_order) as last_order,
        {% for order in range(2, 6) -%}
            max(coefficient) filter (where to_order = {{ order }})
            {%- if not loop.last %} * {% endif %}
        {% endfor %} as product,
        {{ exact_sum('power(standard_error / nullif(coefficient, 0), 2)') }} as relative_variance,
        sum(lag_months) as lag_months,
        min(panel_count) as panel_count,
        min(accounts_count) as accounts_count
    from links
),

-- the whole way is the product of its links, which are taken to be independent: delta method
listed as (
    select * from links
    union all
    select
        first_links.from_role,
        last_links.to_role,
        ends.first_order as from_order,
        ends.last_order as to_order,
        true as is_path,
        case when ends.product is not null then cast(ends.lag_months as int) end as lag_months,
        ends.product as coefficient,
        abs(ends.product) * sqrt(ends.relative_variance) as standard_error,
        cast(null as double) as own_coefficient,
        ends.panel_count,
        ends.accounts_count,
        cast(null as double) as out_of_sample_error
    from ends
    inner join links as first_links on ends.first_order = first_links.from_order
    inner join links as last_links on ends.last_order = last_links.to_order
),

enough as (
    select
        listed.*,
        listed.panel_count >= thresholds.chain_panel_least and listed.standard_error is not null
            as is_enough
    from listed
    cross join thresholds
),

-- a t value as the normal one of the same probability: Wallace 1959, Annals of Mathematical
-- Statistics 30:1121-1130
tested as (
    select
        *,
        {{ t_quantile('(accounts_count - 1)') }} * standard_error as margin,
        sqrt((accounts_count - 1) * ln(
            1 + power(coefficient / nullif(standard_error, 0), 2) / nullif(accounts_count - 1, 0)
        )) * (8 * accounts_count - 7) / (8 * accounts_count - 5) as deviation
    from enough
),

supplied as (
    select bool_or(entity = 'survey_response' and known_rows_count > 0) as is_supplied
    from supply
),

final as (
    select
        {{ surrogate_key(['tested.from_role', 'tested.to_role']) }} as chain_link_key,
        tested.from_role,
        tested.to_role,
        tested.from_order,
        tested.to_order,
        tested.is_path,
        supplied.is_supplied,
        case when tested.is_enough then tested.lag_months end as lag_months,
        case when tested.is_enough then tested.coefficient end as coefficient,
        case when tested.is_enough then tested.coefficient - tested.margin end as ci_low,
        case when tested.is_enough then tested.coefficient + tested.margin end as ci_high,
        case when tested.is_enough then {{ two_sided_p('tested.deviation') }} end as p_value,
        case when tested.is_enough then tested.own_coefficient end as own_coefficient,
        cast(tested.panel_count as bigint) as panel_count,
        cast(tested.accounts_count as bigint) as accounts_count,
        case when tested.is_enough then tested.out_of_sample_error end as out_of_sample_error,
        case
            when not tested.is_enough then 'too_little_data'
            when tested.coefficient - tested.margin > 0 then 'supported'
            when tested.coefficient + tested.margin < 0 then 'reversed'
            else 'no_link_found'
        end as verdict
    from tested
    cross join supplied
)

select * from final
