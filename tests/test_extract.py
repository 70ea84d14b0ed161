"""The extraction from a real PostgreSQL server: nothing lost, nothing twice, and clear words."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
import yaml
from conftest import environment_of, run_module, settings_in
from postgres_server import PASSWORD, running_server, url_of

from orchestration.extract import SourceProblem, extract_source
from orchestration.load import LoadReport, load_landing
from orchestration.settings import PROJECT_DIR

TABLES = """
    create schema app;
    create table app.users (
        id uuid primary key, employer varchar(20), mail text, profile jsonb, staff_no text,
        changed_at timestamptz
    );
    create view one_user as
    select '00000000-0000-0000-0000-000000000001'::uuid as id;
    create table courses (
        program_id int primary key, title text, list_price numeric(12, 2), currency char(3),
        planned_weeks real, launched_on date
    );
    create table enrollments (
        enrollment_id bigint primary key, participant_id uuid, program_id int, start_date date,
        enrolled_at timestamp, updated_at timestamp not null
    );
    create table events (
        seq bigint primary key, event_id text, participant_id uuid, verb text, success boolean,
        score_scaled numeric, occurred_at timestamptz
    );
    insert into app.users
    select
        format('00000000-0000-0000-0000-%s', lpad(i::text, 12, '0'))::uuid, 'a1',
        'one' || i || '@meridian.example', jsonb_build_object('name', 'Zoë ' || i), null,
        '2026-01-05T08:00:00+09:00'::timestamptz + i * interval '1 hour'
    from generate_series(1, 6) as i;
    insert into courses values
    (1, 'Data Analytics', 1250.50, 'USD', 12, '2025-09-01'),
    (2, 'Leading Teams', 0.1, 'EUR', 6, null);
    insert into enrollments
    select
        i, format('00000000-0000-0000-0000-%s', lpad(i::text, 12, '0'))::uuid, 1 + mod(i, 2),
        '2026-02-02', '2026-01-20 09:00', timestamp '2026-01-20 09:00' + (i / 3) * interval '1 day'
    from generate_series(1, 6) as i;
    insert into events
    select
        i, 'v' || i, '00000000-0000-0000-0000-000000000001', 'viewed', mod(i, 2) = 0, i / 30.0,
        '2026-02-03T08:00:00.123456Z'::timestamptz + i * interval '1 minute'
    from generate_series(1, 20) as i;
"""
MAP = """
    entities:
      participant:
        table: app.users
        cursor: changed_at
        columns: {participant_id: id, account_id: employer, email: mail, full_name: profile,
                  employee_number: staff_no, updated_at: changed_at}
      program:
        table: courses
      enrollment:
        table: enrollments
        cursor: updated_at
        overlap: 0
      learning_event:
        table: events
        cursor: seq
