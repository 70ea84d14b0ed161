"""Why a value differs from the release before: each rule shown by making exactly that change."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from two_releases import BASE, EVENT, Story, metric, value

from orchestration.changes.causes import CAUSES
from orchestration.lineage import ROWS_ENTER_NO_VALUE, describe_tables
from orchestration.settings import PROJECT_DIR

MARCH, APRIL = "2026-03-31", "2026-04-30"


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base rows of two accounts, loaded once."""
    story = Story(tmp_path_factory.mktemp("base"))
    for name, text in BASE.items():
        story.lands(name, text)
    return story.folder


@pytest.fixture
def story(landed: Path, tmp_path: Path) -> Story:
    shutil.copytree(landed, tmp_path / "story")
    return Story(tmp_path / "story")


def test_a_first_release_has_an_empty_table_of_changes(story):
    first = story.release(MARCH, value(0.5))
    assert story.changes(first, None) == []


def test_what_is_equal_or_differs_by_rounding_alone_is_no_change(story):
    old = story.release(MARCH, value(0.1 + 0.2), value(7.0, "2026-03"))
    new = story.release(APRIL, value(0.3), value(7.0, "2026-03"))
    assert story.changes(new, old) == []


def test_a_change_says_both_values_and_how_far_they_are_apart(story):
    old = story.release(MARCH, value(0.5), value(0.0, "2026-03"), value(4.0, "2026-01"))
    new = story.release(
        APRIL, value(0.4, is_suppressed=True), value(2.0, "2026-03"), value(8.0, "2026-04")
    )
    rows = {str(row["period_start"])[:7]: row for row in story.changes(new, old)}
    columns = ("old_value", "new_value", "absolute_change", "relative_change", "is_suppressed")
    told = {month: [row[column] for column in columns] for month, row in rows.items()}
    assert told == {
        "2026-01": [4.0, None, None, None, False],
        "2026-02": [0.5, 0.4, pytest.approx(-0.1), pytest.approx(-0.2), True],
        "2026-03": [0.0, 2.0, 2.0, None, False],
        "2026-04": [None, 8.0, None, None, False],
    }
    assert {row["title"] for row in rows.values()} == {"One"}
    assert {row["earlier_release_id"] for row in rows.values()} == {old.name}


def test_a_period_that_was_not_over_is_new(story):
    old = story.release(MARCH, value(0.5, "2026-03"))
    story.lands("participant/learning_event/april.csv", EVENT.format("p1", *["2026-04-05"] * 2))
    new = story.release(APRIL, value(0.5, "2026-03"), value(0.6, "2026-04"))
    cause, detail = story.change(new, old)
    assert cause == "new_period"
    assert "ends on 2026-04-30, after 2026-03-31" in detail


def test_a_late_row_for_a_closed_period_is_late_data(story):
    old = story.release(MARCH, value(0.5))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-02-20", "2026-04-03")
    )
    cause, detail = story.change(story.release(APRIL, value(0.6)), old)
    assert cause == "late_data"
    assert (
        "(as of 2026-03-31) did not know, or not in full, touch the period: learning_event (1)."
        in detail
    )


def test_a_row_that_landed_late_is_late_data_though_it_says_it_was_known_in_time(story):
    old = story.release(MARCH, value(0.5))
    story.lands("participant/learning_event/late.csv", EVENT.format("p1", *["2026-02-20"] * 2))
    assert story.change(story.release(MARCH, value(0.6)), old)[0] == "late_data"


def test_a_late_row_makes_a_value_where_there_was_none(story):
    old = story.release(MARCH, value(0.5, "2026-03"))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-02-20", "2026-04-03")
    )
    new = story.release(APRIL, value(0.6), value(0.5, "2026-03"), value(0.5, "2026-04"))
    causes = {str(row["period_start"])[:7]: row["cause"] for row in story.changes(new, old)}
    assert causes == {"2026-02": "late_data", "2026-04": "new_period"}


ENROLLMENT = """
    enrollment_id,participant_id,program_id,start_date,enrolled_at,updated_at
    {},{},g1,{},2026-02-01T09:00:00Z,2026-04-02T09:00:00Z
"""


