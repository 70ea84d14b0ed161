"""Land the Open University Learning Analytics Dataset: seven files in, a landing folder out.

The mapping itself is ``mapping.sql``; ``source.py`` reads the files and refuses what the mapping
cannot land whole; this module puts the result in place in one step.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from examples.oulad.queries import read_queries
from examples.oulad.source import OuladError, check_tables, find_files, read_file
from orchestration.load import sql

HERE = Path(__file__).resolve().parent
MARKER = ".oulad.json"


def convert(
    folder: Path,
    landing_dir: Path,
    report: Callable[[str], object] = lambda line: None,
    memory_limit: str = "1GB",
) -> dict[str, int]:
    """Write the landing folder of the seven files in a folder.

    The folder appears whole or not at all: it is written beside its place and renamed. A Parquet
    file goes before a CSV file of the same name.

    Returns:
        The rows of each landed file; none where the landing folder of these files is there already.

    Raises:
        OuladError: a file, a column or a value is missing or not understood, or the landing folder
            exists and holds something else.
    """
    paths = find_files(folder)
    marker = {"inputs": {path.name: _digest(path) for path in paths.values()}, "code": _code()}
    if _is_landed(landing_dir, marker):
        report(f"{landing_dir} is there already, made from the same files: nothing to do")
        return {}

    landing_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f".{landing_dir.name}-", dir=landing_dir.parent, ignore_cleanup_errors=True
    ) as work:
        landing, scratch = Path(work, "landing"), Path(work, "scratch")
        landing.mkdir()
        scratch.mkdir()
        with duckdb.connect(scratch / "oulad.duckdb") as connection:
            connection.execute(f"set memory_limit = '{memory_limit}'")
            connection.execute("set TimeZone = 'UTC'")
            for table, path in paths.items():
                report(f"read {path.name}: {read_file(connection, table, path):,} rows")
            check_tables(connection)
            landed = _write(connection, landing, report)
        (landing / MARKER).write_text(json.dumps(marker, indent=2) + "\n", encoding="utf-8")
        landing.rename(landing_dir)
    return landed


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _code() -> str:
    """Return a hash of the mapping: a landing folder of an older one is not this one's result."""
    files = sorted([*HERE.glob("*.py"), *HERE.glob("mapping.sql")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _is_landed(landing_dir: Path, marker: dict) -> bool:
    """Say whether the landing folder is there, and refuse to touch one that is something else."""
    if not landing_dir.exists() or (landing_dir.is_dir() and not any(landing_dir.iterdir())):
        return False
    try:
        present = json.loads((landing_dir / MARKER).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise OuladError(
            f"{landing_dir} exists and was not made by this command: name another folder"
        ) from error
    if present == marker:
        return True
    raise OuladError(
        f"{landing_dir} was made from other files or by another version of the mapping:"
        " remove it, then run again"
    )


def _write(
    connection: duckdb.DuckDBPyConnection, landing: Path, report: Callable[[str], object]
) -> dict[str, int]:
    """Write the landed files, and return the rows of each."""
    landed = {}
    for name, query in read_queries(HERE / "mapping.sql").items():
        if "." not in name:
            connection.execute(f"create view {name} as {query}")
            continue
        cohorts = connection.execute("select cohort_id from presentation order by 1").fetchall()
        for (cohort_id,) in cohorts if "{cohort_id}" in name else [("",)]:
            connection.execute("set variable cohort_id = $1", [cohort_id])
            file = name.format(cohort_id=cohort_id)
            (landing / file).parent.mkdir(parents=True, exist_ok=True)
            options = "format csv, header" if file.endswith(".csv") else "codec zstd"
            landed[file] = connection.execute(
                f"copy ({query}) to {sql.text(str(landing / file))} ({options})"
            ).fetchone()[0]
            report(f"wrote {file}: {landed[file]:,} rows")
    return landed
