select release_id, as_of_date, created_at, code_version from mart.release