def test_another_version_of_a_known_key_is_a_correction_in_the_periods_of_both_versions(story):
    old = story.release(MARCH, value(0.5), value(0.5, "2026-03"), value(0.5, "2026-01"))
    story.lands("participant/enrollment/more.csv", ENROLLMENT.format("e1", "p1", "2026-03-02"))
    new = story.release(APRIL, value(0.6), value(0.6, "2026-03"), value(0.6, "2026-01"))
    rows = {str(row["period_start"])[:7]: row for row in story.changes(new, old)}
    assert {month: row["cause"] for month, row in rows.items()} == dict.fromkeys(rows, "correction")
    assert "touch the period have another version: enrollment (1)." in rows["2026-02"]["detail"]
    assert "touch the period have another version: enrollment (1)." in rows["2026-03"]["detail"]
    assert "outside the period" in rows["2026-01"]["detail"]


OPEN_ENROLLMENT = """
    enrollment_id,participant_id,program_id,cohort_id,start_date,enrolled_at,updated_at
    e3,p1,g1,{},2026-02-02,{},{}
"""


def test_a_version_that_only_fills_what_was_empty_is_new_on_the_days_that_it_fills_in(story):
    known, later = "2026-02-01T09:00:00Z", "2026-04-02T09:00:00Z"
    story.lands("participant/enrollment/first.csv", OPEN_ENROLLMENT.format("", "", known))
    old = story.release(MARCH, value(0.5), value(0.5, "2026-03"))
    filled = OPEN_ENROLLMENT.format("c1", "2026-03-20T09:00:00Z", later)
    story.lands("participant/enrollment/more.csv", filled)
    new = story.release(APRIL, value(0.6), value(0.6, "2026-03"))
    rows = {str(row["period_start"])[:7]: row for row in story.changes(new, old)}
    assert {row["cause"] for row in rows.values()} == {"late_data"}
    assert "or not in full, touch the period: enrollment (1)." in rows["2026-03"]["detail"]
    assert "lie outside the period: enrollment (1)." in rows["2026-02"]["detail"]


def test_a_version_that_empties_what_was_filled_is_a_correction(story):
    known, later = "2026-02-01T09:00:00Z", "2026-04-02T09:00:00Z"
    story.lands("participant/enrollment/first.csv", OPEN_ENROLLMENT.format("c1", known, known))
    old = story.release(MARCH, value(0.5))
    story.lands("participant/enrollment/more.csv", OPEN_ENROLLMENT.format("", known, later))
    assert story.change(story.release(APRIL, value(0.6)), old)[0] == "correction"


def test_a_version_that_says_the_same_at_a_later_time_is_no_record(story):
    known, later = "2026-02-01T09:00:00Z", "2026-04-02T09:00:00Z"
    story.lands("participant/enrollment/first.csv", OPEN_ENROLLMENT.format("c1", known, known))
    old = story.release(MARCH, value(0.5))
    story.lands("participant/enrollment/more.csv", OPEN_ENROLLMENT.format("c1", known, later))
    assert "Nothing specific was found" in story.change(story.release(APRIL, value(0.6)), old)[1]


def test_a_correction_comes_before_late_rows_and_its_detail_names_both(story):
    old = story.release(MARCH, value(0.5))
    story.lands("participant/enrollment/more.csv", ENROLLMENT.format("e1", "p1", "2026-02-09"))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-02-20", "2026-04-03")
    )
    cause, detail = story.change(story.release(APRIL, value(0.6)), old)
    assert cause == "correction"
    assert "enrollment (1). New records touch it too: learning_event (1)." in detail


def test_a_value_that_vanishes_because_a_person_moved_is_a_correction_at_both_accounts(story):
    old = story.release(MARCH, value(0.5), value(0.5, account_id="a2"))
    story.lands("participant/enrollment/more.csv", ENROLLMENT.format("e1", "p2", "2026-02-02"))
    new = story.release(APRIL, value(0.9, account_id="a2"))
    rows = {row["account_id"]: row for row in story.changes(new, old)}
    assert {account: row["cause"] for account, row in rows.items()} == {
        "a1": "correction",
        "a2": "correction",
    }
    assert rows["a1"]["new_value"] is None


def test_the_rows_of_another_account_explain_nothing_but_a_comparison(story):
    old = story.release(MARCH, value(0.5), value(0.5, account_id="all"))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p2", "2026-02-20", "2026-04-03")
    )
    new = story.release(APRIL, value(0.6), value(0.6, account_id="all"))
    rows = {row["account_id"]: row for row in story.changes(new, old)}
    assert rows["all"]["detail"].endswith("touch the period: learning_event (1).")
    assert "Nothing of the account came or went; at other accounts" in rows["a1"]["detail"]
    assert rows["a1"]["detail"].endswith("did not know, or not in full: learning_event (1).")
    assert {row["cause"] for row in rows.values()} == {"late_data"}


