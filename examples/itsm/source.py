"""The log as published: what it must hold, so that no row is lost and no moment made up."""

import duckdb

from examples.source import Schema, check_values, refuse

TABLE = "incident_event_log"
SCHEMA: Schema = {
    TABLE: {
        "number": "varchar!",
        "incident_state": "varchar!",
        "sys_mod_count": "integer!",
        "reopen_count": "integer!",
        "made_sla": "boolean!",
        "category": "varchar",
        "priority": "varchar!",
        "opened_at": "timestamp!",
        "sys_updated_at": "timestamp!",
        "resolved_at": "timestamp",
    }
}
# As UCI publishes the values, or as bare numbers.
PATTERNS = {
    (TABLE, "number"): r"(INC)?\d+",
    (TABLE, "category"): r"(Category )?\d+",
    (TABLE, "priority"): r"[1-4]( - \w+)?",
}


def check_log(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse rows without an order, and a resolution that is not where the mapping looks for it."""
    check_values(connection, SCHEMA, PATTERNS)
    refuse(
        connection,
        f"select number, sys_mod_count, sys_updated_at from {TABLE} group by all"
        " having count(*) > 1",
        f"{TABLE}: several rows for the same number, sys_mod_count, sys_updated_at: {{}}",
    )
    refuse(
        connection,
        f"select number from {TABLE} group by number having max(resolved_at)"
        " <> max(sys_updated_at) filter (where incident_state = 'Resolved')",
        f"{TABLE}: resolved_at of {{}} is not the moment of its last row in the state Resolved",
    )
