"""The source database: how it is reached, and what its tables hold."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from orchestration.extract.mapping import Mapping, SourceProblem

EXAMPLE = "postgresql+psycopg://user:password@host:5432/database"


@dataclass(frozen=True)
class Table:
    """A mapped table as it is: `columns` leads from the contract's names to the table's.

    `key` tells its rows apart; one with an empty `key_needed` is rejected by the loader.
    `cursor_type` is datetime, date or int; None without a cursor. `signature` changes with
    everything that makes earlier extracted rows incomparable.
    """

    mapping: Mapping
    source: sa.Table
    columns: dict[str, str]
    key: tuple[str, ...]
    key_needed: tuple[str, ...]
    cursor: str | None
    cursor_type: type | None
    signature: str


def connect(url: str) -> sa.Engine:
    """Return an engine that only reads; nothing is connected yet.

    Raises:
        SourceProblem: SOURCE_URL is no URL, or its driver is not installed.
    """
    try:
        return sa.create_engine(
            url, hide_parameters=True, execution_options={"postgresql_readonly": True}
        )
    except (sa.exc.NoSuchModuleError, ImportError):
        name = url.split(":")[0]
        raise SourceProblem(
            f"SOURCE_URL: no driver for {name} is installed; the extra `sql` brings the one for "
            f"{EXAMPLE.split(':')[0]}"
        ) from None
    except (sa.exc.ArgumentError, ValueError):
        raise SourceProblem(
            f"SOURCE_URL is not a database URL: write it as {EXAMPLE}, special characters of the "
            "password as %40 and the like"
        ) from None


@contextmanager
def told(engine: sa.Engine, what: str, *kinds: type[Exception]) -> Iterator[None]:
    """Turn what the database, or a reader of it, refuses into one line that says what failed."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, *kinds) as error:
        cause: BaseException = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        reason = " ".join(str(cause).split())
        if engine.url.password:
            reason = reason.replace(str(engine.url.password), "***")
        raise SourceProblem(f"{what}: {reason}") from None


def inspect_tables(engine: sa.Engine, mappings: tuple[Mapping, ...]) -> list[Table]:
    """Return the mapped tables, before anything is read from them.

    Raises:
        SourceProblem: the database cannot be reached, or tables or columns are missing; the message
            lists all that are.
    """
    tables, problems = [], []
    place = engine.url.render_as_string(hide_password=True)
    with told(engine, f"the database {place} cannot be used"):
        engine.connect().close()
        for mapping in mappings:
            try:
                source = sa.Table(
                    mapping.table,
                    sa.MetaData(schema=mapping.schema),
                    autoload_with=engine,
                    resolve_fks=False,
                )
                tables.append(_table(mapping, source))
            except sa.exc.NoSuchTableError:
                problems.append(
                    f"{mapping.place}: there is no such table or view that this user may see: "
                    "mend the name in SOURCE_MAP, or write it as <schema>.<table>"
                )
            except SourceProblem as problem:
                problems.append(str(problem))
    if problems:
        raise SourceProblem("\n".join(["nothing was extracted:", *problems]))
    return tables


def _table(mapping: Mapping, source: sa.Table) -> Table:
    """Match the contract's columns with those of the table."""
    types = {column.name: column.type for column in source.columns}
    by_name = {name.lower(): name for name in types} | {name: name for name in types}
    problems, columns = [], {}
    for column in mapping.entity.columns:
        wanted = mapping.columns.get(column.name, column.name)
        found = by_name.get(wanted) or by_name.get(wanted.lower())
        if column.name in mapping.dropped:
            found = None
        if found:
            columns[column.name] = found
        elif column.name in mapping.columns:
            problems.append(
                f"has no column {wanted}, which SOURCE_MAP gives for {column.name}: mend the name"
            )
        elif column.required:
            problems.append(
                f"has no column {column.name}, which the contract requires: say which "
                f"column holds it, in SOURCE_MAP `columns: {{{column.name}: ...}}`, or map a view"
            )
    problems += [
        f"has no column for {name}, which SOURCE_MAP gives as part of the key"
        for name in mapping.key
        if name not in columns and name not in mapping.columns
    ]
    cursor, cursor_type = None, None
    if mapping.cursor:
        cursor = by_name.get(mapping.cursor) or by_name.get(mapping.cursor.lower())
        cursor_type = _cursor_type(types[cursor]) if cursor else None
        if not cursor:
            problems.append(f"has no column {mapping.cursor}, which SOURCE_MAP gives as the cursor")
        elif not cursor_type:
            problems.append(
                f"cannot be followed by {cursor}, of type {types[cursor]}: a cursor is a time, a "
                "date or a whole number. Without one the table is read whole each time"
            )
    if problems:
        raise SourceProblem("\n".join(f"{mapping.place}: {problem}" for problem in problems))
    key = mapping.key or tuple(name for name in mapping.entity.key if name in columns)
    if not key:
        raise SourceProblem(f"{mapping.place}: has no column of the key: name a `key`")
    required = {column.name for column in mapping.entity.columns if column.required}
    described = [(name, found, str(types[found])) for name, found in columns.items()]
    # The table's name is not part of it: a renamed table holds the same rows.
    signature = json.dumps([described, cursor, key])
    return Table(
        mapping=mapping,
        source=source,
        columns=columns,
        key=key,
        key_needed=tuple(name for name in key if name in required),
        cursor=cursor,
        cursor_type=cursor_type,
        signature=hashlib.sha256(signature.encode()).hexdigest()[:16],
    )


def _cursor_type(sql_type: Any) -> type | None:
    is_usable = isinstance(sql_type, sa.DateTime | sa.Date | sa.Integer)
    return sql_type.python_type if is_usable else None
