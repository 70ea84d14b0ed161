"""Versions of a record: when each was known, and how it differs from what was said before."""

from orchestration.changes.reach import FOREVER, day_columns
from orchestration.contract import Entity
from orchestration.load import sql


def when_known(entity: Entity) -> str:
    """Say when a row was known, as SQL; the same rule as the macro known_rows()."""
    times = [name for name in (entity.known_at, entity.event_time) if name]
    named = [*(f"landed.{sql.name(name)}::timestamp" for name in times), "timestamp '1900-01-01'"]
    return f"coalesce({', '.join(named)})"


def name_bases(columns: list[str]) -> str:
    """Name the columns of the base, as SQL: `score as _base_score, ...`."""
    return ", ".join(f"{sql.name(c)} as {sql.name(f'_base_{c}')}" for c in columns) or "true"


def compare_with_base(entity: Entity, said: list[str]) -> tuple[str, str, str, str]:
    """Say how a version differs from its base, the one of the release that knew less, as SQL.

    Returns:
        Whether it says otherwise, whether it fills what was empty, and the first and the last of
        the days that it fills in.
    """

    def pair(column: str) -> tuple[str, str]:
        return sql.name(f"_base_{column}"), f"versions.{sql.name(column)}"

    pairs = [pair(column) for column in said]
    is_other = [f"({old} is not null and {old} is distinct from {new})" for old, new in pairs]
    is_more = [f"({old} is null and {new} is not null)" for old, new in pairs]
    names = [column for column in day_columns(entity) if column in said]
    added = ", ".join(
        f"case when {old} is null then {new}::date end" for old, new in map(pair, names)
    )
    last = FOREVER if names and names[0].endswith("_from") else f"greatest({added})"
    first, last = (f"least({added})", last) if names else ("null::date", "null::date")
    return " or ".join(is_other) or "false", " or ".join(is_more) or "false", first, last
