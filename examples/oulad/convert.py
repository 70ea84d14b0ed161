"""Land the Open University Learning Analytics Dataset: seven files in, a landing folder out.

The mapping itself is ``mapping.sql``; ``source.py`` says what the files must hold.
"""

from pathlib import Path

import duckdb

from examples.landing import Report, land
from examples.oulad.source import SCHEMA, check_tables
from examples.source import find_files, read_file

HERE = Path(__file__).resolve().parent
PARTS = {"cohort_id": "select cohort_id from presentation order by 1"}


def convert(
    folder: Path,
    landing_dir: Path,
    report: Report = lambda line: None,
    memory_limit: str = "1GB",
) -> dict[str, int]:
    """Write the landing folder of the seven files in a folder; see `examples.landing.land`.

    Raises:
        SourceError: a file, a column or a value is missing or not understood, or the landing folder
            exists and holds something else.
    """
    paths = find_files(folder, SCHEMA)

    def read(connection: duckdb.DuckDBPyConnection) -> None:
        for table, path in paths.items():
            report(f"read {path.name}: {read_file(connection, table, path, SCHEMA):,} rows")
        check_tables(connection)

    return land(HERE, paths, read, landing_dir, report, PARTS, memory_limit)
