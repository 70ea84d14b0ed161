"""Land the Open University Learning Analytics Dataset: seven files in, a landing folder out.

The mapping itself is ``mapping.sql``; this module reads the files, refuses what the mapping cannot
land whole, and puts the result in place in one step.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from examples.oulad.queries import read_queries

HERE = Path(__file__).resolve().parent
MARKER = ".oulad.json"

# The columns that the mapping needs; "!" marks those without which a row cannot be landed.
SCHEMA = {
    "courses": {
        "code_module": "varchar!",
        "code_presentation": "varchar!",
        "module_presentation_length": "integer!",
    },
    "assessments": {
        "code_module": "varchar!",
        "code_presentation": "varchar!",
        "id_assessment": "integer!",
        "assessment_type": "varchar!",
        "date": "integer",
        "weight": "double",
    },
    "vle": {
        "id_site": "integer!",
        "code_module": "varchar!",
        "code_presentation": "varchar!",
        "activity_type": "varchar",
    },
    "studentInfo": {
        "code_module": "varchar!",
        "code_presentation": "varchar!",
        "id_student": "integer!",
        "num_of_prev_attempts": "integer",
        "final_result": "varchar!",
    },
    "studentRegistration": {
        "code_module": "varchar!",
        "code_presentation": "varchar!",
        "id_student": "integer!",
        "date_registration": "integer",
        "date_unregistration": "integer",
    },
    "studentAssessment": {
        "id_assessment": "integer!",
        "id_student": "integer!",
        "date_submitted": "integer!",
        "is_banked": "integer!",
        "score": "double",
    },
    "studentVle": {
        "code_module": "varchar!",
        "code_presentation": "varchar!",
        "id_student": "integer!",
        "id_site": "integer!",
        "date": "integer!",
        "sum_click": "integer!",
    },
}

PRESENTATION = "code_module, code_presentation"
KEYS = {
    "courses": PRESENTATION,
    "assessments": "id_assessment",
    "vle": f"id_site, {PRESENTATION}",
    "studentInfo": f"{PRESENTATION}, id_student",
    "studentRegistration": f"{PRESENTATION}, id_student",
    "studentAssessment": "id_assessment, id_student",
}
# A row of the first file finds its row in the second by these columns, or it would be lost.
REFERENCES = [
    ("assessments", "courses", PRESENTATION),
    ("studentInfo", "studentRegistration", KEYS["studentInfo"]),
    ("studentRegistration", "studentInfo", KEYS["studentInfo"]),
    ("studentRegistration", "courses", PRESENTATION),
    ("studentAssessment", "assessments", "id_assessment"),
    ("studentVle", "courses", PRESENTATION),
]
# What the mapping understands: a pattern of the whole value.
PATTERNS = {
    ("courses", "code_module"): r"\w+",
    ("courses", "code_presentation"): r"\d{4}[BJ]",
    ("assessments", "assessment_type"): "TMA|CMA|Exam",
    ("studentInfo", "final_result"): "Pass|Distinction|Fail|Withdrawn",
    ("studentAssessment", "is_banked"): "0|1",
}


class OuladError(Exception):
    """The files cannot be landed; the message names the file and the column."""


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
    paths = _find_files(folder)
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
                report(f"read {path.name}: {_read(connection, table, path):,} rows")
            _check(connection)
            landed = _write(connection, landing, report)
        (landing / MARKER).write_text(json.dumps(marker, indent=2) + "\n", encoding="utf-8")
        landing.rename(landing_dir)
    return landed


def _find_files(folder: Path) -> dict[str, Path]:
    """Return the seven files of a folder by table name."""
    if not folder.is_dir():
        raise OuladError(f"{folder} is not a folder")
    found, missing = {}, []
    for table in SCHEMA:
        candidates = [folder / f"{table}.parquet", folder / f"{table}.csv"]
        path = next((path for path in candidates if path.is_file()), None)
        if path:
            found[table] = path
        else:
            missing.append(f"{table}.parquet (or .csv)")
    if missing:
        raise OuladError(f"{folder} lacks {', '.join(missing)}")
    return found


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


def _read(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> int:
    """Read one file into a typed table of its name, and return the number of rows."""
    reader = (
        "read_parquet(?)"
        if path.suffix == ".parquet"
        else "read_csv(?, header=true, delim=',', quote='\"', all_varchar=true, nullstr=['', '?'])"
    )
    columns = SCHEMA[table]
    casts = {name: f'cast("{name}" as {kind.rstrip("!")})' for name, kind in columns.items()}
    try:
        source = connection.sql(f"from {reader}", params=[str(path)])
        missing = [name for name in columns if name not in source.columns]
        if missing:
            raise OuladError(f"{path.name} lacks the column {', '.join(missing)}")
        selected = ", ".join(f'{cast} as "{name}"' for name, cast in casts.items())
        connection.execute(
            f'create table "{table}" as select {selected} from {reader}', [str(path)]
        )
    except duckdb.ConversionException as error:
        for name, cast in casts.items():
            bad = connection.execute(
                f'select "{name}" from {reader} where "{name}" is not null'
                f" and {cast.replace('cast', 'try_cast', 1)} is null limit 1",
                [str(path)],
            ).fetchone()
            if bad:
                kind = columns[name].rstrip("!")
                raise OuladError(f"{path.name}: {name} is {bad[0]!r}, not {kind}") from error
        raise OuladError(f"{path.name}: {error}") from error
    except duckdb.Error as error:
        raise OuladError(f"{path.name} cannot be read: {error}") from error
    return connection.execute(f'select count(*) from "{table}"').fetchone()[0]


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse what would lose or multiply rows on the way."""

    def refuse(query: str, message: str) -> None:
        """Raise the message with the first row that the query finds."""
        row = connection.execute(f"{query} limit 1").fetchone()
        if row:
            raise OuladError(message.format(", ".join(str(value) for value in row)))

    for table, columns in SCHEMA.items():
        for column, kind in columns.items():
            if kind.endswith("!"):
                refuse(
                    f"select count(*) from {table} where {column} is null having count(*) > 0",
                    f"{table}: {column} is empty in {{}} rows",
                )
    for (table, column), pattern in PATTERNS.items():
        refuse(
            f"select {column} from {table}"
            f" where not regexp_full_match({column}::varchar, '{pattern}')",
            f"{table}: {column} is {{}}, which the mapping does not know",
        )
    for table, key in KEYS.items():
        refuse(
            f"select {key} from {table} group by {key} having count(*) > 1",
            f"{table}: several rows for the same {key}: {{}}",
        )
    for table, other, key in REFERENCES:
        refuse(
            f"select {key} from {table} anti join {other} using ({key})",
            f"{table}: {key} {{}} is not in {other}",
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
                f"copy ({query}) to '{_quoted(landing / file)}' ({options})"
            ).fetchone()[0]
            report(f"wrote {file}: {landed[file]:,} rows")
    return landed


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