def test_a_corrected_record_without_account_and_day_touches_every_account_and_period(story):
    old = story.release(MARCH, value(0.5), value(0.5, "2026-03", account_id="a2"))
    story.lands(
        "operations/program/more.csv", "program_id,title,planned_weeks\ng1,Data Analytics,16"
    )
    new = story.release(MARCH, value(0.6), value(0.6, "2026-03", account_id="a2"))
    for row in story.changes(new, old):
        assert row["cause"] == "correction"
        assert "touch the period have another version: program (1)." in row["detail"]


def test_rows_that_the_table_does_not_read_explain_nothing(story):
    old = story.release(MARCH, value(0.5))
    story.lands(
        "operations/support_ticket/more.csv",
        "ticket_id,account_id,opened_at,updated_at\n"
        "t1,a1,2026-02-20T08:00:00Z,2026-04-03T08:00:00Z",
    )
    cause, detail = story.change(story.release(APRIL, value(0.6)), old)
    assert "Nothing specific was found" in detail
    assert "moved from 2026-03-31 to 2026-04-30" in detail
    assert cause == "new_period"


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        ({"definition": "E"}, 'The definition was "D" and is "E".'),
        ({"formula": "G"}, 'The formula was "F" and is "G".'),
        ({"unit": "days"}, "The metric is measured in days, before in share."),
        ({"threshold_codes": "none"}, "The amount of a threshold of the metric moved (none)."),
    ],
)
def test_a_moved_definition_is_told_with_what_moved_and_comes_before_the_rows(story, moved, words):
    old = story.release(MARCH, value(0.5))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-02-20", "2026-04-03")
    )
    metrics = (metric(definition_hash="h2", **moved),)
    assert story.change(story.release(APRIL, value(0.6), metrics=metrics), old) == (
        "definition_change",
        words,
    )


def test_a_period_that_was_not_over_is_new_though_the_definition_moved(story):
    old = story.release(MARCH, value(0.5, "2026-03"))
    new = story.release(
        APRIL, value(0.5, "2026-03"), value(1.0, "2026-04"), metrics=(metric(definition_hash="h2"),)
    )
    assert story.change(new, old)[0] == "new_period"


def test_a_metric_that_comes_or_goes_is_a_change_of_definition(story):
    two = metric(metric_code="m2", title="Two")
    old = story.release(MARCH, value(0.5), metrics=(metric(),))
    new = story.release(MARCH, value(0.5, metric_code="m2"), metrics=(two,))
    told = {row["metric_code"]: (row["cause"], row["detail"]) for row in story.changes(new, old)}
    assert told == {
        "m1": ("definition_change", "The metric is no longer published."),
        "m2": ("definition_change", "The metric is new."),
    }


def test_changed_models_are_the_cause_where_no_row_touches_the_period(story):
    old = story.release(MARCH, value(0.5))
    cause, detail = story.change(story.release(MARCH, value(0.6), code="c2"), old)
    assert cause == "definition_change"
    assert "The models behind rpt_x changed, and no record" in detail


def test_changed_models_are_named_beside_the_rows_that_touch_the_period(story):
    old = story.release(MARCH, value(0.5))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-02-20", "2026-04-03")
    )
    cause, detail = story.change(story.release(APRIL, value(0.6), code="c2"), old)
    assert cause == "late_data"
    assert detail.endswith("learning_event (1). The models behind rpt_x changed too.")


def test_nothing_found_is_said_and_what_is_not_known_of_the_code_too(story):
    old = story.release(MARCH, value(0.5), code=None)
    cause, detail = story.change(story.release(MARCH, value(0.6)), old)
    assert cause == "definition_change"
    assert "Nothing specific was found: the as-of date is the same" in detail
    assert "do not both say which code computed rpt_x" in detail


def test_an_event_of_a_later_month_moves_the_cohort_of_an_earlier_one(story):
    old = story.release(MARCH, value(0.5), value(0.5, "2026-03"))
    story.lands("participant/learning_event/april.csv", EVENT.format("p1", *["2026-04-05"] * 2))
    cause, detail = story.change(story.release(APRIL, value(0.6), value(0.5, "2026-03")), old)
    assert cause == "late_data"
    assert "lie outside the period: learning_event (1)" in detail


