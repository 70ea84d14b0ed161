"""What the pages on words, trust and changes read: see `site_tables`."""

import re
from pathlib import Path
from typing import Any

import duckdb

from orchestration.load import sql
from orchestration.settings import PROJECT_DIR

_REPORTS_DIR = PROJECT_DIR / "reports"


def _pages_by_table(reports_dir: Path = _REPORTS_DIR) -> str:
    """Return the rows (table_name, href, title) of which page reads which table, as SQL values.

    A page reads the tables of its own queries and of the query files that it names.
    """
    rows = set()
    for page in sorted((reports_dir / "pages").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        title = re.search(r"^title: (.+)$", text, re.MULTILINE)
        href = "/" if page.stem == "index" else f"/{page.stem}/"
        for name in re.findall(r"^  - (\w+\.sql)$", text, re.MULTILINE):
            text += (reports_dir / "queries" / name).read_text(encoding="utf-8")
        tables = re.findall(r"\b(?:from|join) mart\.(\w+)", text)
        rows |= {(table, href, title[1] if title else href) for table in tables}
    values = (f"({', '.join(sql.text(part) for part in row)})" for row in sorted(rows))
    return ", ".join(values).replace("{", "{{").replace("}", "}}")


TRUST_TABLES = {
    # How many values of a metric are published, and how many of them rest on too few people.
    "metric_counts": """
        select metric_code, count(*) as values_count,
            count(*) filter (where is_suppressed) as suppressed_count
        from {rpt_metric_values}
        group by metric_code
        order by metric_code
    """,
    # Which page shows a metric: it reads the table that the metric's values are drawn from.
    "metric_pages": f"""
        select distinct published.metric_code, pages.href, pages.title
        from {{rpt_metric_values}} as published
        inner join (values {_pages_by_table()}) as pages(table_name, href, title)
            on published.table_name = pages.table_name
        where pages.href <> '/'
        order by published.metric_code, pages.title
    """,
    # Whom a row of the sources could be attached to: people to workers, accounts to their own row.
    "account_coverage": """
        select participants.account_id,
            coalesce(accounts.name, participants.account_id) as account_name,
            coalesce(not accounts.is_inferred, false) as is_landed,
            participants.participants_count, participants.linked_count, participants.linked_share,
            coalesce(conflicts.conflicts_count, 0) as conflicts_count
        from (
            select account_id, count(*) as participants_count,
                count(worker_id) as linked_count, count(worker_id) / count(*) as linked_share
            from {dim_participants}
            group by account_id
        ) as participants
        left join {dim_accounts} as accounts
            on participants.account_id = accounts.account_id and accounts.is_current
        left join (
            select account_id, count(distinct participant_id) as conflicts_count
            from {rpt_identity_conflicts}
            group by account_id
        ) as conflicts on participants.account_id = conflicts.account_id
        order by participants.account_id
    """,
    "participant_links": """
        select link_method, count(*) as participants_count
        from {dim_participants}
        group by link_method
        order by participants_count desc, link_method
    """,
    "rpt_validation_cases": "select * from {rpt_validation_cases} order by case_code",
}


def add_build_tests(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> None:
    """Write the tests of the build, from the release's manifest, as the table build_tests."""
    tests = manifest.get("tests", [])
    connection.execute(
        "create table site.main.build_tests as select unnest(?::varchar[]) as name,"
        " unnest(?::varchar[]) as status, unnest(?::double[]) as failures",
        [[test[column] for test in tests] for column in ("name", "status", "failures")],
    )
