"""Files of several named queries: each starts after a line ``-- name: <name>``."""

from pathlib import Path

MARK = "-- name: "


def read_queries(path: Path) -> dict[str, str]:
    """Return the queries of a file by name, in the order written."""
    queries: dict[str, str] = {}
    for part in ("\n" + path.read_text(encoding="utf-8")).split("\n" + MARK)[1:]:
        name, _, query = part.partition("\n")
        queries[name.strip()] = query.strip().rstrip(";")
    return queries
