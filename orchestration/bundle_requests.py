"""Which accounts a report was asked for: `account_bundles.csv` in the landing folder."""

import csv
import re
from pathlib import Path

from orchestration.load.landing import BUNDLES_FILE

# The folder of a report carries the account's id; rows of this id are the same for all accounts.
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SHARED_ID = "all"


class BundleError(RuntimeError):
    """The accounts' reports could not be made; the message says why and what to do."""


def asked_accounts(landing_dir: Path) -> list[str]:
    """Return the accounts that a report was asked for, in the order of the file.

    `account_bundles.csv` lies in the landing folder itself and has one column, `account_id`.
    Without the file no account has a report.

    Raises:
        BundleError: the file cannot be read, has another header, or a row is empty, cannot name a
            folder, or comes twice. The message names file, row and column.
    """
    path = landing_dir / BUNDLES_FILE
    if not path.exists():
        return []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            header, *rows = list(csv.reader(file, strict=True)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BundleError(f"{path} cannot be read ({error}): write it as CSV in UTF-8") from error
    if header != ["account_id"]:
        found = ", ".join(header) or "none"
        raise BundleError(f"{path}, row 1: one column, account_id, is expected; found: {found}")
    asked: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        place = f"{path}, row {number}"
        if len(row) > 1:
            raise BundleError(f"{place}: {len(row)} cells, where only account_id is expected")
        value = row[0] if row else ""
        if not _SAFE_ID.fullmatch(value) or value == SHARED_ID:
            raise BundleError(
                f"{place}, column account_id: {value!r} cannot name the folder of a report; write"
                " an account's id of letters, digits, dots, hyphens and underscores"
            )
        if value in asked:
            raise BundleError(
                f"{place}, column account_id: {value} stands in row {asked[value]} already;"
                " remove one of the two"
            )
        asked[value] = number
    return list(asked)
