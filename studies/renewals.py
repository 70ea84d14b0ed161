"""Will they renew, and where does the story break? Many tenants whose truth is known.

``python -m studies.renewals --seeds 20`` draws contracts and stakeholders from seeds 1, 2, ...,
builds a warehouse of each, and holds `rpt_renewal_forecasts`, `rpt_renewal_calibration`,
`rpt_chain_links` and `rpt_stakeholder_chain` against the truth of the generator. It prints Markdown
tables. With ``--keep FOLDER`` the loaded tenants stay there and are used again.
"""

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from studies.stakeholders import build_stakeholders

TABLES = (
    "rpt_renewal_forecasts",
    "rpt_renewal_calibration",
    "rpt_chain_links",
    "rpt_stakeholder_chain",
)
HEADS = {
    "forecasts": "horizon | decisions | renewed | AUC of health | AUC of the planted probability"
    " | difference | with a probability | Brier | Brier of the base rate | Brier as planted",
    "bins": "horizon | bins | interval holds the mean probability",
    "links": "from | to | coefficient | lag in months | lag found | mean coefficient"
    " | interval holds the truth",
    "breaks": "tenants | found within two months | account-months elsewhere | of them claimed"
    " | of the claimed, planted",
}


def measure(warehouse: Path, truth: dict) -> dict[str, pd.DataFrame]:
    """Return what a warehouse says, beside the truth: forecasts, bins, links and breaks."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        forecasts = connection.sql("""
            select contract_id, horizon_days, health_score, renewal_probability, base_rate,
                is_renewed
            from renewal_health.rpt_renewal_forecasts where is_prediction and is_decided
        """).df()
        bins = connection.sql("""
            select horizon_days, bin_no, mean_probability, ci_low, ci_high
            from renewal_health.rpt_renewal_calibration
            where bin_no > 0 and mean_probability is not null
        """).df()
        links = connection.sql("""
            select from_role, to_role, lag_months, coefficient, ci_low, ci_high, verdict
            from stakeholders.rpt_chain_links where not is_path order by from_order
        """).df()
        breaks = connection.sql("""
            select account_id, chain_role, strftime(month, '%Y-%m') as month, is_break
            from stakeholders.rpt_stakeholder_chain
            where account_id <> 'all' and is_break is not null
        """).df()
    forecasts["planted"] = forecasts["contract_id"].map(truth["renewal"]["probability"])
    bins["is_covered"] = bins["mean_probability"].between(bins["ci_low"], bins["ci_high"])
    said = pd.DataFrame(truth["chain_links"])[["to_role", "lag_months", "coefficient"]]
    links = links.merge(said, on="to_role", suffixes=("", "_truth"))
    links["is_lag_found"] = links["lag_months"] == links["lag_months_truth"]
    links["is_covered"] = links["coefficient_truth"].between(links["ci_low"], links["ci_high"])
    planted = {
        (each["account_id"], each["to_role"], month)
        for each in truth["breaks"]
        for month in each["months"]
    }
    keys = zip(breaks["account_id"], breaks["chain_role"], breaks["month"], strict=True)
    breaks["is_planted"] = [key in planted for key in keys]
    return {"forecasts": forecasts, "bins": bins, "links": links, "breaks": breaks}


def auc(score: pd.Series, renewed: pd.Series) -> float:
    """Return the share of pairs, one renewed and one not, in which the renewed scored higher."""
    yes, no = (score[renewed == kind].to_numpy(dtype=float) for kind in (True, False))
    apart = yes[:, None] - no[None, :]
    return float(((apart > 0) + 0.5 * (apart == 0)).mean()) if apart.size else np.nan


def brier(probability: pd.Series, renewed: pd.Series) -> float:
    """Return the mean squared distance of probabilities and what happened."""
    return float(((probability - renewed.astype(float)) ** 2).mean())


def forecast_lines(forecasts: pd.DataFrame) -> Iterable[list]:
    """Yield what the forecasts of each horizon, of all seeds, are worth."""
    for horizon, rows in forecasts.groupby("horizon_days"):
        shown = rows.dropna(subset="renewal_probability")
        renewed, health = (
            rows["is_renewed"].astype(bool),
            auc(rows["health_score"], rows["is_renewed"]),
        )
        best = auc(rows["planted"], rows["is_renewed"])
        yield [
            horizon, f"{len(rows):,}", f"{renewed.mean():.1%}", f"{health:.3f}", f"{best:.3f}",
            f"{best - health:.3f}", f"{len(shown):,}",
            *(
                f"{brier(shown[name], shown['is_renewed']):.4f}"
                for name in ("renewal_probability", "base_rate", "planted")
            ),
        ]  # fmt: skip


def bin_lines(bins: pd.DataFrame) -> Iterable[list]:
    """Yield in how many bins of the calibration the observed rate's interval holds the mean."""
    groups = [*bins.groupby("horizon_days"), ("all", bins)]
    for horizon, rows in groups:
        yield [horizon, f"{len(rows):,}", f"{rows['is_covered'].mean():.1%}"]


