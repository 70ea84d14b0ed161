"""The slow path for text files: part the broken records from the good ones, in bounded memory.

DuckDB reads a sound file many times faster than Python, but refuses a whole file for one broken
record. Only such a file comes here. Good records go to a file that DuckDB takes, each with its
number in front; broken ones to a CSV file of number, reason code, message and raw text.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

# The longest record taken, in bytes. A quote that stays open for longer is a mistake, not a value.
RECORD_LIMIT = 2 * 1024 * 1024
# How much of a broken record is kept beside its reason, in characters.
RAW_TEXT_LIMIT = 10_000
# The byte order mark that some programs write before UTF-8 text.
BOM = b"\xef\xbb\xbf"
# Stands between number and line of separated JSON lines: a character that no JSON text may hold.
JSON_SEPARATOR = b"\x01"

MESSAGES = {
    "bad_encoding": "the text is not UTF-8: save the file as UTF-8",
    "bad_json": "the line is not one JSON object that names each value once",
    "bad_quoting": 'a quote is out of place: write "..." around a value, and "" for a quote in it',
    "line_too_long": f"the row is longer than {RECORD_LIMIT:,} bytes",
    "wrong_field_count": 'the row has not as many values as the header: write "..." around a value '
    "that holds a comma",
}

# Possessive quantifiers (*+) keep the matching linear whatever the text.
_QUOTED = rb' *+"[^"]*+(?:""[^"]*+)*+" *+'
_FIELD = rb'(?:%b|(?! *")[^,\n]*+)' % _QUOTED
_ONE_FIELD = re.compile(_FIELD)
_SOUND_RECORD = re.compile(rb"%b(?:,%b)*+" % (_FIELD, _FIELD))
_OPEN_RECORD = re.compile(rb'(?:%b,)*+ *+"[^"]*+(?:""[^"]*+)*+' % _FIELD)
_STILL_OPEN = re.compile(rb'[^"]*+(?:""[^"]*+)*+')

# A record's text, and the reason code where it is already known to be broken.
Record = tuple[bytes, str | None]


def separate_csv(stream: BinaryIO, field_count: int, good: Path, broken: Path) -> None:
    """Part the records of a CSV file whose header has been read.

    A record may span lines if its quotes are sound. Where a quote never closes, or closes amid a
    value, the first line alone is rejected and reading goes on at the next: a stray quote costs one
    row. Empty lines are no records, and empty values after the last column are dropped: DuckDB does
    the same.
    """

    def rewrite(text: bytes) -> bytes | str:
        if b'"' not in text and b"\r" not in text and text.count(b",") == field_count - 1:
            return text
        fields = split_record(text) or []
        while len(fields) > field_count and not fields[-1]:
            fields.pop()
        if len(fields) != field_count:
            return "wrong_field_count"
        return b",".join(b'"%b"' % field.replace(b'"', b'""') for field in fields)

    _separate(_csv_records(_lines(stream)), rewrite, b",", good, broken)


def separate_json_lines(stream: BinaryIO, good: Path, broken: Path) -> None:
    """Part the lines that DuckDB can read as text from the others; empty lines are no records."""

    def rewrite(text: bytes) -> bytes | str:
        return "bad_json" if JSON_SEPARATOR in text else text

    if stream.read(len(BOM)) != BOM:
        stream.seek(0)
    records = ((_unended(text), code) for text, code in _lines(stream) if code or text.strip())
    _separate(records, rewrite, JSON_SEPARATOR, good, broken)


def split_record(line: bytes) -> list[bytes] | None:
    """Return the values of a CSV record, unquoted; None where a quote is out of place."""
    record = _unended(line)
    if not _SOUND_RECORD.fullmatch(record):
        return None
    values, position = [], 0
    while position <= len(record) and (match := _ONE_FIELD.match(record, position)):
        value, bare = match.group(), match.group().strip(b" ")
        values.append(bare[1:-1].replace(b'""', b'"') if bare.startswith(b'"') else value)
        position = match.end() + 1
    return values


def _separate(
    records: Iterator[Record],
    rewrite: Callable[[bytes], bytes | str],
    separator: bytes,
    good: Path,
    broken: Path,
) -> None:
    """Number the records from 1 and write each to one of the two files."""
    with good.open("wb") as accepted, broken.open("w", encoding="utf-8", newline="") as file:
        rejected = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, (text, code) in enumerate(records, start=1):
            result = code or (rewrite(text) if _is_utf8(text) else "bad_encoding")
            if isinstance(result, bytes):
                accepted.write(b"%d%b%b\n" % (number, separator, result))
            else:
                raw = text[: 4 * RAW_TEXT_LIMIT].decode("utf-8", "backslashreplace")
                rejected.writerow((number, result, MESSAGES[result], raw[:RAW_TEXT_LIMIT]))


def _lines(stream: BinaryIO) -> Iterator[Record]:
    """Yield each line with its end; of a line over the limit only the beginning."""
    while line := stream.readline(RECORD_LIMIT):
        if len(line) < RECORD_LIMIT or line.endswith(b"\n"):
            yield line, None
        else:
            while (rest := stream.readline(RECORD_LIMIT)) and not rest.endswith(b"\n"):
                pass
            yield line[: 4 * RAW_TEXT_LIMIT], "line_too_long"


def _csv_records(lines: Iterator[Record]) -> Iterator[Record]:
    """Yield each record without its line end."""
    put_back: deque[Record] = deque()

    def following() -> Record | None:
        return put_back.popleft() if put_back else next(lines, None)

    while (item := following()) is not None:
        line, code = item
        if code or b'"' not in line:
            if code or _unended(line):
                yield _unended(line), code
            continue
        record, size, ahead = line, len(line), list[Record]()
        while _OPEN_RECORD.fullmatch(record):
            is_open = True
            while is_open and size <= RECORD_LIMIT and (item := following()) is not None:
                ahead.append(item)
                size += len(item[0])
                is_open = not item[1] and _STILL_OPEN.fullmatch(item[0]) is not None
            if is_open or ahead[-1][1]:
                break
            record = line + b"".join(text for text, _ in ahead)
        if _SOUND_RECORD.fullmatch(_unended(record)):
            yield _unended(record), None
        else:
            put_back.extendleft(reversed(ahead))
            yield _unended(line), "bad_quoting"


def _unended(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
