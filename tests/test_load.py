"""The loader on sound input: formats, repeats, corrections, types, the ledger, being killed."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import read_contract
from orchestration.load import LoadReport, load_landing
from orchestration.settings import PROJECT_DIR

LOADED_AT = datetime(2026, 7, 1, 12, 0)
EVENTS = "participant/learning_event"


class Provider:
    """A provider with a landing folder of its own, and the raw database it is loaded into."""

    def __init__(self, folder: Path) -> None:
        self.landing = folder / "landing"
        self.raw = folder / "data" / "raw.duckdb"
        self.said: list[str] = []
        self.landing.mkdir(parents=True)

    def land(self, name: str, content: str | bytes, entity: str = EVENTS) -> Path:
        path = self.landing / entity / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def land_parquet(self, name: str, query: str, entity: str = EVENTS) -> Path:
        path = self.land(name, b"", entity)
        duckdb.sql(f"copy ({query}) to '{path}' (format parquet)")
        return path

    def load(self, loaded_at: datetime = LOADED_AT) -> LoadReport:
        return load_landing(self.landing, self.raw, say=self.said.append, loaded_at=loaded_at)

    def ask(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.raw), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def events(self, columns: str = "event_id") -> list[tuple]:
        return self.ask(
            f"select {columns} from raw_participant.learning_event order by _batch_id, _row_no"
        )

    def reasons(self) -> list[tuple]:
        return self.ask(
            "select row_no, column_name, reason_code from load_ledger.rejected_rows "
            "order by file, row_no, column_name"
        )

    def messages(self) -> str:
        rows = self.ask("select message from load_ledger.rejected_rows order by row_no")
        return "\n".join(message for (message,) in rows)


def event(number: int, **values: object) -> dict[str, object]:
    """Return a sound learning event."""
    plain = {
        "event_id": f"e{number}",
        "participant_id": f"p{number % 7}",
        "verb": "viewed",
        "quantity": "",
        "occurred_at": "2026-03-01T10:00:00Z",
    }
    return plain | values


def as_csv(rows: list[dict[str, object]], newline: str = "\n") -> str:
    """Return rows as CSV; values are written as they are."""
    lines = [",".join(rows[0]), *(",".join(str(value) for value in row.values()) for row in rows)]
    return newline.join(lines) + newline


def counts(report: LoadReport) -> list[tuple[int, int, int, int]]:
    """Return received, accepted, rejected and duplicate of each batch."""
    return [
        (batch.received_count, batch.accepted_count, batch.rejected_count, batch.duplicate_count)
        for batch in report.batches
    ]


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    return Provider(tmp_path)


def test_every_entity_has_a_table_even_where_nothing_was_landed(provider: Provider):
    provider.load()
    tables = provider.ask("select table_schema, table_name from information_schema.tables")
    expected = {(f"raw_{entity.family}", entity.name) for entity in read_contract()}
    ledgers = {
        ("load_ledger", "batches"),
        ("load_ledger", "rejected_rows"),
        ("evaluation_ledger", "evidence"),
        ("evaluation_ledger", "evaluations"),
    }
    assert expected | ledgers == set(tables)
    described = provider.ask("describe raw_financial.invoice_line")
    types = {row[0]: row[1] for row in described}
    assert types["line_no"] == "BIGINT"
    assert types["amount"] == "DECIMAL(18,4)"
    assert types["invoiced_on"] == "DATE"
    assert list(types)[-5:] == ["_batch_id", "_file", "_row_no", "_loaded_at", "_extra"]


def test_an_accepted_row_says_where_it_came_from(provider: Provider):
    provider.land("b.csv", as_csv([event(1), event(2)]))
    provider.land("a.csv", as_csv([event(3)]))
    report = provider.load()
    assert [batch.batch_id[:10] for batch in report.batches] == ["000000001-", "000000002-"]
    assert [batch.batch_id[10:] for batch in report.batches] == [
        batch.content_hash[:8] for batch in report.batches
    ]
    first, second = (batch.batch_id for batch in report.batches)
    assert provider.events("event_id, _batch_id, _file, _row_no, _loaded_at, _extra") == [
        ("e3", first, f"{EVENTS}/a.csv", 1, LOADED_AT, None),
        ("e1", second, f"{EVENTS}/b.csv", 1, LOADED_AT, None),
        ("e2", second, f"{EVENTS}/b.csv", 2, LOADED_AT, None),
    ]


def test_all_formats_give_the_same_rows(tmp_path: Path):
    texts = [
        event(1, quantity="3.0", success="true", score_scaled="0.5", stored_at="2026-03-01"),
        event(2, quantity="-4", success="", score_scaled="-1", stored_at=""),
        event(
            3, quantity="7", success="no", score_scaled="0.12345", stored_at="2026-03-01 11:00:00"
        ),
    ]
    document = "\n".join(
        json.dumps({name: value or None for name, value in row.items()}) for row in texts
    )
    values = ", ".join(str(tuple(value or None for value in row.values())) for row in texts)
    query = f"select * from (values {values.replace('None', 'null')}) t({', '.join(texts[0])})"
    typed = (
        "select * replace (success::boolean as success, score_scaled::double as score_scaled, "
        "quantity::double::int as quantity, occurred_at::timestamptz as occurred_at, "
        f"stored_at::timestamp_ns as stored_at) from ({query})"
    )
    written: dict[str, list[tuple]] = {}
    for name in ("a.csv", "a.csv.gz", "a.jsonl", "a.jsonl.gz", "a.parquet", "typed.parquet"):
        provider = Provider(tmp_path / name)
        if name.endswith("parquet"):
            provider.land_parquet(name, typed if name.startswith("typed") else query)
        else:
            text = (as_csv(texts) if "csv" in name else document).encode()
            provider.land(name, gzip.compress(text) if name.endswith("gz") else text)
        assert counts(provider.load()) == [(3, 2, 1, 0)]
        assert provider.reasons() == [(2, "quantity", "out_of_range")]
        columns = "event_id, quantity, success, score_scaled, occurred_at, stored_at, _row_no"
        written[name] = provider.events(columns)
    occurred = datetime(2026, 3, 1, 10)
    for rows in written.values():
        assert rows == [
            ("e1", 3, True, Decimal("0.5000"), occurred, datetime(2026, 3, 1), 1),
            ("e3", 7, False, Decimal("0.1235"), occurred, datetime(2026, 3, 1, 11), 3),
        ]


def test_times_are_kept_in_utc(provider: Provider):
    spellings = {
        "2026-03-29T10:00:00Z": datetime(2026, 3, 29, 10),
        "2026-03-29 10:00:00": datetime(2026, 3, 29, 10),
        "2026-03-29T10:00": datetime(2026, 3, 29, 10),
        "2026-03-29T10:00Z": datetime(2026, 3, 29, 10),
        "2026-03-29": datetime(2026, 3, 29),
        "2026-03-29T10:00:00.123456Z": datetime(2026, 3, 29, 10, 0, 0, 123456),
        "2026-03-29 10:00:00 UTC": datetime(2026, 3, 29, 10),
        "2026-03-29T10:00:00+02:00": datetime(2026, 3, 29, 8),
        "2026-03-29T10:00:00.5+0530": datetime(2026, 3, 29, 4, 30, 0, 500000),
        "2026-03-29T23:30-01": datetime(2026, 3, 30, 0, 30),
    }
    rows = [event(number, occurred_at=text) for number, text in enumerate(spellings)]
    provider.land("times.csv", as_csv(rows))
    provider.load()
    assert provider.reasons() == []
    assert [row[0] for row in provider.events("occurred_at")] == list(spellings.values())


def test_a_date_may_be_written_as_its_midnight(provider: Provider):
    header = "enrollment_id,participant_id,program_id,start_date\n"
    text = header + "n1,p,g,2026-03-01T00:00:00\nn2,p,g,2026-03-01\nn3,p,g,2026-03-01T08:00:00\n"
    provider.land("a.csv", text, "participant/enrollment")
    provider.load()
    rows = provider.ask("select enrollment_id, start_date from raw_participant.enrollment")
    assert rows == [("n1", date(2026, 3, 1)), ("n2", date(2026, 3, 1))]
    assert provider.reasons() == [(3, "start_date", "bad_date")]


def test_text_is_trimmed_and_empty_text_is_null(provider: Provider):
    text = (
        'event_id,participant_id,verb,object_id,occurred_at\n e1 ,"\tp1\n",viewed,"  ",2026-03-01\n'
    )
    provider.land("a.csv", text)
    provider.load()
    assert provider.events("event_id, participant_id, object_id") == [("e1", "p1", None)]


def test_the_header_may_be_in_any_order_and_case_with_a_byte_order_mark(provider: Provider):
    text = '\ufeff"Occurred_At", VERB ,event_id,participant_id\r\n2026-03-01,viewed,e1,p1\r\n'
    provider.land("a.csv", text)
    assert counts(provider.load()) == [(1, 1, 0, 0)]
    assert provider.events("event_id, verb") == [("e1", "viewed")]


def test_nothing_is_loaded_twice(provider: Provider):
    path = provider.land("a.csv", as_csv([event(1), event(2)]))
    provider.load()
    again = provider.load()
    assert (again.batches, again.unchanged_count) == ([], 1)
    provider.land("copy of a.csv", path.read_bytes())
    copied = provider.load()
    assert [batch.status for batch in copied.batches] == ["duplicate"]
    assert counts(copied) == [(2, 0, 0, 2)]
    assert len(provider.events()) == 2


def test_a_file_that_grew_gives_its_new_rows_only(provider: Provider):
    provider.land("a.csv", as_csv([event(1), event(2)]))
    provider.load()
    provider.land("a.csv", as_csv([event(1), event(2), event(3)]))
    assert counts(provider.load()) == [(3, 1, 0, 2)]
    assert provider.events() == [("e1",), ("e2",), ("e3",)]


def test_a_value_that_changes_and_changes_back_keeps_all_three_rows(provider: Provider):
    verbs = ["viewed", "viewed", "passed", "viewed", "viewed"]
    provider.land("a.csv", as_csv([event(1, verb=verb) for verb in verbs]))
    report = provider.load()
    assert counts(report) == [(5, 3, 0, 2)]
    assert report.batches[0].corrected_count == 2
    assert provider.events("verb, _row_no") == [("viewed", 1), ("passed", 3), ("viewed", 4)]


def test_a_file_that_changes_and_changes_back_is_loaded_all_three_times(provider: Provider):
    for verb in ("viewed", "passed", "viewed"):
        provider.land("a.csv", as_csv([event(1, verb=verb), event(2)]))
        provider.load()
    assert provider.events("event_id, verb") == [
        ("e1", "viewed"),
        ("e2", "viewed"),
        ("e1", "passed"),
        ("e1", "viewed"),
    ]


def test_a_dated_export_that_returns_to_an_earlier_state_corrects_back(provider: Provider):
    for day, verb in enumerate(("viewed", "passed", "viewed"), 1):
        provider.land(f"2026-03-0{day}.csv", as_csv([event(1, verb=verb), event(2)]))
        report = provider.load()
    assert counts(report) == [(2, 1, 0, 1)]
    assert provider.events("verb, _row_no")[-1] == ("viewed", 1)


def test_a_copy_of_an_older_file_loads_nothing_where_nothing_was_corrected_since(
    provider: Provider,
):
    path = provider.land("a.csv", as_csv([event(1), event(2)]))
    provider.load()
    provider.land("b.csv", as_csv([event(3)]))
    provider.load()
    provider.land("copy of a.csv", path.read_bytes())
    assert counts(provider.load()) == [(2, 0, 0, 2)]
    assert len(provider.events()) == 3


def test_a_key_with_an_empty_part_is_a_key_like_any_other(provider: Provider):
    text = "account_id,name,effective_from\na1,One,\na1,One,\na1,Uno,\na1,Uno,2026-01-01\n"
    provider.land("a.csv", text, "stakeholder/account")
    report = provider.load()
    assert counts(report) == [(4, 3, 0, 1)]
    assert report.batches[0].corrected_count == 1


def test_unknown_columns_are_kept_aside_and_reported(provider: Provider):
    rows = [event(1, Mood='"so ""so"""', **{"": "x"}), event(2, Mood="", **{"": ""})]
    provider.land("a.csv", as_csv(rows))
    document = json.dumps(event(3, quantity=None, mood={"was": [1, None]}))
    provider.land("b.jsonl", document + "\n" + json.dumps(event(4, quantity=None)))
    report = provider.load()
    assert [batch.extra_columns for batch in report.batches] == ["Mood, column_7", "mood"]
    extras = [row[0] and json.loads(row[0]) for row in provider.events("_extra")]
    assert extras == [
        {"Mood": 'so "so"', "column_7": "x"},
        None,
        {"mood": {"was": [1, None]}},
        None,
    ]


