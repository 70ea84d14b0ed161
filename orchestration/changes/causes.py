"""Why a published value differs from the earlier release's: one cause, and the words to check it.

The rules are in docs/guides/what_changed.md, in the same order.
"""

import duckdb

from orchestration.changes.evidence import EVIDENCE
from orchestration.changes.facts import FACTS, PERIODS_OVER
from orchestration.load import sql

CAUSES = ("new_period", "late_data", "correction", "definition_change")

# The first rule that holds gives the cause and the words.
RULES: tuple[tuple[str, str, str], ...] = (
    (
        "not is_comparable",
        "new_period",
        "'There is nothing to compare with: ' || earlier_named || ' was published by a version'"
        " || ' that did not keep these values.'",
    ),
    (
        "old_hash is null or new_hash is null",
        "definition_change",
        "if(old_hash is null, 'The metric is new', 'The metric is no longer published') || '.'",
    ),
    (
        "is_absent and is_last_day_open and period_grain <> 'all' and later_as_of <> earlier_as_of",
        "new_period",
        "'The period ends on ' || period_end || if(is_open, ', after ' || both_cover || ', the',"
        " ', the very') || ' as-of date of '"
        " || if(later_as_of > earlier_as_of, earlier_named, 'this release; that of ' ||"
        " earlier_named || ' is ' || earlier_as_of) || '.'",
    ),
    ("old_hash <> new_hash", "definition_change", "definition_words"),
    (
        "is_rolled_on and later_as_of <> earlier_as_of",
        "new_period",
        "'The windows of the metric moved on: as of '"
        " || if((new_value is null) = (later_as_of >= earlier_as_of), greatest(later_as_of,"
        " earlier_as_of), both_cover) || ' none ends on ' || period_end || ', and the next on '"
        " || next_end || '.'",
    ),
    (
        "is_absent and is_immature and later_as_of <> earlier_as_of",
        "new_period",
        "'As of ' || both_cover || ' no account had a value for so recent a period: it was over,"
        " but not everybody in it had had the whole time.'",
    ),
    (
        "is_open and in_fresh is not null",
        "new_period",
        "'The period went on after ' || both_cover || ': ' || in_fresh || ' since.'"
        " || coalesce(' Known records with another version: ' || in_corrected || '.', '')"
        " || coalesce(' Of the days before: ' || in_new || '.', '') || code_words",
    ),
    (
        "in_corrected is not null",
        "correction",
        "'Known records that touch the period have another version: ' || in_corrected || '.'"
        " || coalesce(' New records touch it too: ' || in_new || '.', '') || code_words",
    ),
    (
        "in_new is not null",
        "late_data",
        "'Records that ' || missing_words || ' touch the period: ' || in_new || '.' || code_words",
    ),
    (
        "is_code_changed",
        "definition_change",
        "'The models behind ' || table_name || ' changed, and no record that came or went since '"
        " || earlier_named || ' touches the period.'",
    ),
    (
        "is_open and later_as_of <> earlier_as_of",
        "new_period",
        "'The period went on after ' || both_cover || '; no record touches it.'",
    ),
    (
        "is_absent and later_as_of <> earlier_as_of",
        "new_period",
        "'As of ' || both_cover || ' the account had no value for the period, and no record that"
        " came or went touches it: not everybody in it had had the whole time.'",
    ),
    (
        "out_new is not null",
        "late_data",
        "'Records that ' || missing_words || ' lie outside the period: ' || out_new || '. What"
        " people do later, or rules over several periods, move an earlier one.'"
        " || coalesce(' Known records with another version: ' || out_corrected || '.', '')",
    ),
    (
        "out_corrected is not null",
        "correction",
        "'Known records outside the period have another version: ' || out_corrected || '.'",
    ),
    (
        "else_new is not null",
        "late_data",
        "'Nothing of the account came or went; at other accounts, of which a comparison may take"
        " account, records that ' || rtrim(missing_words, ',') || ': ' || else_new || '.'",
    ),
    (
        "else_corrected is not null",
        "correction",
        "'Nothing of the account came or went; at other accounts, of which a comparison may take"
        " account, known records have another version: ' || else_corrected || '.'",
    ),
    (
        "later_as_of <> earlier_as_of",
        "new_period",
        "'Nothing specific was found: no record that came or went enters the value. The as-of date'"
        " || ' moved from ' || earlier_as_of || ' to ' || later_as_of || '.' || unknown_words",
    ),
    (
        "true",
        "definition_change",
        "'Nothing specific was found: the as-of date is the same and no record that came or went"
        " enters the value. What is left is how it is computed.' || unknown_words",
    ),
)


def find_causes(connection: duckdb.DuckDBPyConnection, note: str = "") -> None:
    """Make the table `caused`: the rows of `changed` with `cause` and `detail`.

    It needs the tables that write_changes() makes of the two releases, and those of find_records().
    The note ends every detail: what could not be looked at.
    """
    connection.execute(PERIODS_OVER)
    connection.execute(EVIDENCE)
    connection.execute(FACTS)
    rule = "\n".join(f"when {condition} then {n}" for n, (condition, _, _) in enumerate(RULES))
    cause = "\n".join(f"when {n} then '{cause}'" for n, (_, cause, _) in enumerate(RULES))
    detail = "\n".join(f"when {n} then {words}" for n, (_, _, words) in enumerate(RULES))
    connection.execute(f"""
        create or replace table caused as
        select *, case rule {cause} end as cause,
            case rule {detail} end || {sql.text(note)} as detail
        from (select *, case {rule} end as rule from facts)
    """)
