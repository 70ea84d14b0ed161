"""The incident log example: its landing folder by hand, its marts against the original file."""

import os
import re
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from conftest import environment_of, run_module, settings_in

from examples.itsm import __main__ as command
from examples.itsm.convert import convert
from examples.queries import read_queries
from examples.source import SourceError
from orchestration.dbt_project import NO_TESTS, run_dbt
from orchestration.settings import Settings

EXAMPLE = Path(command.__file__).parent
LOG = "incident_event_log"
TICKETS = "operations/support_ticket/support_ticket.parquet"
EXPECTED = read_queries(EXAMPLE / "expected.sql")
VIEWS = {name: EXPECTED.pop(name) for name in ("incident", "scoped")}
MARTS = read_queries(EXAMPLE / "marts.sql")
FINDINGS = read_queries(EXAMPLE / "findings.sql")

# ---------------------------------------------------------------------------------------------
# The converter, on a tiny log that holds every trap of the real one.

TINY = """
    number,incident_state,sys_mod_count,reopen_count,made_sla,category,priority,opened_at,sys_updated_at,resolved_at
    INC0000001,Closed,3,0,true,Category 7,3 - Moderate,1/3/2016 08:00,6/3/2016 12:00,1/3/2016 11:00
    INC0000001,New,0,0,true,?,3 - Moderate,1/3/2016 08:00,1/3/2016 08:05,1/3/2016 11:00
    INC0000001,Active,1,0,true,Category 7,2 - High,1/3/2016 08:00,1/3/2016 09:00,1/3/2016 11:00
    INC0000001,Resolved,2,0,true,Category 7,2 - High,1/3/2016 08:00,1/3/2016 11:00,1/3/2016 11:00
    INC0000002,Resolved,0,0,true,Category 8,1 - Critical,2/3/2016 08:00,2/3/2016 08:00,12/3/2016 10:30
    INC0000002,Active,1,1,true,Category 8,1 - Critical,2/3/2016 08:00,3/3/2016 08:00,12/3/2016 10:30
    INC0000002,Closed,3,1,false,Category 8,1 - Critical,2/3/2016 08:00,12/3/2016 10:30,12/3/2016 10:30
    INC0000002,Resolved,2,1,true,Category 8,1 - Critical,2/3/2016 08:00,12/3/2016 10:30,12/3/2016 10:30
    INC0000003,Resolved,0,0,true,?,4 - Low,2/3/2016 08:00,2/3/2016 08:01,?
    INC0000003,Closed,1,0,true,?,4 - Low,2/3/2016 08:00,7/3/2016 09:00,?
    INC0000004,New,1,0,true,Category 9,3 - Moderate,2/3/2016 08:00,2/3/2016 08:30,?
    INC0000004,New,1,0,true,Category 9,3 - Moderate,2/3/2016 08:00,2/3/2016 07:30,?
    INC0000004,Closed,2,0,false,Category 9,3 - Moderate,2/3/2016 08:00,7/3/2016 09:00,?
"""  # noqa: E501


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2016, 3, day, hour, minute, second)


# The parts of a ticket that change between its versions, by its parts that do not.
VERSIONS = {
    ("INC0000001", at(1, 8)): [
        ("none given", "moderate", None, None, None, 0, at(1, 8, 5)),
        ("Category 7", "high", at(1, 9), None, None, 0, at(1, 9)),
        ("Category 7", "high", at(1, 9), None, at(1, 11), 0, at(1, 11)),
        ("Category 7", "moderate", at(1, 9), at(1, 11), at(1, 11), 0, at(6, 12)),
    ],
    ("INC0000002", at(2, 8)): [
        ("Category 8", "critical", at(2, 8), None, at(2, 8), 0, at(2, 8)),
        ("Category 8", "critical", at(2, 8), None, None, 1, at(3, 8)),
        ("Category 8", "critical", at(2, 8), None, at(12, 10, 30), 1, at(12, 10, 30)),
        (
            "Category 8",
            "critical",
            at(2, 8),
            at(12, 10, 29, 59),
            at(12, 10, 30),
            1,
            at(12, 10, 30),
        ),
    ],
    ("INC0000003", at(2, 8)): [
        ("none given", "low", at(2, 8, 1), None, at(2, 8, 1), 0, at(2, 8, 1)),
        ("none given", "low", at(2, 8, 1), at(2, 8, 1), at(2, 8, 1), 0, at(7, 9)),
    ],
    ("INC0000004", at(2, 8)): [
        ("Category 9", "moderate", None, None, None, 0, at(2, 7, 30)),
        ("Category 9", "moderate", None, None, None, 0, at(2, 8, 30)),
        ("Category 9", "moderate", at(7, 9), at(7, 8, 59, 59), at(7, 9), 0, at(7, 9)),
    ],
}

