"""What each public table is computed from: the entities it reads, and a hash of all its code."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# They say whether an entity landed at all and which accounts are only mentioned, so they read every
# entity; the rows of these enter no value through them.
ROWS_ENTER_NO_VALUE = ("int_entity_supply", "int_orphan_find")
# Its compiled text holds the as-of date; what it computes is in its source.
CLOCK = "stg_as_of"
# The rows of the evaluation ledger are those that this model gave as of past days.
LEDGER = "evaluation_ledger"
EVALUATES = "int_evidence_evaluate"


@dataclass(frozen=True)
class PublicTable:
    """A table that a release publishes.

    `code_hash` moves with the compiled text of its model or of any model before it, so with macros
    and variables too, and with the content of any seed. `entities` are the landed entities that its
    values come from, as in `participant.enrollment`.
    """

    schema: str
    name: str
    code_hash: str
    entities: tuple[str, ...]


def describe_tables(nodes: Iterable[Any]) -> list[PublicTable]:
    """Describe the public tables among the nodes that dbt built: its models and its seeds."""
    graph = {
        node.unique_id: node for node in nodes if node.resource_type in ("model", "seed", "source")
    }
    by_name = {node.name: node.unique_id for node in graph.values()}
    tables = []
    for node in graph.values():
        if node.resource_type == "model" and node.fqn[1] == "marts":
            behind = _ancestors(graph, by_name, node.unique_id, stop=())
            hashed = hashlib.sha256()
            for unique_id in sorted(behind & graph.keys()):
                hashed.update(f"{unique_id} {_code(graph[unique_id])}\n".encode())
            read = _ancestors(graph, by_name, node.unique_id, stop=ROWS_ENTER_NO_VALUE)
            entities = sorted(
                source.split(".", 2)[2].removeprefix("raw_")
                for source in read
                if source.startswith("source.") and ".raw_" in source
            )
            tables.append(
                PublicTable(node.schema, node.name, hashed.hexdigest()[:32], tuple(entities))
            )
    return sorted(tables, key=lambda table: (table.schema, table.name))


def _ancestors(
    graph: dict[str, Any], by_name: dict[str, str], unique_id: str, stop: tuple[str, ...]
) -> set[str]:
    """The node and all before it, sources too; not what lies before a node named in `stop`."""
    found, waiting = set(), [unique_id]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        if f".{LEDGER}." in current and EVALUATES in by_name:
            waiting.append(by_name[EVALUATES])
        node = graph.get(current)
        if node is not None and node.resource_type == "model" and node.name not in stop:
            waiting += node.depends_on.nodes
    return found


def _code(node: Any) -> str:
    """The text that decides what a model computes, or the hash of a seed's content."""
    if node.resource_type == "model":
        return node.raw_code if node.name == CLOCK else node.compiled_code
    return node.checksum.checksum
