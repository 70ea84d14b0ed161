"""What a learning event takes from an xAPI statement, column by column, as SQL.

`statement` is the parsed statement, a struct, and `said_...` are its texts; `xapi.py` puts them
together and gives the facts that are asked here. Where a statement has another kind of value than
the specification, it has none: DuckDB would take the text of an object, with whatever is in it.
"""

import json

# Stands for who voids: that is an administrator, and the event that is voided says whose it was.
NOBODY = "xapi:voiding"
UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NUMBER = r"(\d{1,9}(?:[.,]\d+)?)"
_LONG = r"\d+(?:[.,]\d+)?"
# Weeks stand alone. The last form is no ISO 8601, yet one of the specification's own examples.
DURATION = (
    rf"P(?:{_NUMBER}W|(?:{_LONG}Y)?(?:{_LONG}M)?(?:{_NUMBER}D)?"
    rf"(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?|{_NUMBER}S)"
)
UNIT_SECONDS = (604_800, 86_400, 3_600, 60, 1, 1)
# Years and months have no fixed length; none of them is fine.
CERTAIN = "P(0+Y)?(0+M)?[^YM]*(T.*)?"
# What is read of a statement as text, by the name that follows `said_`.
TEXTS = {
    "id": "id",
    "actor_kind": "actor.objectType",
    "account": "actor.account.name",
    "verb": "verb.id",
    "object_kind": "object.objectType",
    "object_id": "object.id",
    "activity_type": "object.definition.type",
    "object_account": "object.account.name",
    "duration": "result.duration",
    "registration": "context.registration",
    "timestamp": "timestamp",
    "stored": "stored",
}
# These may be numbers and booleans, too.
SCALARS = {"success": "result.success", "scaled": "result.score.scaled"}
SHAPE = json.dumps(
    {
        **dict.fromkeys(("id", "timestamp", "stored"), "JSON"),
        "actor": {
            "account": {"name": "JSON"},
            **dict.fromkeys(("objectType", "mbox", "mbox_sha1sum", "openid", "member"), "JSON"),
        },
        "verb": {"id": "JSON"},
        "object": {
            "objectType": "JSON",
            "id": "JSON",
            "definition": {"type": "JSON"},
            "account": {"name": "JSON"},
        },
        "result": {
            "success": "JSON",
            "completion": "BOOLEAN",
            "score": {"scaled": "JSON", "raw": "DOUBLE", "min": "DOUBLE", "max": "DOUBLE"},
            "duration": "JSON",
        },
        "context": {"registration": "JSON"},
    }
)


def texts() -> str:
    """Return the texts of a statement as SQL columns, null where its value is none."""
    kinds = [(TEXTS, "= 'VARCHAR'"), (SCALARS, "not in ('OBJECT', 'ARRAY')")]
    return ", ".join(
        f"case when json_type(statement.{path}) {kind} then statement.{path} ->> '$' end"
        f" as said_{name}"
        for paths, kind in kinds
        for name, path in paths.items()
    )


def is_there(value: str) -> str:
    """Return the condition that a JSON value is neither missing nor null."""
    return f"coalesce(json_type({value}) <> 'NULL', false)"


def is_identifier(text: str) -> str:
    """Return the condition that a text holds an e-mail address, also as IRIs write it."""
    return f"(contains({text}, '@') or contains({text}, '%40'))"


def safe(text: str) -> str:
    """Return a text, null where it may identify a person."""
    return f"case when not {is_identifier(text)} then {text} end"


def columns_of_statement() -> dict[str, str]:
    """Return the value of each contract column that a statement gives, as SQL text."""
    registration = safe("said_registration")
    kind = "coalesce(said_object_kind, 'Activity')"
    object_id, account = safe("said_object_id"), safe("said_object_account")
    stored = safe("said_stored")
    return {
        "event_id": "case when is_identified then lower(said_id) end",
        "participant_id": f"""case
            when is_voiding then '{NOBODY}'
            when not has_group and not has_direct_identifier then said_account
        end""",
        "enrollment_id": f"case when regexp_full_match(said_registration, '{UUID}') "
        f"then lower(said_registration) else {registration} end",
        "verb": _last_segment(safe("said_verb")),
        "object_id": f"""case {kind}
            when 'Activity' then {object_id}
            when 'StatementRef' then lower({object_id})
            when 'Agent' then {account}
            when 'Group' then {account}
        end""",
        "object_type": f"""case {kind}
            when 'Activity'
                then coalesce({_last_segment(safe("said_activity_type"))}, 'activity')
            when 'StatementRef' then 'statement_ref'
            when 'SubStatement' then 'sub_statement'
            when 'Agent' then 'agent'
            when 'Group' then 'group'
        end""",
        "success": safe("said_success"),
        "score_scaled": safe("said_scaled"),
        "duration_seconds": _seconds("said_duration"),
        "occurred_at": f"case when not has_bad_time then coalesce(said_timestamp, {stored}) end",
        "stored_at": stored,
        "voids_event_id": "case when voids then lower(said_object_id) end",
    }


def _last_segment(iri: str) -> str:
    """Return the last segment of an IRI as one of our words: `.../verbs/logged-in` is logged_in."""
    segment = f"regexp_extract({iri}, '([^/#:]+)[/#:]*$', 1)"
    return f"nullif(lower(replace({segment}, '-', '_')), '')"


def duration_parts() -> str:
    """Return the parts of a duration as a struct of texts, empty where there is none."""
    names = ", ".join(f"'u{number}'" for number in range(len(UNIT_SECONDS)))
    return f"regexp_extract(said_duration, '^{DURATION}$', [{names}])"


def _seconds(duration: str) -> str:
    """Return a duration as text in whole seconds, rounded; null where it has no fixed length."""
    seconds = " + ".join(
        f"coalesce(try_cast(replace(parts.u{number}, ',', '.') as double), 0) * {size}"
        for number, size in enumerate(UNIT_SECONDS)
    )
    certain = f"not has_bad_duration and regexp_full_match({duration}, '{CERTAIN}')"
    return f"case when {certain} then round({seconds})::bigint::varchar end"


def extra_of_statement() -> str:
    """Return what else is kept of a statement, as JSON: values that can identify nobody."""

    def finite(number: str) -> str:
        # JSON has no infinity, which is what DuckDB reads of 1e999.
        return f"case when isfinite({number}) then {number} end"

    kept = {
        "verb": safe("said_verb"),
        "activity_type": safe("said_activity_type"),
        "completion": "statement.result.completion",
        **{
            f"score_{name}": finite(f"statement.result.score.{name}")
            for name in ("raw", "min", "max")
        },
        "duration": f"case when not regexp_full_match(said_duration, '{CERTAIN}') "
        "and not has_bad_duration then said_duration end",
    }
    members = ", ".join(f"'{name}', {value}" for name, value in kept.items())
    # The patch leaves out what is null.
    return f"json_merge_patch('{{}}', json_object({members}))::varchar"