def test_a_cohort_that_becomes_mature_is_new_though_rows_touch_it(story):
    old = story.release(MARCH, value(0.5, "2026-01"))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-02-20", "2026-04-03")
    )
    new = story.release(APRIL, value(0.5, "2026-01"), value(0.6, "2026-02"))
    cause, detail = story.change(new, old)
    assert cause == "new_period"
    assert "no account had a value for so recent a period" in detail


def test_an_account_whose_people_took_longer_is_new_where_others_had_their_value(story):
    others = value(0.5, account_id="a2")
    old = story.release(MARCH, others)
    new = story.release(APRIL, others, value(0.6), value(0.5, "2026-03", account_id="a2"))
    rows = {row["account_id"]: row for row in story.changes(new, old)}
    assert rows["a1"]["cause"] == "new_period"
    assert "the account had no value for the period, and no record" in rows["a1"]["detail"]


def test_a_running_period_goes_on_though_nothing_landed_for_it(story):
    year = {"period_grain": "year", "period_start": "2026-01-01", "period_end": "2026-12-31"}
    old = story.release(MARCH, value(5.0, **year))
    cause, detail = story.change(story.release(APRIL, value(6.0, **year)), old)
    assert (cause, detail) == (
        "new_period",
        "The period went on after 2026-03-31; no record touches it.",
    )


def test_a_correction_at_another_account_can_move_a_comparison(story):
    old = story.release(MARCH, value(0.5))
    story.lands("participant/enrollment/more.csv", ENROLLMENT.format("e2", "p2", "2026-02-09"))
    cause, detail = story.change(story.release(APRIL, value(0.6)), old)
    assert cause == "correction"
    assert "at other accounts" in detail


def test_a_record_with_two_versions_in_a_period_is_one_record(story):
    old = story.release(MARCH, value(0.5))
    story.lands("participant/enrollment/more.csv", ENROLLMENT.format("e1", "p1", "2026-02-09"))
    later = ENROLLMENT.format("e1", "p1", "2026-02-16").replace("04-02", "04-09")
    story.lands("participant/enrollment/again.csv", later)
    assert "enrollment (1)." in story.change(story.release(APRIL, value(0.6)), old)[1]


def test_a_running_period_goes_on_and_only_a_correction_moves_it_on_the_same_day(story):
    year = {"period_grain": "year", "period_start": "2026-01-01", "period_end": "2026-12-31"}
    old = story.release(MARCH, value(5.0, **year))
    story.lands("participant/learning_event/april.csv", EVENT.format("p1", *["2026-04-05"] * 2))
    later = story.release(APRIL, value(6.0, **year))
    cause, detail = story.change(later, old)
    assert cause == "new_period"
    assert "The period went on after 2026-03-31: learning_event (1) since." in detail
    story.lands("participant/enrollment/more.csv", ENROLLMENT.format("e1", "p1", "2026-02-09"))
    assert story.change(story.release(APRIL, value(5.5, **year)), later)[0] == "correction"


@pytest.mark.parametrize(
    ("happened", "cause"), [("2026-04-05", "new_period"), ("2026-02-20", "late_data")]
)
def test_all_of_the_time_goes_on_with_new_days_and_takes_late_rows(story, happened, cause):
    ever = {"period_grain": "all", "period_start": "1900-01-01"}
    old = story.release(MARCH, value(5.0, period_end=MARCH, **ever))
    story.lands("participant/learning_event/more.csv", EVENT.format("p1", happened, "2026-04-05"))
    (row,) = story.changes(story.release(APRIL, value(6.0, period_end=APRIL, **ever)), old)
    assert row["cause"] == cause
    assert str(row["period_end"]) == APRIL


def test_a_window_of_twelve_months_holds_the_late_rows_of_each_of_its_months(story):
    window = {
        "period_grain": "trailing_12_months",
        "period_start": "2025-04-01",
        "period_end": MARCH,
    }
    old = story.release(MARCH, value(5.0, **window))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2025-06-20", "2026-04-03")
    )
    cause, detail = story.change(story.release(APRIL, value(6.0, **window)), old)
    assert cause == "late_data"
    assert "touch the period: learning_event (1)." in detail