"""
# What raw must hold of each table: of every landed version the last, as text in UTC.
IN_SOURCE = {
    "participant": "select id::text, employer, mail, profile::text, staff_no, changed_at"
    " from app.users",
    "program": "select program_id::text, title, list_price, currency, planned_weeks, launched_on"
    " from courses",
    "enrollment": "select enrollment_id::text, participant_id::text, program_id::text, start_date,"
    " enrolled_at, updated_at from enrollments",
    "learning_event": "select event_id, participant_id::text, verb, success,"
    " round(score_scaled, 4), occurred_at from events",
}
IN_RAW = {
    "participant": "raw_participant.participant: participant_id, account_id, email, full_name,"
    " employee_number, updated_at",
    "program": "raw_operations.program: program_id, title, list_price, currency, planned_weeks,"
    " launched_on",
    "enrollment": "raw_participant.enrollment: enrollment_id, participant_id, program_id,"
    " start_date, enrolled_at, updated_at",
    "learning_event": "raw_participant.learning_event: event_id, participant_id, verb, success,"
    " score_scaled, occurred_at",
}
CHANGES = (
    "update app.users set mail = 'new@one.example', changed_at = now() where mail like 'one2%'",
    "update courses set title = 'Leading People' where program_id = 2",
    "insert into enrollments select 7, id, 1, '2026-03-02', null, '2026-03-01' from one_user",
    "insert into events select 21, 'v21', id, 'completed', null, null, now() from one_user",
)
# How many versions of rows raw holds of each entity when the changes are loaded, too.
AFTER_CHANGES = {"participant": 7, "program": 3, "enrollment": 7, "learning_event": 21}


class Provider:
    """A provider whose database has the four tables, and a project that extracts from it."""

    def __init__(self, folder: Path, url: sa.URL) -> None:
        self.engine = sa.create_engine(url, poolclass=sa.NullPool)
        self.folder = folder
        self.said: list[str] = []
        folder.mkdir(exist_ok=True)
        self.use(url)
        self.map(MAP)

    def use(self, url: sa.URL | str) -> None:
        text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
        self.settings = settings_in(
            self.folder, source_url=text, source_map=self.folder / "source.yml"
        )

    def map(self, text: str) -> None:
        (self.folder / "source.yml").write_text(text)

    def sql(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement.replace("%", "%%"))

    def extract(self, **options: bool) -> dict[str, tuple[int, int, int]]:
        """New, changed and deleted rows of each entity that has any."""
        done = extract_source(self.settings, self.said.append, **options)
        counts = {x.entity: (x.new_count, x.changed_count, x.deleted_count) for x in done}
        return {entity: count for entity, count in counts.items() if any(count)}

    def load(self) -> LoadReport:
        return load_landing(self.settings.landing_dir, self.settings.raw_path, self.said.append)

    def files(self) -> list[str]:
        return sorted(
            path.relative_to(self.settings.landing_dir).as_posix()
            for path in self.settings.landing_dir.glob("*/*/*")
        )

    def deleted(self) -> list[tuple[str, dict[str, str]]]:
        path = self.settings.data_dir / "extract" / "deleted_rows.csv"
        if not path.exists():
            return []
        with path.open() as stream:
            return [(row["entity"], json.loads(row["key"])) for row in csv.DictReader(stream)]

    def raw(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.settings.raw_path), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def versions(self) -> dict[str, int]:
        """How many versions of rows raw holds of each entity."""
        return {
            entity: self.raw(f"select count(*) from {place.partition(':')[0]}")[0][0]
            for entity, place in IN_RAW.items()
        }

    def check_raw_is_the_source(self) -> None:
        """The last version of each row in raw, but of deleted ones, is the row in the database."""
        deleted = {(entity, *key.values()) for entity, key in self.deleted()}
        for entity, query in IN_SOURCE.items():
            table, _, columns = IN_RAW[entity].partition(":")
            key = columns.split(",")[0]
            found = self.raw(
                f"select {columns} from {table} qualify row_number() over ("
                f"partition by {key} order by _batch_id desc, _row_no desc) = 1"
            )
            found = [row for row in found if (entity, row[0]) not in deleted]
            with self.engine.connect() as connection:
                expected = connection.exec_driver_sql(query).fetchall()
            assert sorted(map(as_told, found)) == sorted(map(as_told, expected)), entity


def as_told(row: tuple) -> list[str]:
    """A row as text, so that rows of both databases compare: times in UTC, numbers by value."""

    def told(value: object) -> str:
        if isinstance(value, datetime):
            utc = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
            return utc.isoformat()
        return str(float(value)) if isinstance(value, Decimal | float | int) else str(value)

    return [told(value) for value in row]


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    with running_server() as folder:
        yield folder


def administer(server: Path, statement: str) -> None:
    admin = sa.create_engine(url_of(server), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture(scope="module")
def seed(server: Path, tmp_path_factory: pytest.TempPathFactory) -> Provider:
    """A provider whose database was extracted and loaded, to make copies of."""
    administer(server, "create database seed template template0")
    seed = Provider(tmp_path_factory.mktemp("seed"), url_of(server, "seed"))
    seed.sql(TABLES)
    seed.extract()
    seed.load()
    return seed


@pytest.fixture
def provider(seed: Provider, server: Path, tmp_path: Path) -> Iterator[Provider]:
    administer(server, "create database provider template seed")
    yield Provider(tmp_path / "provider", url_of(server, "provider"))
    administer(server, "drop database provider with (force)")


@pytest.fixture
def loaded(provider: Provider, seed: Provider) -> Provider:
    """A provider whose database was extracted and loaded."""
    shutil.copytree(seed.folder, provider.folder, dirs_exist_ok=True)
    return provider


def test_the_first_extraction_lands_every_row_as_it_is(provider: Provider):
    landed = provider.extract()
    assert landed == {
        "participant": (6, 0, 0),
        "program": (2, 0, 0),
        "enrollment": (6, 0, 0),
        "learning_event": (20, 0, 0),
    }
    assert provider.files() == [
        "operations/program/extract-000001.parquet",
        "participant/enrollment/extract-000001.parquet",
        "participant/learning_event/extract-000001.parquet",
        "participant/participant/extract-000001.parquet",
    ]
    report = provider.load()
    assert report.total("accepted_count") == report.total("received_count") == 34
    assert all(batch.extra_columns is None for batch in report.batches)
    provider.check_raw_is_the_source()


def test_where_nothing_changed_nothing_lands(loaded: Provider):
    before = loaded.files()
    assert loaded.extract() == {}
    assert loaded.extract(is_full=True) == {}
    assert loaded.files() == before
    assert loaded.load().batches == []


def test_a_changed_row_lands_once_and_corrects_the_earlier_one(loaded: Provider):
    loaded.sql(*CHANGES)
    assert loaded.extract() == {
        "participant": (0, 1, 0),
        "program": (0, 1, 0),
        "enrollment": (1, 0, 0),
        "learning_event": (1, 0, 0),
    }
    report = loaded.load()
    assert report.total("corrected_count") == 2
    assert report.total("duplicate_count") == 0
    assert loaded.extract() == {}
    loaded.check_raw_is_the_source()
    assert loaded.versions() == AFTER_CHANGES


def test_a_row_that_changes_back_lands_a_third_time(loaded: Provider):
    for title in ("Leading People", "Leading Teams"):
        loaded.sql(f"update courses set title = '{title}' where program_id = 2")
        assert loaded.extract() == {"program": (0, 1, 0)}
        loaded.load()
    loaded.check_raw_is_the_source()
    assert loaded.versions()["program"] == 4


def test_a_row_with_the_cursor_of_the_last_one_is_not_lost(loaded: Provider):
    loaded.sql(
        "insert into enrollments select 8, participant_id, 1, start_date, enrolled_at, updated_at"
        " from enrollments where enrollment_id = 6",
        "update enrollments set program_id = 2 where enrollment_id = 6",
    )
    assert loaded.extract() == {"enrollment": (1, 1, 0)}
    assert loaded.load().total("duplicate_count") == 0
    loaded.check_raw_is_the_source()


def test_a_row_committed_late_is_found_within_the_overlap(loaded: Provider):
    loaded.sql(
        "update app.users set changed_at = changed_at - interval '5 hours', mail = 'late'"
        " where mail like 'one6%'"
    )
    assert loaded.extract() == {"participant": (0, 1, 0)}
    loaded.load()
    loaded.check_raw_is_the_source()


def test_a_new_row_far_behind_the_cursor_is_found_by_its_key(loaded: Provider):
    loaded.sql(
        "insert into enrollments select 9, id, 1, '2020-01-01', null, '2020-01-01' from one_user"
    )
    assert loaded.extract() == {"enrollment": (1, 0, 0)}
    loaded.load()
    loaded.check_raw_is_the_source()


def test_a_change_that_its_cursor_does_not_show_is_found_by_a_full_extraction(loaded: Provider):
    loaded.sql("update enrollments set program_id = 1 where enrollment_id = 1")
    assert loaded.extract() == {}
    assert loaded.extract(is_full=True) == {"enrollment": (0, 1, 0)}
    loaded.load()
    loaded.check_raw_is_the_source()


def test_a_cursor_in_the_future_hides_nothing(loaded: Provider):
    loaded.sql("update app.users set changed_at = '2199-01-01Z' where mail like 'one1%'")
    assert loaded.extract() == {"participant": (0, 1, 0)}
    loaded.sql("update app.users set mail = 'seen', changed_at = now() where mail like 'one3%'")
    assert loaded.extract() == {"participant": (0, 1, 0)}


def test_a_row_without_a_cursor_is_read_each_time_and_lands_once(loaded: Provider):
    loaded.sql("insert into app.users values (gen_random_uuid(), 'a1', null, null, 'n7', null)")
    assert loaded.extract() == {"participant": (1, 0, 0)}
    assert loaded.extract() == {}
    loaded.load()
    loaded.check_raw_is_the_source()


def test_a_deleted_row_stays_loaded_and_is_listed_until_it_is_back(loaded: Provider):
    loaded.sql("delete from events where seq = 5", "delete from courses where program_id = 2")
    assert loaded.extract() == {"program": (0, 0, 1), "learning_event": (0, 0, 1)}
    listed = [("learning_event", {"event_id": "v5"}), ("program", {"program_id": "2"})]
    assert loaded.deleted() == listed
    assert "1 of them since the last extraction" in "\n".join(loaded.said)
    before = loaded.files()
    assert loaded.load().batches == []
    assert (loaded.versions()["learning_event"], loaded.versions()["program"]) == (20, 2)

    loaded.said.clear()
    loaded.extract()
    assert "0 of them since the last extraction" in "\n".join(loaded.said)
    assert "deleted_rows.csv lists them" in loaded.said[-1]
    assert (loaded.deleted(), loaded.files()) == (listed, before)

    loaded.sql("insert into courses values (2, 'Leading Teams', 0.1, 'EUR', 6, null)")
    assert loaded.extract() == {"learning_event": (0, 0, 1)}
    assert loaded.deleted() == listed[:1]
    assert loaded.files() == before


def test_an_entity_whose_keys_are_not_compared_reports_no_deletion(loaded: Provider):
    loaded.map(MAP + "        compare_keys: false\n")
    loaded.extract()
    loaded.sql("delete from events where seq < 10")
    assert loaded.extract() == {}


def test_a_row_that_breaks_the_contract_goes_to_the_rejected_rows_once(loaded: Provider):
    loaded.sql(
        "insert into events values (22, 'v22', null, 'viewed', null, 'NaN', now())",
        "insert into events values (23, null, null, 'viewed', null, null, now())",
    )
    assert loaded.extract() == {"learning_event": (2, 0, 0)}
    assert loaded.load().total("rejected_count") == 2
    assert loaded.extract() == {}
    reasons = "select column_name, reason_code from load_ledger.rejected_rows order by row_no, 1"
    assert loaded.raw(reasons) == [
        ("participant_id", "missing_required"),
        ("score_scaled", "bad_decimal"),
        ("event_id", "missing_required"),
        ("participant_id", "missing_required"),
    ]


def test_a_column_that_is_mapped_later_is_read_of_all_rows(loaded: Provider):
    loaded.sql(
        "alter table enrollments add column attempt_no int", "update enrollments set attempt_no = 1"
    )
    assert loaded.extract() == {"enrollment": (0, 6, 0)}
    assert loaded.load().total("corrected_count") == 6
    assert loaded.extract() == {}


def test_a_column_that_is_gone_is_told_before_rows_land_without_it(loaded: Provider):
    before = loaded.files()
    loaded.sql("alter table courses rename column list_price to price")
    with pytest.raises(SourceProblem) as problem:
        loaded.extract()
    told = str(problem.value)
    assert told.startswith("program, table courses: has no column any more for list_price, which")
    assert "in SOURCE_MAP `columns: {list_price: ...}`" in told
    assert "write `dropped: [list_price]`" in told
    assert loaded.files() == before

    # Renamed: no row changed.
    courses = "table: courses\n        columns: {list_price: price}"
    loaded.map(MAP.replace("table: courses", courses))
    assert loaded.extract() == {}


def test_a_column_that_is_gone_for_good_is_taken_off_the_map(loaded: Provider):
    loaded.sql("alter table courses drop column list_price")
    loaded.map(MAP.replace("table: courses", "table: courses\n        dropped: [list_price]"))
    assert loaded.extract() == {}
    loaded.sql("update courses set title = 'Leading People' where program_id = 2")
    assert loaded.extract() == {"program": (0, 1, 0)}
    loaded.load()
    prices = "select title, list_price from raw_operations.program order by _batch_id, _row_no"
    assert loaded.raw(prices)[1:] == [
        ("Leading Teams", Decimal("0.1000")),
        ("Leading People", None),
    ]
    # The newest file lacks it now, so the map need not name it any longer.
    loaded.map(MAP)
    assert loaded.extract() == {}


def test_landed_files_that_were_moved_away_are_extracted_again_and_count_as_duplicates(
    loaded: Provider,
):
    before = loaded.versions()
    for name in loaded.files():
        (loaded.settings.landing_dir / name).unlink()
    assert sum(new for new, _, _ in loaded.extract().values()) == 34
    assert loaded.load().total("duplicate_count") == 34
    assert loaded.versions() == before


def test_a_damaged_landed_file_is_told_and_can_be_moved_away(loaded: Provider):
    path = loaded.settings.landing_dir / "operations" / "program" / "extract-000001.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(SourceProblem, match=r"program, table courses: what was extracted before"):
        loaded.extract()
    path.unlink()
    assert loaded.extract() == {"program": (2, 0, 0)}


def test_history_tables_are_told_apart_by_a_key_of_their_own(loaded: Provider):
    """Of an account the database keeps one row; each change is a version with its own key."""
    loaded.sql(
        "create table employers (account_id text primary key, name text, effective_from date)",
        "insert into employers values ('a1', 'Meridian', '2026-01-01'), ('a2', 'Acme', null)",
    )
    loaded.map("""
        entities:
          account:
            table: employers
            cursor: effective_from
            key: [account_id]
    """)
    assert loaded.extract() == {"account": (2, 0, 0)}
    loaded.sql("update employers set name = name || ' Ltd', effective_from = '2026-03-01'")
    assert loaded.extract() == {"account": (0, 2, 0)}
    assert loaded.extract() == {}
    loaded.load()
    versions = loaded.raw("select name from raw_stakeholder.account order by 1")
    assert [name for (name,) in versions] == ["Acme", "Acme Ltd", "Meridian", "Meridian Ltd"]


# How a killed extraction is made: this runs one that kills itself at a named moment.
KILLED = """
import os, signal, sys
from orchestration.extract import extraction, landed, rows
moment, number = sys.argv[1], int(sys.argv[2])
rows.CHUNK_ROWS = 2
calls = 0

