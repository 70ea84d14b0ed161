"""From a landed file to the temporary table `incoming`: typed, checked, in the file's order."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.contract import Entity
from orchestration.load import checks, sql
from orchestration.load.json_lines import json_source
from orchestration.load.landing import LandedFile
from orchestration.load.source import Source, parquet_source
from orchestration.load.text_files import check_unpacks, csv_source, json_lines, separate_file

BROKEN_COLUMNS = "row_no: 'bigint', reason_code: 'varchar', message: 'varchar', raw_row: 'varchar'"


@dataclass(frozen=True)
class Staged:
    """What was staged: `row_no` is the SQL of a record's number in `incoming`.

    Records too broken for DuckDB to read are in the temporary table `broken`, not in `incoming`.
    """

    row_no: str
    received_count: int
    rejected_count: int
    extra_columns: tuple[str, ...]


def stage_file(
    connection: duckdb.DuckDBPyConnection, file: LandedFile, entity: Entity, work_dir: Path
) -> Staged:
    """Read and check a file; no row of the raw database is touched.

    The file is read through a link with a plain name, so that no character of its name can mean
    anything to DuckDB. Where DuckDB refuses a text file, its broken records are parted off.
    """
    link = work_dir / f"landed{file.format}"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.abspath(file.path))
    if file.format.endswith(".gz"):
        check_unpacks(link)
    good, broken = work_dir / "good", work_dir / "broken"
    broken.write_bytes(b"")
    # A record's number is its place in `incoming`.
    connection.execute("set preserve_insertion_order = true")
    try:
        source = _stage(connection, file, entity, link, None)
    except duckdb.Error:
        if file.format == ".parquet":
            raise
        separate_file(link, good, broken)
        source = _stage(connection, file, entity, link, good)
    connection.execute(f"""
        create or replace temp table broken as
        select * from read_csv(
            {sql.text(str(broken))}, auto_detect = false, header = false,
            columns = {{{BROKEN_COLUMNS}}},
            delim = ',', quote = '"', escape = '"', new_line = '\\n'
        )
    """)
    received, rejected = connection.execute("""
        select sum(received)::bigint, sum(rejected)::bigint
        from (
            select count(*) as received, count(_problems) as rejected from temp.incoming
            union all
            select count(*), count(*) from temp.broken
        )
    """).fetchall()[0]
    return Staged(
        row_no=source.row_no,
        received_count=received,
        rejected_count=rejected,
        extra_columns=source.extra_columns,
    )


def _stage(
    connection: duckdb.DuckDBPyConnection,
    file: LandedFile,
    entity: Entity,
    link: Path,
    separated: Path | None,
) -> Source:
    if file.format == ".parquet":
        source = parquet_source(connection, link, entity)
    elif file.format.startswith(".csv"):
        source = csv_source(link, entity, separated)
    else:
        row_no = "_row_no" if separated else "rowid + 1"
        source = json_source(connection, json_lines(link, separated), entity, row_no)
    connection.execute(
        f"create or replace temp table incoming as {checks.staged_rows(entity, source)}"
    )
    connection.execute(f"delete from temp.incoming where {source.row_no} = 0")
    return source
