"""The seven files as published: what they must hold, so that no row is lost."""

import duckdb

from examples.source import Schema, check_values, refuse

SCHEMA: Schema = {
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


def check_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse what would lose or multiply rows on the way."""
    check_values(connection, SCHEMA, PATTERNS)
    for table, key in KEYS.items():
        refuse(
            connection,
            f"select {key} from {table} group by {key} having count(*) > 1",
            f"{table}: several rows for the same {key}: {{}}",
        )
    for table, other, key in REFERENCES:
        refuse(
            connection,
            f"select {key} from {table} anti join {other} using ({key})",
            f"{table}: {key} {{}} is not in {other}",
        )
