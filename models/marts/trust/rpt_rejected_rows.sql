with rejected_rows as (select * from {{ source('load_ledger', 'rejected_rows') }}),

numbered as (
    select
        *,
        row_number() over (
            partition by family, entity, column_name, reason_code order by batch_id, row_no
        ) as example_no
    from rejected_rows
),

final as (
    select
        {{ surrogate_key(['family', 'entity', 'column_name', 'reason_code']) }} as rejected_row_key,
        family,
        entity,
        column_name,
        reason_code,
        max(remedy) filter (where example_no = 1) as reason,
        cast(count(*) as bigint) as rows_count,
        max(file) filter (where example_no = 1) as example_file,
        cast(max(row_no) filter (where example_no = 1) as bigint) as example_row_no
    from numbered
    group by family, entity, column_name, reason_code
)

select * from final
