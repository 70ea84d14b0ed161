"""The input contract: what a provider may land, read from the dbt source YAML, its one home."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import PROJECT_DIR

STAGING_DIR = PROJECT_DIR / "models" / "staging"
DATA_TYPES = (
    "string",
    "bigint",
    "decimal(18,4)",
    "decimal(18,8)",
    "boolean",
    "date",
    "timestamp",
)


@dataclass(frozen=True)
class Column:
    """One column: its type, the values it may hold, the entity it points at, and who may see it.

    `required_where` holds pairs of another column and its value: where all of them hold, the column
    is required. `unlocks` are the domains that read the column.
    """

    name: str
    data_type: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    ref: str | None = None
    privacy: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    required_where: tuple[tuple[str, str], ...] = ()
    unlocks: tuple[str, ...] = ()

    @property
    def is_private(self) -> bool:
        """Whether its values may appear in no message."""
        return self.privacy in ("direct", "sensitive")


@dataclass(frozen=True)
class Entity:
    """One entity: a folder of the landing zone and a table of the raw database."""

    family: str
    name: str
    tier: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    event_time: str | None = None
    known_at: str | None = None
    unlocks: tuple[str, ...] = ()


def read_contract(staging_dir: Path = STAGING_DIR) -> tuple[Entity, ...]:
    """Return every entity of the contract, family by family.

    Raises:
        ValueError: the YAML names a type that nobody knows, or a column that is not there; or a
            condition is on a column that is no text.
    """
    # The parser written in C reads the contract ten times faster; not every PyYAML has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entities = []
    for path in sorted(staging_dir.glob("*/raw_*.yml")):
        for source in yaml.load(path.read_text(encoding="utf-8"), loader)["sources"]:
            family = source["config"]["meta"]["family"]
            entities += [_entity(family, table) for table in source["tables"]]
    return tuple(entities)


def _entity(family: str, table: dict[str, Any]) -> Entity:
    meta = _meta(table)
    unlocks = tuple(meta.get("unlocks", ()))
    entity = Entity(
        family=family,
        name=table["name"],
        tier=meta["tier"],
        key=tuple(meta["key"]),
        columns=tuple(_column(column, unlocks) for column in table["columns"]),
        event_time=meta.get("event_time"),
        known_at=meta.get("known_at"),
        unlocks=unlocks,
    )
    # A condition compares text, as the file has it: it can only be on a column of text.
    texts = {column.name for column in entity.columns if column.data_type == "string"}
    conditions = {name for column in entity.columns for name, _ in column.required_where}
    named = {*entity.key, entity.event_time, entity.known_at} - {None}
    names = {column.name for column in entity.columns}
    if missing := named - names | conditions - texts:
        called = ", ".join(sorted(missing))
        raise ValueError(f"{family}.{entity.name} has no column {called}, or not as text")
    return entity


def _column(column: dict[str, Any], unlocks: tuple[str, ...]) -> Column:
    if column["data_type"] not in DATA_TYPES:
        raise ValueError(
            f"{column['name']}: the type {column['data_type']} is none of {DATA_TYPES}"
        )
    meta = _meta(column)
    where = meta.get("required_where", {})
    return Column(
        name=column["name"],
        data_type=column["data_type"],
        required=meta.get("required", False),
        allowed=tuple(str(value) for value in meta.get("in", ())),
        ref=meta.get("ref"),
        privacy=meta.get("privacy"),
        minimum=_bound(meta.get("min")),
        maximum=_bound(meta.get("max")),
        required_where=tuple((name, str(value)) for name, value in where.items()),
        unlocks=tuple(meta.get("unlocks", unlocks)),
    )


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    return node.get("config", {}).get("meta", {})


def _bound(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
