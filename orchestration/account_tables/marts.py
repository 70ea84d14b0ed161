"""What the account tables are drawn from: the smallest groups of people in a release's marts.

A group is the people of one account, stage, program and intake. An intake is a half-year, so that
a release adds a whole intake or nothing: it counts for a stage once it is over and every one of its
cohort months has had the whole time that the stage takes.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.load import sql

SPELLS = "all"  # a spell of eligibility is of no program

# One row per account, stage, program and intake that has had its time.
GROUPS = """
    with stages as (
        select
            stages.stage_code,
            coalesce(previous.dated_by = 'fct_eligibility_journeys', false) as is_spell
        from {dim_stages} as stages
        inner join {dim_stages} as previous
            on stages.previous_stage_code = previous.stage_code
    ),

    cohorts as (
        select
            cohorts.*,
            stages.is_spell,
            make_date(
                year(cast(cohort_month as date)),
                case when month(cast(cohort_month as date)) <= 6 then 1 else 7 end,
                1
            ) as intake
        from {rpt_funnel_cohorts} as cohorts
        inner join stages on cohorts.stage_code = stages.stage_code
        where
            cohorts.account_id <> 'all'
            and ($account is null or cohorts.account_id = $account)
            and cohorts.cohort_month <> 'all'
            and cohorts.is_supplied
    ),

    intakes as (
        select account_id, stage_code, intake
        from cohorts
        where program_id = 'all'
        group by account_id, stage_code, intake
        having
            bool_and(coalesce(is_mature, true))
            and intake + interval 6 months <= cast($as_of as date) + interval 1 day
    )

    select
        cohorts.account_id,
        cohorts.stage_code,
        cohorts.program_id,
        strftime(cohorts.intake, '%Y')
        || case when month(cohorts.intake) = 1 then '-H1' else '-H2' end
            as intake_code,
        cast(sum(cohorts.mature_numerator_count) as bigint) as numerator_count,
        cast(sum(cohorts.mature_denominator_count) as bigint) as denominator_count
    from cohorts
    inner join intakes
        on
            cohorts.account_id = intakes.account_id
            and cohorts.stage_code = intakes.stage_code
            and cohorts.intake = intakes.intake
    where (cohorts.program_id = 'all') = cohorts.is_spell
    group by cohorts.account_id, cohorts.stage_code, cohorts.program_id, cohorts.intake
    order by all
"""


@dataclass(frozen=True)
class Group:
    """The people of one stage, program and intake: how many came this far, of how many."""

    stage: str
    program: str
    intake: str
    numerator: int
    denominator: int


def open_marts() -> duckdb.DuckDBPyConnection:
    """A connection that holds nothing; the caller closes it."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    return connection


def ask(
    connection: duckdb.DuckDBPyConnection, folder: Path, query: str, **values: object
) -> list[dict[str, Any]]:
    """The rows of a query whose {tables} are a release's marts, as dictionaries.

    Raises:
        FileNotFoundError: the release has no such table; the message names it.
    """
    query = with_tables(folder, query)
    relation = connection.execute(query, values or None)
    names = [column[0] for column in relation.description]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def with_tables(folder: Path, query: str) -> str:
    """A query whose {tables} are replaced by a release's marts."""
    return query.format_map(_Tables(folder / "marts"))


def groups_of(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    as_of_date: str,
    account_id: str | None = None,
) -> dict[str, list[Group]]:
    """The smallest groups of a release by account, of one or of all."""
    found = defaultdict(list)
    for row in ask(connection, folder, GROUPS, as_of=as_of_date, account=account_id):
        account_id = row.pop("account_id")
        found[account_id].append(Group(*row.values()))
    return found


class _Tables(dict):
    def __init__(self, marts_dir: Path) -> None:
        super().__init__()
        self.marts_dir = marts_dir

    def __missing__(self, table: str) -> str:
        path = self.marts_dir / f"{table}.parquet"
        if not path.exists():
            raise FileNotFoundError(f"{path} is not there: the account tables are drawn from it")
        return f"read_parquet({sql.text(str(path))})"
