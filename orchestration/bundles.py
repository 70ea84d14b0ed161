"""The reports for accounts: static pages of one account's own rows, safe to hand over."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.account_tables import attack, search_bundle, search_gaps
from orchestration.bundle_requests import SHARED_ID, BundleError
from orchestration.load import sql
from orchestration.load.landing import BUNDLES_FILE
from orchestration.settings import PROJECT_DIR

REPORTS_DIR = PROJECT_DIR / "reports"
TIME_LIMIT_SECONDS = 900


def build_bundles(
    folder: Path,
    manifest: dict,
    accounts: Sequence[str],
    work_dir: Path,
    earlier: Sequence[Path],
    raw_path: Path,
    say: Callable[[str], None] = print,
) -> list[dict]:
    """Write the reports of accounts into `folder/accounts/<account_id>/site/`.

    One whose hidden numbers can be found out, or that holds what is not the account's own, is
    removed again; the others stay.

    Args:
        folder: The release in the making, with its `marts/` and `account_tables/`.
        manifest: Its manifest: release_id, as_of_date, created_at, code_version.
        accounts: The ids of the accounts.
        work_dir: A folder for the build, removed at the end.
        earlier: The releases before it, whose numbers an attacker knows too.
        raw_path: The raw database: the ids and names that must not be found in a report.
        say: Takes one line for the run.

    Returns:
        One row per account: account_id, is_published, and the reason if it is not.

    Raises:
        BundleError: the pages could not be built.
    """
    if not accounts:
        return []
    started = time.monotonic()
    tables = _account_tables(folder / "account_tables")
    known = {row["account_id"] for row in tables["account_profile"]["rows"]}
    refused = {
        account: f"no account of this id is known: correct {BUNDLES_FILE}, or land the account"
        for account in accounts
        if account not in known
    }
    for account in accounts:
        if account in known and (found := _attacked(folder, account, earlier)):
            refused[account] = _in_short(found)
    wanted = [account for account in accounts if account not in refused]
    reports_dir = folder / "accounts"
    if wanted:
        _render(_request(manifest, tables, wanted, reports_dir), work_dir)
    for account in wanted:
        site = reports_dir / account / "site"
        if found := search_bundle(site, account, folder, raw_path):
            refused[account] = _in_short(found)
            shutil.rmtree(site.parent)
    unsearched = sum(search_gaps(folder, raw_path).values()) if wanted else 0
    say(
        f"account reports: {len(accounts) - len(refused)} of {len(accounts)} published"
        f" in {time.monotonic() - started:.1f} s; {unsearched} texts are too short or too ordinary"
        " to be searched for (docs/guides/disclosure_control.md)"
    )
    return [
        {
            "account_id": account,
            "is_published": account not in refused,
            "reason": refused.get(account),
        }
        for account in accounts
    ]


def _attacked(folder: Path, account: str, earlier: Sequence[Path]) -> list[str]:
    """What the attack found; that it could not be made keeps this account's report back too."""
    try:
        return attack(folder, account, earlier)
    except Exception as error:
        return [f"the attack on it could not be made ({type(error).__name__}: {error})"]


def _in_short(findings: Sequence[str]) -> str:
    """The first findings, and how many there are."""
    more = f" and {len(findings) - 3} more" if len(findings) > 3 else ""
    return "; ".join(findings[:3]) + more


def _account_tables(tables_dir: Path) -> dict[str, dict]:
    """Each table's columns and rows, as JSON can hold them."""
    tables = {}
    with duckdb.connect() as connection:
        for path in sorted(tables_dir.glob("*.parquet")):
            cursor = connection.execute(f"from read_parquet({sql.text(str(path))})")
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, map(_plain, row), strict=True)) for row in cursor.fetchall()]
            tables[path.stem] = {"columns": columns, "rows": rows}
    return tables


def _plain(value: object) -> object:
    """Dates as text, decimals as numbers: as the pages of the main site get them."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _request(
    manifest: dict, tables: dict[str, dict], accounts: Sequence[str], reports_dir: Path
) -> dict:
    """What the renderer reads: of each account its own rows and those that are the same for all."""
    own: dict[str, dict[str, list]] = {
        account: {name: [] for name in tables} for account in accounts
    }
    for name, table in tables.items():
        for row in table["rows"]:
            if row["account_id"] == SHARED_ID:
                for account in accounts:
                    own[account][name].append(row)
            elif row["account_id"] in own:
                own[row["account_id"]][name].append(row)
    release = ("release_id", "as_of_date", "created_at", "code_version")
    return {
        "release": {name: manifest[name] for name in release},
        "folder": str(reports_dir.resolve()),
        "columns": {name: table["columns"] for name, table in tables.items()},
        "accounts": [{"account_id": account, "tables": own[account]} for account in accounts],
    }


def _render(request: dict, work_dir: Path) -> None:
    """Build the pages once and write those of every account."""
    if not (REPORTS_DIR / "node_modules" / "vite").is_dir():
        raise BundleError(
            f"The packages of the report are not installed: run `npm ci` in {REPORTS_DIR}"
        )
    work_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bundles-", dir=work_dir) as scratch:
        Path(scratch, "asked.json").write_text(json.dumps(request), encoding="utf-8")
        try:
            done = subprocess.run(
                ["node", str(REPORTS_DIR / "bundle" / "build.js"), scratch],
                capture_output=True,
                text=True,
                check=False,
                timeout=TIME_LIMIT_SECONDS,
            )
        except FileNotFoundError as error:
            raise BundleError("node is not installed, which builds the pages") from error
        except subprocess.TimeoutExpired as error:
            raise BundleError(
                f"The accounts' reports took more than {TIME_LIMIT_SECONDS} s and were stopped"
            ) from error
    if done.returncode != 0:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-8:])
        raise BundleError(f"The pages of the accounts' reports could not be built:\n{tail}")
