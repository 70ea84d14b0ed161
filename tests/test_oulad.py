"""The Open University example: its landing folder by hand, its marts against the original files."""

import os
import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from examples.oulad import __main__ as command
from examples.oulad.convert import convert
from examples.oulad.early_signals import QUERIES, as_markdown
from examples.oulad.source import SCHEMA
from examples.queries import read_queries
from examples.source import SourceError

EXAMPLE = Path(command.__file__).parent
MARKER = ".oulad.json"
EXPECTED = read_queries(EXAMPLE / "expected.sql")
MARTS = read_queries(EXAMPLE / "marts.sql")
FINDINGS = read_queries(EXAMPLE / "findings.sql")

# ---------------------------------------------------------------------------------------------
# The converter, on seven tiny files that hold every trap of the real ones.

TINY = {
    "courses": """
        code_module,code_presentation,module_presentation_length
        "AAA","2013J","268"
        "AAA","2014B","240"
    """,
    "assessments": """
        code_module,code_presentation,id_assessment,assessment_type,date,weight
        "AAA","2013J","1","TMA","19","10"
        "AAA","2013J","2","CMA","54","0"
        "AAA","2013J","3","Exam","","100"
    """,
    "vle": """
        id_site,code_module,code_presentation,activity_type,week_from,week_to
        "10","AAA","2013J","homepage","?","?"
        "11","AAA","2013J","quiz","1","2"
        "20","AAA","2014B","homepage","",""
    """,
    "studentInfo": """
        code_module,code_presentation,id_student,gender,num_of_prev_attempts,final_result
        "AAA","2013J","101","F","0","Pass"
        "AAA","2014B","101","F","1","Distinction"
        "AAA","2013J","102","M","0","Withdrawn"
        "AAA","2013J","103","M","0","Fail"
        "AAA","2013J","104","F","2","Fail"
        "AAA","2013J","105","F","0","Withdrawn"
    """,
    "studentRegistration": """
        code_module,code_presentation,id_student,date_registration,date_unregistration
        "AAA","2013J","101","-30",""
        "AAA","2014B","101","-10","?"
        "AAA","2013J","102","-5",""
        "AAA","2013J","103","?","20"
        "AAA","2013J","104","3",""
        "AAA","2013J","105","","-12"
    """,
    "studentAssessment": """
        id_assessment,id_student,date_submitted,is_banked,score
        "1","101","18","0","78"
        "2","101","54","0",""
        "1","103","25","0","40"
        "1","104","-1","1","35"
    """,
    "studentVle": """
        code_module,code_presentation,id_student,id_site,date,sum_click
        "AAA","2013J","101","10","-2","3"
        "AAA","2013J","101","10","0","1"
        "AAA","2013J","101","10","0","5"
        "AAA","2013J","101","10","0","1"
        "AAA","2013J","103","11","30","2"
        "AAA","2014B","101","20","0","4"
    """,
}

