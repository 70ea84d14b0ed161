"""xAPI statements as learning events: what an LRS returns, one statement a line, read in SQL.

Source: Experience API 1.0.3, part two (Data). docs/guides/xapi.md says what maps to what, and why.
Nothing that identifies a person leaves this module: of an actor only an account name is read, and
neither `_extra` nor the text of a rejected row repeats the statement.
"""

import json
from dataclasses import replace

from orchestration.contract import Entity
from orchestration.load import sql
from orchestration.load.source import Source, SourceRule
from orchestration.load.statement import (
    DURATION,
    UUID,
    columns_of_statement,
    duration_parts,
    extra_of_statement,
)

ENTITY = ("participant", "learning_event")
VOIDING = "http://adlnet.gov/expapi/verbs/voided"
# Two of the three that each statement has: so one that lacks the third is told what is missing.
# Of a line that names fewer, nothing more is asked.
PARTS = "['actor', 'verb', 'object']"
KINDS = "json_type(line, ['$.actor', '$.verb', '$.object'])"
IS_STATEMENT = f"""case
    when len(list_intersect(keys, {PARTS})) >= 2
    then len(list_filter({KINDS}, lambda kind: kind = 'OBJECT')) >= 2
    else false
end"""
# What is read of a statement, and as what: a value of another kind is read as null.
SHAPE = {
    "id": "VARCHAR",
    "actor": {
        "objectType": "VARCHAR",
        "account": {"name": "VARCHAR"},
        "mbox": "VARCHAR",
        "mbox_sha1sum": "VARCHAR",
        "openid": "VARCHAR",
        "member": "JSON",
    },
    "verb": {"id": "VARCHAR"},
    "object": {
        "objectType": "VARCHAR",
        "id": "VARCHAR",
        "definition": {"type": "VARCHAR"},
        "account": {"name": "VARCHAR"},
    },
    "result": {
        "success": "VARCHAR",
        "completion": "BOOLEAN",
        "score": {"scaled": "VARCHAR", "raw": "DOUBLE", "min": "DOUBLE", "max": "DOUBLE"},
        "duration": "VARCHAR",
    },
    "context": {"registration": "VARCHAR"},
    "timestamp": "VARCHAR",
    "stored": "VARCHAR",
}
RULES = (
    SourceRule(
        "participant_id",
        "has_direct_identifier",
        "direct_identifier",
        "is not taken from the actor, whom an e-mail address or an OpenID identifies: let "
        "actor.account.name hold the participant_id",
    ),
    SourceRule(
        "participant_id",
        "has_group",
        "group_actor",
        "is not taken from the actor, which is a group: land one statement per member",
    ),
    SourceRule(
        "event_id",
        "not is_identified and statement.id is not null",
        "bad_uuid",
        "is not taken from the statement's id, which is no UUID",
    ),
    SourceRule(
        "voids_event_id",
        "is_voiding and not voids",
        "missing_required",
        "is empty, and is required where a statement voids: its object must be a StatementRef "
        "with the id of the statement that it voids",
    ),
    SourceRule(
        "duration_seconds",
        "has_bad_duration",
        "bad_duration",
        "is not taken from result.duration: write an ISO 8601 duration, such as PT1H30M",
    ),
)


def with_statements(source: Source, entity: Entity) -> Source:
    """Return a source of JSON lines, some of them statements, with the statements as its rows."""
    shape = sql.text(json.dumps(SHAPE))
    columns = columns_of_statement()
    mapped = ", ".join(f"{value} as xapi_{name}" for name, value in columns.items())
    row = ", ".join(f"{sql.text(name)}, xapi_{name}" for name in columns)

    def either(statement: str, other: str) -> str:
        return f"case when is_statement then {statement} else {other} end"

    return replace(
        source,
        relation=f"""(
            select *, {mapped}, {extra_of_statement()} as xapi_extra
            from (
                select *, {_facts()}, {duration_parts()} as parts
                from (
                    select *, from_json(case when is_statement then line end, {shape}) as statement
                    from {source.relation}
                )
            )
        )""",
        columns={
            column.name: (
                either(
                    f"xapi_{column.name}" if column.name in columns else "null",
                    source.columns.get(column.name, ("null", ""))[0],
                ),
                "VARCHAR",
            )
            for column in entity.columns
        },
        raw_row=either(f"json_object({row})::varchar", source.raw_row),
        extra=either("xapi_extra", source.extra),
        rules=RULES,
    )


def _facts() -> str:
    """Return what columns and rules ask of a statement, as SQL columns that are never null."""
    actor, duration = "statement.actor", "statement.result.duration"
    is_group = f"{actor}.objectType = 'Group' or {actor}.member is not null"
    is_direct = (
        f"{actor}.account.name like '%@%' or {actor}.account.name is null and "
        f"coalesce({actor}.mbox, {actor}.mbox_sha1sum, {actor}.openid) is not null"
    )
    is_voiding = f"statement.verb.id = '{VOIDING}'"
    is_duration = f"regexp_full_match({duration}, '{DURATION}')"
    no_voiding = f"{is_voiding} is not true"
    facts = {
        "is_voiding": is_voiding,
        "has_group": f"({is_group}) and {no_voiding}",
        "has_direct_identifier": f"({is_direct}) and ({is_group}) is not true and {no_voiding}",
        "is_identified": f"regexp_full_match(statement.id, '{UUID}')",
        "voids": f"{is_voiding} and statement.object.objectType = 'StatementRef' "
        f"and regexp_full_match(statement.object.id, '{UUID}')",
        "has_bad_duration": f"not ({is_duration} and {duration}[-1] not in ('P', 'T'))",
    }
    return ", ".join(f"coalesce({value}, false) as {name}" for name, value in facts.items())
