"""Land the incident management event log: one file in, a landing folder out.

The mapping itself is ``mapping.sql``; ``source.py`` says what the file must hold.
"""

from pathlib import Path

import duckdb

from examples.itsm.source import SCHEMA, TABLE, check_log
from examples.landing import Report, land
from examples.source import find_files, read_file

HERE = Path(__file__).resolve().parent


def convert(folder: Path, landing_dir: Path, report: Report = lambda line: None) -> dict[str, int]:
    """Write the landing folder of the log in a folder; see `examples.landing.land`.

    Raises:
        SourceError: the file, a column or a value is missing or not understood, or the landing
            folder exists and holds something else.
    """
    paths = find_files(folder, SCHEMA)

    def read(connection: duckdb.DuckDBPyConnection) -> None:
        rows = read_file(connection, TABLE, paths[TABLE], SCHEMA)
        report(f"read {paths[TABLE].name}: {rows:,} rows")
        check_log(connection)

    return land(HERE, paths, read, landing_dir, report)
