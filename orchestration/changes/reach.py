"""Whom and when a landed row touches: its account and its days, as SQL on a table `versions`."""

from dataclasses import dataclass

import duckdb

from orchestration.contract import Entity
from orchestration.load import sql
from orchestration.load.ledger import raw_table

FOREVER = "date '9999-12-31'"
# Dates of what is to come or was meant to.
PLANS = ("booked_", "due_", "expected_", "invited_", "made_", "planned_", "valid_until")


@dataclass(frozen=True)
class Reach:
    """The account, the first and the last day of a row as SQL, and the joins that they need."""

    account: str
    first_day: str
    last_day: str
    joins: str


def find_reach(
    connection: duckdb.DuckDBPyConnection, entities: dict[str, Entity], entity: Entity
) -> Reach:
    """Say of an entity how its rows reach accounts and days.

    The account is the row's own or that of the nearest entity it refers to. So are the days, where
    the entity has no date.
    """
    refs = [(column.name, entities[column.ref]) for column in entity.columns if column.ref]
    owners = [(name, to) for name, to in refs if to is not entity and _has_owner(entities, to)]
    owners.sort(key=lambda owner: "account_id" not in {column.name for column in owner[1].columns})
    joins, names = [], []
    for number, (column, to) in enumerate(owners):
        _make_owner(connection, entities, to)
        names.append(f"owner_{number}")
        joins.append(
            f"left join {sql.name('owner_of_' + to.name)} as owner_{number}"
            f" on versions.{sql.name(column)} = owner_{number}.id"
        )
    own = ["versions.account_id"] if any(c.name == "account_id" for c in entity.columns) else []
    account = ", ".join([*own, *(f"{name}._account" for name in names), "null::varchar"])
    first, last = _days(entity) or (
        f"coalesce({', '.join([*(f'{name}.{day}' for name in names), 'null::date'])})"
        for day in ("_first", "_last")
    )
    return Reach(f"coalesce({account})", first, last, " ".join(joins))


def _has_owner(entities: dict[str, Entity], entity: Entity) -> bool:
    """Whether an entity's references lead to an account, other than by being one."""
    return entity.name != "account" and any(
        column.name == "account_id"
        or (column.ref and column.ref != entity.name and _has_owner(entities, entities[column.ref]))
        for column in entity.columns
    )


def _make_owner(
    connection: duckdb.DuckDBPyConnection, entities: dict[str, Entity], entity: Entity
) -> None:
    """Make the table of an entity's ids with the account and the days of each, where missing."""
    reach = find_reach(connection, entities, entity)
    connection.execute(f"""
        create table if not exists {sql.name("owner_of_" + entity.name)} as
        select versions.{sql.name(entity.key[0])} as id,
            arg_max({reach.account}, versions._batch_id) as _account,
            min({reach.first_day}) as _first, max({reach.last_day}) as _last
        from raw.{raw_table(entity)} as versions {reach.joins}
        group by all
    """)


def day_columns(entity: Entity) -> list[str]:
    """The columns that hold an entity's days; the first ends with `_from` if a row holds on.

    A row with a date `..._from` holds from that day to its latest other date after it, or on if
    there is none. Else a date of the key is the day; else all dates of what happened: not when the
    row was known, and not what was planned.
    """
    dates = [column.name for column in entity.columns if column.data_type in ("date", "timestamp")]
    starts = [name for name in dates if name.endswith("_from")]
    if starts:
        others = [name for name in dates if name not in (starts[0], entity.known_at)]
        return [starts[0], *others]
    return (
        [name for name in dates if name in entity.key]
        or [
            name
            for name in dates
            if name == entity.event_time or (name != entity.known_at and not name.startswith(PLANS))
        ]
        or dates
    )


def _days(entity: Entity) -> tuple[str, str] | None:
    """The first and the last day of a row, as SQL; none where the entity has no date."""
    names = day_columns(entity)
    listed = ", ".join(f"versions.{sql.name(name)}::date" for name in names)
    if not names:
        return None
    if names[0].endswith("_from"):
        first, last = f"versions.{sql.name(names[0])}::date", f"greatest({listed})"
        return first, f"case when {last} > {first} then {last} else {FOREVER} end"
    return f"least({listed})", f"greatest({listed})"
