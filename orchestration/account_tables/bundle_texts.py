"""The texts in the files of a bundle, as they are and as a browser or a program would read them."""

import base64
import binascii
import contextlib
import csv
import gzip
import html
import io
import json
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_plus

import pyarrow as pa
import pyarrow.parquet as pq

ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}
DATA_URI = re.compile(r"data:[\w./+-]*(?:;[\w=-]+)*;base64,([A-Za-z0-9+/=_-]+)")
TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.S)
CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")


def texts_of(content: bytes) -> Iterator[str]:
    """Every text that the bytes of a file hold: decoded, decompressed, unescaped."""
    if content[:2] == b"\x1f\x8b":
        with contextlib.suppress(OSError, EOFError, zlib.error):
            yield from texts_of(gzip.decompress(content))
    if content[:4] == b"PAR1":
        yield from _readings(_parquet_text(content))
    text = content.decode(_encoding(content), "replace")
    yield from _readings(text)
    for match in DATA_URI.finditer(text):
        try:
            yield from texts_of(base64.b64decode(match[1] + "==", altchars=b"-_"))
        except binascii.Error:
            continue


def _encoding(content: bytes) -> str:
    """How bytes are read as text: with two bytes to a letter, every other one of Latin is zero."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding, zeros in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
        if zeros.count(0) > len(zeros) / 2:
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def columns_of(content: bytes, suffix: str) -> Iterator[tuple[str, set[str]]]:
    """The columns of a table and the texts in each; nothing for a file that is none."""
    if content[:4] == b"PAR1":
        table = pq.read_table(io.BytesIO(content))
        for name in table.column_names:
            yield name, {str(value) for value in table[name].to_pylist() if value is not None}
    elif suffix == ".csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8", "replace"))))
        for place, name in enumerate(rows[0] if rows else ()):
            yield name, {row[place] for row in rows[1:] if len(row) > place} - {""}
    elif suffix == ".json":
        try:
            yield from _json_columns(json.loads(content))
        except ValueError:
            return


def _json_columns(value: object) -> Iterator[tuple[str, set[str]]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, {inner} if isinstance(inner, str) else set()
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _json_columns(inner)


def _parquet_text(content: bytes) -> str:
    """All cells and names of a table, each between quotes."""
    table = pq.read_table(io.BytesIO(content))
    cells = [*table.column_names, *map(str, (table.schema.metadata or {}).items())]
    for column in table.columns:
        cells += column.unique().cast(pa.string(), safe=False).to_pylist()
    return "\n".join(f'"{cell}"' for cell in cells if cell is not None)


def _readings(text: str) -> Iterator[str]:
    """A text as it is and as HTML, a script, JSON, CSS and a link are read, one in another."""
    found = {text: None}
    for _ in range(2):
        for reading in tuple(found):
            for unescape in (
                html.unescape,
                _unescape,
                _unescape_css,
                unquote_plus,
                _undouble,
                _untagged,
            ):
                found.setdefault(unescape(reading))
    yield from found


def _unescape(text: str) -> str:
    """JSON's and JavaScript's escapes, two halves of a pair put together."""

    def character(match: re.Match) -> str:
        code = match[1] or match[2] or match[3]
        if code is None:
            return SIMPLE.get(match[4], match[4])
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""

    if "\\" not in text:
        return text
    plain = ESCAPE.sub(character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _undouble(text: str) -> str:
    """Quotes in a cell of a CSV file are written twice."""
    return text.replace('""', '"')


def _untagged(text: str) -> str:
    """What a browser shows: a name that tags or comments divide is one."""
    return TAG.sub("", text)


def _unescape_css(text: str) -> str:
    if "\\" not in text:
        return text
    return CSS_ESCAPE.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), text)
