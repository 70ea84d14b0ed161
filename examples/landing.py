"""From the files of a real data set to a landing folder, which appears whole or not at all.

An example is a package with its mapping in ``mapping.sql``: a name with an ending is a landed file,
as ``<family>/<entity>/<file>``; the others are views that the queries below them use.
"""

import argparse
import hashlib
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from examples.queries import read_queries
from examples.source import SourceError
from orchestration.load import sql

SHARED = Path(__file__).resolve().parent

Report = Callable[[str], object]


def run(convert: Callable[..., dict[str, int]], example: str, files: str) -> int:
    """Convert what the command line says, print what was written, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {example}", description=f"Land the {files} of a folder."
    )
    parser.add_argument("folder", type=Path, help=f"folder of the {files}, Parquet or CSV")
    parser.add_argument("landing_dir", type=Path, help="landing folder to write")
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        landed = convert(arguments.folder, arguments.landing_dir, report=print)
    except (SourceError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if landed:
        seconds = time.monotonic() - started
        print(f"{sum(landed.values()):,} rows in {arguments.landing_dir}, {seconds:.1f} s")
    return 0


def land(
    example: Path,
    paths: Mapping[str, Path],
    read: Callable[[duckdb.DuckDBPyConnection], None],
    landing_dir: Path,
    report: Report,
    parts: Mapping[str, str] | None = None,
    memory_limit: str = "1GB",
) -> dict[str, int]:
    """Write the landing folder of some files.

    The folder is written beside its place and renamed.

    Args:
        example: folder of the mapping.
        paths: the files that the landing folder is made from.
        read: reads them into tables, and refuses what the mapping cannot land whole.
        landing_dir: the folder to write.
        report: is told what was written.
        parts: for a file name such as `{cohort_id}.parquet`, the query of all values; the mapping
            reads the one that is being written by getvariable('cohort_id').
        memory_limit: of DuckDB.

    Returns:
        The rows of each landed file; none where the landing folder of these files is there already.

    Raises:
        SourceError: the files cannot be landed, or the landing folder exists and holds something
            else.
    """
    name = f".{example.name}.json"
    marker = {
        "inputs": {path.name: _digest(path) for path in paths.values()},
        "code": _code(example),
    }
    if _is_landed(landing_dir, name, marker):
        report(f"{landing_dir} is there already, made from the same files: nothing to do")
        return {}

    landing_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f".{landing_dir.name}-", dir=landing_dir.parent, ignore_cleanup_errors=True
    ) as work:
        landing, scratch = Path(work, "landing"), Path(work, "scratch")
        landing.mkdir()
        scratch.mkdir()
        with duckdb.connect(scratch / "source.duckdb") as connection:
            connection.execute(f"set memory_limit = '{memory_limit}'")
            connection.execute("set TimeZone = 'UTC'")
            read(connection)
            landed = _write(connection, example, landing, parts or {}, report)
        (landing / name).write_text(json.dumps(marker, indent=2) + "\n", encoding="utf-8")
        landing.rename(landing_dir)
    return landed


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _code(example: Path) -> str:
    """Return a hash of the mapping: a landing folder of an older one is not this one's result."""
    files = sorted([*SHARED.glob("*.py"), *example.glob("*.py"), example / "mapping.sql"])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _is_landed(landing_dir: Path, name: str, marker: dict) -> bool:
    """Say whether the landing folder is there, and refuse to touch one that is something else."""
    if not landing_dir.exists() or (landing_dir.is_dir() and not any(landing_dir.iterdir())):
        return False
    try:
        present = json.loads((landing_dir / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise SourceError(
            f"{landing_dir} exists and was not made by this command: name another folder"
        ) from error
    if present == marker:
        return True
    raise SourceError(
        f"{landing_dir} was made from other files or by another version of the mapping:"
        " remove it, then run again"
    )


def _write(
    connection: duckdb.DuckDBPyConnection,
    example: Path,
    landing: Path,
    parts: Mapping[str, str],
    report: Report,
) -> dict[str, int]:
    """Write the landed files, and return the rows of each."""
    landed = {}
    for name, query in read_queries(example / "mapping.sql").items():
        if "." not in name:
            connection.execute(f"create view {name} as {query}")
            continue
        part = re.search(r"{(\w+)}", name)
        values = connection.execute(parts[part[1]]).fetchall() if part else [("",)]
        for (value,) in values:
            file = name
            if part:
                connection.execute(f"set variable {part[1]} = $1", [value])
                file = name.replace(part[0], value)
            (landing / file).parent.mkdir(parents=True, exist_ok=True)
            options = "format csv, header" if file.endswith(".csv") else "codec zstd"
            landed[file] = connection.execute(
                f"copy ({query}) to {sql.text(str(landing / file))} ({options})"
            ).fetchone()[0]
            report(f"wrote {file}: {landed[file]:,} rows")
    return landed
