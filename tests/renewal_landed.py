"""What health and renewal rest on, from the landed files: tables of pandas, no code of the project.

A row counts from when it was known, and of several versions of a thing the one known last.
"""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
from landed_files import CONTRACT, is_good

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
BEFORE_ALL = pd.Timestamp("1900-01-01")
NAMES = (
    "contract", "renewal_decision", "contact", "touchpoint", "survey_response", "report_delivery",
    "participant", "enrollment", "enrollment_status",
)  # fmt: skip


@cache
def seed(name: str) -> pd.DataFrame:
    """Return a seed as it lies in its file."""
    return pd.read_csv(SEEDS / f"{name}.csv")


@cache
def threshold(name: str) -> float:
    """Return a threshold in force."""
    table = seed("thresholds").set_index("threshold_code")["amount"]
    return float(table[name])


def landed_tables(landed: duckdb.DuckDBPyConnection) -> SimpleNamespace:
    """Return the entities with their types, and `known_at`: since when a row was known."""
    return SimpleNamespace(**{name: _typed(landed, name) for name in NAMES})


def _typed(landed: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    rows = landed.execute(
        f'select * from "{name}" where {is_good(landed, name)} order by file'
    ).df()
    rows = rows.drop(columns="file").drop_duplicates(keep="last")
    meta = CONTRACT[name]["meta"]
    for column, (kind, _) in CONTRACT[name]["columns"].items():
        if column not in rows:
            rows[column] = None
        if kind in ("date", "timestamp"):
            times = pd.to_datetime(rows[column], utc=True, format="ISO8601", errors="coerce")
            rows[column] = times.dt.tz_localize(None)
        elif kind == "boolean":
            rows[column] = rows[column].map({"true": True, "false": False})
        elif kind != "string":
            rows[column] = pd.to_numeric(rows[column])
    rows["known_at"] = BEFORE_ALL
    for when in (meta.get("event_time"), meta.get("known_at")):  # the latter goes first
        if when:
            rows["known_at"] = rows[when].fillna(rows["known_at"])
    return rows.sort_values("known_at", kind="stable")


def known(rows: pd.DataFrame, name: str, before: pd.Timestamp) -> pd.DataFrame:
    """Return what was known of an entity before a moment: the last version of each key."""
    then = rows[rows["known_at"] < before]
    return then.drop_duplicates(CONTRACT[name]["meta"]["key"], keep="last")
