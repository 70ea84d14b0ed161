"""xAPI statements as learning events: what an LRS returns, one statement a line, read in SQL.

Source: Experience API 1.0.3, part two (Data). docs/guides/xapi.md says what maps to what, and why.
Nothing that identifies a person leaves this module: of an actor only an account name is read, and
neither `_extra` nor the text of a rejected row repeats the statement.
"""

from dataclasses import replace

from orchestration.contract import Entity
from orchestration.load import sql
from orchestration.load.source import Source, SourceRule
from orchestration.load.statement import (
    DURATION,
    SHAPE,
    UUID,
    columns_of_statement,
    duration_parts,
    extra_of_statement,
    is_identifier,
    is_there,
    safe,
    texts,
)

ENTITY = ("participant", "learning_event")
VOIDING = "http://adlnet.gov/expapi/verbs/voided"
# A row of the contract has `verb` as text and names its participant. Whatever else names an actor,
# or two parts of a statement, is taken for one, of whatever kind they are: so who acted is read
# here, or nowhere.
IS_STATEMENT = """case
    when
        list_contains(keys, 'actor')
        or (list_contains(keys, 'verb') and list_contains(keys, 'object'))
    then
        not list_contains(keys, 'participant_id')
        or (list_contains(keys, 'actor') and list_contains(keys, 'object'))
        or coalesce(json_type(line, '$.verb') = 'OBJECT', false)
    else false
end"""
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
        "has_bad_account",
        "missing_required",
        "is not taken from actor.account.name, which is no text: write the participant_id as text",
    ),
    SourceRule(
        "participant_id",
        "has_group",
        "group_actor",
        "is not taken from the actor, which is a group: land one statement per member",
    ),
    SourceRule(
        "verb",
        "has_address_as_verb",
        "direct_identifier",
        "is not taken from verb.id, which holds an e-mail address: write the IRI of the verb",
    ),
    SourceRule(
        "occurred_at",
        "has_bad_time",
        "bad_timestamp",
        "is not taken from the statement's timestamp, which is no text with a time: write it in "
        "ISO 8601, such as 2026-06-30T14:05:00Z",
    ),
    SourceRule(
        "event_id",
        "not is_identified and has_id",
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
    shape = sql.text(SHAPE)
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
                    select *, {texts()}
                    from (
                        select
                            *,
                            from_json(case when is_statement then line end, {shape}) as statement
                        from {source.relation}
                    )
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
    actor = "statement.actor"
    is_group = f"said_actor_kind = 'Group' or {is_there(actor + '.member')}"
    known_by = " or ".join(
        is_there(f"{actor}.{name}") for name in ("mbox", "mbox_sha1sum", "openid")
    )
    is_direct = f"{is_identifier('said_account')} or said_account is null and ({known_by})"
    is_voiding = f"said_verb = '{VOIDING}'"
    no_voiding = f"{is_voiding} is not true"
    is_duration = f"regexp_full_match(said_duration, '{DURATION}')"
    person = f"({is_group}) is not true and {no_voiding}"
    bad_account = f"{is_there(actor + '.account.name')} and said_account is null"
    facts = {
        "is_voiding": is_voiding,
        "has_group": f"({is_group}) and {no_voiding}",
        "has_direct_identifier": f"({is_direct}) and {person}",
        "has_bad_account": f"{bad_account} and ({is_direct}) is not true and {person}",
        "has_address_as_verb": is_identifier("said_verb"),
        "has_id": is_there("statement.id"),
        "is_identified": f"regexp_full_match(said_id, '{UUID}')",
        "voids": f"{is_voiding} and said_object_kind = 'StatementRef' "
        f"and regexp_full_match(said_object_id, '{UUID}')",
        "has_bad_time": f"{is_there('statement.timestamp')} and {safe('said_timestamp')} is null",
        "has_bad_duration": f"{is_there('statement.result.duration')} "
        f"and ({is_duration} and said_duration[-1] not in ('P', 'T')) is not true",
    }
    return ", ".join(f"coalesce({value}, false) as {name}" for name, value in facts.items())