def test_a_time_in_the_future_does_not_move_the_last_known_time(provider: Provider):
    rows = [
        event(1, stored_at="2026-03-05T00:00:00Z"),
        event(2, stored_at="2026-03-04T00:00:00Z"),
        event(3, stored_at="", occurred_at="2026-03-06T00:00:00Z"),
        event(4, stored_at=(LOADED_AT + timedelta(seconds=1)).isoformat()),
        event(5, stored_at="2026-03-07T00:00:00Z", quantity="x"),
    ]
    provider.land("a.csv", as_csv(rows))
    assert provider.load().batches[0].last_known_at == datetime(2026, 3, 6)


def test_the_time_of_the_load_is_kept_in_utc(provider: Provider):
    provider.land("a.csv", as_csv([event(1)]))
    provider.load(datetime.fromisoformat("2026-07-01T12:00:00+02:00"))
    assert provider.events("_loaded_at") == [(datetime(2026, 7, 1, 10),)]


def test_the_time_of_the_load_is_now_unless_told(provider: Provider):
    provider.land("a.csv", as_csv([event(1)]))
    before = datetime.now(UTC).replace(tzinfo=None)
    load_landing(provider.landing, provider.raw, say=provider.said.append)
    ((loaded_at,),) = provider.events("_loaded_at")
    assert before <= loaded_at <= datetime.now(UTC).replace(tzinfo=None)


