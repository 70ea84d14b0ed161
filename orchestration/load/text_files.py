"""Text files, CSV and JSON lines, as DuckDB reads them, and what must be known of them before."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from orchestration.contract import Entity
from orchestration.load import separate, sql
from orchestration.load.landing import FileProblem
from orchestration.load.source import Source, tabular_source

MISLEADING_STARTS = {
    b"\x1f\x8b": "is compressed with gzip: its name must end in .gz",
    b"PK\x03\x04": "is a zip archive or a workbook: save it as CSV",
    b"PAR1": "is a Parquet file: its name must end in .parquet",
    b"\xff\xfe": "is encoded as UTF-16: save it as UTF-8",
    b"\xfe\xff": "is encoded as UTF-16: save it as UTF-8",
}
READ_SIZE = 1024 * 1024
GZIP_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error)
CSV_DIALECT = "delim = ',', quote = '\"', escape = '\"'"
JSON_DIALECT = f"delim = e'\\x{separate.JSON_SEPARATOR.hex()}', quote = '', escape = ''"


@contextmanager
def open_text(path: Path) -> Iterator[tuple[BinaryIO, bytes]]:
    """Open a text file, compressed or not; give the stream after the first line, and that line.

    The byte order mark is taken off. A first line over the limit is cut.

    Raises:
        FileProblem: the file is empty, or its bytes are those of another format.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            first = stream.readline(separate.RECORD_LIMIT)
            for start, problem in MISLEADING_STARTS.items():
                if first.startswith(start):
                    raise FileProblem(problem)
            first = first.removeprefix(separate.BOM)
            if not first:
                raise FileProblem("is empty: there is not even a header")
            yield stream, first
    except GZIP_ERRORS as error:
        raise FileProblem("is cut off or damaged: gzip cannot unpack it") from error


def check_unpacks(path: Path) -> None:
    """Unpack a gzip file to its end: DuckDB takes one that was cut off for a whole one.

    Raises:
        FileProblem: it does not unpack.
    """
    with open_text(path) as (stream, _):
        while stream.read(READ_SIZE):
            pass


def csv_header(first_line: bytes) -> list[str]:
    """Return the column names of a CSV file; a column without a name is called by its number.

    Raises:
        FileProblem: the line is no header with commas.
    """
    names = separate.split_record(first_line)
    if names is None:
        raise FileProblem("has no header on its first line: column names, separated by commas")
    try:
        header = [name.decode("utf-8").strip() for name in names]
    except UnicodeDecodeError as error:
        raise FileProblem("is not encoded as UTF-8: save it as UTF-8") from error
    if len(header) == 1:
        for delimiter, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if delimiter in header[0]:
                raise FileProblem(f"separates its columns by {called}: separate them by commas")
    return [name or f"column_{number}" for number, name in enumerate(header, start=1)]


def csv_source(path: Path, entity: Entity, separated: Path | None) -> Source:
    """Return a CSV file as a source of text; `separated` holds its good records, if parted."""
    with open_text(path) as (_, first_line):
        header = csv_header(first_line)
    names = [f"c{number}" for number in range(len(header))]
    if separated:
        relation = _text_relation(separated, ["_row_no", *names], CSV_DIALECT)
    else:
        relation = _text_relation(path, names, CSV_DIALECT, first_line)
    landed = [(found, name, "VARCHAR") for found, name in zip(header, names, strict=True)]
    return tabular_source(relation, landed, entity, row_no="_row_no" if separated else "rowid")


def json_lines(path: Path, separated: Path | None) -> str:
    """Return a JSON lines file as a relation with the column `line`."""
    if separated:
        return _text_relation(separated, ["_row_no", "line"], JSON_DIALECT)
    with open_text(path) as (_, first_line):
        return _text_relation(path, ["line"], JSON_DIALECT, first_line)


def _text_relation(
    path: Path, columns: list[str], dialect: str, first_line: bytes | None = None
) -> str:
    """Return a text file as a relation of text, its header the first row.

    Without a first line it is a file of separated records, which are a little longer than landed.

    DuckDB guesses nothing and refuses every oddity. It is not asked to skip the header: then it
    takes a wrong `new_line` without a word, and the file for empty.
    """
    newline = r"\r\n" if (first_line or b"").endswith(b"\r\n") else r"\n"
    limit = separate.RECORD_LIMIT * (1 if first_line else 2)
    types = ", ".join(f"{sql.text(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({sql.text(str(path))}, auto_detect = false, columns = {{{types}}}, "
        f"header = false, {dialect}, new_line = '{newline}', "
        f"max_line_size = {limit})"
    )


def separate_file(path: Path, good: Path, broken: Path) -> None:
    """Part the records of a text file: the good ones to one file, the broken ones to another."""
    with open_text(path) as (stream, first_line):
        if ".csv" in path.suffixes:
            separate.separate_csv(stream, len(csv_header(first_line)), good, broken)
        else:
            stream.seek(0)
            separate.separate_json_lines(stream, good, broken)
