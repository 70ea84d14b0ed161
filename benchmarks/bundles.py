"""What a hundred accounts' reports cost: the pages, the attack and the search of every byte.

``python -m benchmarks.bundles RELEASE RAW`` takes a published release and the raw database it came
from, makes the reports of all its accounts, and begins again until there are as many as were asked
for; every round starts from nothing. It prints a Markdown table.
"""

import argparse
import json
import tempfile
from pathlib import Path

import duckdb

from benchmarks.apart import run_apart
from orchestration.bundles import build_bundles


def main() -> None:
    """Read the arguments, make the reports, print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path, help="the folder of a release")
    parser.add_argument("raw", type=Path, help="the raw database that it came from")
    parser.add_argument("--reports", type=int, default=100)
    arguments = parser.parse_args()
    release = arguments.release.resolve()
    accounts = _accounts(release)
    print("| round | reports | seconds | CPU seconds | a report, CPU | peak MB | MB on disk |")
    print("|---|---|---|---|---|---|---|")
    left, number = arguments.reports, 0
    total = {"wall": 0.0, "cpu": 0.0}
    while left > 0:
        asked, number = accounts[:left], number + 1
        with tempfile.TemporaryDirectory(prefix="bundles-", dir=release.parent) as scratch:
            folder = Path(scratch)
            for part in ("marts", "account_tables"):
                (folder / part).symlink_to(release / part)
            cost = run_apart(_build, folder, release, asked, arguments.raw)
            size = _size_on_disk(folder / "accounts")
        left -= len(asked)
        total = {"wall": total["wall"] + cost.wall, "cpu": total["cpu"] + cost.cpu}
        print(
            f"| {number} | {len(asked)} | {cost.wall:.0f} | {cost.cpu:.0f} |"
            f" {cost.cpu / len(asked):.2f} | {cost.peak:,.0f} | {size / 1e6:.1f} |",
            flush=True,
        )
    cpu = f"{total['cpu']:.0f} | {total['cpu'] / arguments.reports:.2f}"
    print(f"| all | {arguments.reports} | {total['wall']:.0f} | {cpu} | | |")


def _accounts(release: Path) -> list[str]:
    """The accounts that the release has tables of."""
    path = release / "account_tables" / "account_profile.parquet"
    query = "select account_id from read_parquet(?) order by account_id"
    return [row[0] for row in duckdb.execute(query, [str(path)]).fetchall()]


def _build(folder: Path, release: Path, accounts: list[str], raw_path: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    rows = build_bundles(folder, manifest, accounts, folder / "work", [], raw_path)
    refused = [row for row in rows if not row["is_published"]]
    if refused:
        raise RuntimeError(f"not published: {refused}")


def _size_on_disk(folder: Path) -> int:
    """Bytes, a file that several reports share counted once."""
    files = {path.stat().st_ino: path.stat().st_size for path in folder.rglob("*")}
    return sum(files.values())


if __name__ == "__main__":
    main()
