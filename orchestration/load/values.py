"""How a landed value is cleaned and gets the contract's type, as SQL."""

from orchestration.contract import Column

DUCKDB_TYPES = {"string": "varchar"}
WHOLE_TYPES = {
    f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
}
# The Parquet types whose values are taken as they are; of the others, the text they print as.
NATIVE_TYPES = {
    "bigint": WHOLE_TYPES | {"HUGEINT"},
    "decimal(18,4)": WHOLE_TYPES | {"HUGEINT"},
    "decimal(18,8)": WHOLE_TYPES | {"HUGEINT"},
    "boolean": {"BOOLEAN"},
    "date": {"DATE"},
    "timestamp": {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"},
}
BLANKS = r"e' \t\n\r\v\f'"
LOCAL_TIME = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?UTC|Z)?)?"
OFFSET_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?[+-](0\d|1[0-4])(:?[0-5]\d)?"


def duckdb_type(column: Column) -> str:
    """Return the type of a contract column in DuckDB."""
    return DUCKDB_TYPES.get(column.data_type, column.data_type)


def clean_and_parse(
    column: Column, expression: str, landed_type: str, value: str
) -> tuple[str, str]:
    """Return how the landed value is cleaned, and how what is clean gets the contract's type."""
    kind = column.data_type
    if landed_type in NATIVE_TYPES.get(kind, ()) or (
        kind.startswith("decimal") and landed_type.startswith("DECIMAL")
    ):
        return expression, f"try_cast({value} as {kind})"
    if kind == "timestamp" and landed_type == "TIMESTAMP WITH TIME ZONE":
        return expression, f"({value} at time zone 'UTC')"
    if landed_type.endswith("]") or landed_type.startswith(("STRUCT", "MAP")):
        expression = f"to_json({expression})"
    if landed_type != "VARCHAR":
        expression = f"(({expression})::varchar)"
    # Most values have no blank at either end; testing for one is many times cheaper than trimming.
    cleaned = (
        f"case when {expression} < '!' or {expression}[-1] < '!' "
        f"then nullif(trim({expression}, {BLANKS}), '') else {expression} end"
    )
    return cleaned, _parsed(kind, value)


def _parsed(kind: str, value: str) -> str:
    """Return the SQL that gives a cleaned text its type, or null where it is not of that type.

    DuckDB alone would round 3.7 to a whole number, ignore the offset of a time, and take 'epoch'
    for a date. The usual spellings are told by a cheap comparison, the others by an expression.
    Of a decimal, more places than the type has are rounded. A time without an offset is UTC.
    """
    whole = f"try_cast({value} as bigint)"
    time = f"try_cast({value} as timestamp)"
    # DuckDB wants seconds before an offset or Z.
    no_seconds = r"^(.{10}[T ]\d\d:\d\d)([Z+-].*)$"
    seconds = rf"regexp_replace(replace({value}, ' UTC', 'Z'), '{no_seconds}', '\1:00\2')"
    local = rf"regexp_full_match({value}, '{LOCAL_TIME}')"
    match kind:
        case "bigint":
            plain = rf"regexp_full_match({value}, '[+-]?\d+(\.0*)?')"
            return f"case when {whole}::varchar = {value} or {plain} then {whole} end"
        case "decimal(18,4)" | "decimal(18,8)":
            return f"case when not contains({value}, '_') then try_cast({value} as {kind}) end"
        case "boolean":
            return f"try_cast({value} as boolean)"
        case "date":
            midnight = (
                f"case when {local} and {time} = date_trunc('day', {time}) then {time}::date end"
            )
            return f"case when {value} like '____-__-__' then {time}::date else {midnight} end"
        case "timestamp":
            return f"""case
                when {value} like '____-__-__T__:__:__Z' then {time}
                when {value} like '____-__-__ __:__:__' then {time}
                when {value} like '____-__-__T__:__:__._%Z' and length({value}) <= 27 then {time}
                when {local} then try_cast({seconds} as timestamp)
                when regexp_full_match({value}, '{OFFSET_TIME}')
                    then try_cast({seconds} as timestamptz) at time zone 'UTC'
            end"""
    return value
