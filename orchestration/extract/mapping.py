"""The map of a source database: which table holds which entity, read from SOURCE_MAP."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from orchestration.contract import Entity

WORDS = ("table", "columns", "cursor", "overlap", "key", "compare_keys", "dropped")


class SourceProblem(Exception):
    """Why nothing, or no more, is extracted: in words for who runs it, without a password."""


@dataclass(frozen=True)
class Mapping:
    """Where the rows of one entity are, and how they are told apart and noticed.

    `columns` names the source's column where it is not called as in the contract. An empty `key` is
    the contract's. `overlap` is in hours for a time and in units for a number; None: the default.
    `dropped` are columns of the contract that were extracted and are to be no more.
    """

    entity: Entity
    table: str
    schema: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    cursor: str | None = None
    overlap: int | None = None
    key: tuple[str, ...] = ()
    compare_keys: bool = True
    dropped: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The entity and its table, as a message names them."""
        table = f"{self.schema}.{self.table}" if self.schema else self.table
        return f"{self.entity.name}, table {table}"


def read_map(path: Path, contract: tuple[Entity, ...]) -> tuple[Mapping, ...]:
    """Return what the map says of each entity, in the order of the contract.

    Raises:
        SourceProblem: the file is missing or wrong; the message lists everything that is.
    """
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceProblem(
            f"SOURCE_MAP: {path} cannot be read: {(error.strerror or 'unknown').lower()}. Write "
            "which table holds which entity: docs/guides/extract_from_a_database.md"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceProblem(f"SOURCE_MAP: {path} is not YAML: {error}") from None
    entries = read.get("entities") if isinstance(read, dict) else None
    if not isinstance(entries, dict) or not entries or set(read) != {"entities"}:
        raise SourceProblem(
            f"SOURCE_MAP: {path} must hold `entities:`, a list of names, and no more"
        )
    known = {entity.name: entity for entity in contract}
    problems = [
        f"{name}: {problem}"
        for name, entry in entries.items()
        for problem in _problems(name, entry, known)
    ]
    if problems:
        raise SourceProblem("\n".join([f"SOURCE_MAP: {path} cannot be used:", *problems]))
    return tuple(_mapping(known[name], entries[name]) for name in known if name in entries)


def _problems(name: str, entry: Any, known: dict[str, Entity]) -> list[str]:
    """Return what is wrong with one entry of the map, each as a sentence."""
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=1)
        hint = f": did you mean {near[0]}?" if near else "; docs/input_contract.md lists them"
        return [f"is no entity of the contract{hint}"]
    if not isinstance(entry, dict):
        return ["write `table:` below it, and the table's name"]
    problems = [
        f"`{word}` means nothing here: known are {', '.join(WORDS)}"
        for word in entry
        if word not in WORDS
    ]
    texts = [entry.get("table"), entry.get("cursor", "a column")]
    if not all(isinstance(value, str) and value for value in texts):
        problems.append("`table` and `cursor` are names, and `table` must be there")
    names = {column.name for column in known[name].columns}
    columns, key = entry.get("columns", {}), entry.get("key", [])
    if not isinstance(columns, dict) or not all(
        isinstance(value, str) for value in columns.values()
    ):
        problems.append("`columns` is a list of `<column of the contract>: <column of the table>`")
        columns = {}
    if not isinstance(key, list):
        problems.append("`key` is a list of columns of the contract, such as [account_id]")
        key = []
    dropped = entry.get("dropped", [])
    if not isinstance(dropped, list):
        problems.append("`dropped` is a list of columns of the contract, such as [phone]")
        dropped = []
    problems += [
        f"the contract has no column {column}"
        for column in [*columns, *key, *dropped]
        if column not in names
    ]
    problems += [
        f"{column} is `dropped`, and in `columns` or the `key`: it can be one of both"
        for column in dropped
        if column in columns or column in (key or known[name].key)
    ]
    overlap = entry.get("overlap", 0)
    if isinstance(overlap, bool) or not isinstance(overlap, int) or overlap < 0:
        problems.append("`overlap` is a whole number: hours for a time, units for a number")
    elif "overlap" in entry and "cursor" not in entry:
        problems.append("`overlap` without `cursor` means nothing: the table is read whole")
    if not isinstance(entry.get("compare_keys", True), bool):
        problems.append("`compare_keys` is true or false")
    return problems


def _mapping(entity: Entity, entry: dict[str, Any]) -> Mapping:
    schema, _, table = entry["table"].rpartition(".")
    return Mapping(
        entity=entity,
        table=table,
        schema=schema or None,
        columns=entry.get("columns", {}),
        cursor=entry.get("cursor"),
        overlap=entry.get("overlap"),
        key=tuple(entry.get("key", ())),
        compare_keys=entry.get("compare_keys", True),
        dropped=tuple(entry.get("dropped", ())),
    )
