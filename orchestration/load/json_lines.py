"""JSON lines as a source: rows of the contract, and xAPI statements where they may land."""

import json

import duckdb

from orchestration.contract import Entity
from orchestration.load import sql, xapi
from orchestration.load.landing import FileProblem
from orchestration.load.source import Source, match_columns


def json_source(
    connection: duckdb.DuckDBPyConnection, lines: str, entity: Entity, row_no: str
) -> Source:
    """Return a relation of JSON lines as a source of text; xAPI statements among them are mapped.

    DuckDB reads JSON numbers as doubles: one of more than 15 digits must be landed as a string.

    Raises:
        FileProblem: a required column is missing in every line, two names mean the same, or the
            lines are an LRS's answers with the statements inside.
    """
    takes_statements = (entity.family, entity.name) == xapi.ENTITY
    objects = f"""(
        select
            *,
            is_object and {xapi.IS_STATEMENT if takes_statements else "false"} as is_statement
        from (
            select
                *,
                ltrim(line, e' \\t\\r') like '{{%'
                and coalesce(len(keys) = len(list_distinct(keys)), false) as is_object
            from (
                select *, case when json_valid(line) then json_keys(line) end as keys
                from {lines}
                -- Trimming is dear, and a line that begins with a printed character is not empty.
                where line >= '!' or trim(line, e' \\t\\r') <> ''
            )
        )
    )"""
    found = connection.execute(f"""
        select distinct unnest(keys)
        from (
            select distinct case when is_statement then [null] else keys end as keys
            from {objects}
            where is_object
        )
        order by all
    """).fetchall()
    keys = [key for (key,) in found if key is not None]
    has_statements = len(keys) < len(found)
    if takes_statements and set(keys) in ({"statements"}, {"more", "statements"}):
        raise FileProblem(
            "holds the answer of an LRS, with the statements inside: write each on a line"
        )
    matched, unknown = match_columns(entity, keys, not has_statements) if keys else ({}, ())
    wanted = sql.text(json.dumps(dict.fromkeys(matched.values(), "VARCHAR")))
    known = sql.text(json.dumps(dict.fromkeys(matched.values())))
    whole = "case when is_object and not is_statement then line end"
    extra = f"nullif(json_merge_patch({whole}, {known})::varchar, '{{}}')"
    source = Source(
        relation=f"(select *, from_json({whole}, {wanted}) as fields from {objects})"
        if matched
        else objects,
        columns={
            column: (f"fields.{sql.name(found)}", "VARCHAR") for column, found in matched.items()
        },
        raw_row="line",
        extra=extra if unknown else "null::varchar",
        extra_columns=unknown,
        broken="not is_object",
        row_no=row_no,
    )
    return xapi.with_statements(source, entity) if has_statements else source
