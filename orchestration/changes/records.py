"""Which landed records one release knew and another did not: the evidence for a changed value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from orchestration.changes.reach import FOREVER, find_reach
from orchestration.changes.versions import compare_with_base, name_bases, when_known
from orchestration.contract import Entity
from orchestration.load import sql
from orchestration.load.ledger import raw_table

ALWAYS = "date '1900-01-01'"


@dataclass(frozen=True)
class Known:
    """What a release knew: the rows of its batches, as of the end of its day."""

    as_of_date: date
    batches: list[dict[str, Any]]

    @staticmethod
    def by(manifest: dict[str, Any]) -> "Known":
        """Read it from a release's manifest."""
        return Known(date.fromisoformat(manifest["as_of_date"]), manifest["batches"])


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that find_records() fills, empty."""
    for table, columns in (
        ("records", "record_no bigint, entity varchar, kind varchar, records_count bigint"),
        ("record_spans", "record_no bigint, first_day date, last_day date"),
        ("record_accounts", "record_no bigint, account_id varchar"),
    ):
        connection.execute(f"create or replace table {table} ({columns})")


def find_records(
    connection: duckdb.DuckDBPyConnection,
    contract: Iterable[Entity],
    wanted: Iterable[str],
    earlier: Known,
    later: Known,
) -> None:
    """Fill the tables `records`, `record_spans` and `record_accounts` from the attached raw rows.

    A record is a key of an entity with a row that one of the releases knew and the other did not.
    It is `corrected` if both knew the key and a column that was filled is otherwise, else `new`: a
    version that only fills what was empty is new, and one that says the same is no record. Records
    that are alike in all of this are one row of `records` with their number, `records_count`. A
    record touches the days of its spans and the accounts that its references lead to; without an
    account it touches all accounts. It is `record_spans` that holds the days of each of its
    versions, or those that a version filled in; a corrected record without a day touches every
    day, a new one none.
    """
    _match_batches(connection, earlier, later)
    entities = {entity.name: entity for entity in contract}
    for entity in entities.values():
        if f"{entity.family}.{entity.name}" in wanted:
            _find_of(connection, entities, entity, earlier, later)


def _match_batches(connection: duckdb.DuckDBPyConnection, earlier: Known, later: Known) -> None:
    """Make the table `batches`: which release knew which batch of the raw database.

    A batch is known by its content and how often it had landed before, not by its number: raw rows
    may have been loaded anew.
    """
    connection.execute(
        "create table said"
        " (is_earlier boolean, batch_id varchar, family varchar, entity varchar, content varchar)"
    )
    for is_earlier, known in ((True, earlier), (False, later)):
        rows = [
            (is_earlier, batch["batch_id"], batch["family"], batch["entity"], batch["content_hash"])
            for batch in known.batches
            if batch["status"] == "loaded"
        ]
        if rows:
            connection.executemany("insert into said values (?, ?, ?, ?, ?)", rows)
    nth = "row_number() over (partition by {} order by batch_id) as nth"
    connection.execute(f"""
        create table listed as
        with loaded as (
            select batch_id as raw_batch_id, family, entity, content_hash as content,
                {nth.format("family, entity, content_hash")}
            from raw.load_ledger.batches
            where status = 'loaded'
        ),
        numbered as (select *, {nth.format("is_earlier, family, entity, content")} from said)
        select is_earlier, raw_batch_id
        from numbered left join loaded using (family, entity, content, nth)
    """)
    connection.execute("""
        create table batches as
        select raw_batch_id as batch_id, bool_or(is_earlier) as in_earlier,
            bool_or(not is_earlier) as in_later
        from listed
        where raw_batch_id is not null
        group by raw_batch_id
    """)


def _find_of(
    connection: duckdb.DuckDBPyConnection,
    entities: dict[str, Entity],
    entity: Entity,
    earlier: Known,
    later: Known,
) -> None:
    """Add the records of one entity."""
    known_at = when_known(entity)
    connection.execute(f"""
        create or replace temp view known as
        select landed.*, {known_at} as _known_at,
            in_earlier and {known_at} < date '{earlier.as_of_date}' + 1 as _in_earlier,
            in_later and {known_at} < date '{later.as_of_date}' + 1 as _in_later
        from raw.{raw_table(entity)} as landed
        inner join batches on landed._batch_id = batches.batch_id
        where _in_earlier or _in_later
    """)
    (count,) = connection.execute(
        "select count(*) from known where _in_earlier <> _in_later"
    ).fetchall()[0]
    if not count:
        return
    key = sql.names(entity.key)
    keys = ", ".join(f"versions.{sql.name(name)}" for name in entity.key)
    reach = find_reach(connection, entities, entity)
    said = [c.name for c in entity.columns if c.name not in (*entity.key, entity.known_at)]
    is_other, is_more, filled_first, filled_last = compare_with_base(entity, said)
    base = "_in_earlier" if later.as_of_date >= earlier.as_of_date else "_in_later"
    (start,) = connection.execute("select coalesce(max(record_no), 0) from records").fetchall()[0]
    connection.execute(f"""
        create or replace temp table found as
        with delta as (select distinct {key} from known where _in_earlier <> _in_later),
        versions as (
            select known.*,
                bool_or(_in_earlier) over (partition by {key})
                and bool_or(_in_later) over (partition by {key}) as _is_known
            from known semi join delta using ({key})
            -- of the versions that both know, the one in force
            qualify _in_earlier <> _in_later or row_number() over (
                partition by {key}, _in_earlier <> _in_later
                order by _known_at desc, _batch_id desc, _row_no desc
            ) = 1
        ),
        -- what the release as of the earlier day says of a key
        bases as (
            select {key}, {name_bases(said)} from versions where {base}
            qualify row_number() over (
                partition by {key} order by _known_at desc, _batch_id desc, _row_no desc
            ) = 1
        ),
        described as (
            select {keys}, _is_known, {reach.account} as _account,
                {reach.first_day} as _first, {reach.last_day} as _last,
                {is_other} as _is_other, {is_more} as _is_more,
                {filled_first} as _filled_first, {filled_last} as _filled_last
            from versions left join bases using ({key}) {reach.joins}
        ),
        judged as (
            select *, bool_or(_is_known and _is_other) over (partition by {key}) as _is_corrected
            from described
        ),
        touched as (
            select
                case when _is_corrected then 'corrected' else 'new' end as kind,
                list_sort(list_distinct(list(_account))) as accounts,
                list_sort(list_distinct(list(
                    case
                        when _is_known and not _is_corrected and _filled_first is not null
                            then {{'f': _filled_first, 'l': _filled_last}}
                        when _first is not null then {{'f': _first, 'l': _last}}
                        when _is_corrected then {{'f': {ALWAYS}, 'l': {FOREVER}}}
                    end
                ))) as spans
            from judged
            where _is_corrected or not _is_known or _is_more
            group by {key}, _is_corrected
        )
        select {start} + row_number() over (order by kind, accounts, spans) as record_no,
            kind, accounts, spans,
            count(*) as records_count
        from touched
        group by kind, accounts, spans
    """)
    name = sql.text(f"{entity.family}.{entity.name}")
    connection.execute(
        f"insert into records select record_no, {name}, kind, records_count from found"
    )
    connection.execute("""
        insert into record_spans
        select record_no, span.f, span.l from (select record_no, unnest(spans) as span from found)
    """)
    connection.execute("insert into record_accounts select record_no, unnest(accounts) from found")