def link_lines(links: pd.DataFrame) -> Iterable[list]:
    """Yield how often lag and coefficient of each link are found."""
    for (upstream, role), rows in links.groupby(["from_role", "to_role"], sort=False):
        yield [
            upstream, role,
            rows["coefficient_truth"].iloc[0], rows["lag_months_truth"].iloc[0],
            f"{rows['is_lag_found'].mean():.1%}", f"{rows['coefficient'].mean():.3f}",
            f"{rows['is_covered'].mean():.1%}",
        ]  # fmt: skip
    lags, covered = links["is_lag_found"].mean(), links["is_covered"].mean()
    yield ["all", "", "", "", f"{lags:.1%}", "", f"{covered:.1%}"]


def is_found(breaks: pd.DataFrame, change: dict) -> bool:
    """Return whether the break is told in the month of the new sponsor or the one after."""
    first = pd.Period(change["month"])
    here = breaks["account_id"].eq(change["account_id"]) & breaks["is_break"]
    here &= breaks["chain_role"].eq("executive_sponsor")
    return bool(breaks.loc[here, "month"].isin([str(first), str(first + 1)]).any())


def break_lines(breaks: pd.DataFrame, found: list[bool], account: str) -> Iterable[list]:
    """Yield how often the planted break is found, and what is claimed at other accounts."""
    others = breaks[breaks["account_id"] != account]
    claimed = others[others["is_break"]]
    yield [
        len(found), sum(found), f"{len(others):,}", f"{len(claimed):,}",
        f"{int(claimed['is_planted'].sum()):,}",
    ]  # fmt: skip


def table(head: str, lines: Iterable[list]) -> None:
    """Print a Markdown table."""
    print(f"\n| {head} |\n|{'---:|' * (head.count('|') + 1)}")
    for line in lines:
        print(f"| {' | '.join(str(value) for value in line)} |", flush=True)


def report(measured: list[dict[str, pd.DataFrame]], changes: list[dict]) -> None:
    """Print what was found over some tenants."""
    rows = {name: pd.concat([each[name] for each in measured]) for name in HEADS}
    found = [
        is_found(each["breaks"], change) for each, change in zip(measured, changes, strict=True)
    ]
    table(HEADS["forecasts"], forecast_lines(rows["forecasts"]))
    table(HEADS["bins"], bin_lines(rows["bins"]))
    table(HEADS["links"], link_lines(rows["links"]))
    table(HEADS["breaks"], break_lines(rows["breaks"], found, changes[0]["account_id"]))


def main(seeds: range, keep: Path | None) -> None:
    """Measure the tenants of all seeds, and print the tables."""
    measured, changes = [], []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as passing:
            folder = (keep or Path(passing)) / f"seed-{seed}"
            warehouse, truth = build_stakeholders(folder, seed, TABLES)
            measured.append(measure(warehouse, truth))
        changes.append(truth["sponsor_change"])
        print(f"seed {seed}: {len(measured[-1]['forecasts'])} forecasts", flush=True)
    report(measured, changes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="studies.renewals", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many tenants (20)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--keep", type=Path, help="keep the loaded tenants in this folder")
    arguments = parser.parse_args()
    main(range(arguments.first, arguments.first + arguments.seeds), arguments.keep)
