"""A landing folder as tables of text, read by DuckDB: no code of the project takes part."""

from collections import Counter
from math import sqrt
from pathlib import Path

import duckdb
import yaml

PROJECT = Path(__file__).resolve().parent.parent


def read_contract() -> dict[str, dict]:
    """Return, per entity, its family, meta and columns with type and meta."""
    contract = {}
    for path in sorted(PROJECT.glob("models/staging/*/raw_*.yml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            family = source["config"]["meta"]["family"]
            for table in source["tables"]:
                columns = {
                    column["name"]: (
                        column["data_type"],
                        column.get("config", {}).get("meta", {}),
                    )
                    for column in table["columns"]
                }
                meta = table["config"]["meta"]
                contract[table["name"]] = {"family": family, "meta": meta, "columns": columns}
    return contract


CONTRACT = read_contract()


def open_landing(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a table per entity: its contract columns as landed, and the name of the file.

    Text files are text throughout; in `learning_event`, which is Parquet, columns have types.
    """
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    for entity, parts in CONTRACT.items():
        place = folder / parts["family"] / entity
        readers = []
        for ending in ("csv", "csv.gz", "jsonl", "parquet"):
            if not list(place.glob(f"*.{ending}")):
                continue
            files, options = f"{place}/*.{ending}", "filename = true"
            if ending == "parquet":
                readers.append(f"read_parquet('{files}', {options}, union_by_name = true)")
            elif ending == "jsonl":
                names = ", ".join(f"{name}: 'varchar'" for name in parts["columns"])
                readers.append(f"read_json('{files}', {options}, columns = {{{names}}})")
            else:
                wanted = "all_varchar = true, union_by_name = true, header = true, delim = ','"
                readers.append(f"read_csv('{files}', {options}, {wanted}, quote = '\"')")
        tables = " union all by name ".join(f"select * from {reader}" for reader in readers)
        connection.execute(f"""
            create table "{entity}" as
            select * exclude (filename), parse_filename(filename) as file from ({tables})
        """)
    return connection


def columns_of(connection: duckdb.DuckDBPyConnection, entity: str) -> list[str]:
    """Return the contract columns that landed of an entity."""
    landed = {row[0] for row in connection.execute(f'describe "{entity}"').fetchall()}
    return [name for name in CONTRACT[entity]["columns"] if name in landed]


def listed(flaws: list[dict], fate: str, *keys: str) -> Counter:
    """Return the listed number of flaws of a fate, by the given fields."""
    counts = Counter()
    for flaw in flaws:
        if flaw["fate"] == fate:
            counts[tuple(flaw[key] for key in keys)] += flaw["count"]
    return counts


def breaks(entity: str, column: str) -> str:
    """Return the SQL condition under which a landed value breaks the contract of its column."""
    kind, meta = CONTRACT[entity]["columns"][column]
    value, typed = f'"{column}"', {"string": "varchar", "timestamp": "timestamptz"}.get(kind, kind)
    parsed = f"try_cast({value} as {typed})"
    rules = [f"({value} is not null and {parsed} is null)"]
    if meta.get("required"):
        rules.append(f"{value} is null")
    if where := meta.get("required_where"):
        holds = " and ".join(f"\"{name}\" = '{said}'" for name, said in where.items())
        rules.append(f"({holds} and {value} is null)")
    if "in" in meta:
        rules.append(f"{value} not in ({', '.join(repr(v) for v in meta['in'])})")
    if "min" in meta:
        rules.append(f"{parsed} < {meta['min']}")
    if "max" in meta:
        rules.append(f"{parsed} > {meta['max']}")
    return f"coalesce({' or '.join(rules)}, false)"


def is_good(connection: duckdb.DuckDBPyConnection, entity: str) -> str:
    """Return the SQL condition that a landed row breaks the contract nowhere."""
    rules = [breaks(entity, column) for column in columns_of(connection, entity)]
    return f"not ({' or '.join(rules)})"


MEANINGFUL = "('viewed', 'watched', 'answered', 'submitted', 'practiced', 'discussed', 'attended')"
LATEST = {
    "participant": "updated_at", "enrollment": "updated_at", "enrollment_status": "entered_at",
    "application": "updated_at", "coaching_session": "updated_at",
}  # fmt: skip
KEYS = {"enrollment_status": "status_event_id", "coaching_session": "session_id"}


def resolve(landed: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Make the tables of the rows that count, and `journey`: what became of each enrollment."""
    for entity, known_at in LATEST.items():
        key = KEYS.get(entity, f"{entity}_id")
        landed.execute(f"""
            create or replace temp table last_{entity} as
            select distinct * exclude (file) from "{entity}" where {is_good(landed, entity)}
            qualify row_number() over (
                partition by {key} order by {known_at}::timestamptz desc
            ) = 1
        """)
    landed.execute(f"""
        create or replace temp table place as
        select participant_id, account_id, coalesce(last_participant.timezone, home) as zone
        from last_participant
        join (select account_id, any_value(timezone) as home from account group by 1)
            using (account_id);

        create or replace temp table event as
        select event_id, enrollment_id, participant_id, verb, occurred_at, place.account_id,
            timezone(zone, timezone('UTC', occurred_at))::date as local_day
        from (select distinct * exclude (file) from learning_event)
        join place using (participant_id)
        where verb is not null and coalesce(duration_seconds, 0) >= 0
            and coalesce(score_scaled, 0) <= 1 and voids_event_id is null
            and event_id not in (
                select voids_event_id from learning_event where voids_event_id is not null
            );

        create or replace temp table first_weeks as
        select
            enrollment_id,
            bool_or(verb = 'logged_in' and day between 0 and 13) as has_login,
            bool_or(verb in {MEANINGFUL} and day between 0 and 13) as has_learning,
            count(distinct day // 7) filter (where verb in {MEANINGFUL} and day between 0 and 27)
                as weeks
        from (
            select enrollment_id, verb, local_day - start_date::date as day
            from event join last_enrollment using (enrollment_id)
        )
        group by 1;

        create or replace temp table final_status as
        select enrollment_id, max_by(status, effective_at::timestamptz) as status,
            max_by(reason_code, effective_at::timestamptz) as reason,
            max(effective_at::timestamptz)::date as ended_on
        from last_enrollment_status group by 1;

        create or replace temp table journey as
        select
            enrollment_id, participant_id, account_id, program_id, attempt_no, status, reason,
            ended_on, start_date::date as start_day,
            coalesce(has_login and has_learning, false) as is_activated,
            coalesce(weeks >= 3, false) as is_engaged,
            status = 'completed' as is_completed,
            start_date::date + 28 <= date '2026-06-30' as is_past_four_weeks,
            planned_end_date::date + 90 <= date '2026-06-30' as is_over
        from last_enrollment
        join place using (participant_id)
        left join final_status using (enrollment_id)
        left join first_weeks using (enrollment_id)
        where status <> 'cancelled'
    """)
    return landed


def is_near(share: float, rate: float, count: int, slack: float = 0.0) -> bool:
    """Whether an observed share is within four standard errors of a rate, and some slack."""
    return abs(share - rate) <= 4 * sqrt(rate * (1 - rate) / count) + slack
