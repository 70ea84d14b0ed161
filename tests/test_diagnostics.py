"""Bottlenecks, evidence, cases: against the planted truth, and worked out again by other means."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from landed_files import is_good
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from orchestration.settings import PROJECT_DIR
from sample_data.tenant import TRUTH

PEERS, OBSERVATIONS, DISCOVERIES = 5, 10, 0.05
COMPLETION = ["aware", "applied", "enrolled", "activated", "engaged", "completed"]
OWN_CHOICE = ["aware", "applied"]


@pytest.fixture(scope="module")
def marts(demo_release):
    """A function that reads a table of the release."""
    return lambda table: duckdb.sql(
        f"select * from read_parquet('{demo_release}/marts/{table}.parquet')"
    ).df()


@pytest.fixture(scope="module")
def truth(tenant) -> dict:
    return json.loads((tenant / TRUTH).read_text())["platform"]


@pytest.fixture(scope="module")
def planted(truth) -> dict[str, dict]:
    return {each["account_id"]: each for each in truth["bottlenecks"]}


# -- the planted truth -----------------------------------------------------------------------------


def test_each_planted_bottleneck_comes_first_with_its_cause(marts, planted):
    found = marts("rpt_bottlenecks").set_index(["account_id", "stage_code"])
    evidence = marts("rpt_diagnostic_evidence").set_index(["account_id", "question_code"])
    assert len(planted) == 8
    for account, each in planted.items():
        bottleneck = found.loc[(account, each["stage"])]
        assert bottleneck["bottleneck_rank"] == 1, account
        assert evidence.loc[(account, each["question"])]["verdict"] == "supported", account
        assert each["question"] in bottleneck["question_codes"].split()
        asked = evidence.loc[(account, each["question"])]["function_codes"].split()
        assert set(asked) <= set(bottleneck["function_codes"].split())


def test_at_most_a_twentieth_of_healthy_accounts_is_claimed_to_have_a_bottleneck(
    marts, truth, planted
):
    found = marts("rpt_bottlenecks")
    claimed = set(found.loc[found["bottleneck_rank"].notna(), "account_id"])
    healthy = set(truth["stage_rates"]) - set(planted)
    assert len(healthy) == 32
    assert len(claimed & healthy) <= 0.05 * len(healthy)


# -- bottlenecks, worked out again -----------------------------------------------------------------


@pytest.fixture(scope="module")
def again(marts) -> pd.DataFrame:
    """Each account and stage that peers are the benchmark of, from the funnel and statsmodels."""
    funnel = marts("rpt_funnel_cohorts").query("cohort_month == 'all' and stage_code != 'eligible'")
    funnel = funnel[funnel["account_id"] != "all"]
    expected, share = expectations(funnel[funnel["program_id"] != "all"])
    own = funnel.query("account_id != 'unknown' and program_id == 'all'")
    own = own.set_index(["account_id", "stage_code"])
    benchmarks = {key: np.median(peers_of(own, *key)["mature_rate"]) for key in own.index}
    rows = []
    for (account, stage), row in own.iterrows():
        peers = peers_of(own, account, stage)
        assert len(peers) >= PEERS
        hits, size = row["mature_numerator_count"], row["mature_denominator_count"]
        median, pooled = benchmarks[account, stage], peers["mature_denominator_count"].sum()
        if size == 0:
            rows.append((account, stage, median, *[np.nan] * 6))
            continue
        low, high = confint_proportions_2indep(
            hits, size, median * pooled, pooled, method="newcomb", compare="diff"
        )
        p = proportions_ztest([hits, median * pooled], [size, pooled])[1]
        lost = size * max(0, median - hits / size)
        for later in COMPLETION[COMPLETION.index(stage) + 1 :] if stage in COMPLETION else [None]:
            lost *= conversion_to_count_on(own, benchmarks, account, later)
        mix = np.nan
        if (account, stage) in expected.index:
            peers_expected = expected.xs(stage, level="stage_code").reindex(peers.index).dropna()
            mix = expected[account, stage] - np.median(peers_expected)
            mix *= share[account, stage]
        p = p if size >= OBSERVATIONS else np.nan
        rows.append((account, stage, median, hits / size - median, low, high, p, mix, lost))
    names = ["account_id", "stage_code", "benchmark_rate", "gap", "gap_ci_low", "gap_ci_high",
             "p_value", "mix_effect", "lost_completions"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names).set_index(names[:2]).sort_index()
    is_shown = table.index.get_level_values(1).isin(OWN_CHOICE)
    table["q_value"] = corrected(table["p_value"][~is_shown]).reindex(table.index)
    table.loc[is_shown, "q_value"] = corrected(table["p_value"][is_shown])
    return table


def peers_of(own: pd.DataFrame, account: str, stage: str) -> pd.DataFrame:
    """The other accounts with people enough at the stage."""
    others = own.xs(stage, level="stage_code").drop(index=account)
    return others[others["mature_denominator_count"] >= OBSERVATIONS]


def expectations(taught: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What the other accounts' people in its programs make of an account, and its share in them."""
    found = {}
    for stage, rows in taught.groupby("stage_code"):
        hits, sizes = (
            rows.pivot_table(index="account_id", columns="program_id", values=f"mature_{name}")
            .fillna(0).astype(float)
            for name in ("numerator_count", "denominator_count")
        )  # fmt: skip
        for account in sizes.index[sizes.sum(axis=1) > 0]:
            others = sizes.drop(index=account).sum()
            weights = sizes.loc[account].where(others > 0, 0)
            if weights.sum() > 0:
                rates = hits.drop(index=account).sum()[weights > 0] / others[weights > 0]
                found[account, stage] = (
                    np.average(rates, weights=weights[weights > 0]),
                    weights.sum() / sizes.loc[account].sum(),
                )
    table = pd.DataFrame(found, index=["expected", "share"]).T
    table.index.names = ["account_id", "stage_code"]
    return table["expected"], table["share"]