LANDED = {
    TICKETS: [
        (ticket_id, "it-company", category, severity, opened_at, *times_and_count)
        for (ticket_id, opened_at), versions in VERSIONS.items()
        for category, severity, *times_and_count in versions
    ],
    "stakeholder/account/account.csv": [("it-company", "The IT company of the incident log")],
    "operations/program/program.csv": [("none", "None: the log is not about learning")],
    "participant/participant/participant.csv": [("nobody", "it-company")],
    "participant/enrollment/enrollment.csv": [("none", "nobody", "none", date(2016, 3, 13))],
}


def write_folder(folder: Path, kind: str = "csv", text: str = TINY) -> Path:
    """Write the log as CSV as UCI publishes it, or as Parquet of bare numbers and typed columns."""
    folder.mkdir()
    path = folder / f"{LOG}.csv"
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n")
    if kind == "parquet":
        duckdb.sql(f"""
            select columns(c -> c in ('incident_state', 'sys_mod_count', 'reopen_count')),
                number[4:] as number, made_sla::boolean as made_sla, category[10:] as category,
                priority[1] as priority,
                strptime(columns(c -> c[-3:] = '_at'), '%d/%m/%Y %H:%M')
            from read_csv('{path}', all_varchar = true, nullstr = '?')
        """).write_parquet(str(path.with_suffix(".parquet")))
        path.unlink()
    return folder


def rows(path: Path) -> list[tuple]:
    return duckdb.sql(f"from '{path}'").fetchall()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_every_row_of_the_log_is_landed_as_worked_out_by_hand(tmp_path, kind):
    landing = tmp_path / "landing"
    counts = convert(write_folder(tmp_path / "itsm", kind), landing)
    assert {name: rows(landing / name) for name in counts} == LANDED
    files = {str(path.relative_to(landing)) for path in landing.rglob("*") if path.is_file()}
    assert files == {*LANDED, ".itsm.json"}


def test_a_second_run_says_that_the_landing_folder_is_there(tmp_path, capsys, monkeypatch):
    folder, landing = write_folder(tmp_path / "itsm"), tmp_path / "landing"
    monkeypatch.setattr("sys.argv", ["examples.itsm", str(folder), str(landing)])
    assert command.main() == 0
    assert "17 rows" in capsys.readouterr().out.splitlines()[-1]
    assert command.main() == 0
    assert capsys.readouterr().out == (
        f"{landing} is there already, made from the same files: nothing to do\n"
    )


