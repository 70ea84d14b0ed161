"""Check a landing folder without loading it: what a supplier must mend, what else could land."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.bundle_requests import BundleError, asked_accounts
from orchestration.check_landing import findings
from orchestration.contract import read_contract
from orchestration.load import load_landing

__all__ = ["check_landing"]


def check_landing(landing_dir: Path, say: Callable[[str], None] = print) -> bool:
    """Report on a landing folder; return whether it has rows and each can be loaded.

    The loader itself loads the folder, into a raw database that is removed at the end: so the rules
    are the same, and what was loaded before is neither touched nor taken into account.

    Args:
        landing_dir: The folder of `<family>/<entity>/<file>`.
        say: Takes the progress, a line per file, and the report.
    """
    with tempfile.TemporaryDirectory(prefix="check-landing-") as scratch:
        raw_path = Path(scratch, "raw.duckdb")
        report = load_landing(landing_dir, raw_path, say, with_summary=False)
        if report.note or not report.batches:
            say(report.note or f"the landing folder {landing_dir} holds no file to check")
            for name in report.passed_over:
                say(f"  not looked at: {name}")
            say("Say where the files are: LANDING_DIR=<folder> make check-landing")
            return False
        with duckdb.connect(str(raw_path), read_only=True) as connection:
            sections = findings.sections(connection, read_contract(), report)
        requests, are_requests_sound = _requests(landing_dir)
        for title, lines in [*sections, requests]:
            if lines:
                say("\n".join(["", title, *(f"  {line}" for line in lines)]))
    rejected, failed = report.total("rejected_count"), len(report.failed)
    is_sound = not rejected and not failed and are_requests_sound
    say("")
    if is_sound and not report.total("received_count"):
        say("Result: nothing to check: the files hold no row")
        return False
    to_mend = f"{rejected:,} rejected rows, {failed:,} files that cannot be loaded"
    to_mend += "" if are_requests_sound else ", the request for accounts' reports"
    say("Result: every row can be loaded" if is_sound else f"Result: to mend, {to_mend}")
    return is_sound


def _requests(landing_dir: Path) -> tuple[findings.Section, bool]:
    """What the file that asks for accounts' reports says, and whether it can be read."""
    title = "Accounts that a report is asked for: one that is not known is named at publishing"
    try:
        asked = asked_accounts(landing_dir)
        return (title, [", ".join(asked)] if asked else []), True
    except BundleError as error:
        return ("The request for accounts' reports cannot be read", [str(error)]), False
