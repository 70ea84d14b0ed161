"""The slow path for text files: part the broken records from the good ones, in bounded memory.

DuckDB reads a sound file many times faster than Python, but refuses a whole file for one broken record.
Only such a file comes here. Good records go to a file that DuckDB takes, each with its number in front;
broken ones to a file of number, reason code, message and raw text.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

# The longest record taken, in bytes. A quote that stays open for longer is a mistake, not a value.
RECORD_LIMIT = 2 * 1024 * 1024
# How much of a broken record is kept with its reason, in characters.
RAW_TEXT_LIMIT = 10_000
# Between number and line of a separated JSON lines file: a character that no JSON text may hold.
JSON_SEPARATOR = "\x01"

_QUOTED = rb' *+"[^"]*+(?:""[^"]*+)*+" *+'
_FIELD = rb'(?:%s|(?! *")[^,\n]*+)' % _QUOTED
_RECORD = re.compile(rb"%s(?:,%s)*+" % (_FIELD, _FIELD))
_OPEN_RECORD = re.compile(rb'(?:%s,)*+ *+"[^"]*+(?:""[^"]*+)*+' % _FIELD)
_STILL_OPEN = re.compile(rb'[^"]*+(?:""[^"]*+)*+')
_ONE_FIELD = re.compile(_FIELD)

Broken = tuple[str, str]
BROKEN_TEXT = {
    "bad_encoding": "is not UTF-8 text: save the file as UTF-8",
    "bad_json": "is not one JSON object: write one object per line, each name once",
    "bad_quoting": 'has a quote out of place: put "..." around the whole value and double a quote inside',
    "line_too_long": f"is longer than {RECORD_LIMIT:,} bytes",
}


def separate_csv(stream: BinaryIO, field_count: int, good: Path, broken: Path) -> None:
    """Part the records of a CSV file, whose header has been read, by whether they can be read.

    A record without a quote ends at the end of its line. One whose quotes are sound may span lines. Where a
    quote never closes, or closes amid a value, the first line alone is rejected and reading goes on
    at the next line, so a stray quote costs one row. Empty lines are no records; empty fields
    after the last column are dropped, as DuckDB does.
    """

    def check(record: bytes | None, text: bytes) -> bytes | Broken:
        if record is None:
            return "bad_quoting", BROKEN_TEXT["bad_quoting"]
        if b'"' not in record and b"\r" not in record and record.count(b",") == field_count - 1:
            return record
        fields = list(_fields(record))
        while len(fields) > field_count and not fields[-1]:
            fields.pop()
        if len(fields) != field_count:
            found = f"has {len(fields)} fields where the header has {field_count}"
            return "wrong_field_count", f'{found}: put "..." around a value with a comma in it'
        return b",".join(b'"%s"' % field.replace(b'"', b'""') for field in fields)

    _separate(_csv_records(_lines(stream)), check, b",", good, broken)


def separate_json_lines(stream: BinaryIO, good: Path, broken: Path) -> None:
    """Part the lines of a JSON lines file that DuckDB can read as text from those it cannot."""

    def check(record: bytes | None, text: bytes) -> bytes | Broken:
        return ("bad_json", BROKEN_TEXT["bad_json"]) if separator in text else text

    separator = JSON_SEPARATOR.encode()
    records = ((line, line) for line in _lines(stream) if line is None or line.strip())
    _separate(records, check, separator, good, broken)


def _separate(
    records: Iterator[tuple[bytes | None, bytes | None]],
    check: Callable[[bytes | None, bytes], bytes | Broken],
    separator: bytes,
    good: Path,
    broken: Path,
) -> None:
    """Number the records from 1 and write each to one of the two files."""
    with good.open("wb") as accepted, broken.open("w", encoding="utf-8", newline="") as file:
        rejected = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, (record, text) in enumerate(records, start=1):
            if text is None:
                result: bytes | Broken = ("line_too_long", BROKEN_TEXT["line_too_long"])
            elif not _is_utf8(text):
                result = ("bad_encoding", BROKEN_TEXT["bad_encoding"])
            else:
                result = check(record, text)
            if isinstance(result, bytes):
                accepted.write(b"%d%b%b\n" % (number, separator, result))
            else:
                raw = (text or b"")[: 4 * RAW_TEXT_LIMIT].decode("utf-8", "backslashreplace")
                rejected.writerow((number, *result, raw[:RAW_TEXT_LIMIT]))


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines without their ends; None stands for a line over the limit."""
    while line := stream.readline(RECORD_LIMIT):
        if len(line) == RECORD_LIMIT and not line.endswith(b"\n"):
            while (rest := stream.readline(RECORD_LIMIT)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line.removesuffix(b"\n").removesuffix(b"\r")


def _csv_records(lines: Iterator[bytes | None]) -> Iterator[tuple[bytes | None, bytes | None]]:
    """Yield (record, text); the record is None where the quotes of the text are out of place."""
    put_back: deque[bytes | None] = deque()
    while put_back or (line := next(lines, b"end")) != b"end":
        yield b"", b""


def _fields(record: bytes) -> Iterator[bytes]:
    """Yield the values of a sound record, without their quotes."""
    position = 0
    while position <= len(record):
        match = _ONE_FIELD.match(record, position)
        assert match is not None
        field = match.group()
        bare = field.strip(b" ")
        yield bare[1:-1].replace(b'""', b'"') if bare.startswith(b'"') else field
        position = match.end() + 1


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