def test_the_ledger_says_what_the_report_says(provider: Provider):
    provider.land("a.csv", as_csv([event(1), event(1), event(1, verb="passed"), event(2, verb="")]))
    (batch,) = provider.load().batches
    columns = (
        "batch_id, family, entity, file, content_hash, size_bytes, status, received_count, "
        "accepted_count, rejected_count, duplicate_count, corrected_count, last_known_at"
    )
    rows = provider.ask(f"select {columns} from load_ledger.batches")
    assert rows == [tuple(getattr(batch, column) for column in columns.split(", "))]
    assert rows[0][6:12] == ("loaded", 4, 2, 1, 1, 1)


def test_a_column_new_in_the_contract_is_added_to_the_table(provider: Provider):
    provider.load()
    with duckdb.connect(str(provider.raw)) as connection:
        connection.execute("alter table raw_participant.learning_event drop column quantity")
    provider.land("a.csv", as_csv([event(1, quantity=5)]))
    provider.load()
    assert provider.events("event_id, quantity") == [("e1", 5)]


def test_what_the_contract_unlocks_and_requires_under_a_condition_is_read():
    entities = {entity.name: entity for entity in read_contract()}
    expense = {column.name: column for column in entities["ledger_expense"].columns}
    assert expense["function_code"].required_where == (("cost_level", "activity"),)
    assert expense["entry_id"].required_where == ()
    assert expense["amount"].unlocks == entities["ledger_expense"].unlocks
    events = {column.name: column for column in entities["learning_event"].columns}
    assert events["stored_at"].unlocks == ("signals",)
    worker = {column.name: column for column in entities["worker"].columns}
    assert worker["full_name"].unlocks == ()


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("data_type: string, config: {meta: {required_where: {other: x}}}", "no column other"),
        ("data_type: string, config: {meta: {required_where: {day: x}}}", "day, or not as text"),
        ("data_type: text", "the type text is none of"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(tmp_path: Path, column: str, told: str):
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "raw_t.yml").write_text(f"""
        sources:
          - config: {{meta: {{family: t}}}}
            tables:
              - name: e
                config: {{meta: {{tier: core, key: [id]}}}}
                columns: [{{name: id, {column}}}, {{name: day, data_type: date}}]
    """)
    with pytest.raises(ValueError, match=told):
        read_contract(tmp_path)


