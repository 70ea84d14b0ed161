with functions as (select * from {{ ref('functions') }}),

landed_functions as (
    select function_code from {{ ref('stg_activity') }}
    union
    select function_code from {{ ref('stg_function_capacity') }}
    union
    select function_code from {{ ref('stg_ledger_expense') }}
    union
    select function_code from {{ ref('stg_intervention') }}
    union
    select function_code from {{ ref('stg_objective') }}
),

final as (
    select
        function_code,
        title,
        what_it_does,
        true as is_listed
    from functions
    union all
    select
        landed_functions.function_code,
        landed_functions.function_code as title,
        cast(null as {{ dbt.type_string() }}) as what_it_does,
        false as is_listed
    from landed_functions
    left join functions on landed_functions.function_code = functions.function_code
    where landed_functions.function_code is not null and functions.function_code is null
)

select * from final
