select stage_code as value, title as label, stage_order from mart.dim_stages where is_supplied order by stage_order
