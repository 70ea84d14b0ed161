"""The account tables: intakes, benchmarks, what is told in tens, and the demo tenant recounted."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from told_release import MANIFEST, cohort, write_marts

from orchestration.account_tables import attack, write_account_tables
from orchestration.account_tables.told import told_before

TWO = {"prg-a": (30, 50), "prg-b": (20, 50)}
NUMBERS = ("treated_rate", "comparison_rate", "adjusted_difference", "ci_low", "ci_high")
NOTHING = (None,) * 5


def table(folder: Path, name: str, **where: Any) -> list[dict]:
    rows = pq.read_table(folder / "account_tables" / f"account_{name}.parquet").to_pylist()
    return [row for row in rows if all(row[column] == value for column, value in where.items())]


def written(folder: Path, *earlier: Path, **rows: Any) -> Path:
    """A release by hand with its account tables."""
    write_marts(folder, **rows)
    write_account_tables(folder, MANIFEST, earlier)
    return folder


def counts(folder: Path, **where: Any) -> dict[str, tuple]:
    return {
        row["member_code"]: (row["numerator_count"], row["denominator_count"])
        for row in table(folder, "journey", **where)
    }


def test_an_intake_counts_when_each_of_its_months_has_had_its_time(tmp_path):
    months = [
        *cohort("own", "2024-01", TWO),
        *cohort("own", "2024-06", TWO),
        *cohort("own", "2024-07", TWO),
        *cohort("own", "2024-11", TWO, is_mature=False),
    ]
    folder = written(tmp_path / "release", rpt_funnel_cohorts=months)
    assert counts(folder) == {
        "all": (100, 200),
        "prg-a": (60, 100),
        "prg-b": (40, 100),
        "2024-H1": (100, 200),
    }


def test_an_intake_counts_when_it_is_over(tmp_path):
    months = [*cohort("own", "2025-03", TWO), *cohort("own", "2025-08", TWO)]
    write_marts(tmp_path / "release", rpt_funnel_cohorts=months)
    write_account_tables(tmp_path / "release", {"as_of_date": "2025-12-30"}, [])
    assert set(counts(tmp_path / "release", cut="intake")) == {"2025-H1"}


def test_the_interval_of_a_rate_is_wilsons(tmp_path):
    # 81 of 263: 0.2553 to 0.3662, Newcombe 1998, table I.
    folder = written(
        tmp_path / "release", rpt_funnel_cohorts=cohort("own", "2024-01", {"prg-a": (81, 263)})
    )
    (row,) = table(folder, "journey", cut="all")
    assert (round(row["ci_low"], 4), round(row["ci_high"], 4)) == (0.2553, 0.3662)


def test_a_program_of_few_people_is_hidden_and_the_other_protects_it(tmp_path):
    cohorts = cohort("own", "2024-01", {"prg-a": (30, 60), "prg-b": (2, 4)})
    folder = written(tmp_path / "release", rpt_funnel_cohorts=cohorts)
    reasons = {row["member_code"]: row["hidden_reason"] for row in table(folder, "journey")}
    assert reasons == {
        "all": None,
        "2024-H1": None,
        "prg-a": "protected",
        "prg-b": "protected",
    }
    assert attack(folder, "own") == []


@pytest.mark.parametrize(
    ("others", "is_told"),
    [
        ([50] * 5, True),
        ([50] * 4, False),  # too few accounts
        ([50] * 4 + [9], False),  # one of the five has too few people
        ([50] * 4 + [210], False),  # one has more than half of the people
        ([50] * 4 + [200], True),  # exactly half
    ],
)
def test_a_benchmark_is_of_five_other_accounts_of_which_none_stands_out(tmp_path, others, is_told):
    names = [f"other-{place}" for place in range(len(others))]
    cohorts = cohort("own", "2024-01", {"prg-a": (40, 50)})
    for name, people in zip(names, others, strict=True):
        cohorts += cohort(name, "2024-01", {"prg-a": (people // 2, people)})
    folder = written(tmp_path / "release", accounts=["own", *names], rpt_funnel_cohorts=cohorts)
    (row,) = table(folder, "journey", cut="all", account_id="own")
    told = (0.5, 5) if is_told else (None, None)
    assert (row["benchmark_rate"], row["benchmark_accounts_count"]) == told


def test_a_benchmark_in_which_one_account_has_most_of_those_who_came_through_is_not_told(tmp_path):
    others = {"other-0": (40, 50), **{f"other-{place}": (9, 50) for place in range(1, 5)}}
    cohorts = cohort("own", "2024-01", {"prg-a": (40, 50)})
    for name, pair in others.items():
        cohorts += cohort(name, "2024-01", {"prg-a": pair})
    folder = written(tmp_path / "release", accounts=["own", *others], rpt_funnel_cohorts=cohorts)
    (row,) = table(folder, "journey", cut="all", account_id="own")
    assert (row["benchmark_rate"], row["benchmark_accounts_count"]) == (None, None)


def test_releases_that_tell_the_same_are_one_and_all_are_compared(tmp_path):
    """One more comes each time, and a night of equal content lies between."""
    folders: list[Path] = []
    for place, reached in enumerate((91, 91, 92, 92, 93, 94, 95)):
        people = {"prg-a": (reached, 180), "prg-b": (70, 120)}
        cohorts = cohort("own", "2024-01", people)
        folders.append(written(tmp_path / f"r{place}", *folders, rpt_funnel_cohorts=cohorts))
    assert counts(folders[0], cut="program") == {"prg-a": (91, 180), "prg-b": (70, 120)}
    assert counts(folders[-1], cut="program") == {"prg-a": (None, 180), "prg-b": (70, 120)}
    assert attack(folders[-1], "own", folders[:-1]) == []
    assert len(told_before(folders)["own"]) == 5
    alone = written(tmp_path / "r7", rpt_funnel_cohorts=cohorts)
    assert any("program prg-a" in text for text in attack(alone, "own", folders[:1]))


def test_outcomes_are_told_in_tens_and_points(tmp_path):
    exact = {"treated_count": 129, "matched_count": 118, "treated_rate": 0.4068}
    outcome = {"account_id": "own", "adjusted_difference": 0.10049, **exact}
    folder = written(tmp_path / "release", rpt_workforce_outcomes=[outcome])
    (row,) = table(folder, "outcomes")
    assert (row["treated_count"], row["matched_count"]) == (120, 110)
    assert (row["treated_rate"], row["comparison_rate"]) == (0.41, 0.3)
    assert row["adjusted_difference"] == 0.1
    assert attack(folder, "own") == []


@pytest.mark.parametrize(
    ("changes", "numbers", "direction"),
    [
        ({}, (0.4, 0.3, 0.1, 0.01, 0.19), "better"),
        ({"better": "lower"}, (0.4, 0.3, 0.1, 0.01, 0.19), "worse"),
        ({"ci_low": -0.01}, (0.4, 0.3, 0.1, -0.01, 0.19), "not clear"),
        ({"matched_count": 9}, NOTHING, None),
        ({"comparison_worker_count": 9}, NOTHING, None),
        # 2 of 20 participants are too few to show; the interval's width would tell of them, as
        # 1.96 sqrt(p (1 - p) / 20 + q (1 - q) / k) with q = p less the difference has one p
        ({"matched_count": 20, "treated_rate": 0.1}, NOTHING, "better"),
        ({"comparison_rate": 0.97, "ci_low": -0.2, "ci_high": -0.1}, NOTHING, "worse"),
        (
            {"is_estimable": False, "reason": "12 participants have been followed"},
            NOTHING,
            None,
        ),
    ],
)
def test_an_outcome_is_told_of_enough_people_in_both_arms(tmp_path, changes, numbers, direction):
    folder = written(
        tmp_path / "release", rpt_workforce_outcomes=[{"account_id": "own", **changes}]
    )
    (row,) = table(folder, "outcomes")
    assert tuple(row[column] for column in NUMBERS) == numbers
    assert row["direction"] == direction
    assert attack(folder, "own") == []
    assert not set("0123456789") & set((row["reason"] or "").replace("12 months", ""))


def test_an_interval_without_its_rates_is_found_by_the_attack(tmp_path):
    hidden = {"account_id": "own", "matched_count": 20, "treated_rate": 0.1}
    folder = written(tmp_path / "release", rpt_workforce_outcomes=[hidden])
    path = folder / "account_tables" / "account_outcomes.parquet"
    told = pq.read_table(path)
    (row,) = told.to_pylist()
    row |= {"adjusted_difference": 0.1, "ci_low": 0.01, "ci_high": 0.19}
    pq.write_table(type(told).from_pylist([row], schema=told.schema), path)
    assert any("tells the rates" in text for text in attack(folder, "own"))


LINES = [
    {"account_id": "own", "line_type": "benefit", "line_code": "turnover_avoided", "amount": 152.4},
    {"account_id": "own", "amount": 123.45},
    {"account_id": "own", "line_code": "sme_time", "is_hidden": True, "amount": 1064},
]


@pytest.mark.parametrize(
    ("people", "outcome", "told"),
    [
        (10, {}, (150, 1220, 1100, -1070)),
        (9, {}, (None, None, None, None)),
        # What came of turnover is a difference of few people times what the account knows.
        (10, {"treated_rate": 0.04}, (None, 1220, 1100, None)),
    ],
)
def test_money_is_told_in_two_figures_and_where_its_differences_are(
    tmp_path, people, outcome, told
):
    folder = written(
        tmp_path / "release",
        rpt_employer_roi=[{"account_id": "own", "participants_count": people}],
        rpt_roi_lines=LINES,
        rpt_workforce_outcomes=[
            {"account_id": "own", "outcome_code": "retained_12m_voluntary", **outcome}
        ],
    )
    (row,) = table(folder, "return")
    columns = ("benefit_amount", "cost_amount", "hidden_cost_amount", "net_benefit_amount")
    assert tuple(row[column] for column in columns) == told
    ratios = (None, None) if told[0] is None else (told[3] / told[1], told[0] / told[1])
    assert (row["roi_rate"], row["bcr"]) == ratios
    assert row["is_estimable"] is (told[0] is not None)
    lines = {line["line_code"]: line["amount"] for line in table(folder, "return_lines")}
    amounts = {"turnover_avoided": told[0], "tuition": 120, "sme_time": 1100}
    assert lines == ({} if told[1] is None else {k: v for k, v in amounts.items() if v})


def answers(people: int, score: float, role: str = "manager", month: int = 1) -> dict[str, list]:
    when = {"account_id": "own", "chain_role": role, "month": date(2025, month, 1)}
    return {
        "rpt_stakeholder_chain": [{**when, "people_count": people}],
        "fct_survey_items": [
            {**when, "response_id": f"{role}-{place}", "score_0_100": score + 10 * (place % 2)}
            for place in range(people)
        ],
    }


@pytest.mark.parametrize(
    ("people", "score", "told"),
    [
        (4, 60, (None, None, "protected")),
        (6, 60, (5, 65.0, None)),
        (13, 60, (10, 65.0, None)),  # 7 say 60 and 6 say 70: 64.6
        (12, 92, (None, None, "protected")),  # all alike
    ],
)
def test_a_role_speaks_from_five_people_on(tmp_path, people, score, told):
    folder = written(tmp_path / "release", **answers(people, score))
    (row,) = table(folder, "voice")
    assert (row["people_count"], row["confidence_score"], row["hidden_reason"]) == told
    assert attack(folder, "own") == []


def test_what_sponsors_say_and_what_a_running_quarter_says_is_not_told(tmp_path):
    sponsors = answers(20, 60, "executive_sponsor")
    write_marts(tmp_path / "sponsors", **sponsors)
    write_account_tables(tmp_path / "sponsors", MANIFEST, [])
    write_marts(tmp_path / "running", **answers(20, 60, month=10))
    write_account_tables(tmp_path / "running", {"as_of_date": "2025-12-30"}, [])
    assert table(tmp_path / "sponsors", "voice") == table(tmp_path / "running", "voice") == []


def later(answered: dict[str, list], new: int = 0, corrected: int = 0) -> dict[str, list]:
    """The same quarter in a later release: some answered late, some answers were corrected."""
    items = answered["fct_survey_items"]
    moved = [{**item, "score_0_100": 80} for item in items[:corrected]]
    late = [{**items[0], "response_id": f"late-{place}", "score_0_100": 80} for place in range(new)]
    (month,) = answered["rpt_stakeholder_chain"]
    return {
        "rpt_stakeholder_chain": [{**month, "people_count": len(items) + new}],
        "fct_survey_items": moved + items[corrected:] + late,
    }


@pytest.mark.parametrize(
    ("new", "corrected", "is_told"),
    [(0, 0, True), (1, 0, False), (4, 0, False), (2, 2, False), (0, 3, False), (3, 2, True)],
)
def test_two_scores_of_a_quarter_do_not_tell_of_the_few_answers_between_them(
    tmp_path, new, corrected, is_told
):
    first = answers(13, 60)
    before = written(tmp_path / "1", **first)
    now = written(tmp_path / "2", before, **later(first, new, corrected))
    (row,) = table(now, "voice")
    assert row["is_hidden"] is not is_told
    assert attack(now, "own", [before]) == []
    # What nobody compared is found, and what was hidden once is not what an attacker knows.
    naive = written(tmp_path / "3", **later(first, new, corrected))
    found = [words for words in attack(naive, "own", [before]) if words.startswith("voice")]
    assert bool(found) is not is_told
    assert attack(naive, "own") == []


def test_a_quarter_that_has_moved_is_told_again_once_enough_answers_are_other_ones(tmp_path):
    first = answers(13, 60)
    releases = [written(tmp_path / "0", **first)]
    told = []
    for number, new in enumerate((3, 4, 5, 6, 10), start=1):
        folder = written(tmp_path / str(number), *releases, **later(first, new))
        (row,) = table(folder, "voice")
        told.append(not row["is_hidden"])
        assert attack(folder, "own", releases) == []
        releases.append(folder)
    assert told == [False, False, True, False, True]


def test_a_table_that_shows_a_few_people_is_attacked(tmp_path):
    cohorts = cohort("own", "2024-01", {"prg-a": (30, 60), "prg-b": (2, 4)})
    folder = written(tmp_path / "release", rpt_funnel_cohorts=cohorts)
    path = folder / "account_tables" / "account_journey.parquet"
    told = pq.read_table(path)
    rows = told.to_pylist()
    for row in rows:
        if row["member_code"] == "prg-a":
            row["numerator_count"], row["denominator_count"] = 30, 60
    pq.write_table(type(told).from_pylist(rows, schema=told.schema), path)
    found = attack(folder, "own")
    assert any("program prg-b" in text and "hidden numerator" in text for text in found)


def test_a_missing_mart_is_named(tmp_path):
    write_marts(tmp_path / "release")
    (tmp_path / "release" / "marts" / "dim_stages.parquet").unlink()
    with pytest.raises(FileNotFoundError, match=r"dim_stages\.parquet is not there"):
        write_account_tables(tmp_path / "release", MANIFEST, [])


# ---- the demo tenant's release ----


@pytest.fixture(scope="module")
def recounted(demo_release: Path) -> dict[tuple, list[int]]:
    """The journey's counts by account, cut, member and stage, from the cohorts, row by row."""
    as_of = pq.read_table(demo_release / "account_tables" / "account_profile.parquet")
    last = as_of["as_of_date"][0].as_py()
    stages = pq.read_table(demo_release / "marts" / "dim_stages.parquet").to_pylist()
    before = {stage["stage_code"]: stage["previous_stage_code"] for stage in stages}
    dated_by = {stage["stage_code"]: stage["dated_by"] for stage in stages}
    rows = [
        row
        for row in pq.read_table(demo_release / "marts" / "rpt_funnel_cohorts.parquet").to_pylist()
        if row["account_id"] != "all" and row["cohort_month"] != "all" and before[row["stage_code"]]
    ]

    def intake(row: dict) -> str:
        year, month, _ = row["cohort_month"].split("-")
        return f"{year}-H{1 if int(month) < 7 else 2}"

    young = {
        (row["account_id"], row["stage_code"], intake(row))
        for row in rows
        if row["program_id"] == "all" and row["is_mature"] is False
    }
    over = {
        f"{year}-H{half}"
        for year in range(2000, last.year + 1)
        for half, end in ((1, date(year, 6, 30)), (2, date(year, 12, 31)))
        if end <= last
    }
    sums: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        account, stage, when = row["account_id"], row["stage_code"], intake(row)
        if when not in over or (account, stage, when) in young:
            continue
        pair = (row["mature_numerator_count"], row["mature_denominator_count"])
        of_spells = dated_by[before[stage]] == "fct_eligibility_journeys"
        members = [("program", row["program_id"])] if row["program_id"] != "all" else []
        if row["program_id"] == "all":
            members = [("all", "all"), ("intake", when)]
        elif of_spells:
            continue
        for cut, member in members:
            for place in (0, 1):
                sums[account, cut, member, stage][place] += pair[place]
    return sums


