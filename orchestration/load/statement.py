"""What a learning event takes from an xAPI statement, column by column, as SQL.

`statement` is the parsed statement, a struct; `xapi.py` gives it and the facts that are asked here.
"""

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


def columns_of_statement() -> dict[str, str]:
    """Return the value of each contract column that a statement gives, as SQL text."""
    registration = "statement.context.registration"
    kind = "coalesce(statement.object.objectType, 'Activity')"
    account = "statement.object.account.name"
    return {
        "event_id": "case when is_identified then lower(statement.id) end",
        "participant_id": f"""case
            when is_voiding then '{NOBODY}'
            when not has_group and not has_direct_identifier then statement.actor.account.name
        end""",
        "enrollment_id": f"case when regexp_full_match({registration}, '{UUID}') "
        f"then lower({registration}) else {registration} end",
        "verb": _last_segment("statement.verb.id"),
        "object_id": f"""case {kind}
            when 'Activity' then case
                when statement.object.id not ilike 'mailto:%' then statement.object.id
            end
            when 'StatementRef' then lower(statement.object.id)
            when 'Agent' then case when {account} not like '%@%' then {account} end
            when 'Group' then case when {account} not like '%@%' then {account} end
        end""",
        "object_type": f"""case {kind}
            when 'Activity'
                then coalesce({_last_segment("statement.object.definition.type")}, 'activity')
            when 'StatementRef' then 'statement_ref'
            when 'SubStatement' then 'sub_statement'
            when 'Agent' then 'agent'
            when 'Group' then 'group'
        end""",
        "success": "statement.result.success",
        "score_scaled": "statement.result.score.scaled",
        "duration_seconds": _seconds("statement.result.duration"),
        "occurred_at": 'coalesce(statement."timestamp", statement.stored)',
        "stored_at": "statement.stored",
        "voids_event_id": "case when voids then lower(statement.object.id) end",
    }


def _last_segment(iri: str) -> str:
    """Return the last segment of an IRI as one of our words: `.../verbs/logged-in` is logged_in."""
    segment = f"regexp_extract({iri}, '([^/#:]+)[/#:]*$', 1)"
    return f"nullif(lower(replace({segment}, '-', '_')), '')"


def duration_parts() -> str:
    """Return the parts of a duration as a struct of texts, empty where there is none."""
    names = ", ".join(f"'u{number}'" for number in range(len(UNIT_SECONDS)))
    return f"regexp_extract(statement.result.duration, '^{DURATION}$', [{names}])"


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
    kept = {
        "verb": "statement.verb.id",
        "activity_type": "statement.object.definition.type",
        "completion": "statement.result.completion",
        "score_raw": "statement.result.score.raw",
        "score_min": "statement.result.score.min",
        "score_max": "statement.result.score.max",
        "duration": f"case when not regexp_full_match(statement.result.duration, '{CERTAIN}') "
        "and not has_bad_duration then statement.result.duration end",
    }
    members = ", ".join(f"'{name}', {value}" for name, value in kept.items())
    # The patch leaves out what is null.
    return f"json_merge_patch('{{}}', json_object({members}))::varchar"
