"""The employers that buy."""

import numpy as np

from .draw import Columns
from .truths import Truths

RENAMED = ("acc-orrelle", "Orrelle Networks", "2025-07-01")


def account(truths: Truths) -> Columns:
    """Return the entity `account`: a row per employer, and a second version of the one renamed."""
    versions = [(a, a.name, None) for a in truths.accounts]
    versions += [(a, *RENAMED[1:]) for a in truths.accounts if a.account_id == RENAMED[0]]
    columns = {
        "account_id": [a.account_id for a, _, _ in versions],
        "parent_account_id": [a.parent_account_id for a, _, _ in versions],
        "name": [name for _, name, _ in versions],
        "industry": [a.industry for a, _, _ in versions],
        "segment": [a.segment for a, _, _ in versions],
        "region": [a.region for a, _, _ in versions],
        "timezone": [a.timezone for a, _, _ in versions],
        "fiscal_year_start_month": [a.fiscal_year_start_month for a, _, _ in versions],
        "reporting_currency": ["USD"] * len(versions),
        "customer_since": [a.customer_since.isoformat() for a, _, _ in versions],
        "effective_from": [since for _, _, since in versions],
    }
    return {name: np.array(values, dtype=object) for name, values in columns.items()}
