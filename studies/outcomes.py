"""Are the workforce outcomes right? Many employers whose true effects are known.

``python -m studies.outcomes`` draws employers of 500 to 2,000 workers from seeds 1, 2, ..., whose
benefit does something, nothing, or seems to because of what nobody observes; lands many of them in
one warehouse, builds `rpt_workforce_outcomes`, and prints as Markdown tables how often its
intervals hold the truth, and how far off it and the naive comparison are.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.dbt_project import run_dbt
from orchestration.load import load_landing
from orchestration.settings import Settings
from sample_data.accounts import Account
from sample_data.workforce import WorkforceTruths
from studies.workforces import AS_OF, employer, land_workforces

WORKERS = (500, 1_000, 2_000)
UTILIZATION = (0.04, 0.06, 0.1, 0.15)  # of the eligible, a year
# Hazard ratios of leaving voluntarily, promotion and lateral move; the last is a strong effect.
EFFECTS = ((1.0, 1.0, 1.0), (0.9, 1.1, 1.1), (0.8, 1.25, 1.2), (0.65, 1.6, 1.4))
HIDDEN = WorkforceTruths(hidden_sorting=1.0)
PEOPLE = {  # labels of the matched participants, by the number they end before
    50: "30 to 49",
    80: "50 to 79",
    150: "80 to 149",
    300: "150 to 299",
    np.inf: "300 and more",
}
NORMAL = 1.959963984540054
TRUTH = {  # of `EffectTruth`, by the name here
    "truth": "att", "protocol_truth": "att_per_protocol", "naive": "naive_difference_as_drawn",
}  # fmt: skip
MODES = ("planted", "none", "hidden")


def employers(seed: int, mode: str) -> Iterator[tuple[int, Account]]:
    """Yield the employers of a seed: every size, effects and utilization in turn."""
    for place, workers in enumerate(WORKERS):
        retention, promotion, mobility = EFFECTS[(place + seed) % 4 if mode == "planted" else 0]
        yield seed, employer(
            f"s{seed}x{place}", workers, UTILIZATION[(place + seed // 4) % 4],
            retention=retention, promotion=promotion, mobility=mobility,
        )  # fmt: skip


def measure(
    folder: Path, drawn: list[tuple[int, Account]], truths: WorkforceTruths | None = None
) -> pd.DataFrame:
    """Land some employers, build their outcomes, and return them beside the truth.

    One row per account and outcome of which there is a truth, with the columns of
    `rpt_workforce_outcomes` and those of TRUTH. The folder keeps the warehouse.
    """
    settings = Settings(
        landing_dir=folder / "landing",
        data_dir=folder / "data",
        releases_dir=folder / "releases",
        as_of=AS_OF,
        site=False,
        dbt_target="duckdb",
    )
    said = land_workforces(settings.landing_dir, drawn, truths)
    load_landing(settings.landing_dir, settings.raw_path, say=lambda _: None)
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    built = run_dbt(
        settings, "build", "--select", "+rpt_workforce_outcomes",
        "--resource-type", "model", "seed",
    )  # fmt: skip
    if not built.success:
        raise RuntimeError(f"the build failed: {built.exception or built.result}")
    return beside_truth(settings.build_path, said)


def beside_truth(warehouse: Path, said: dict[str, dict]) -> pd.DataFrame:
    """Return the estimates of a warehouse with what the truths by account say."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.sql("""
            select * from employer_roi.rpt_workforce_outcomes
            where stratum = 'all' and account_id <> 'all'
        """).df()
    truth = pd.DataFrame(
        {"account_id": account_id, "outcome_code": code}
        | {name: (truths[key] or {}).get(code) for name, key in TRUTH.items()}
        for account_id, truths in said.items()
        for code in truths["att"] or ()
    ).astype(dict.fromkeys(TRUTH, float))
    rows = found.merge(truth, on=["account_id", "outcome_code"], validate="one_to_one")
    rows["error"] = rows["adjusted_difference"] - rows["truth"]
    rows["is_covered"] = rows["truth"].between(rows["ci_low"], rows["ci_high"])
    rows["is_claimed"] = (rows["ci_low"] > 0) | (rows["ci_high"] < 0)
    rows["naive_error"] = rows["naive"] - rows["truth"]
    rows["protocol_error"] = rows["protocol_difference"] - rows["protocol_truth"]
    rows["is_protocol_covered"] = rows["protocol_truth"].between(
        rows["protocol_ci_low"], rows["protocol_ci_high"]
    )
    return rows


def summary(rows: pd.DataFrame) -> dict[str, str]:
    """Return what is said of some account-outcomes with enough people, by column of a table."""
    # a mean over outcomes is of those that are shares of people, not of hours
    alike = rows[rows["unit"] == "share"] if rows["unit"].nunique() > 1 else rows
    error, naive = alike["error"], alike["naive_error"].mean()
    half = NORMAL * error.std() / np.sqrt(len(alike))
    return {
        "account-outcomes": f"{len(rows):,}",
        "covered": f"{rows['is_covered'].mean():.1%}",
        "claimed": f"{rows['is_claimed'].mean():.1%}",
        "bias": _number(error.mean()) + (f" ± {_number(half)}" if len(alike) > 1 else ""),
        "naive bias": _number(naive),
        "ratio": _number(error.mean() / naive, "z.3f"),
        "protocol covered": f"{rows['is_protocol_covered'].mean():.1%}",
        "protocol bias": _number(alike["protocol_error"].mean()),
    }


def _number(value: float, form: str = "z.4f") -> str:
    return "" if np.isnan(value) else f"{value:{form}}"


def table(title: str, rows: pd.DataFrame, by: str | Callable) -> None:
    """Print a table with a line for each group, and one for all."""
    groups = [(str(name), group) for name, group in rows.groupby(by, observed=True)]
    for number, (name, group) in enumerate([*groups, ("all", rows)]):
        said = summary(group)
        if not number:
            print(f"\n| {title} | {' | '.join(said)} |\n|---|{'---:|' * len(said)}")
        print(f"| {name} | {' | '.join(said.values())} |", flush=True)


def study(mode: str, seeds: range, together: int) -> pd.DataFrame:
    """Measure the employers of all seeds, those of some seeds together in a warehouse."""
    truths, parts = HIDDEN if mode == "hidden" else None, []
    for first in range(0, len(seeds), together):
        some = seeds[first : first + together]
        drawn = [each for seed in some for each in employers(seed, mode)]
        with tempfile.TemporaryDirectory() as folder:
            parts.append(measure(Path(folder), drawn, truths))
    return pd.concat(parts, ignore_index=True)


def main(mode: str, seeds: range, together: int) -> None:
    """Print what became of a mode."""
    start = time.monotonic()
    everything = study(mode, seeds, together)
    rows = everything[everything["is_estimable"].astype(bool)]
    workers = len(seeds) * sum(WORKERS)
    print(
        f"\n{mode}: seeds {seeds[0]} to {seeds[-1]}, {len(everything):,} account-outcomes,"
        f" {len(rows):,} with enough people"
    )
    table("outcome", rows, "outcome_code")
    people = pd.cut(rows["matched_count"], [0, *PEOPLE], right=False, labels=[*PEOPLE.values()])
    table("matched participants", rows, people)
    table("grade", rows, "evidence_grade")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    minutes = (time.monotonic() - start) / 60
    print(f"\n{workers:,} workers, {minutes:.1f} minutes, peak {peak:,.0f} MB", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="studies.outcomes", description=__doc__)
    parser.add_argument("--mode", choices=MODES, default="planted", help="which truth (planted)")
    parser.add_argument("--seeds", type=int, default=50, help="how many seeds (50)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--together", type=int, default=25, help="seeds in a warehouse (25)")
    arguments = parser.parse_args()
    chosen = range(arguments.first, arguments.first + arguments.seeds)
    main(arguments.mode, chosen, arguments.together)