LANDED = {
    "stakeholder/account/account.csv": [("open-university", "The Open University")],
    "operations/program/program.csv": [("AAA", "Module AAA", 39)],
    "operations/cohort/cohort.csv": [
        ("AAA-2013J", "AAA", date(2013, 10, 1), date(2014, 6, 26)),
        ("AAA-2014B", "AAA", date(2014, 2, 1), date(2014, 9, 29)),
    ],
    "participant/participant/participant.parquet": [
        ("101", "open-university", datetime(2013, 9, 1)),
        ("102", "open-university", datetime(2013, 9, 26)),
        ("103", "open-university", None),
        ("104", "open-university", datetime(2013, 10, 4)),
        ("105", "open-university", None),
    ],
    "participant/enrollment/enrollment.parquet": [
        (f"{cohort_id}-{student}", student, "AAA", cohort_id, enrolled_at, start, end, attempt_no)
        for cohort_id, student, enrolled_at, start, end, attempt_no in [
            ("AAA-2013J", "101", datetime(2013, 9, 1), date(2013, 10, 1), date(2014, 6, 26), 1),
            ("AAA-2013J", "102", datetime(2013, 9, 26), date(2013, 10, 1), date(2014, 6, 26), 1),
            ("AAA-2013J", "103", None, date(2013, 10, 1), date(2014, 6, 26), 1),
            ("AAA-2013J", "104", datetime(2013, 10, 4), date(2013, 10, 1), date(2014, 6, 26), 3),
            ("AAA-2013J", "105", None, date(2013, 10, 1), date(2014, 6, 26), 1),
            ("AAA-2014B", "101", datetime(2014, 1, 22), date(2014, 2, 1), date(2014, 9, 29), 2),
        ]
    ],
    "participant/enrollment_status/enrollment_status.parquet": [
        (f"{enrollment_id}:{status}", enrollment_id, status, effective_at, reason_code)
        for enrollment_id, status, effective_at, reason_code in [
            ("AAA-2013J-101", "enrolled", datetime(2013, 9, 1), None),
            ("AAA-2013J-101", "completed", datetime(2014, 6, 26, 23, 59, 59), "pass"),
            ("AAA-2013J-102", "enrolled", datetime(2013, 9, 26), None),
            ("AAA-2013J-102", "withdrawn", datetime(2014, 6, 26, 23, 59, 59), "day_unknown"),
            ("AAA-2013J-103", "failed", datetime(2013, 10, 21, 23, 59, 59), "unregistered"),
            ("AAA-2013J-104", "enrolled", datetime(2013, 10, 4), None),
            ("AAA-2013J-104", "failed", datetime(2014, 6, 26, 23, 59, 59), None),
            ("AAA-2013J-105", "withdrawn", datetime(2013, 9, 19, 23, 59, 59), None),
            ("AAA-2014B-101", "enrolled", datetime(2014, 1, 22), None),
            ("AAA-2014B-101", "completed", datetime(2014, 9, 29, 23, 59, 59), "distinction"),
        ]
    ],
    "participant/assignment/assignment.csv": [
        (1, "AAA", "AAA-2013J", "assignment", "TMA 1", 19, 10.0),
        (2, "AAA", "AAA-2013J", "assignment", "CMA 2", 54, 0.0),
        (3, "AAA", "AAA-2013J", "exam", "Exam 3", None, 100.0),
    ],
    "participant/submission/submission.parquet": [
        (f"{enrollment_id}:{assignment}", enrollment_id, assignment, at, score, passed, banked)
        for enrollment_id, assignment, at, score, passed, banked in [
            ("AAA-2013J-101", "1", datetime(2013, 10, 19, 12), Decimal("0.78"), True, False),
            ("AAA-2013J-101", "2", datetime(2013, 11, 24, 12), None, None, False),
            ("AAA-2013J-103", "1", datetime(2013, 10, 26, 12), Decimal("0.40"), True, False),
            ("AAA-2013J-104", "1", datetime(2013, 9, 30, 12), Decimal("0.35"), False, True),
        ]
    ],
    "participant/learning_event/AAA-2013J.parquet": [
        (f"{enrollment}:{key}", student, enrollment, "viewed", site, kind, clicks, at)
        for enrollment, key, student, site, kind, clicks, at in [
            ("AAA-2013J-101", "10:-2:1", "101", "10", "homepage", 3, datetime(2013, 9, 29, 12)),
            ("AAA-2013J-101", "10:0:1", "101", "10", "homepage", 1, datetime(2013, 10, 1, 12)),
            ("AAA-2013J-101", "10:0:2", "101", "10", "homepage", 1, datetime(2013, 10, 1, 12)),
            ("AAA-2013J-101", "10:0:3", "101", "10", "homepage", 5, datetime(2013, 10, 1, 12)),
            ("AAA-2013J-103", "11:30:1", "103", "11", "quiz", 2, datetime(2013, 10, 31, 12)),
        ]
    ],
    "participant/learning_event/AAA-2014B.parquet": [
        (
            "AAA-2014B-101:20:0:1",
            "101",
            "AAA-2014B-101",
            "viewed",
            "20",
            "homepage",
            4,
            datetime(2014, 2, 1, 12),
        ),
    ],
}


