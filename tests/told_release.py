"""A release of a few rows, written by hand: the marts that the account tables are drawn from."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

AS_OF = "2025-12-31"
MANIFEST = {"as_of_date": AS_OF}
# A column and its type, and what it is where a row does not say.
COLUMNS: dict[str, dict[str, tuple[str, Any]]] = {
    "dim_accounts": {
        "account_id": ("varchar", None),
        "name": ("varchar", None),
        "is_current": ("boolean", True),
    },
    "dim_programs": {
        "program_id": ("varchar", None),
        "title": ("varchar", None),
        "field": ("varchar", None),
    },
    "dim_stages": {
        "stage_code": ("varchar", None),
        "stage_order": ("integer", None),
        "title": ("varchar", None),
        "definition": ("varchar", None),
        "dated_by": ("varchar", "fct_enrollment_journeys"),
        "metric_code": ("varchar", None),
        "previous_stage_code": ("varchar", None),
    },
    "dim_metrics": {
        "metric_code": ("varchar", None),
        "title": ("varchar", None),
        "definition": ("varchar", None),
        "formula": ("varchar", None),
        "unit": ("varchar", None),
        "owner_role": ("varchar", None),
        "function_code": ("varchar", None),
        "standard_reference": ("varchar", None),
    },
    "rpt_funnel_cohorts": {
        "account_id": ("varchar", None),
        "program_id": ("varchar", None),
        "cohort_month": ("varchar", None),
        "stage_code": ("varchar", None),
        "is_supplied": ("boolean", True),
        "is_mature": ("boolean", True),
        "reached_count": ("bigint", None),
        "mature_numerator_count": ("bigint", None),
        "mature_denominator_count": ("bigint", None),
    },
    "rpt_workforce_outcomes": {
        "account_id": ("varchar", None),
        "outcome_code": ("varchar", "promoted_12m"),
        "stratum": ("varchar", "all"),
        "outcome_order": ("integer", 1),
        "title": ("varchar", "Promoted"),
        "unit": ("varchar", "share"),
        "better": ("varchar", "higher"),
        "treated_count": ("bigint", 100),
        "matched_count": ("bigint", 100),
        "comparison_worker_count": ("bigint", 100),
        "treated_rate": ("double", 0.4),
        "comparison_rate": ("double", 0.3),
        "adjusted_difference": ("double", 0.1),
        "ci_low": ("double", 0.01),
        "ci_high": ("double", 0.19),
        "evidence_grade": ("varchar", "B"),
        "is_estimable": ("boolean", True),
        "reason": ("varchar", None),
    },
    "rpt_employer_roi": {
        "account_id": ("varchar", None),
        "scenario": ("varchar", "base"),
        "scenario_order": ("integer", 2),
        "participants_count": ("bigint", 100),
        "benefit_amount": ("decimal(18,2)", 150),
        "cost_amount": ("decimal(18,2)", 100),
        "hidden_cost_amount": ("decimal(18,2)", 20),
        "net_benefit_amount": ("decimal(18,2)", 50),
        "roi_rate": ("double", 0.5),
        "bcr": ("double", 1.5),
        "payback_months": ("double", 8.0),
        "currency": ("varchar", "USD"),
        "period_start": ("date", date(2023, 1, 1)),
        "period_end": ("date", date(2024, 12, 31)),
        "evidence_grade": ("varchar", "B"),
        "is_estimable": ("boolean", True),
        "reason": ("varchar", None),
    },
    "rpt_roi_lines": {
        "account_id": ("varchar", None),
        "scenario": ("varchar", "base"),
        "line_type": ("varchar", "cost"),
        "line_code": ("varchar", "tuition"),
        "line_order": ("integer", 5),
        "is_hidden": ("boolean", False),
        "reason": ("varchar", None),
        "amount": ("decimal(18,2)", 100),
    },
    "rpt_stakeholder_chain": {
        "account_id": ("varchar", None),
        "chain_role": ("varchar", "manager"),
        "role_order": ("integer", 2),
        "month": ("date", None),
        "is_supplied": ("boolean", True),
        "people_count": ("bigint", None),
    },
    "fct_survey_items": {
        "response_id": ("varchar", None),
        "account_id": ("varchar", None),
        "chain_role": ("varchar", "manager"),
        "month": ("date", None),
        "is_confidence": ("boolean", True),
        "score_0_100": ("double", None),
    },
}
STAGES = [
    ("eligible", None, "fct_eligibility_journeys"),
    ("aware", "eligible", "fct_eligibility_journeys"),
    ("enrolled", "aware", "fct_enrollment_journeys"),
    ("activated", "enrolled", "fct_enrollment_journeys"),
    ("completed", "activated", "fct_enrollment_journeys"),
]


def write_marts(folder: Path, accounts: Iterable[str] = ("own",), **rows: list[dict]) -> Path:
    """Write marts with these rows; the stages, two programs and the accounts are always there."""
    tables = {
        "dim_accounts": [{"account_id": account, "name": f"The {account}"} for account in accounts],
        "dim_programs": [
            {"program_id": code, "title": f"Program {code}"} for code in ("prg-a", "prg-b")
        ],
        "dim_stages": [
            {
                "stage_code": code,
                "stage_order": place,
                "title": code.capitalize(),
                "dated_by": dated_by,
                "metric_code": f"{code}_rate",
                "previous_stage_code": previous,
            }
            for place, (code, previous, dated_by) in enumerate(STAGES, start=1)
        ],
        "dim_metrics": [
            {"metric_code": f"{code}_rate", "title": code, "function_code": "product"}
            for code, *_ in STAGES
        ],
        **rows,
    }
    (folder / "marts").mkdir(parents=True)
    with duckdb.connect() as connection:
        for table, columns in COLUMNS.items():
            values = [
                {name: row.get(name, default) for name, (_, default) in columns.items()}
                for row in tables.get(table, [])
            ]
            frame = pd.DataFrame(values, columns=list(columns), dtype=object)
            connection.register("frame", frame)
            types = ", ".join(
                f"cast({name} as {kind}) as {name}" for name, (kind, _) in columns.items()
            )
            path = folder / "marts" / f"{table}.parquet"
            connection.execute(f"copy (select {types} from frame) to '{path}' (format parquet)")
    return folder


def cohort(account: str, month: str, counts: dict[str, tuple[int, int]], **changes: Any) -> list:
    """The cohort rows of one account and month, {'prg-a': (30, 50)}, of the step activated.

    With the row of all programs, as the mart has it.
    """
    total = tuple(sum(pair) for pair in zip(*counts.values(), strict=True))
    return [
        {
            "account_id": account,
            "program_id": program,
            "cohort_month": f"{month}-01",
            "stage_code": "activated",
            "mature_numerator_count": numerator,
            "mature_denominator_count": denominator,
            **changes,
        }
        for program, (numerator, denominator) in {**counts, "all": total}.items()
    ]