def test_a_window_that_moved_on_is_no_late_data(story):
    def window(start, end):
        return {"period_grain": "trailing_12_months", "period_start": start, "period_end": end}

    old = story.release(MARCH, value(5.0, **window("2025-04-01", MARCH)))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2025-06-20", "2026-04-03")
    )
    later = story.release(APRIL, value(6.0, **window("2025-05-01", APRIL)))
    gone, came = story.changes(later, old)
    assert (str(gone["period_end"]), gone["new_value"]) == (MARCH, None)
    assert gone["cause"] == came["cause"] == "new_period"
    assert "as of 2026-04-30 none ends on 2026-03-31, and the next on 2026-04-30" in gone["detail"]


def test_windows_a_year_apart_move_on_together_and_only_the_same_one_is_compared(story):
    def windows(*spans):
        return [
            value(5.0 + number, period_grain="trailing_12_months", period_start=start)
            | {"period_end": end}
            for number, (start, end) in enumerate(spans)
        ]

    # the history begins in July 2024, so the first of the windows had eleven months only
    first = windows(("2025-04-01", MARCH), ("2024-07-01", "2025-03-31"))
    second = windows(("2025-05-01", APRIL), ("2024-07-01", "2025-04-30"))
    old = story.release(MARCH, *first)
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2025-01-20", "2026-04-03")
    )
    rows = story.changes(story.release(APRIL, *second), old)
    sides = {(str(r["period_end"]), r["old_value"], r["new_value"], r["cause"]) for r in rows}
    assert sides == {
        (MARCH, 5.0, None, "new_period"),
        ("2025-03-31", 6.0, None, "new_period"),
        (APRIL, None, 5.0, "new_period"),
        ("2025-04-30", None, 6.0, "new_period"),
    }


def test_a_period_that_ended_on_the_as_of_date_itself_is_new_where_it_had_no_value(story):
    others = value(0.5, "2026-03", account_id="a2")
    old = story.release(MARCH, others)
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-03-20", "2026-04-03")
    )
    april = value(0.5, "2026-04", account_id="a2")
    new = story.release(APRIL, others, april, value(0.6, "2026-03"))
    (row,) = (row for row in story.changes(new, old) if row["account_id"] == "a1")
    assert row["cause"] == "new_period"
    assert "ends on 2026-03-31, the very as-of date of the release before" in row["detail"]


def test_what_such_a_period_had_already_is_moved_by_late_data(story):
    old = story.release(MARCH, value(0.5, "2026-03"))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-03-20", "2026-04-03")
    )
    assert story.change(story.release(APRIL, value(0.6, "2026-03")), old)[0] == "late_data"


def test_a_window_that_vanishes_between_others_is_late_data(story):
    def window(end):
        return {"period_grain": "trailing_12_months", "period_start": "2025-01-01"} | {
            "period_end": end
        }

    kept = value(1.0, account_id="a2", **window("2026-02-28"))
    old = story.release(MARCH, kept, value(5.0, **window(MARCH)))
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2025-06-20", "2026-04-03")
    )
    assert story.change(story.release(APRIL, kept), old)[0] == "late_data"


def test_an_as_of_date_that_goes_back_takes_away_periods_and_rows(story):
    story.lands(
        "participant/learning_event/late.csv", EVENT.format("p1", "2026-02-20", "2026-04-03")
    )
    old = story.release(APRIL, value(0.6), value(0.5, "2026-04"))
    rows = {
        str(r["period_start"])[:7]: r for r in story.changes(story.release(MARCH, value(0.5)), old)
    }
    assert rows["2026-02"]["cause"] == "late_data"
    assert (
        "as of an earlier day, omits in whole or in part touch the period"
        in rows["2026-02"]["detail"]
    )
    assert rows["2026-04"]["cause"] == "new_period"
    assert "after 2026-03-31, the as-of date of this release" in rows["2026-04"]["detail"]


def test_rows_loaded_anew_are_the_same_rows(story):
    old = story.release(MARCH, value(0.5))
    # A file that comes first in the order of loading moves the number of every other.
    story.settings.raw_path.unlink()
    story.lands("operations/campaign/first.csv", "campaign_id,account_id\nk1,a1")
    cause, detail = story.change(story.release(MARCH, value(0.6)), old)
    assert "Nothing specific was found" in detail
    assert cause == "definition_change"


def test_files_that_are_gone_are_told(story):
    old = story.release(MARCH, value(0.5))
    story.settings.raw_path.unlink()
    (story.settings.landing_dir / "participant/learning_event/events.csv").unlink()
    story.loads()
    _, detail = story.change(story.release(MARCH, value(0.4)), old)
    assert detail.endswith("Files that the earlier release counted and that are gone: 1.")


