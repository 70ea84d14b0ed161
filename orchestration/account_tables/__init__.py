"""What may be handed to an account: its tables, suppressed, and the attack that tries them."""

from orchestration.account_tables.attack import attack
from orchestration.account_tables.bundle_search import search_bundle, search_gaps
from orchestration.account_tables.write import write_account_tables

__all__ = ["attack", "search_bundle", "search_gaps", "write_account_tables"]
