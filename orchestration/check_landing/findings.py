"""What a check of the landing folder found, section by section, read from the scratch database.

No section shows a value: it may be private, or have slipped into a column where it does not belong.
"""

from collections.abc import Iterable, Iterator

import duckdb

from orchestration.contract import Column, Entity
from orchestration.load import LoadReport, sql
from orchestration.load.ledger import raw_table
from orchestration.load.statement import NOBODY

Section = tuple[str, list[str]]
# Without an accepted row of each there is no release.
INDISPENSABLE = ("account", "program", "participant", "enrollment")
COUNTS = ("received", "accepted", "rejected", "duplicate", "corrected")


def sections(
    connection: duckdb.DuckDBPyConnection, contract: Iterable[Entity], report: LoadReport
) -> list[Section]:
    """Return the report's sections, each a title and its lines; one without lines has nothing."""
    entities = list(contract)
    landed = {
        entity.name
        for entity in entities
        if connection.execute(f"select 1 from {raw_table(entity)} limit 1").fetchall()
    }
    blocking = [name for name in INDISPENSABLE if name not in landed]
    return [
        ("Rows by entity", _rows(report)),
        ("Rejected rows: mend them, and land them again", list(_rejected(connection))),
        (
            "Files that cannot be loaded",
            [f"{batch.file} {batch.reason}" for batch in report.failed],
        ),
        ("Not looked at: hidden, unfinished or no data", report.passed_over),
        (
            "Columns that the contract does not know: kept aside, not reported on",
            [
                f"{batch.file}: {batch.extra_columns}"
                for batch in report.batches
                if batch.extra_columns
            ],
        ),
        (
            "Values that point at no row of this folder: kept, and complete once it lands",
            list(_orphans(connection, entities, landed)),
        ),
        (
            "No release is made without an accepted row of each of these",
            [_place(entity) for entity in entities if entity.name in blocking],
        ),
        (
            "Entities without an accepted row, and the pages that they would unlock",
            [
                f"{_place(entity)} ({entity.tier}): {_pages(entity.unlocks)}"
                for entity in sorted(entities, key=_importance)
                if entity.name not in (*landed, *blocking)
            ],
        ),
        (
            "Optional columns without a value, and the pages that they would unlock",
            [
                line
                for entity in entities
                if entity.name in landed
                for line in _empty_columns(connection, entity)
            ],
        ),
    ]


def _rows(report: LoadReport) -> list[str]:
    """Return a table of the rows by entity."""
    totals: dict[str, list[int]] = {}
    for batch in report.batches:
        if batch.status != "failed":
            counts = totals.setdefault(f"{batch.family}/{batch.entity}", [0] * (1 + len(COUNTS)))
            counts[0] += 1
            for place, name in enumerate(COUNTS, start=1):
                counts[place] += getattr(batch, f"{name}_count")
    if not totals:
        return []
    width = max(map(len, totals)) + 2
    header = "".ljust(width) + "".join(name.rjust(12) for name in ("files", *COUNTS))
    return [
        header,
        *(
            place.ljust(width) + "".join(f"{count:12,}" for count in counts)
            for place, counts in totals.items()
        ),
    ]


def _rejected(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Tell what is wrong, how often, and where to look, the most frequent first."""
    rows = connection.execute("""
        select
            family || '/' || entity as place, column_name, reason_code, remedy,
            count(*) as row_count,
            list(file || ', row ' || row_no order by file, row_no)[:3] as examples
        from load_ledger.rejected_rows
        group by all
        order by place, row_count desc, column_name, reason_code, remedy
    """).fetchall()
    for place, column, reason, remedy, count, examples in rows:
        what = f"{place}: {_count(count)}, {reason}"
        yield f"{what}: {column + ': ' if column else ''}{remedy}"
        yield f"  for example {'; '.join(examples)}"


def _orphans(
    connection: duckdb.DuckDBPyConnection, entities: list[Entity], landed: set[str]
) -> Iterator[str]:
    """Tell which columns point at rows of another entity that are not there."""
    by_name = {entity.name: entity for entity in entities}
    for child in entities:
        for column in child.columns if child.name in landed else ():
            if not column.ref:
                continue
            parent = by_name[column.ref]
            count, file, row_no = connection.execute(
                _orphan_query(child, column, parent)
            ).fetchall()[0]
            if count:
                missing = "" if parent.name in landed else ", of which nothing has landed"
                yield (
                    f"{_place(child)}, {column.name}: {_count(count)} for which there is no "
                    f"{_place(parent)}{missing}; for example {file}, row {row_no}"
                )


def _orphan_query(child: Entity, column: Column, parent: Entity) -> str:
    """Return how often a column points at nothing, and the first place.

    A worker is known by its account, too: both have the account's id under the same name.
    """
    names = {found.name for found in child.columns}
    target = column.name if column.name in parent.key else f"{parent.name}_id"
    shared = [key for key in parent.key if key.endswith("_id") and key != target and key in names]
    pairs = [(target, column.name), *((key, key) for key in shared)]
    matches = " and ".join(f"parent.{sql.name(up)} = child.{sql.name(down)}" for up, down in pairs)
    return f"""
        select
            count(*),
            arg_min(_file, (_batch_id, _row_no)),
            arg_min(_row_no, (_batch_id, _row_no))
        from {raw_table(child)} as child
        where
            {sql.name(column.name)} <> {sql.text(NOBODY)}
            and not exists (select 1 from {raw_table(parent)} as parent where {matches})
    """


def _empty_columns(connection: duckdb.DuckDBPyConnection, entity: Entity) -> Iterator[str]:
    """Tell which optional columns no accepted row fills, by what they would unlock."""
    optional = [column for column in entity.columns if not column.required and column.unlocks]
    if not optional:
        return
    counts = ", ".join(f"count({sql.name(column.name)})" for column in optional)
    filled = connection.execute(f"select {counts} from {raw_table(entity)}").fetchall()[0]
    empty: dict[tuple[str, ...], list[str]] = {}
    for column, count in zip(optional, filled, strict=True):
        if not count:
            empty.setdefault(column.unlocks, []).append(column.name)
    for unlocks, names in empty.items():
        yield f"{_place(entity)}: {', '.join(names)}: {_pages(unlocks)}"


def _importance(entity: Entity) -> int:
    return ("core", "standard", "extended").index(entity.tier)


def _count(rows: int) -> str:
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _place(entity: Entity) -> str:
    return f"{entity.family}/{entity.name}"


def _pages(unlocks: Iterable[str]) -> str:
    return ", ".join("every page" if name == "all" else name.replace("_", " ") for name in unlocks)
