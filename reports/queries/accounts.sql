select account_id as value, name as label from mart.dim_accounts order by name, account_id
