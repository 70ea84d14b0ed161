"""Rows whose key was landed before: duplicates if their content is the same, else corrections."""

import duckdb

from orchestration.contract import Entity
from orchestration.load import sql
from orchestration.load.ledger import raw_table


def find_repeats(
    connection: duckdb.DuckDBPyConnection, entity: Entity, row_no: str
) -> tuple[int, int]:
    """Fill the temporary table `repeats` (row_no, is_duplicate); return the number of each kind.

    An incoming row is compared with the row of its key that was landed last before it, so that a
    value that changes and changes back keeps all three rows. Keys and contents are compared by
    64-bit hashes: a correction is taken for a duplicate once in 10^19 comparisons.

    The first query finds the keys that occur more than once. Mostly there are none.
    """
    key = f"hash({sql.names(entity.key)})"
    content = f"hash({sql.names(column.name for column in entity.columns)})"
    accepted = "temp.incoming where _problems is null"
    table = raw_table(entity)
    connection.execute(f"""
        create or replace temp table repeated_keys as
        select {key} as key_hash from {accepted} group by key_hash having count(*) > 1
        union
        select {key} from {table} where {key} in (select {key} from {accepted})
    """)
    connection.execute(f"""
        create or replace temp table repeats as
        with landed as (
            select {key} as key_hash, {content} as content, _batch_id, _row_no, false as is_incoming
            from {table}
            where {key} in (select key_hash from temp.repeated_keys)
            union all
            select {key}, {content}, null, {row_no}, true
            from {accepted} and {key} in (select key_hash from temp.repeated_keys)
        ),

        compared as (
            select
                *,
                lag(content) over (
                    partition by key_hash order by is_incoming, _batch_id, _row_no
                ) as content_before
            from landed
        )

        select _row_no as row_no, content = content_before as is_duplicate
        from compared
        where is_incoming and content_before is not null
    """)
    counts = "count(*) filter (is_duplicate), count(*) filter (not is_duplicate)"
    duplicates, corrections = connection.execute(f"select {counts} from temp.repeats").fetchall()[0]
    return duplicates, corrections
