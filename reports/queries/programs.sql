select program_id as value, title as label from mart.dim_programs order by title, program_id
