"""The contract's rules as SQL: what can be wrong with a row, and how to tell its supplier.

Every rule is one condition with one reason code and one message. A row is rejected with all its
problems at once. Messages never show a value of a column that is private.
"""

from dataclasses import dataclass

from orchestration.contract import Column, Entity
from orchestration.load import sql
from orchestration.load.separate import MESSAGES, RAW_TEXT_LIMIT
from orchestration.load.source import Source, SourceRule
from orchestration.load.values import clean_and_parse

FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"
EXPECTED = {
    "bigint": "a whole number, such as 12",
    "decimal(18,4)": "a number with a decimal point and up to 14 digits before it, such as 1234.50",
    "decimal(18,8)": "a number with a decimal point and up to 10 digits before it, such as 0.0067",
    "boolean": "true or false",
    "date": "a date as year-month-day, such as 2026-06-30",
    "timestamp": "a time in ISO 8601, such as 2026-06-30T14:05:00Z",
}


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong with a value, and what to do, in words that hold no value."""

    condition: str
    reason_code: str
    remedy: str
    has_value: bool = True


def staged_rows(entity: Entity, source: Source) -> str:
    """Return the query that types and checks every row of a source, in the order of the file.

    Its columns are the contract's, `_extra`, `_raw_row`, and `_problems`: null for an accepted row,
    else a list of structs (column_name, reason_code, remedy, message, value). Each layer of the
    query names what the next one uses, so that DuckDB computes it once.
    """
    cleaned, typed, rules, landed = [], [], [], []
    parsed_name = {column.name: f"v{number}" for number, column in enumerate(entity.columns)}
    for number, column in enumerate(entity.columns):
        expression, landed_type = source.columns.get(column.name, ("(null::varchar)", "VARCHAR"))
        value, parsed = clean_and_parse(column, expression, landed_type, f"t{number}")
        cleaned.append(f"{value} as t{number}")
        typed.append(f"{parsed} as v{number}")
        own = [rule for rule in source.rules if rule.column == column.name]
        rules += [
            (column, f"t{number}", rule)
            for rule in (*_rules(column, number, parsed_name, own), *map(_own_rule, own))
        ]
        landed.append(f"v{number} as {sql.name(column.name)}")
    conditions = [f"({rule.condition})" for _, _, rule in rules]
    problems = ",\n".join(_problem(column, value, rule) for column, value, rule in rules)
    broken = (
        "[{'column_name': null::varchar, 'reason_code': 'bad_json', "
        f"'remedy': {sql.text(MESSAGES['bad_json'])}, "
        f"'message': {sql.text(MESSAGES['bad_json'])}, 'value': null::varchar}}]"
    )
    return f"""
        select
            {"_row_no::bigint as _row_no," if source.row_no == "_row_no" else ""}
            {", ".join(landed)},
            _extra,
            case
                when is_broken then {broken}
                when is_rejected then list_filter([{problems}], lambda problem: problem is not null)
            end as _problems,
            case
                when is_broken or is_rejected then left({source.raw_row}, {RAW_TEXT_LIMIT})
            end as _raw_row
        from (
            select *, {" or ".join(["false", *conditions])} as is_rejected
            from (
                select *, {", ".join(typed)}
                from (
                    select
                        *,
                        {", ".join(cleaned)},
                        {source.extra} as _extra,
                        {source.broken} as is_broken
                    from {source.relation}
                )
            )
        )
    """


def _own_rule(rule: SourceRule) -> Rule:
    return Rule(rule.condition, rule.reason_code, rule.remedy, has_value=False)


def _rules(
    column: Column, number: int, parsed_name: dict[str, str], own: list[SourceRule]
) -> list[Rule]:
    """Return the contract's rules of a column, the number-th.

    `parsed_name` has the name of each column's typed value, `own` the source's rules of this one.
    """
    value, parsed = f"t{number}", f"v{number}"
    rules = []
    kind = column.data_type
    if column.required or column.required_where:
        pairs = () if column.required else column.required_where
        excuses = [f"not ({rule.condition})" for rule in own]
        holds = [f"{parsed_name[name]} = {sql.text(is_)}" for name, is_ in pairs]
        where = " and ".join(f"{name} is {is_}" for name, is_ in pairs)
        remedy = f"is empty, and is required{where and ' where '}{where}"
        condition = " and ".join([f"{value} is null", *holds, *excuses])
        rules.append(Rule(condition, "missing_required", remedy, has_value=False))
    if column.privacy == "key" and kind == "string":
        # A key is public, and one look for an @ is cheap: the address of a person is no key.
        remedy = "holds an e-mail address: write a pseudonymous id"
        condition = f"contains({value}, '@')"
        rules.append(Rule(condition, "direct_identifier", remedy, has_value=False))
    if kind != "string":
        code = "bad_" + {"bigint": "integer"}.get(kind, kind.partition("(")[0])
        condition = f"{value} is not null and {parsed} is null"
        rules.append(Rule(condition, code, f"write {EXPECTED[kind]}"))
    if column.allowed:
        allowed = ", ".join(map(sql.text, column.allowed))
        remedy = f"write one of {', '.join(column.allowed)}"
        rules.append(Rule(f"{parsed} not in ({allowed})", "not_in_list", remedy))
    if kind in ("date", "timestamp"):
        condition = f"{parsed} < '{FIRST_DAY}' or {parsed}::date > '{LAST_DAY}'"
        remedy = f"write a day from {FIRST_DAY} to {LAST_DAY}"
        rules.append(Rule(condition, "out_of_range", remedy))
    if column.minimum is not None:
        remedy = f"write {column.minimum:f} or more"
        rules.append(Rule(f"{parsed} < {column.minimum:f}", "out_of_range", remedy))
    if column.maximum is not None:
        remedy = f"write {column.maximum:f} or less"
        rules.append(Rule(f"{parsed} > {column.maximum:f}", "out_of_range", remedy))
    return rules


def _problem(column: Column, value: str, rule: Rule) -> str:
    """Return the SQL of a problem as a struct; null where the rule is kept.

    The message shows the value unless the column is private. The remedy shows none, since values
    may have slipped into a column where they do not belong.
    """
    shown = f"left({value}::varchar, 1000)"
    if not rule.has_value:
        message = sql.text(f"{column.name} {rule.remedy}")
    elif column.is_private:
        message = sql.text(
            f"{column.name} has a value that is private and not shown: {rule.remedy}"
        )
    else:
        short = f"regexp_replace(left({value}::varchar, 60), '[[:cntrl:]]', ' ', 'g')"
        before, after = sql.text(f"{column.name} is '"), sql.text(f"': {rule.remedy}")
        message = f"{before} || {short} || {after}"
    return (
        f"case when {rule.condition} then {{'column_name': {sql.text(column.name)}, "
        f"'reason_code': '{rule.reason_code}', 'remedy': {sql.text(rule.remedy)}, "
        f"'message': {message}, 'value': {shown}}} end"
    )
