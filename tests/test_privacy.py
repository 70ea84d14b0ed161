"""Direct identifiers never leave staging: no column, and no value of one, is in a release."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import read_contract
from orchestration.settings import Settings
from sample_data.recipes import COMBINED, HOSTILE

DIRECT = [
    (entity, column)
    for entity in read_contract()
    for column in entity.columns
    if column.privacy == "direct"
]
DIRECT_COLUMNS = {column.name for _, column in DIRECT}
WORD = re.compile(r"[^\s\"'\u2019<>,;:()\[\]{}|=&?!/\\]+")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
# What the site's tools bring along, the same in every site.
BINARIES = {".wasm", ".woff", ".woff2", ".ttf", ".png", ".ico", ".gz"}


def words(text: str) -> tuple[str, ...]:
    """A text as words in small letters; an e-mail address is one word, a name several."""
    spoken = (word.strip(".-_*~") for word in WORD.findall(text.lower().replace("%40", "@")))
    return tuple(word for word in spoken if word)


def direct_values(raw_path: Path) -> set[tuple[str, ...]]:
    """Every value of a direct column that was landed, as words.

    Left out are values of one word and under five letters, which could be anything, and the hostile
    texts that the demo tenant plants in every column, public ones too.
    """
    with duckdb.connect(str(raw_path), read_only=True) as connection:
        values = {
            words(value)
            for entity, column in DIRECT
            for (value,) in connection.execute(
                f'select distinct "{column.name}" from raw_{entity.family}."{entity.name}"'
                f' where "{column.name}" is not null'
            ).fetchall()
        }
    planted = {words(text) for text in (*HOSTILE, COMBINED)}
    return {value for value in values - planted if len("".join(value)) >= 5}


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text in the files of a folder: the strings of tables, and whole files of text."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        if path.suffix == ".parquet":
            table = f"read_parquet('{path}')"
            for column, kind, *_ in duckdb.sql(f"describe from {table}").fetchall():
                if kind == "VARCHAR":
                    query = f'select distinct "{column}" from {table} where "{column}" is not null'
                    for (value,) in duckdb.sql(query).fetchall():
                        yield f"{name}: {column}", value
        elif path.suffix not in BINARIES:
            text = html.unescape(path.read_text(encoding="utf-8", errors="replace"))
            yield name, ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def leaks(folder: Path, values: set[tuple[str, ...]]) -> list[str]:
    """Where a direct value stands in the files of a folder, alone or within a longer text."""
    by_length = defaultdict(set)
    for value in values:
        by_length[len(value)].add(value)
    found = []
    for place, text in texts(folder):
        spoken = words(text)
        for length, wanted in by_length.items():
            windows = {spoken[i : i + length] for i in range(len(spoken) - length + 1)}
            found += [f"{place} holds {' '.join(value)!r}" for value in windows & wanted]
    return found


def columns(folder: Path) -> dict[str, set[str]]:
    """The columns of each Parquet file in a folder."""
    return {
        str(path.relative_to(folder)): {
            row[0] for row in duckdb.sql(f"describe from read_parquet('{path}')").fetchall()
        }
        for path in sorted(folder.rglob("*.parquet"))
    }


def test_the_contract_names_direct_identifiers():
    assert {"employee_number", "email", "full_name"} <= DIRECT_COLUMNS
    assert {entity.name for entity, _ in DIRECT} >= {"worker", "participant", "contact"}


def test_no_table_after_staging_has_a_direct_column(demo: Settings):
    with duckdb.connect(str(demo.warehouse_path), read_only=True) as connection:
        found = connection.execute(
            """
            select schema_name, table_name, column_name from duckdb_columns()
            where database_name = 'warehouse' and schema_name <> 'staging'
                and list_contains(?, column_name)
            """,
            [sorted(DIRECT_COLUMNS)],
        ).fetchall()
    assert found == []


def test_no_release_file_has_a_direct_column(demo_release: Path):
    tables = columns(demo_release)
    assert len(tables) > 10
    assert {name: found & DIRECT_COLUMNS for name, found in tables.items()} == {
        name: set() for name in tables
    }


def test_no_release_file_holds_a_direct_value(demo: Settings, demo_release: Path):
    values = direct_values(demo.raw_path)
    assert len(values) > 10_000
    assert leaks(demo_release, values) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", "<td>Renée O&#39;Neil</td>"),
        ("page.js", '{"who":"Ren\\u00e9e O\'Neil"}'),
        ("data.json", '{"mail": "RENEE@acme.example"}'),
        ("marts/notes.parquet", "told by renee@acme.example, yesterday"),
        ("marts/ids.parquet", "renee@acme.example"),
        ("marts/links.parquet", "https://acme.example/u/renee%40acme.example?tab=1"),
        ("words.txt", "This was done by Renée O\u2019Neil."),
        ("mails.txt", "Ask Renee@Acme.example."),
    ],
)
def test_a_leak_would_be_found(tmp_path: Path, name: str, content: str):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".parquet":
        duckdb.sql(f"copy (select '{content}' as note) to '{path}'")
    else:
        path.write_text(content)
    values = {words("Renée O'Neil"), words("renee@acme.example")}
    assert len(leaks(tmp_path, values)) == 1
    assert leaks(tmp_path, {words("somebody else"), words("renee@other.example")}) == []
