"""The search of a bundle finds each kind of text that may not be in it, in each encoding."""

import base64
import gzip
import html
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from told_release import write_marts

from orchestration.account_tables import search_bundle, search_gaps

OWN = "acc-halden"
RAW = """
    create schema raw_participant;
    create schema raw_stakeholder;
    create table raw_stakeholder.account as from (values
        ('acc-halden', null, 'Halden Ridge'),
        ('acc-homecare', 'acc-halden', 'Halden Ridge Home Care'),
        ('acc-zephyr', null, 'Zéphyr & Sons "Wind"'),
        ('acc-gone', null, 'Renamed Long Ago'),
        ('12', null, 'All'),
        ('acc-summit', null, 'Summit')
    ) as account (account_id, parent_account_id, name);
    create table raw_stakeholder.contact as from (values
        ('ct-0001', 'acc-halden', 'Zoë Žižek', 'zoe.zizek@halden.example')
    ) as contact (contact_id, account_id, full_name, email);
    create table raw_participant.worker as from (values
        ('acc-halden', 'wk-70001', '4711042', 'w.own@halden.example', 'Ana María López')
    ) as worker (account_id, worker_id, employee_number, email, full_name);
    create table raw_participant.participant as from (values
        ('pt-000123', 'acc-halden', 'ab-99', 'w.own@halden.example', 'Ana María López'),
        ('pt-000124', 'acc-halden', null, null, 'Bo Xi'),
        ('pt-000125', 'acc-halden', null, null, 'Program prg-a')
    ) as participant (participant_id, account_id, employee_number, email, full_name);
    create table raw_participant.enrollment as from (values
        ('enr-000777', 'pt-000123')
    ) as enrollment (enrollment_id, participant_id);
"""
PLANTED = {
    "acc-zephyr": "the identifier of another account",
    "ACC-ZEPHYR": "the identifier of another account",
    'Zéphyr & Sons "Wind"': "the name of another account",
    "Halden Ridge Home Care": "the name of another account",
    "Renamed Long Ago": "the name of another account",
    "Summit": "the name of another account",
    "wk-70001": "a value of worker.worker_id",
    "pt-000123": "a value of participant.participant_id",
    "enr-000777": "a value of enrollment.enrollment_id",
    "ct-0001": "a value of contact.contact_id",
    "ana maría lópez": "a value of worker.full_name",
    "Zoë Žižek": "a value of contact.full_name",
    "w.own@halden.example": "a value of worker.email",
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with accounts, and the raw database beside its marts."""
    accounts = [
        {"account_id": "acc-halden", "name": "Halden Ridge"},
        {"account_id": "acc-zephyr", "name": 'Zéphyr & Sons "Wind"'},
        {"account_id": "acc-gone", "name": "Renamed", "is_current": True},
        {"account_id": "acc-gone", "name": "Renamed Long Ago", "is_current": False},
    ]
    folder = tmp_path_factory.mktemp("search") / "release"
    write_marts(folder, dim_accounts=accounts)
    with duckdb.connect(str(folder / "raw.duckdb")) as connection:
        connection.execute(RAW)
    return folder


@pytest.fixture
def search(release: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """Searches a bundle of one file."""

    def look(content: bytes | str, name: str = "page.html") -> list[str]:
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return search_bundle(tmp_path / "site", OWN, release, release / "raw.duckdb")

    return look


def parquet(text: str) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"title": ["a", text, "b"]}), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


ENCODINGS = {
    "html": lambda text: f"<p>and {text}, too</p>".encode(),
    "entities": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text).encode(),
    "escaped": lambda text: html.escape(text).encode(),
    "json": lambda text: json.dumps({"x": f"({text})"}).encode(),
    "script": lambda text: "".join(f"\\u{{{ord(letter):x}}}" for letter in text).encode(),
    "json_in_html": lambda text: html.escape(json.dumps([text])).encode(),
    "link": lambda text: f"<a href='/x?a={quote(text)}'>".encode(),
    "form": lambda text: f"/x?name={quote_plus(text)}&b=1".encode(),
    "css": lambda text: f'.a::before {{ content: "{text}" }}'.encode(),
    "csv": lambda text: f'title,count\r\n"{text.replace(chr(34), chr(34) * 2)}",3\r\n'.encode(),
    "parquet": parquet,
    "gzip": lambda text: gzip.compress(text.encode()),
    "gzipped_parquet": lambda text: gzip.compress(parquet(text)),
    "data_uri": lambda text: b"url(data:text/plain;base64," + base64.b64encode(text.encode()),
    "utf_16": lambda text: text.encode("utf-16"),
    "utf_16_unmarked": lambda text: text.encode("utf-16-le"),
    "tags": lambda text: f"<p>{text[:3]}<!-- --><wbr>{text[3:]}</p>".encode(),
    "hyphenated": lambda text: f"{text[:3]}\u00ad\u200b{text[3:]}".encode(),
    "low_lines": lambda text: text.replace(" ", "_").replace("-", "_").encode(),
    "capitals": lambda text: text.upper().encode(),
    "no_break_spaces": lambda text: text.replace(" ", "\u00a0").encode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_planted_text_is_found_in_every_encoding(search, encoding):
    for text, kind in PLANTED.items():
        found = search(ENCODINGS[encoding](text), f"file.{encoding}")
        assert any(kind in words for words in found), (text, found)


def test_a_file_in_latin_letters_of_one_byte_is_read(search):
    assert search("at Zoë Lund".encode("latin-1") + b" " + "Ana María López".encode("latin-1")) == [
        "page.html: a value of worker.full_name",
        "page.html: a value of participant.full_name",
    ]


def test_the_name_of_a_file_is_searched(search):
    assert search("nothing", "acc-zephyr.csv") == [
        "acc-zephyr.csv: the identifier of another account"
    ]


def test_an_account_may_read_its_own_name_and_ordinary_words(search):
    text = (
        "Halden Ridge (acc-halden): all 12 programs; at the summit, wk-7000 and pt-0001234;"
        " Programs; 4711042 hours; Ana, María and López"
    )
    assert search(text) == []


def test_a_name_that_holds_the_own_name_is_found(search):
    assert search("<p>Halden Ridge Home Care</p>") == ["page.html: the name of another account"]


def test_a_number_is_found_where_it_stands_as_a_text(search):
    assert search('{"hours": 4711042}') == []
    assert search('{"hours": "4711042"}') == ["page.html: a value of worker.employee_number"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"account_id,rate\r\n12,0.5\r\n"),
        ("a.json", b'[{"account_id": "12", "rate": 0.5}]'),
        ("a.parquet", None),
    ],
)
def test_a_row_of_another_account_is_found_however_short_its_identifier(search, name, content):
    if content is None:
        sink = pa.BufferOutputStream()
        pq.write_table(pa.table({"account_id": [OWN, "12"]}), sink)
        content = sink.getvalue().to_pybytes()
    assert search(content, name) == [f"{name}: a row of another account"]


def test_rows_of_the_own_account_and_of_all_are_its_own(search):
    assert search(b"account_id,rate\r\nacc-halden,0.5\r\nall,0.4\r\n", "a.csv") == []


def test_a_column_about_people_is_found_even_with_values_too_short_to_search(search):
    assert search(b"full_name,rate\r\nBo,0.5\r\n", "a.csv") == ["a.csv: a column full_name"]


def test_what_is_too_short_or_too_ordinary_to_search_is_counted(release):
    gaps = search_gaps(release, release / "raw.duckdb")
    assert gaps == {
        "the identifier of another account": 1,  # 12
        "the name of another account": 1,  # All
        "a value of participant.employee_number": 1,  # ab-99
        "a value of participant.full_name": 2,  # Bo Xi, and the title of a program
    }


def test_findings_tell_nobody_by_name(search):
    for text in PLANTED:
        assert not any(text.casefold() in words.casefold() for words in search(text))


def test_without_the_raw_database_nothing_is_searched(release, tmp_path):
    with pytest.raises(FileNotFoundError, match="cannot be searched for people"):
        search_bundle(tmp_path, OWN, release, tmp_path / "none.duckdb")
