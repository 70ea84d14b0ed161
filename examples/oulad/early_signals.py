"""Print the tables of early_signals.md: ``python -m examples.oulad.early_signals WAREHOUSE``."""

import argparse
from pathlib import Path

import duckdb

from examples.queries import read_queries

QUERIES = read_queries(Path(__file__).with_suffix(".sql"))


def as_markdown(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Return the result of a query as a Markdown table."""
    relation = connection.execute(query)
    names = [column[0] for column in relation.description]
    rows = [names, ["---"] * len(names), *relation.fetchall()]
    return "\n".join(f"| {' | '.join(str(value) for value in row)} |" for row in rows)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.oulad.early_signals", description=__doc__
    )
    parser.add_argument("warehouse", type=Path, help="such as oulad/data/warehouse.duckdb")
    arguments = parser.parse_args()
    with duckdb.connect(arguments.warehouse, read_only=True) as connection:
        for name, query in QUERIES.items():
            print(f"{name}\n\n{as_markdown(connection, query)}\n")


if __name__ == "__main__":
    main()