def test_every_number_of_the_demo_is_the_marts_or_hidden_for_a_reason(demo_release, recounted):
    rows = table(demo_release, "journey")
    for row in rows:
        key = (row["account_id"], row["cut"], row["member_code"], row["stage_code"])
        numerator, denominator = recounted.get(key, [0, 0])
        shown = (row["numerator_count"], row["denominator_count"])
        assert shown[0] in (None, numerator), key
        assert shown[1] in (None, denominator), key
        if None not in shown:
            assert row["rate"] == pytest.approx(numerator / denominator)
            assert min(numerator, denominator - numerator) >= 10, key
            assert not row["is_hidden"], key
        elif row["share_text"]:
            share = numerator / denominator
            assert share <= 0.05 if row["share_text"] == "at most 5 %" else share >= 0.95, key
            assert denominator >= 100, key
        else:
            assert row["is_hidden"], key
            assert row["hidden_reason"], key
    told = {(row["account_id"], row["cut"], row["member_code"], row["stage_code"]) for row in rows}
    assert {key for key, (_, people) in recounted.items() if people > 0} <= told


def test_the_demo_shows_the_total_of_whoever_has_enough_people(demo_release, recounted):
    # Hiding everything would be safe and useless.
    totals = table(demo_release, "journey", cut="all")
    told = [row for row in totals if row["rate"] is not None]
    enough = [
        pair
        for (_, cut, *_), pair in recounted.items()
        if cut == "all" and min(pair[0], pair[1] - pair[0]) >= 10
    ]
    assert len(told) > len(enough) / 2
    shown = Counter(row["cut"] for row in table(demo_release, "journey", is_hidden=False))
    assert min(shown[cut] for cut in ("all", "program", "intake")) > 20


