with programs as (select * from {{ ref('stg_program') }}),
orphans as (select * from {{ ref('int_orphan_find') }}),

-- a program that others name but that never landed: kept, flagged, healed when it lands
inferred as (
    select distinct missing_id as program_id
    from orphans
    where parent_entity = 'program'
),

final as (
    select
        program_id,
        title,
        field,
        credential_type,
        modality,
        cast(planned_weeks as int) as planned_weeks,
        false as is_inferred
    from programs
    union all
    select
        program_id,
        'Program ' || program_id as title,
        cast(null as {{ dbt.type_string() }}) as field,
        cast(null as {{ dbt.type_string() }}) as credential_type,
        cast(null as {{ dbt.type_string() }}) as modality,
        cast(null as int) as planned_weeks,
        true as is_inferred
    from inferred
)

select * from final
