"""What the tables say of made-up employers of whom the truth is known; one build for all."""

from decimal import Decimal

import pytest
from conftest import settings_in
from costing_tenant import ask, build, by, land_rows, merged
from outcome_employers import EMPLOYERS
from outcomes_tenant import AS_OF, MARTS

from orchestration.settings import Settings

STAYED, FILLED, HOURS = "retained_12m_voluntary", "filled_12m", "absence_hours_12m"


@pytest.fixture(scope="module")
def employers(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One tenant of all of them; one build."""
    settings = settings_in(tmp_path_factory.mktemp("employers"), as_of=AS_OF)
    program = {"program": [{"program_id": "g1", "title": "Any", "planned_weeks": 12}]}
    land_rows(settings.landing_dir, merged([program, *(make() for make in EMPLOYERS.values())]))
    build(settings, MARTS)
    return settings


def outcome(settings: Settings, name: str, code: str = STAYED) -> dict:
    (row,) = ask(settings, f"""
        from employer_roi.rpt_workforce_outcomes
        where account_id = '{name}' and outcome_code = '{code}' and stratum = 'all'
    """)  # fmt: skip
    return row


def trials(settings: Settings, who: str) -> dict:
    """The arm of a worker by index month."""
    rows = ask(settings, f"""
        from employer_roi.fct_outcome_trials where account_id = 'people' and worker_id = '{who}'
    """)  # fmt: skip
    return {str(month)[:7]: row for month, row in by(rows, "index_month").items()}


def arms(settings: Settings, who: str) -> dict[str, str]:
    return {month: row["arm"] for month, row in trials(settings, who).items()}


def roi(settings: Settings, name: str, scenario: str = "base") -> dict:
    (row,) = ask(settings, f"""
        from employer_roi.rpt_employer_roi
        where account_id = '{name}' and scenario = '{scenario}'
    """)  # fmt: skip
    return row


def lines(settings: Settings, name: str, scenario: str = "base") -> dict:
    rows = ask(settings, f"""
        from employer_roi.rpt_roi_lines where account_id = '{name}' and scenario = '{scenario}'
    """)  # fmt: skip
    return by(rows, "line_code")


def test_who_had_to_stay_to_enroll_did_not_stay_because_of_it(employers):
    row = outcome(employers, "immortal")
    assert row["naive_difference"] == pytest.approx(30 / 40 - 30 / 120)
    assert row["crude_difference"] == row["adjusted_difference"] == 0
    assert row["ci_low"] < 0 < row["ci_high"]
    assert (row["treated_count"], row["comparison_count"]) == (40, 40)


def test_a_comparison_that_is_worse_crude_is_better_stratum_by_stratum(employers):
    row = outcome(employers, "stones")
    assert row["crude_difference"] == pytest.approx(273 / 350 - 289 / 350, abs=1e-12)
    others = (87 * 234 / 270 + 263 * 55 / 80) / 350
    assert row["adjusted_difference"] == pytest.approx(273 / 350 - others, abs=1e-12)
    assert row["crude_difference"] < 0 < row["adjusted_difference"]
    assert row["overlap_share"] == 1


def test_who_enrolls_later_stays_in_the_comparison(employers):
    assert arms(employers, "later") == {
        "2023-10": "comparison", "2024-03": "comparison", "2024-09": "treated",
    }  # fmt: skip


def test_an_end_is_an_end_although_the_worker_comes_back(employers):
    rows = trials(employers, "again")
    assert {month: row["arm"] for month, row in rows.items()} == {
        "2023-10": "comparison", "2024-09": "comparison",
    }  # fmt: skip
    assert not rows["2023-10"]["retained_12m_voluntary"]
    assert rows["2024-09"]["retained_12m_voluntary"]
    assert "84 months and more" not in rows["2024-09"]["stratum"]
    assert "under 12 months" in rows["2024-09"]["stratum"]
    months = ask(employers, """
        select month from employer_roi.fct_worker_months
        where account_id = 'people' and worker_id = 'again' and month < date '2024-10-01'
        order by month
    """)  # fmt: skip
    assert [str(row["month"])[:7] for row in months] == [
        *(f"2023-{month:02}" for month in range(7, 13)), "2024-01", "2024-08", "2024-09",
    ]  # fmt: skip


def test_who_leaves_in_the_index_month_is_in_neither_arm(employers):
    assert arms(employers, "gone") == arms(employers, "quick") == {"2023-10": "comparison"}


def test_who_gives_up_before_the_start_was_treated_all_the_same(employers):
    assert arms(employers, "given_up") == {"2023-10": "comparison", "2024-03": "treated"}


def test_an_enrollment_without_a_day_counts_from_its_start(employers):
    assert arms(employers, "undated") == {"2023-10": "comparison", "2024-03": "treated"}


def test_a_dismissal_is_no_voluntary_leaving_and_an_unknown_reason_is(employers):
    dismissed = trials(employers, "dismissed")["2024-03"]
    unknown = trials(employers, "no_reason")["2024-03"]
    day_apart = trials(employers, "day_apart")["2024-03"]
    assert not day_apart["retained_12m"]
    assert day_apart["retained_12m_voluntary"]
    assert not dismissed["retained_12m"]
    assert dismissed["retained_12m_voluntary"]
    assert not unknown["retained_12m"]
    assert not unknown["retained_12m_voluntary"]


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("without_eligibility", STAYED, "eligibility was not supplied"),
        ("without_events", FILLED, "promotions and moves were not supplied"),
        ("only_hires", FILLED, "promotions and moves were not supplied"),
        ("without_absences", HOURS, "absences were not supplied"),
        ("feed_ended", STAYED, ""),
        ("twenty_nine", STAYED, "29 participants"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_told(employers, name, code, word):
    row = outcome(employers, name, code)
    assert not row["is_estimable"]
    assert word in row["reason"]
    assert row["adjusted_difference"] is row["ci_low"] is row["evidence_grade"] is None


def test_what_is_missing_for_one_outcome_holds_back_no_other(employers):
    for name in ("without_events", "without_absences", "without_cost"):
        assert outcome(employers, name)["is_estimable"], name
    assert lines(employers, "without_events")["internal_filling"]["amount"] is None
    assert lines(employers, "without_absences")["absence_avoided"]["amount"] is None
    for name in ("without_events", "without_absences"):
        assert roi(employers, name)["is_estimable"]
        assert roi(employers, name)["caveat"]


def test_when_the_files_of_an_employer_end_nobody_is_said_to_have_stayed(employers):
    (found,) = ask(employers, """
        select max(month) as last_month, bool_or(is_terminated) as has_leavers
        from employer_roi.fct_worker_months where account_id = 'feed_ended'
    """)  # fmt: skip
    assert str(found["last_month"]) == "2024-08-01"
    assert found["has_leavers"]
    trial = ask(employers, "from employer_roi.fct_outcome_trials where account_id = 'feed_ended'")
    assert len(trial) == 80
    assert not any(row["is_followed_fully"] or row["is_in_evaluation"] for row in trial)
    assert all(row["retained_12m"] is None for row in trial)


def test_thirty_participants_are_enough(employers):
    row = outcome(employers, "thirty")
    assert row["is_estimable"]
    assert row["adjusted_difference"] == pytest.approx(20 / 30 - 30 / 40)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("without_cost", ["no employer cost"]),
        ("without_hidden_cost", ["time of own people"]),
        ("without_rate", ["SEK", "2024-03"]),
        ("thin_cost", ["cost"]),
        ("one_intake", ["twelve months"]),
        ("twenty_nine", ["29 participants"]),
        ("without_eligibility", ["eligibility"]),
    ],
)
def test_without_cost_rate_or_people_there_is_no_return(employers, name, words):
    row = roi(employers, name)
    assert not row["is_estimable"]
    for word in words:
        assert word in row["reason"]
    for column in ("roi_rate", "bcr", "npv_amount", "net_benefit_amount", "payback_months"):
        assert row[column] is None, column


def test_a_promoted_stayer_counts_once(employers):
    """36 of 40 stay, of 40 colleagues 28: 8 more. 18 fill a post and stay, of the colleagues 7: 11
    more posts, of which 4 (8 x 18 / 36) are filled by those 8, who are valued as stayers already.
    """
    amounts = {code: line["amount"] for code, line in lines(employers, "stayers").items()}
    assert amounts["turnover_avoided"] == 8 * 50_000 * Decimal("0.2") == 80_000
    assert amounts["internal_filling"] == 110_000
    assert amounts["promoted_stayers_counted_once"] == -40_000
    row = roi(employers, "stayers")
    absent = amounts["absence_avoided"]
    assert row["benefit_amount"] == 150_000 + absent
    assert row["cost_amount"] == 60_000
    assert row["hidden_cost_amount"] == 10_000
    assert row["hidden_cost_share"] == pytest.approx(1 / 6)
    assert row["roi_rate"] == pytest.approx(float(90_000 + absent) / 60_000)
    assert row["break_even_retention_difference"] == pytest.approx(60_000 / 40 / 10_000)


def test_a_comparison_group_isolates_and_nothing_is_discounted_twice(employers):
    for line in lines(employers, "stayers").values():
        assert (line["isolation"], line["confidence"]) == (1, 1)
        assert line["amount"] == line["gross_amount"]
    low, base, high = (roi(employers, "stayers", name) for name in ("low", "base", "high"))
    assert low["benefit_amount"] < base["benefit_amount"] < high["benefit_amount"]
    assert low["cost_amount"] == high["cost_amount"]
    row = outcome(employers, "stayers")
    stayed = lines(employers, "stayers", "low")["turnover_avoided"]
    assert stayed["units"] == pytest.approx(40 * row["ci_low"])
    assert stayed["unit_value"] == pytest.approx(5_000 if row["ci_low"] > 0 else 15_000)


def test_without_colleagues_alike_the_estimator_s_own_doubt_is_taken(employers):
    row = outcome(employers, "unlike")
    assert not row["is_estimable"]
    assert row["overlap_share"] == 0
    line = lines(employers, "unlike")["turnover_avoided"]
    assert (line["isolation"], line["confidence"]) == (0.5, 0.6)
    gross = 40 * (36 / 40 - 29 / 41) * 10_000  # 28 of 40 stay, and the one of a year later
    assert float(line["gross_amount"]) == pytest.approx(gross, abs=0.005)
    assert float(line["amount"]) == pytest.approx(0.3 * gross, abs=0.005)
    said = roi(employers, "unlike")
    assert said["is_estimable"]
    assert said["benefit_basis"] == "crude"
    assert said["evidence_grade"] == "D"


def test_pay_and_costs_count_at_the_rate_of_their_month(employers):
    """Cost: 60,000 dollars, 100 pounds at 1.25, 200 euros at 1.10, both of March 2024.

    Pay is converted at the rate of the period's last month, 1.20.
    """
    row = roi(employers, "euros")
    assert row["currency"] == "USD"
    assert row["cost_amount"] == 60_000 + 125 + 220
    line = lines(employers, "euros")["turnover_avoided"]
    assert line["unit_value"] == pytest.approx(50_000 * 1.20 * 0.2)
    assert line["amount"] == 8 * 12_000