def test_every_current_account_of_the_demo_has_its_tables(demo_release):
    accounts = pq.read_table(demo_release / "marts" / "dim_accounts.parquet").to_pylist()
    current = sorted(row["account_id"] for row in accounts if row["is_current"])
    assert [row["account_id"] for row in table(demo_release, "profile")] == current
    assert {row["account_id"] for row in table(demo_release, "trust")} == set(current)


def test_the_demo_tells_outcomes_and_returns_as_the_marts_do_but_rounded(demo_release):
    marts = demo_release / "marts"
    outcomes = {
        (row["account_id"], row["outcome_code"]): row
        for row in pq.read_table(marts / "rpt_workforce_outcomes.parquet").to_pylist()
        if row["stratum"] == "all"
    }
    for row in table(demo_release, "outcomes"):
        exact = outcomes[row["account_id"], row["outcome_code"]]
        half = 0.5 if row["unit"] == "share" else 5
        for column in ("treated_rate", "comparison_rate"):
            if row[column] is not None:
                assert abs(row[column] - exact[column]) <= half / 100 + 1e-9
        if row["adjusted_difference"] is not None:
            difference = abs(row["adjusted_difference"] - exact["adjusted_difference"])
            assert difference <= half / 1000 + 1e-9
            assert min(exact["treated_count"], exact["matched_count"]) >= 10
            assert 0 <= exact["treated_count"] - row["treated_count"] < 10
    lines = defaultdict(list)
    for row in pq.read_table(marts / "rpt_roi_lines.parquet").to_pylist():
        lines[row["account_id"], row["scenario"], row["line_type"]].append(row["amount"] or 0)
    drawn = ("retained_12m_voluntary", "filled_12m", "absence_hours_12m")
    told = {
        row["account_id"]: row["adjusted_difference"] is not None
        for row in sorted(
            table(demo_release, "outcomes"),
            key=lambda row: row["is_estimable"] and row["adjusted_difference"] is None,
        )
        if row["outcome_code"] in drawn
    }
    some = 0
    for row in table(demo_release, "return"):
        for column, kind in (("benefit_amount", "benefit"), ("cost_amount", "cost")):
            if row[column] is not None:
                exact = lines[row["account_id"], row["scenario"], kind]
                assert abs(row[column] - float(sum(exact))) <= float(sum(map(abs, exact))) / 20
        if row["benefit_amount"] is not None:
            some += 1
            assert told[row["account_id"]]
            net = row["benefit_amount"] - row["cost_amount"]
            assert (row["net_benefit_amount"], row["roi_rate"]) == (net, net / row["cost_amount"])
    assert some > 0


def test_the_attack_on_the_largest_accounts_of_the_demo_finds_nothing(demo_release, recounted):
    people = Counter()
    for (account_id, *cell), (_, denominator) in recounted.items():
        if cell == ["all", "all", "activated"]:
            people[account_id] = denominator
    for account_id, _ in people.most_common(6):
        assert attack(demo_release, account_id) == []