def write_folder(folder: Path, kind: str = "csv", **changes: str) -> Path:
    """Write the tiny files, with some replaced, as CSV or as Parquet of typed columns."""
    folder.mkdir()
    for table, text in (TINY | changes).items():
        lines = [line.strip() for line in text.strip().splitlines()]
        path = folder / f"{table}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if kind == "parquet":
            duckdb.sql(f"from read_csv('{path}', nullstr=['', '?'])").write_parquet(
                str(path.with_suffix(".parquet"))
            )
            path.unlink()
    return folder


def rows(path: Path) -> list[tuple]:
    return duckdb.sql(f"from '{path}'").fetchall()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_row_of_the_seven_files_is_landed_as_worked_out_by_hand(tmp_path, kind):
    landing = tmp_path / "landing"
    counts = convert(write_folder(tmp_path / "oulad", kind), landing)
    assert {name: rows(landing / name) for name in counts} == LANDED
    assert counts == {name: len(expected) for name, expected in LANDED.items()}
    files = {str(path.relative_to(landing)) for path in landing.rglob("*") if path.is_file()}
    assert files == {*LANDED, MARKER}


def test_the_same_files_give_the_same_bytes(tmp_path):
    folder = write_folder(tmp_path / "oulad")
    names = convert(folder, tmp_path / "one")
    convert(folder, tmp_path / "two")
    for name in [*names, MARKER]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_second_run_says_that_the_landing_folder_is_there(tmp_path, capsys, monkeypatch):
    folder, landing = write_folder(tmp_path / "oulad"), tmp_path / "landing"
    monkeypatch.setattr("sys.argv", ["examples.oulad", str(folder), str(landing)])
    assert command.main() == 0
    assert "38 rows" in capsys.readouterr().out.splitlines()[-1]
    assert command.main() == 0
    assert capsys.readouterr().out == (
        f"{landing} is there already, made from the same files: nothing to do\n"
    )


def test_a_landing_folder_of_other_files_is_left_alone(tmp_path):
    landing = tmp_path / "landing"
    convert(write_folder(tmp_path / "oulad"), landing)
    before = (landing / MARKER).read_bytes()
    other = write_folder(tmp_path / "other", vle=TINY["vle"].replace("quiz", "forum"))
    with pytest.raises(SourceError, match="made from other files"):
        convert(other, landing)
    assert (landing / MARKER).read_bytes() == before


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "mine.csv").write_text("a\n")
    with pytest.raises(SourceError, match="was not made by this command"):
        convert(write_folder(tmp_path / "oulad"), landing)
    assert [path.name for path in landing.iterdir()] == ["mine.csv"]


def test_names_with_quotes_and_spaces_are_only_names(tmp_path):
    landing = tmp_path / 'it\'s; a "landing"'
    counts = convert(write_folder(tmp_path / "o'u lad"), landing)
    assert sum(counts.values()) == 38