def conversion_to_count_on(
    own: pd.DataFrame, benchmarks: dict, account: str, stage: str | None
) -> float:
    """The account's own, or of few people the benchmark; none to a stage after completion."""
    if stage is None:
        return np.nan
    row = own.loc[(account, stage)]
    is_enough = row["mature_denominator_count"] >= OBSERVATIONS
    return row["mature_rate"] if is_enough else benchmarks[account, stage]


def corrected(p_values: pd.Series) -> pd.Series:
    """The q-values of those that are not null."""
    tested = p_values.dropna()
    return pd.Series(multipletests(tested, method="fdr_bh")[1], tested.index).reindex(
        p_values.index
    )


def test_gaps_intervals_q_values_and_losses_are_those_of_statsmodels(marts, again):
    found = marts("rpt_bottlenecks").set_index(["account_id", "stage_code"])
    found = found[found["benchmark_source"].notna()].sort_index()
    assert set(found["benchmark_source"]) == {"peer_median"}
    assert len(found) >= 100
    pd.testing.assert_frame_equal(found[again.columns], again, check_dtype=False, atol=1e-10)
    is_claimed = (
        (again["q_value"] <= DISCOVERIES)
        & (again["gap_ci_high"] < 0)
        & (again["gap_ci_high"] < again["mix_effect"].fillna(0))
        & ~again.index.get_level_values(1).isin(OWN_CHOICE)
    )
    assert is_claimed.sum() >= 8
    pd.testing.assert_series_equal(found["is_significant"], is_claimed, check_names=False)


def test_losses_are_ranked_by_completions_and_control(marts):
    found = marts("rpt_bottlenecks").query("bottleneck_rank.notna()")
    assert len(found) >= 8
    for _, own in found.groupby("account_id"):
        worth = (own["lost_completions"] * own["controllability"]).to_numpy()
        assert (np.diff(worth[np.argsort(own["bottleneck_rank"])]) <= 0).all()
        assert sorted(own["bottleneck_rank"]) == list(range(1, len(own) + 1))