def die_around(real, when):
    def call(*arguments):
        global calls
        calls += 1
        if calls == number and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments)
        if calls == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call

if moment in ("before", "after"):
    os.replace = die_around(os.replace, moment)
else:
    landed.Landed._add = die_around(landed.Landed._add, "after")
from orchestration.extract.__main__ import main
sys.argv = sys.argv[:1]
main()
"""
# Reading the third table; before and after the first of four files is put into place; and before
# the list of deleted rows is.
MOMENTS = [("reading", 9), ("before", 1), ("after", 1), ("before", 5)]


@pytest.mark.parametrize(("moment", "number"), MOMENTS)
def test_a_killed_extraction_that_is_run_again_loses_nothing_and_lands_nothing_twice(
    loaded: Provider, moment: str, number: int
):
    loaded.sql(*CHANGES, "delete from events where seq = 3")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, moment, str(number)],
        cwd=PROJECT_DIR,
        env={**os.environ, **environment_with_source(loaded)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    first = loaded.load()
    loaded.extract()
    second = loaded.load()
    assert first.total("accepted_count") + second.total("accepted_count") == 4
    assert first.total("duplicate_count") + second.total("duplicate_count") == 0
    assert not first.failed + second.failed
    assert loaded.extract() == {"learning_event": (0, 0, 1)}
    assert loaded.deleted() == [("learning_event", {"event_id": "v3"})]
    loaded.check_raw_is_the_source()
    assert loaded.versions() == AFTER_CHANGES
    assert not list(loaded.settings.landing_dir.glob("*/*/.*"))


def environment_with_source(provider: Provider) -> dict[str, str]:
    values = environment_of(provider.settings) | {
        "SOURCE_URL": provider.settings.source_url,
        "SOURCE_MAP": provider.settings.source_map,
    }
    return {name: str(value) for name, value in values.items()}


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        ("{enrolment: {table: t}}", "enrolment: is no entity of the contract: did you mean enroll"),
        ("{program: {tables: t}}", "program: `tables` means nothing here"),
        ("{program: {table: t, columns: {name: n}}}", "the contract has no column name"),
        ("{program: {table: t, overlap: 3}}", "program: `overlap` without `cursor`"),
        ("{program: {table: t, cursor: c, overlap: 1d}}", "`overlap` is a whole number"),
        ("{program: {table: t, dropped: title}}", "program: `dropped` is a list of columns"),
        ("{program: {table: t, dropped: [program_id]}}", "program_id is `dropped`, and in"),
        ("[program]", "must hold `entities:`"),
        ("{program", "is not YAML"),
    ],
)
def test_a_wrong_map_says_what_is_wrong(provider: Provider, entities: str, expected: str):
    provider.map(f"entities: {entities}")
    with pytest.raises(SourceProblem) as problem:
        provider.extract()
    assert expected in str(problem.value)


def test_what_the_tables_lack_is_said_at_once_and_nothing_is_extracted(provider: Provider):
    provider.map("""
        entities:
          program: {table: courses}
          enrollment: {table: enrolments}
          participant: {table: app.users, cursor: profile, columns: {email: e_mail}}
    """)
    with pytest.raises(SourceProblem) as problem:
        provider.extract()
    message = str(problem.value)
    assert "nothing was extracted" in message
    assert "enrollment, table enrolments: there is no such table or view" in message
    assert "participant, table app.users: has no column participant_id, which the" in message
    assert "has no column e_mail, which SOURCE_MAP gives for email" in message
    assert "cannot be followed by profile, of type JSONB" in message
    assert provider.files() == []


def test_rows_that_share_a_key_are_no_table_of_the_entity(provider: Provider):
    provider.sql("create view twice as select * from courses union all select * from courses")
    provider.map("entities: {program: {table: twice}}")
    with pytest.raises(SourceProblem, match=r"program, table twice: 2 rows have the key"):
        provider.extract()
    assert provider.files() == []


def test_a_value_that_cannot_be_carried_over_stops_its_entity_alone(provider: Provider):
    provider.sql("update enrollments set updated_at = 'infinity' where enrollment_id = 2")
    with pytest.raises(SourceProblem, match=r"enrollment, table enrollments: cannot be read: "):
        provider.extract()
    assert "participant/enrollment/extract-000001.parquet" not in provider.files()
    provider.sql("update enrollments set updated_at = now() where enrollment_id = 2")
    provider.extract()
    provider.load()
    provider.check_raw_is_the_source()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:s3cret%3Ap%40ss@127.0.0.1:1/db", "refused"),
        ("postgresql://me:s3cret:p@ss@127.0.0.1:port/db", "is not a database URL"),
        ("s3cret:p@ss", "is not a database URL"),
        ("nosuch://me:s3cret%3Ap%40ss@host/db", "no driver for nosuch"),
        ("mysql+pymysql://me:s3cret%3Ap%40ss@host/db", "no driver for mysql+pymysql"),
        ("", "SOURCE_URL is not set"),
    ],
)
def test_a_database_out_of_reach_is_told_without_the_password(
    provider: Provider, url: str, expected: str
):
    provider.use(url)
    with pytest.raises(SourceProblem) as problem:
        provider.extract()
    assert expected in str(problem.value)
    assert "s3cret" not in str(problem.value) + repr(provider.settings)
    assert problem.value.__cause__ is None


def test_a_wrong_password_is_told_by_the_command_and_not_shown(provider: Provider, server: Path):
    url = url_of(server, "provider", PASSWORD + "!")
    provider.use(url.render_as_string(hide_password=False))
    done = run_module("orchestration.extract", **environment_with_source(provider))
    assert (done.returncode, done.stderr) == (1, "")
    assert "password authentication failed" in done.stdout
    assert "s3cret" not in done.stdout


def test_the_command_extracts_and_leaves_nothing_elsewhere(provider: Provider, tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    environment = environment_with_source(provider) | {"HOME": str(home)}
    done = run_module("orchestration.extract", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0] == (
        "operations/program: extract-000001.parquet: 2 new, 0 changed"
    )
    assert done.stderr == ""
    assert list(home.iterdir()) == []
    assert not (provider.settings.data_dir / "extract" / "work").exists()


def test_the_refresh_extracts_before_it_loads(provider: Provider, monkeypatch):
    import dagster as dg

    from orchestration.assets import landed_rows

    for name, value in environment_with_source(provider).items():
        monkeypatch.setenv(name, value)
    assert dg.materialize([landed_rows]).success
    provider.check_raw_is_the_source()
    monkeypatch.setenv("SOURCE_MAP", str(provider.folder / "none.yml"))
    result = dg.materialize([landed_rows], raise_on_error=False)
    (event,) = result.filter_events(lambda event: event.is_step_failure)
    told = event.step_failure_data.user_failure_data.description
    assert "the extraction failed: SOURCE_MAP:" in told


def test_the_guides_map_is_a_map():
    guide = (PROJECT_DIR / "docs" / "guides" / "extract_from_a_database.md").read_text()
    text = guide.partition("```yaml\n")[2].partition("```")[0]
    assert len(yaml.safe_load(text)["entities"]) > 2
