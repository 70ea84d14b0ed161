"""Does the warehouse find what was planted? Bottlenecks and their causes over many tenants.

``python -m studies.bottlenecks --seeds 20`` draws as many demo tenants from seeds 1, 2, ..., loads
and builds each in a temporary folder, holds `rpt_bottlenecks` and `rpt_diagnostic_evidence` against
the truth of the generator, and prints a Markdown table. With ``--keep FOLDER`` the loaded tenants
stay there and are used again: try a change of the method on them in a third of the time.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import duckdb

from orchestration.dbt_project import run_dbt
from orchestration.load import load_landing
from orchestration.settings import Settings
from sample_data.landing import land
from sample_data.tenant import TRUTH
from sample_data.truths import read_truths

TABLES = ("rpt_bottlenecks", "rpt_diagnostic_evidence")
# Large: without the first three the stages before the enrollment are not supplied, and so not in
# the study; the rest is read by no model on the way but to count what landed.
NOT_NEEDED = (
    "participant/marketing_touch",
    "participant/application",
    "participant/eligibility",
    "participant/absence",
    "participant/skill_assessment",
    "operations/work_item",
    "operations/work_item_attribute",
    "financial/invoice_line",
    "financial/direct_cost",
    "financial/ledger_expense",
)
# Learning events of a visit, instead of 8.5: no stage or cause hangs on how many they are.
ITEMS_PER_VISIT = 2.0


@dataclass(frozen=True)
class Found:
    """What was found of what was planted, in one tenant or several: counts.

    Attributes:
        troubled: accounts with a planted bottleneck.
        located: of them, those whose first-ranked stage is the planted one.
        caused: of them, those whose planted cause got the verdict `supported`.
        healthy: accounts without a planted bottleneck.
        claimed: of them, those with a ranked bottleneck at any stage.
        tested: questions D1 to D8 at healthy accounts with a verdict for or against.
        supported: of them, those with the verdict `supported`.
    """

    troubled: int
    located: int
    caused: int
    healthy: int
    claimed: int
    tested: int
    supported: int

    def __add__(self, other: "Found") -> "Found":
        """Return both together."""
        return Found(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def compare(warehouse: Path, truth: dict) -> Found:
    """Hold the two tables of a warehouse against the section `platform` of the truth."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ranked = connection.sql("""
            select account_id, stage_code, bottleneck_rank from diagnostics.rpt_bottlenecks
            where bottleneck_rank is not null
        """).fetchall()
        verdicts = connection.sql("""
            select account_id, question_code, verdict from diagnostics.rpt_diagnostic_evidence
            where diagnosis <> 'renewal_risk' and verdict <> 'not_enough_data'
        """).fetchall()
    first = {account: stage for account, stage, rank in ranked if rank == 1}
    supported = {(account, question) for account, question, verdict in verdicts
                 if verdict == "supported"}  # fmt: skip
    planted = {each["account_id"]: each for each in truth["bottlenecks"]}
    healthy = set(truth["stage_rates"]) - set(planted)
    return Found(
        troubled=len(planted),
        located=sum(first.get(a) == each["stage"] for a, each in planted.items()),
        caused=sum((a, each["question"]) in supported for a, each in planted.items()),
        healthy=len(healthy),
        claimed=len(healthy & set(first)),
        tested=sum(account in healthy for account, _, _ in verdicts),
        supported=sum(account in healthy for account, _ in supported),
    )


def study(seed: int, folder: Path) -> Found:
    """Draw and load the tenant of a seed, unless the folder holds it; build it, and compare."""
    settings = Settings(
        landing_dir=folder / "landing",
        data_dir=folder / "data",
        releases_dir=folder / "releases",
        as_of=None,
        site=False,
        dbt_target="duckdb",
    )
    truth_path = folder / TRUTH
    if not truth_path.exists():
        truths = read_truths(None)
        platform = replace(truths.platform, items_per_visit=ITEMS_PER_VISIT)
        land(settings.landing_dir, seed, 1, replace(truths, platform=platform))
        for entity in NOT_NEEDED:
            shutil.rmtree(settings.landing_dir / entity)
        load_landing(settings.landing_dir, settings.raw_path, say=lambda _: None)
        shutil.move(settings.landing_dir / TRUTH, truth_path)
        shutil.rmtree(settings.landing_dir)
    settings.build_path.unlink(missing_ok=True)
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    selected = [f"+{table}" for table in TABLES]
    built = run_dbt(settings, "build", "--select", *selected, "--resource-type", "model", "seed")
    if not built.success:
        raise RuntimeError(f"seed {seed}: the build failed: {built.exception or built.result}")
    return compare(settings.build_path, json.loads(truth_path.read_text())["platform"])


def row(name: str, found: Found) -> str:
    """Return a line of the table."""
    counts = " | ".join(f"{count:,}" for count in astuple(found))
    return f"| {name} | {counts} |"


def main(seeds: Iterable[int], keep: Path | None) -> None:
    """Print the table, a line as soon as its seed is done."""
    names = [field.name for field in fields(Found)]
    print(f"| seed | {' | '.join(names)} |")
    print("|---|" + "---:|" * len(names), flush=True)
    total = Found(0, 0, 0, 0, 0, 0, 0)
    for seed in seeds:
        with tempfile.TemporaryDirectory() as passing:
            found = study(seed, (keep or Path(passing)) / f"seed-{seed}")
        total += found
        print(row(str(seed), found), flush=True)
    print(row("all", total))
    print(
        f"\nLocated {total.located / total.troubled:.1%}, cause supported"
        f" {total.caused / total.troubled:.1%}; claimed at healthy accounts"
        f" {total.claimed / total.healthy:.1%}; questions supported there"
        f" {total.supported / total.tested:.1%}."
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="studies.bottlenecks", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many tenants (20)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--keep", type=Path, help="keep the loaded tenants in this folder")
    arguments = parser.parse_args()
    main(range(arguments.first, arguments.first + arguments.seeds), arguments.keep)