# -- evidence, worked out again --------------------------------------------------------------------


def of_surveys(landed: duckdb.DuckDBPyConnection, item: str) -> str:
    return f"""
        select account_id, avg(
            100 * (score::double - scale_min::double) / (scale_max::double - scale_min::double)
        ) as seen
        from (select distinct * exclude (file) from survey_response
              where {is_good(landed, "survey_response")})
        where item_code = '{item}' and chain_role = 'participant'
        group by account_id, respondent_key
    """


def of_sessions(landed: duckdb.DuckDBPyConnection) -> str:
    return """
        select account_id,
            avg((last_coaching_session.status
                in ('cancelled_participant', 'rescheduled'))::int) as seen
        from last_coaching_session join journey using (enrollment_id)
        where last_coaching_session.status <> 'booked'
            and scheduled_at::timestamptz < timestamptz '2026-07-01 00:00:00+00'
        group by account_id, enrollment_id
    """


def of_reports(landed: duckdb.DuckDBPyConnection) -> str:
    return f"""
        select account_id, coalesce(
            delivered_at::timestamptz <= due_at::timestamptz and opened_at is not null, false
        )::int as seen
        from (select distinct * exclude (file) from report_delivery
              where {is_good(landed, "report_delivery")})
        where due_at::timestamptz < timestamptz '2026-07-01 00:00:00+00'
    """


def of_goals(landed: duckdb.DuckDBPyConnection) -> str:
    return f"""
        select account_id, (goal_id in (
            select goal_id from verified_outcome
            where {is_good(landed, "verified_outcome")} and money_value is not null
        ))::int as seen
        from (select distinct * exclude (file) from goal where {is_good(landed, "goal")})
    """


@pytest.mark.parametrize(
    ("question", "observations"),
    [
        ("D3", lambda landed: of_surveys(landed, "worth_my_time")),
        ("D4", of_sessions),
        ("D5", lambda landed: of_surveys(landed, "relevance")),
        ("D7", lambda landed: of_surveys(landed, "manager_support")),
        ("D8", lambda landed: of_surveys(landed, "motivation")),
        ("D9", of_goals),
        ("D11", of_reports),
    ],
)
def test_values_are_those_of_the_landed_files(marts, counted, question, observations):
    found = marts("rpt_diagnostic_evidence").query(f"question_code == '{question}'")
    found = found[found["value"].notna()].set_index("account_id")
    seen = counted.sql(f"""
        select account_id, avg(seen) as mean, count(*) as size from ({observations(counted)})
        group by 1
    """).df().set_index("account_id").reindex(found.index)  # fmt: skip
    assert len(found) >= 25
    assert found["value"].to_numpy() == pytest.approx(seen["mean"].to_numpy(), abs=1e-9)
    assert found["evidence_count"].tolist() == seen["size"].tolist()


def test_shares_and_their_q_values_are_those_of_statsmodels(marts):
    """Shares by their own test; of means the p-values as given, for all are corrected together."""
    evidence = marts("rpt_diagnostic_evidence").set_index(["account_id", "question_code"])
    shares = evidence[evidence["p_value"].notna()]
    shares = shares[shares.index.get_level_values(1).isin(["D2", "D10", "D11"])]
    assert len(shares) >= 60
    for (account, question), row in shares.iterrows():
        peers = evidence.xs(question, level=1).drop(index=account)
        peers = peers[peers["evidence_count"] >= OBSERVATIONS]
        median, pooled = np.median(peers["value"]), peers["evidence_count"].sum()
        hits, size = row["value"] * row["evidence_count"], row["evidence_count"]
        p = proportions_ztest([hits, median * pooled], [size, pooled])[1]
        assert row["benchmark_value"] == pytest.approx(median, abs=1e-12)
        assert row["p_value"] == pytest.approx(p, abs=1e-10)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(
            proportion_confint(hits, size, method="wilson"), abs=1e-10
        )
    q_values = corrected(evidence["p_value"])
    pd.testing.assert_series_equal(evidence["q_value"], q_values, check_names=False, atol=1e-12)