BROKEN = {
    "a column is missing": (
        ("sys_mod_count", "modifications"),
        r"incident_event_log\.csv lacks the column sys_mod_count",
    ),
    "a time is none": (
        ("1/3/2016 08:05", "31/2/2016 08:05"),
        r"sys_updated_at is '31/2/2016 08:05', not timestamp",
    ),
    "an incident has no number": (("INC0000003", "?"), "number is empty in 2 rows"),
    "a priority is unknown": (("4 - Low", "5 - Planning"), "priority is 5 - Planning"),
    "two rows have no order": (
        ("2/3/2016 07:30", "2/3/2016 08:30"),
        "several rows .*: INC0000004, 1, 2016-03-02 08:30:00",
    ),
    "resolved_at is another moment": (
        ("11:00,1/3/2016 11:00", "11:00,1/3/2016 11:01"),
        "resolved_at of INC0000001 is not the moment of its last row in the state Resolved",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_log_that_cannot_be_landed_whole_is_refused_and_leaves_nothing(tmp_path, case):
    change, message = BROKEN[case]
    folder = write_folder(tmp_path / "itsm", text=TINY.replace(*change))
    with pytest.raises(SourceError, match=message):
        convert(folder, tmp_path / "landing")
    assert [path.name for path in tmp_path.iterdir()] == ["itsm"]


def test_every_expected_number_has_its_namesake_in_the_marts():
    assert list(EXPECTED) == list(MARTS)


# ---------------------------------------------------------------------------------------------
# The real file, where ITSM_DIR names its folder.


@pytest.fixture(scope="module")
def itsm_dir() -> Path:
    folder = os.environ.get("ITSM_DIR", "").strip()
    if not folder:
        pytest.skip("ITSM_DIR names no folder of the incident log: see examples/itsm")
    return Path(folder)


@pytest.fixture(scope="module")
def original(itsm_dir) -> duckdb.DuckDBPyConnection:
    """A connection with the original file as a table, read without the converter."""
    connection = duckdb.connect()
    path = itsm_dir / f"{LOG}.parquet"
    if path.exists():
        relation = connection.read_parquet(str(path))
    else:
        relation = connection.read_csv(
            str(itsm_dir / f"{LOG}.csv"),
            na_values=["", "?"],
            sample_size=-1,
            timestamp_format="%d/%m/%Y %H:%M",
        )
    relation.create("log")
    return connection


@pytest.fixture(scope="module")
def settings(itsm_dir, tmp_path_factory) -> Settings:
    """The settings of the refreshed log."""
    settings = settings_in(tmp_path_factory.mktemp("itsm"))
    convert(itsm_dir, settings.landing_dir)
    refreshed = run_module("orchestration.refresh", **environment_of(settings))
    assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr
    return settings


@pytest.fixture(scope="module")
def warehouses(settings) -> dict[str | None, Path]:
    """The warehouse of the whole log, and what the mart needs as of the end of April."""
    earlier = Settings(**{**vars(settings), "as_of": "2016-04-30"})
    earlier.build_path.parent.mkdir(exist_ok=True)
    outcome = run_dbt(earlier, "build", "--select", "+rpt_ticket_performance", *NO_TESTS)
    assert outcome.success, outcome.exception
    return {None: settings.warehouse_path, earlier.as_of: earlier.build_path}


def show(original: duckdb.DuckDBPyConnection, as_of: str | None) -> None:
    """Show of the log what was known at the end of a day; without one, of its last day."""
    last_day = as_of or original.execute("select max(sys_updated_at)::date from log").fetchone()[0]
    original.execute(f"set variable known_before = date '{last_day}' + interval 1 day")
    original.execute(
        f"create or replace view {LOG} as"
        " from log where sys_updated_at < getvariable('known_before')"
    )


def compared(connection: duckdb.DuckDBPyConnection, query: str) -> dict[tuple, tuple]:
    """Return the numbers of a query by its category and month, which occur once."""
    found = connection.execute(query).fetchall()
    keyed = {row[:2]: row[2:] for row in found} if len(found) > 1 else {(): found[0]}
    assert len(keyed) == len(found)
    return keyed


def test_the_numbers_of_the_readme_are_those_of_the_file(original):
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    written = re.findall(r"^\| `(\w+)` \| ([\d,.]+) \|", readme, re.MULTILINE)
    assert [name for name, _ in written] == list(FINDINGS)
    show(original, None)
    for name, number in written:
        (found,) = original.execute(FINDINGS[name]).fetchone()
        decimals = len(number.partition(".")[2])
        assert f"{found:,.{decimals}f}" == number, name


def test_csv_as_published_lands_the_same(itsm_dir, original, tmp_path):
    """The bare numbers are dressed as UCI publishes them."""
    if not (itsm_dir / f"{LOG}.parquet").exists():
        pytest.skip("ITSM_DIR holds the CSV file itself")
    folder = tmp_path / "csv"
    folder.mkdir()
    original.execute(f"""
        copy (
            select * replace (
                'INC' || number as number,
                'Category ' || category as category,
                priority || ' - Words' as priority,
                strftime(opened_at, '%-d/%-m/%Y %H:%M') as opened_at,
                strftime(sys_updated_at, '%-d/%-m/%Y %H:%M') as sys_updated_at,
                strftime(resolved_at, '%-d/%-m/%Y %H:%M') as resolved_at
            )
            from log
        ) to '{folder}/{LOG}.csv' (header, nullstr '?')
    """)
    counts = convert(itsm_dir, tmp_path / "one")
    assert convert(folder, tmp_path / "two") == counts
    for name in counts:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_every_row_of_the_log_is_a_version_or_the_same_as_the_one_before(settings, original):
    """The loader counts as duplicates what changed nothing that is landed, in the same minute."""
    landed = f"'{settings.landing_dir / TICKETS}'"
    same = duckdb.sql(f"""
        select count(*)
        from (
            select
                tickets,
                lag(tickets) over (order by file_row_number) as before
            from (
                select file_row_number, struct_pack(*columns(* exclude (file_row_number)))
                    as tickets
                from read_parquet({landed}, file_row_number = true)
            )
        )
        where tickets = before
    """).fetchone()[0]
    with duckdb.connect(settings.warehouse_path, read_only=True) as connection:
        counted = connection.execute(
            "select received_count, accepted_count, rejected_count, duplicate_count, orphan_count"
            " from trust.rpt_source_health where entity = 'support_ticket'"
        ).fetchone()
    received = original.execute("select count(*) from log").fetchone()[0]
    assert counted == (received, received - same, 0, same, 0)


def test_nobody_learns(settings):
    """What is landed only for the refresh shows in no rate, no week and no date."""
    with duckdb.connect(settings.warehouse_path, read_only=True) as connection:
        for query in [
            "select count(*) from funnel_conversion.fct_learner_weeks",
            "select count(*) from funnel_conversion.rpt_weekly_engagement",
            "select count(rate) from funnel_conversion.rpt_funnel_cohorts",
            "select count(enrolled_at) from funnel_conversion.fct_enrollment_journeys",
        ]:
            assert connection.execute(query).fetchone() == (0,), query


@pytest.mark.parametrize("as_of", [None, "2016-04-30"])
@pytest.mark.parametrize("name", EXPECTED)
def test_the_mart_says_what_the_original_file_says(original, warehouses, name, as_of):
    show(original, as_of)
    for view, query in VIEWS.items():
        original.execute(f"create or replace view {view} as {query}")
    expected = compared(original, EXPECTED[name])
    with duckdb.connect(warehouses[as_of], read_only=True) as connection:
        found = compared(connection, MARTS[name])
    assert found.keys() == expected.keys()
    for key, numbers in expected.items():
        assert found[key] == pytest.approx(numbers, abs=1e-9), key