def test_raw_rows_that_cannot_be_read_stop_no_release(story):
    old, new = story.release(MARCH, value(0.5)), story.release(MARCH, value(0.6))
    story.settings.raw_path.write_text("no database")
    assert "The raw rows could not be read" in story.change(new, old)[1]


def test_an_earlier_release_without_these_values_is_told_as_such(story):
    old = story.release(MARCH, value(0.5))
    (old / "marts" / "rpt_metric_values.parquet").unlink()
    cause, detail = story.change(story.release(MARCH, value(0.5)), old)
    assert cause == "new_period"
    assert "There is nothing to compare with" in detail


@pytest.mark.parametrize("seed", range(5))
def test_old_values_and_the_changes_give_the_new_values_and_each_has_one_cause(story, seed):
    generator = np.random.default_rng(seed)

    def some() -> list[dict]:
        rows = []
        for code in ("m1", "m2", "m3"):
            for account in ("a1", "a2", "all"):
                for month in ("2026-01", "2026-02", "2026-03", "2026-04"):
                    if generator.random() < 0.7:
                        number = float(generator.choice([0.0, 1.0, 2.5, -3.0]))
                        rows.append(value(number, month, metric_code=code, account_id=account))
        return rows

    codes = ("m1", "m2") if seed % 2 else ("m1", "m2", "m3")
    metrics = tuple(metric(metric_code=code, title=code) for code in codes)
    before, after = some(), some()
    old = story.release(MARCH, *before, metrics=metrics)
    story.lands(
        "participant/learning_event/late.csv",
        EVENT.format("p1", f"2026-0{generator.integers(1, 5)}-20", "2026-04-21"),
    )
    rows = story.changes(story.release(APRIL, *after, metrics=metrics), old)
    key = ("metric_code", "account_id", "period_grain", "period_start")

    def by_key(given: list[dict], column: str) -> dict[tuple, float]:
        return {tuple(str(row[name]) for name in key): row[column] for row in given}

    values, changed = by_key(before, "value"), by_key(rows, "new_value")
    assert len(changed) == len(rows)
    assert {k: v for k, v in (values | changed).items() if v is not None} == by_key(after, "value")
    assert all(values.get(k) == v for k, v in by_key(rows, "old_value").items())
    assert all(row["old_value"] != row["new_value"] for row in rows)
    assert all(row["cause"] in CAUSES and len(row["detail"]) > 10 for row in rows)


def nodes(**code: str) -> list[SimpleNamespace]:
    """A seed, two models and a public table, as dbt hands them over after a build."""

    def node(kind: str, name: str, *before: str, folder: str = "staging") -> SimpleNamespace:
        return SimpleNamespace(
            unique_id=f"{kind}.t.{name}",
            resource_type=kind,
            name=name,
            schema="core",
            fqn=["t", folder, name],
            raw_code=name,
            compiled_code=code.get(name, name),
            checksum=SimpleNamespace(checksum=code.get(name, name)),
            depends_on=SimpleNamespace(nodes=list(before)),
        )

    return [
        node("seed", "words"),
        node("model", "stg_as_of", "source.t.load_ledger.batches"),
        node("model", "stg_event", "source.t.raw_participant.learning_event", "model.t.stg_as_of"),
        node("model", "int_entity_supply", "source.t.raw_operations.goal"),
        node("model", "stg_other", "source.t.raw_financial.contract"),
        node(
            "model",
            "rpt_x",
            "model.t.stg_event",
            "seed.t.words",
            "model.t.int_entity_supply",
            folder="marts",
        ),
    ]


def test_a_table_reads_the_entities_whose_rows_enter_its_values():
    (table,) = describe_tables(nodes())
    assert (table.schema, table.name) == ("core", "rpt_x")
    assert table.entities == ("participant.learning_event",)


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("rpt_x", True),
        ("stg_event", True),
        ("words", True),
        ("int_entity_supply", True),
        ("stg_other", False),
        ("stg_as_of", False),
    ],
)
def test_the_code_of_a_table_moves_with_all_behind_it_but_not_with_the_as_of_date(name, moves):
    (before,), (after,) = describe_tables(nodes()), describe_tables(nodes(**{name: "changed"}))
    assert (before.code_hash != after.code_hash) == moves


def test_the_models_whose_rows_enter_no_value_exist():
    models = {path.stem for path in (PROJECT_DIR / "models").rglob("*.sql")}
    assert set(ROWS_ENTER_NO_VALUE) <= models