BROKEN = {
    "a file is missing": ({"vle": None}, r"lacks vle\.parquet \(or \.csv\)"),
    "two columns are missing": (
        {"studentVle": "code_module,code_presentation,id_student,id_site\nAAA,2013J,101,10"},
        r"studentVle\.csv lacks the column date, sum_click",
    ),
    "a day is not a number": (
        {"studentVle": TINY["studentVle"].replace('"30"', '"soon"')},
        r"studentVle\.csv: date is 'soon', not integer",
    ),
    "a day is empty": (
        {"studentVle": TINY["studentVle"].replace('"30"', '""')},
        "studentVle: date is empty in 1 rows",
    ),
    "a result is unknown": (
        {"studentInfo": TINY["studentInfo"].replace("Distinction", "Deferred")},
        "studentInfo: final_result is Deferred",
    ),
    "a presentation's start is unknown": (
        {"courses": TINY["courses"].replace("2014B", "2014K")},
        "courses: code_presentation is 2014K",
    ),
    "a student is registered twice": (
        {"studentRegistration": TINY["studentRegistration"] + '"AAA","2013J","101","1",""'},
        "studentRegistration: several rows .*: AAA, 2013J, 101",
    ),
    "a submission has no assessment": (
        {"studentAssessment": TINY["studentAssessment"] + '"9","101","1","0","50"'},
        "studentAssessment: id_assessment 9 is not in assessments",
    ),
    "a student's result is missing": (
        {"studentInfo": TINY["studentInfo"].replace('"AAA","2013J","102","M","0","Withdrawn"', "")},
        "studentRegistration: .*102 is not in studentInfo",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_files_that_cannot_be_landed_whole_are_refused_by_name_and_leave_nothing(tmp_path, case):
    changes, message = BROKEN[case]
    kept = {table: text for table, text in changes.items() if text is not None}
    folder = write_folder(tmp_path / "oulad", **kept)
    for table in changes.keys() - kept.keys():
        (folder / f"{table}.csv").unlink()
    with pytest.raises(SourceError, match=message):
        convert(folder, tmp_path / "landing")
    assert [path.name for path in tmp_path.iterdir()] == ["oulad"]


def test_a_file_that_is_no_parquet_is_named(tmp_path):
    folder = write_folder(tmp_path / "oulad", "parquet")
    (folder / "vle.parquet").write_text("not parquet")
    with pytest.raises(SourceError, match=r"vle\.parquet cannot be read"):
        convert(folder, tmp_path / "landing")


def test_the_command_prints_the_error_and_fails(tmp_path, capsys, monkeypatch):
    nowhere = tmp_path / "nowhere"
    monkeypatch.setattr("sys.argv", ["examples.oulad", str(nowhere), str(tmp_path / "landing")])
    assert command.main() == 1
    assert capsys.readouterr().err == f"error: {nowhere} is not a folder\n"


def test_every_expected_number_has_its_namesake_in_the_marts():
    assert list(EXPECTED) == list(MARTS)


# ---------------------------------------------------------------------------------------------
# The real files, where OULAD_DIR names their folder.


@pytest.fixture(scope="session")
def oulad_dir() -> Path:
    folder = os.environ.get("OULAD_DIR", "").strip()
    if not folder:
        pytest.skip("OULAD_DIR names no folder of the Open University files: see examples/oulad")
    return Path(folder)


@pytest.fixture(scope="session")
def originals(oulad_dir) -> duckdb.DuckDBPyConnection:
    """A connection with a view of each original file, read without the converter."""
    connection = duckdb.connect()
    for table in SCHEMA:
        path = oulad_dir / f"{table}.parquet"
        if path.exists():
            relation = connection.read_parquet(str(path))
        else:
            relation = connection.read_csv(
                str(oulad_dir / f"{table}.csv"), na_values=["", "?"], sample_size=-1
            )
        relation.create_view(table)
    return connection


@pytest.fixture(scope="session")
def oulad_landing(oulad_dir, tmp_path_factory) -> Path:
    landing = tmp_path_factory.mktemp("oulad") / "landing"
    convert(oulad_dir, landing)
    return landing


@pytest.fixture(scope="session")
def marts(oulad_landing, tmp_path_factory):
    """A read-only connection to the warehouse built from the landed files."""
    warehouse_path = built_oulad(oulad_landing, tmp_path_factory.mktemp("oulad_data"))
    with duckdb.connect(warehouse_path, read_only=True) as connection:
        yield connection


def built_oulad(landing_dir: Path, data_dir: Path) -> Path:
    """Load and build a landing folder, and return the path of the warehouse."""
    from orchestration.build import build_warehouse
    from orchestration.load import load_landing
    from orchestration.settings import Settings

    settings = Settings(
        landing_dir=landing_dir,
        data_dir=data_dir,
        releases_dir=data_dir / "releases",
        as_of=None,
        site=False,
        dbt_target="duckdb",
    )
    load_landing(settings.landing_dir, settings.raw_path)
    build_warehouse(settings)
    return settings.warehouse_path


def result(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], set[tuple]]:
    """Return the columns and the rows of a query; each row stands once, as its keys are unique."""
    relation = connection.execute(query)
    columns = [column[0] for column in relation.description]
    found = relation.fetchall()
    assert len(found) == len(set(found))
    return columns, set(found)


def count_rows(folder: Path) -> int:
    """Return the rows of all landed files of an entity."""
    return sum(
        duckdb.sql(f"select count(*) from '{path}'").fetchone()[0] for path in folder.iterdir()
    )


def test_every_original_row_is_landed(originals, oulad_landing):
    for entity, table in {
        "operations/cohort": "courses",
        "participant/enrollment": "studentRegistration",
        "participant/assignment": "assessments",
        "participant/submission": "studentAssessment",
        "participant/learning_event": "studentVle",
    }.items():
        landed = count_rows(oulad_landing / entity)
        assert landed == originals.sql(f"select count(*) from {table}").fetchone()[0], entity


def test_event_ids_are_unique(oulad_landing):
    events = f"'{oulad_landing}/participant/learning_event/*.parquet'"
    assert duckdb.sql(f"select count(*) = count(distinct event_id) from {events}").fetchone()[0]


def test_the_numbers_of_the_readme_are_those_of_the_files(originals):
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", readme, re.MULTILINE)
    assert [name for name, _ in written] == list(FINDINGS)
    if originals.sql("select max(code_presentation) from courses").fetchone() != ("2013J",):
        pytest.skip("the README gives the numbers of the 2013 presentations")
    found = {name: originals.execute(query).fetchone()[0] for name, query in FINDINGS.items()}
    assert {name: int(number.replace(",", "")) for name, number in written} == found


def test_nothing_landed_is_rejected_dropped_or_orphaned(marts, oulad_landing):
    landed = {
        folder.name: count_rows(folder) for folder in oulad_landing.glob("*/*") if folder.is_dir()
    }
    counted = marts.execute(
        "select entity, received_count, accepted_count, rejected_count, duplicate_count,"
        " orphan_count from trust.rpt_source_health where is_supplied"
    ).fetchall()
    assert sorted(counted) == sorted(
        (name, count, count, 0, 0, 0) for name, count in landed.items()
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_the_marts_say_what_the_original_files_say(originals, marts, name):
    columns, expected = result(originals, EXPECTED[name])
    mart_columns, found = result(marts, MARTS[name])
    assert mart_columns == columns
    differences = sorted(
        [("only in the files", *row) for row in expected - found]
        + [("only in the marts", *row) for row in found - expected]
    )
    assert not differences, f"{len(differences)} rows differ, the first: {differences[:5]}"


def test_the_tables_of_the_early_signals_are_those_of_the_marts(originals, marts):
    if originals.sql("select max(code_presentation) from courses").fetchone() != ("2013J",):
        pytest.skip("the document gives the numbers of the 2013 presentations")
    document = (EXAMPLE / "early_signals.md").read_text(encoding="utf-8")
    for query in QUERIES.values():
        assert as_markdown(marts, query) in document


def test_active_weeks_tell_as_much_when_counted_from_the_files(originals, marts):
    """Of those registered on day 28: the weeks active by then, and, with hindsight, in all."""
    learners = originals.sql("""
        with weeks as (
            select code_module, code_presentation, id_student,
                count(distinct date // 7) filter (where date < 28) as early_count,
                count(distinct date // 7) as all_count
            from studentVle where date >= 0 and sum_click > 0 group by all
        )
        select final_result in ('Pass', 'Distinction'), coalesce(early_count, 0),
            coalesce(all_count, 0)
        from studentInfo
        inner join studentRegistration using (code_module, code_presentation, id_student)
        left join weeks using (code_module, code_presentation, id_student)
        where coalesce(date_unregistration, 28) >= 28
    """).fetchall()
    early = area([(passed, weeks) for passed, weeks, _ in learners])
    hindsight = area([(passed, weeks) for passed, _, weeks in learners])
    (ours,) = marts.execute(
        "select auc from signals.rpt_indicator_validity where indicator_code = 'program_engagement'"
        " and outcome_code = 'program_completion' and cutoff_day = 28"
    ).fetchone()
    assert ours == pytest.approx(early, abs=1e-9)
    assert f"| 28 | {early:.3f} | {hindsight:.3f} |" in as_markdown(marts, QUERIES["leak"])
    assert hindsight > early


def area(cases: list[tuple[bool, int]]) -> float:
    """The share of pairs, one passed and one not, in which the passed has more; ties half."""
    passed, others = (
        Counter(score for is_passed, score in cases if is_passed == kind) for kind in (True, False)
    )
    won = sum(
        passed[high] * others[low] * ((high > low) + (high == low) / 2)
        for high in passed
        for low in others
    )
    return won / (passed.total() * others.total())
