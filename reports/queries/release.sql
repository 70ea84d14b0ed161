select release_id, as_of_date, created_at, code_version, earlier_release_id, earlier_as_of_date from mart.release
