"""Writing values and names into SQL text, safely."""

from collections.abc import Iterable


def text(value: str) -> str:
    """Return a string as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """Return an identifier as SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def names(identifiers: Iterable[str]) -> str:
    """Return identifiers as SQL, separated by commas."""
    return ", ".join(map(name, identifiers))