def test_means_are_tested_with_the_deviations_of_both_sides(marts, counted):
    evidence = marts("rpt_diagnostic_evidence").query("question_code == 'D5'")
    evidence = evidence.set_index("account_id")
    seen = counted.sql(of_surveys(counted, "relevance")).df().groupby("account_id")["seen"]
    table = seen.agg(["mean", "var", "size"]).query(f"size >= {OBSERVATIONS}")
    for account, own in table.iterrows():
        peers = table.drop(index=account)
        spread = np.average(peers["var"], weights=peers["size"] - 1) / peers["size"].sum()
        error = np.sqrt(own["var"] / own["size"] + spread)
        z = (own["mean"] - np.median(peers["mean"])) / error
        assert evidence.loc[account, "p_value"] == pytest.approx(
            2 * stats.norm.sf(abs(z)), abs=1e-10
        )
        low, high = stats.norm.interval(0.95, own["mean"], np.sqrt(own["var"] / own["size"]))
        assert (evidence.loc[account, "ci_low"], evidence.loc[account, "ci_high"]) == pytest.approx(
            (low, high), abs=1e-9
        )


def test_a_cause_is_supported_only_far_enough_behind_its_benchmark(marts):
    evidence = marts("rpt_diagnostic_evidence")
    sign = np.where(evidence["better"] == "higher", 1, -1)
    is_behind = sign * (evidence["benchmark_value"] - evidence["value"]) >= np.where(
        evidence["unit"] == "points of 100", 10, 0.1
    )
    is_census = evidence["question_code"].isin(["D9", "D12"])
    is_sure = evidence["q_value"] <= DISCOVERIES
    is_supported = evidence["verdict"] == "supported"
    assert (is_supported[~is_census] == (is_behind & is_sure)[~is_census]).all()
    assert evidence.loc[is_census, ["p_value", "ci_low"]].isna().all(axis=None)
    assert (evidence.loc[is_census, "benchmark_source"] == "stated").all()
    far_below = evidence.loc[is_census, "value"] <= 0.5 - 0.25
    assert (is_supported[is_census] == far_below).all()
    assert set(evidence.loc[is_census, "verdict"]) >= {"supported", "not_supported"}


# -- cases -----------------------------------------------------------------------------------------


def test_cases_are_located_first_as_often_as_the_landed_file_says(marts, landed):
    cases = marts("fct_interventions").set_index("case_id").sort_index()
    said = landed.sql(f"""
        select case_id, located_at::timestamptz as located, started_at::timestamptz as started,
            verified_at is null as is_open
        from (select distinct * exclude (file) from intervention
              where {is_good(landed, "intervention")})
        order by case_id
    """).df().set_index("case_id")  # fmt: skip
    first = said["located"].notna() & ~(said["started"] < said["located"])
    assert cases.index.tolist() == said.index.tolist()
    is_known = (said["located"].notna() | said["started"].notna()).to_numpy()
    assert (cases["is_located_first"].notna() == is_known).all()
    assert cases["is_located_first"][is_known].tolist() == first[is_known].tolist()
    assert cases["is_open"].tolist() == said["is_open"].tolist()
    assert 0 < first.mean() < 1


def test_cases_ask_the_questions_of_the_seed(marts):
    questions = pd.read_csv(PROJECT_DIR / "seeds" / "diagnostic_questions.csv")
    diagnosis = questions.set_index("question_code")["diagnosis"]
    cases = marts("fct_interventions")
    assert cases["diagnosis"].tolist() == diagnosis.loc[cases["question_code"]].tolist()
    assert cases["current_verdict"].notna().all()