def test_a_load_with_nothing_to_do_creates_and_changes_nothing(provider: Provider):
    provider.load()
    tables = "select table_oid from duckdb_tables() order by all"
    before = provider.ask(tables)
    provider.load()
    assert provider.ask(tables) == before


def test_a_load_killed_at_any_moment_is_as_good_as_never_begun(tmp_path: Path):
    whole, killed = Provider(tmp_path / "whole"), Provider(tmp_path / "killed")
    query = (
        "select 'e' || i as event_id, 'p' || i % 100 as participant_id, 'viewed' as verb, "
        "timestamp '2026-01-01' + to_seconds(i) as occurred_at from range({}, {}) t(i)"
    )
    for number in range(4):
        bounds = (number * 90_000, (number + 1) * 100_000)
        path = whole.land_parquet(f"{number}.parquet", query.format(*bounds))
        killed.land(path.name, path.read_bytes())
    whole.load()
    command = (
        "import sys; from pathlib import Path; from orchestration.load import load_landing; "
        "load_landing(*map(Path, sys.argv[1:]), say=lambda line: print(line, flush=True))"
    )
    for lines_seen in (0, 1, 2):
        process = subprocess.Popen(
            [sys.executable, "-c", command, str(killed.landing), str(killed.raw)],
            cwd=PROJECT_DIR,
            stdout=subprocess.PIPE,
        )
        for _ in range(lines_seen):
            process.stdout.readline()
        if not lines_seen:
            while not killed.raw.exists():
                time.sleep(0.01)
        time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    killed.load()
    columns = "file, status, received_count, accepted_count, duplicate_count"
    ledger = f"select {columns} from load_ledger.batches order by file"
    assert killed.ask(ledger) == whole.ask(ledger)
    everything = "select count(*), count(distinct event_id), sum(hash(event_id, _file, _row_no))"
    everything += " from raw_participant.learning_event"
    assert killed.ask(everything) == whole.ask(everything)
    assert killed.ask(everything)[0][0] == 400_000
    assert [path.name for path in killed.raw.parent.iterdir()] == ["raw.duckdb"]
