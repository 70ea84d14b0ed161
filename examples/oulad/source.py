"""The seven files as published: what they must hold, and reading them so that no row is lost."""

from pathlib import Path

import duckdb

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


def find_files(folder: Path) -> dict[str, Path]:
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


def read_file(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> int:
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


def check_tables(connection: duckdb.DuckDBPyConnection) -> None:
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
