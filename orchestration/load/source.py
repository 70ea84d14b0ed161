"""A landed file as SQL: the meeting point of its own columns and the contract's."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.contract import Entity
from orchestration.load import sql
from orchestration.load.landing import FileProblem


@dataclass(frozen=True)
class SourceRule:
    """What else can be wrong with a column of a source: a condition over its relation, never null.

    The remedy goes on after the column's name and holds no value. The rule stands in place of the
    contract's demand that the column is filled.
    """

    column: str
    condition: str
    reason_code: str
    remedy: str


@dataclass(frozen=True)
class Source:
    """A landed file as a relation; nothing is read before the relation is used.

    `columns` holds, for each column that file and contract share, an expression over `relation` and
    its DuckDB type. `raw_row` and `extra` are expressions for JSON text: the row as landed, and the
    columns that the contract does not know. `broken` is the condition of a row that could not be
    taken apart, `rules` are the source's own. `row_no` is the number of a record, mostly from its
    place; number 0 is the header.
    """

    relation: str
    columns: dict[str, tuple[str, str]]
    raw_row: str
    extra: str = "null::varchar"
    extra_columns: tuple[str, ...] = ()
    broken: str = "false"
    row_no: str = "rowid + 1"
    rules: tuple[SourceRule, ...] = ()


def tabular_source(
    relation: str, landed: Iterable[tuple[str, str, str]], entity: Entity, row_no: str = "rowid + 1"
) -> Source:
    """Return a source of a relation with one column per landed (name, expression, type)."""
    of_name = {found: (expression, data_type) for found, expression, data_type in landed}
    matched, unknown = match_columns(entity, [found for found, _, _ in landed])
    extra = "null::varchar"
    if unknown:
        expressions = [of_name[found][0] for found in unknown]
        is_empty = " and ".join(f"nullif({value}::varchar, '') is null" for value in expressions)
        extra = f"case when not ({is_empty}) then {_json_object(unknown, expressions)} end"
    return Source(
        relation=relation,
        columns={column: of_name[found] for column, found in matched.items()},
        raw_row=_json_object(of_name, [expression for expression, _ in of_name.values()]),
        extra=extra,
        extra_columns=unknown,
        row_no=row_no,
    )


def parquet_source(connection: duckdb.DuckDBPyConnection, path: Path, entity: Entity) -> Source:
    """Return a Parquet file as a source of its own types."""
    relation = f"read_parquet({sql.text(str(path))}, binary_as_string = true)"
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return tabular_source(
        relation, [(row[0], sql.name(row[0]), row[1]) for row in described], entity
    )


def match_columns(
    entity: Entity, landed: Iterable[str], is_whole: bool = True
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the landed name of each contract column, and the landed names it does not know.

    Raises:
        FileProblem: a required column is missing where the names are those of the whole file, or
            two landed names mean the same.
    """
    by_name: dict[str, list[str]] = {}
    for found in landed:
        by_name.setdefault(found.strip().lower(), []).append(found)
    required = [column.name for column in entity.columns if column.required and is_whole]
    if missing := [column for column in required if column not in by_name]:
        raise FileProblem(f"has no column {', '.join(missing)}, which the contract requires")
    if twice := [column for column, found in by_name.items() if len(found) > 1]:
        raise FileProblem(f"has more than one column named {', '.join(twice)}")
    columns = [column.name for column in entity.columns if column.name in by_name]
    return (
        {column: by_name.pop(column)[0] for column in columns},
        tuple(found for (found,) in by_name.values()),
    )


def _json_object(keys: Iterable[str], expressions: Iterable[str]) -> str:
    pairs = zip(keys, expressions, strict=True)
    members = ", ".join(f"{sql.text(key)}, {value}" for key, value in pairs)
    return f"json_object({members})::varchar"
