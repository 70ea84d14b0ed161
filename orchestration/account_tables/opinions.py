"""What the people of an account say: scores in whole points, by role and quarter."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.account_tables.limits import LEAST_ANSWERERS
from orchestration.account_tables.marts import with_tables
from orchestration.load import sql

RESPONSES = """
    select
        account_id,
        chain_role,
        date_trunc('quarter', month) as quarter_start,
        response_id,
        avg(score_0_100) as score
    from {fct_survey_items}
    where is_confidence and score_0_100 is not null
    group by account_id, chain_role, quarter_start, response_id
"""

# A quarter that is over. How many different people answered is known by the month: the month with
# the most is the least that the quarter has, and the interval is that of so many people.
VOICE = """
    with months as (
        select
            account_id,
            chain_role,
            role_order,
            date_trunc('quarter', month) as quarter_start,
            max(people_count) as people_count
        from {rpt_stakeholder_chain}
        where account_id <> 'all' and is_supplied and chain_role <> 'executive_sponsor'
        group by account_id, chain_role, role_order, quarter_start
    ),

    quarters as (
        select
            account_id,
            chain_role,
            quarter_start,
            avg(score) as score,
            coalesce(stddev_samp(score), 0) as spread
        from responses
        group by account_id, chain_role, quarter_start
    ),

    judged as (
        select
            months.*,
            quarters.score,
            1.959963984540054 * quarters.spread / sqrt(months.people_count) as half,
            case
                when
                    months.people_count < 5
                    or quarters.score not between 5 and 95
                    or moved.account_id is not null
                    then 'protected'
            end as hidden_reason
        from months
        left join quarters
            on
                months.account_id = quarters.account_id
                and months.chain_role = quarters.chain_role
                and months.quarter_start = quarters.quarter_start
        left join moved_opinions as moved
            on
                months.account_id = moved.account_id
                and months.chain_role = moved.chain_role
                and months.quarter_start = moved.quarter_start
        where months.quarter_start + interval 3 months <= cast($as_of as date) + interval 1 day
    )

    select
        account_id,
        chain_role,
        role_order,
        case chain_role
            when 'participant' then 'Participants'
            when 'manager' then 'Managers'
            when 'program_owner' then 'Program owners'
            when 'hr_leader' then 'HR leaders'
            else chain_role
        end as title,
        cast(quarter_start as date) as quarter_start,
        case when hidden_reason is null then people_count // 5 * 5 end as people_count,
        case when hidden_reason is null then round(score) end as confidence_score,
        case when hidden_reason is null then round(greatest(0, score - half)) end as ci_low,
        case when hidden_reason is null then round(least(100, score + half)) end as ci_high,
        hidden_reason is not null as is_hidden,
        hidden_reason
    from judged
    order by account_id, role_order, quarter_start
"""

MOVED = f"""
    insert or ignore into moved_opinions
    with told as (
        select account_id, chain_role, quarter_start
        from read_parquet($told)
        where not is_hidden
    ),

    before as ($before)

    select account_id, chain_role, quarter_start
    from before
    full outer join responses using (account_id, chain_role, quarter_start, response_id)
    inner join told using (account_id, chain_role, quarter_start)
    where coalesce(abs(before.score - responses.score) > 1e-9, true)
    group by account_id, chain_role, quarter_start
    having count(*) < {LEAST_ANSWERERS}
"""


def find_moved(
    connection: duckdb.DuckDBPyConnection, folder: Path, earlier: Sequence[Path]
) -> None:
    """Make the tables `responses`, of this release, and `moved_opinions`, which VOICE reads.

    A quarter has moved if an earlier release told of it and one to four responses came, went or
    were corrected since then: the two scores together would tell of those few.
    """
    connection.execute(f"create table responses as {with_tables(folder, RESPONSES)}")
    connection.execute(
        "create table moved_opinions (account_id varchar, chain_role varchar, quarter_start date,"
        " primary key (account_id, chain_role, quarter_start))"
    )
    for release in earlier:
        voices = release / "account_tables" / "account_voice.parquet"
        if voices.exists():
            told = sql.text(str(voices))
            before = with_tables(release, RESPONSES)
            connection.execute(MOVED.replace("$told", told).replace("$before", before))
