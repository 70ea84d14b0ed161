"""What came or went around a changed value: records by where they lie, in words."""

# What came or went, by where it lies: in the period (`in`), elsewhere at the account (`out`), or at
# other accounts only (`else`). Of a period that went on, `fresh` records lie after the last day
# that both releases cover.
EVIDENCE = """
    create or replace table scopes as
    select distinct account_id, period_start, period_end from changed;

    create or replace table touched as
    with accounts as (select distinct account_id from scopes),
    fresh as (
        select record_no, min(first_day) > any_value(both_cover) as is_fresh
        from record_spans cross join sides
        where later_as_of <> earlier_as_of
        group by record_no
    ),
    reached as (
        from record_accounts
        union
        select record_no, account_id
        from records anti join record_accounts using (record_no) cross join accounts
        union
        select record_no, 'all' as account_id from records
    )
    select reached.account_id, records.*, coalesce(is_fresh, false) as is_fresh
    from records
    inner join reached using (record_no)
    left join fresh using (record_no)
    where reached.account_id in (from accounts);

    -- records alike are counted together; one with several spans stays itself, to count once
    create or replace table spans as
    with counted as (
        select record_no, count(*) > 1 as is_several from record_spans group by record_no
    )
    select touched.account_id, entity, first_day, last_day,
        case
            when kind = 'corrected' then 'in_corrected' when is_fresh then 'in_fresh' else 'in_new'
        end as place,
        if(is_several, record_no, null) as record_no,
        sum(records_count) as records_count
    from touched
    inner join record_spans using (record_no)
    inner join counted using (record_no)
    group by all;

    create or replace table in_scope as
    with several as (
        select distinct scopes.*, entity, place, record_no, records_count
        from spans inner join scopes
            on scopes.account_id = spans.account_id
            and first_day <= period_end and last_day >= period_start
        where record_no is not null
    ),
    every as (
        select scopes.*, entity, place, records_count
        from spans inner join scopes
            on scopes.account_id = spans.account_id
            and first_day <= period_end and last_day >= period_start
        where record_no is null
        union all by name
        from several select * exclude (record_no)
    )
    select account_id, period_start, period_end, entity, place,
        sum(records_count) as records_count
    from every group by all;

    create or replace table at_account as
    select account_id, entity, kind, sum(records_count) as records_count
    from touched group by all;

    create or replace table evidence as
    with everywhere as (
        select entity, kind, sum(records_count) as records_count from records group by all
    ),
    inside as (
        select account_id, period_start, period_end, entity,
            if(place = 'in_corrected', 'corrected', 'new') as kind,
            sum(records_count) as records_count
        from in_scope group by all
    ),
    placed as (
        from in_scope
        union all by name
        select scopes.*, at_account.entity, 'out_' || at_account.kind as place,
            at_account.records_count - coalesce(inside.records_count, 0) as records_count
        from scopes
        inner join at_account using (account_id)
        left join inside
            on inside.account_id = scopes.account_id
            and inside.period_start = scopes.period_start
            and inside.period_end = scopes.period_end
            and inside.entity = at_account.entity
            and inside.kind = at_account.kind
        union all by name
        select scopes.*, everywhere.entity, 'else_' || everywhere.kind as place,
            everywhere.records_count - coalesce(at_account.records_count, 0) as records_count
        from scopes
        cross join everywhere
        left join at_account
            on at_account.account_id = scopes.account_id
            and at_account.entity = everywhere.entity
            and at_account.kind = everywhere.kind
    ),
    read_by as (
        select distinct table_name, account_id, period_start, period_end, entity
        from changed inner join table_entities using (table_name)
    ),
    ranked as (
        select *, row_number() over (
            partition by table_name, account_id, period_start, period_end, place
            order by records_count desc, entity
        ) as rank
        from placed
        inner join read_by using (account_id, period_start, period_end, entity)
        where records_count > 0
    ),
    told as (
        select table_name, account_id, period_start, period_end, place,
            string_agg(
                split_part(entity, '.', 2) || ' (' || records_count || ')', ', ' order by rank
            ) filter (where rank <= 3)
            || case
                when max(rank) = 4 then ' and one more kind'
                when max(rank) > 4 then ' and ' || (max(rank) - 3) || ' more kinds'
                else ''
            end as words
        from ranked group by all
    )
    pivot told on place in (
        'in_fresh', 'in_new', 'in_corrected', 'out_new', 'out_corrected', 'else_new',
        'else_corrected'
    ) using any_value(words)
"""
