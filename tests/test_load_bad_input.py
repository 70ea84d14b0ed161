"""The loader on bad input: a clear message, the rest goes on, nothing is lost or executed."""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_load import EVENTS, Provider, as_csv, counts, event

from orchestration.load import batch as batch_module
from orchestration.load.landing import LandedFile
from orchestration.load.separate import RECORD_LIMIT
from orchestration.settings import PROJECT_DIR

HEADER = "event_id,participant_id,verb,occurred_at\n"
GOOD = "{},p1,viewed,2026-03-01\n"


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    return Provider(tmp_path)


def failures(provider: Provider) -> dict[str, str]:
    """Return the reason of each failed file, as the ledger has it."""
    return dict(
        provider.ask("select file, reason from load_ledger.batches where status = 'failed'")
    )


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("event_id", "", "missing_required"),
        ("event_id", "   ", "missing_required"),
        ("occurred_at", "", "missing_required"),
        ("quantity", "3.7", "bad_integer"),
        ("quantity", "three", "bad_integer"),
        ("quantity", "1_000", "bad_integer"),
        ("quantity", "0x10", "bad_integer"),
        ("quantity", "9223372036854775808", "bad_integer"),
        ("quantity", "-1", "out_of_range"),
        ("score_scaled", "1.0001", "out_of_range"),
        ("score_scaled", '"0,5"', "bad_decimal"),
        ("score_scaled", "nan", "bad_decimal"),
        ("score_scaled", "inf", "bad_decimal"),
        ("score_scaled", "100000000000000", "bad_decimal"),
        ("success", "maybe", "bad_boolean"),
        ("occurred_at", "01.03.2026", "bad_timestamp"),
        ("occurred_at", "03/01/2026 10:00", "bad_timestamp"),
        ("occurred_at", "2026/03/01", "bad_timestamp"),
        ("occurred_at", "2026-3-1", "bad_timestamp"),
        ("occurred_at", "2026-02-30", "bad_timestamp"),
        ("occurred_at", "2026-02-28T25:00:00Z", "bad_timestamp"),
        ("occurred_at", "2026-02-28T10:00:00+99:00", "bad_timestamp"),
        ("occurred_at", "2026-02-28 10:00:00 Europe/Paris", "bad_timestamp"),
        ("occurred_at", "1772359200", "bad_timestamp"),
        ("occurred_at", "infinity", "bad_timestamp"),
        ("occurred_at", "epoch", "bad_timestamp"),
        ("occurred_at", "1899-12-31", "out_of_range"),
        ("occurred_at", "2200-01-01T00:00:00Z", "out_of_range"),
    ],
)
def test_a_value_that_breaks_its_column_rejects_its_row_alone(
    provider: Provider, column: str, value: str, code: str
):
    rows = [event(1, score_scaled="", success=""), event(2, score_scaled="", success="")]
    provider.land(
        "a.csv", as_csv([rows[0], rows[1] | {column: value}, rows[0] | {"event_id": "e3"}])
    )
    assert counts(provider.load()) == [(3, 2, 1, 0)]
    assert provider.events() == [("e1",), ("e3",)]
    assert provider.reasons() == [(2, column, code)]
    assert provider.messages().startswith(f"row 2: {column} is ")


def test_a_date_that_is_none_is_rejected(provider: Provider):
    header = "enrollment_id,participant_id,program_id,start_date\n"
    bad = ("2026-02-30", "2026-01-5x", "20260105", "2026-01-05+02:00", "5 Jan 2026", "epoch")
    text = header + "".join(f"n{number},p,g,{day}\n" for number, day in enumerate(bad))
    provider.land("a.csv", text, "participant/enrollment")
    assert counts(provider.load()) == [(6, 0, 6, 0)]
    assert {row[1:] for row in provider.reasons()} == {("start_date", "bad_date")}


def test_a_value_outside_a_closed_list_is_told_what_the_list_is(provider: Provider):
    text = "status_event_id,enrollment_id,status,effective_at\ns1,n1,Active,2026-03-01\n"
    provider.land("a.csv", text, "participant/enrollment_status")
    provider.load()
    assert provider.reasons() == [(1, "status", "not_in_list")]
    assert (
        "row 1: status is 'Active': write one of enrolled, deferred, active," in provider.messages()
    )


def test_a_column_may_be_required_under_a_condition(provider: Provider):
    header = "entry_id,month,cost_level,function_code,account_id,amount,currency\n"
    rows = [
        "x1,2026-01-01,activity,,a1,5,USD",
        "x2,2026-01-01,activity,coaching,,5,USD",
        "x3,2026-01-01,account_sustaining,coaching,,5,USD",
        "x4,2026-01-01,corporate,,,5,USD",
        "x5,2026-01-01,,,,5,USD",
    ]
    provider.land("a.csv", header + "\n".join(rows), "financial/ledger_expense")
    provider.land(
        "b.csv",
        "entry_id,month,cost_level,amount,currency\nx6,2026-01-01,activity,5,USD\n",
        "financial/ledger_expense",
    )
    assert counts(provider.load()) == [(5, 2, 3, 0), (1, 0, 1, 0)]
    assert provider.reasons() == [
        (1, "function_code", "missing_required"),
        (3, "account_id", "missing_required"),
        (5, "cost_level", "missing_required"),
        (1, "function_code", "missing_required"),
    ]
    told = "row 1: function_code is empty, and is required where cost_level is activity"
    assert told in provider.messages()


def test_a_row_with_three_problems_is_one_rejected_row(provider: Provider):
    provider.land("a.csv", as_csv([event(1, verb="", quantity="x", occurred_at="y")]))
    report = provider.load()
    assert counts(report) == [(1, 0, 1, 0)]
    assert report.problem_counts == {"missing_required": 1, "bad_integer": 1, "bad_timestamp": 1}
    rows = provider.ask("select value, raw_row from load_ledger.rejected_rows order by column_name")
    assert [value for value, _ in rows] == ["y", "x", None]
    assert {json.loads(raw)["event_id"] for _, raw in rows} == {"e1"}
    assert "rejected, bad_integer: 1" in "\n".join(provider.said)


def test_no_message_shows_a_private_value(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    from orchestration import load
    from orchestration.contract import Column, Entity, read_contract

    private = Column("born_on", "date", required=True, privacy="sensitive")
    secret = Column("email", "string", allowed=("none",), privacy="direct")
    entity = Entity(
        "participant", "person", "core", ("id",), (Column("id", "string"), private, secret)
    )
    monkeypatch.setattr(load, "read_contract", lambda: (*read_contract(), entity))
    text = "id,born_on,email\n1,13.5.1980,ann@example.com\n2,1980-05-13,ann@example.com,x\n"
    provider.land("a.csv", text, "participant/person")
    assert counts(provider.load()) == [(2, 0, 2, 0)]
    assert [code for _, _, code in provider.reasons()] == [
        "bad_date",
        "not_in_list",
        "wrong_field_count",
    ]
    told = provider.messages() + "\n".join(provider.said)
    assert "born_on has a value that is private and not shown: write a date" in told
    assert "1980" not in told
    assert "ann@" not in told


def test_an_e_mail_address_is_no_key_and_no_message_shows_it(provider: Provider):
    rows = [event(1), event(2, participant_id="bob@secret.example"), event(3, object_id="a@b")]
    provider.land("a.csv", as_csv([row | {"object_id": "o"} | row for row in rows]))
    accounts = "select 'b@secret.example' as account_id, 'A' as name, date '2026-01-01' as "
    provider.land_parquet("b.parquet", accounts + "effective_from", "stakeholder/account")
    assert counts(provider.load()) == [(3, 2, 1, 0), (1, 0, 1, 0)]
    # What is no key may hold an @: an address there is the supplier's own matter.
    assert provider.events() == [("e1",), ("e3",)]
    assert provider.reasons() == [
        (2, "participant_id", "direct_identifier"),
        (1, "account_id", "direct_identifier"),
    ]
    assert "row 2: participant_id holds an e-mail address: write a pseudo" in provider.messages()
    assert "secret" not in provider.messages() + "\n".join(provider.said)


def test_a_file_that_duckdb_refuses_is_told_without_the_value(provider: Provider):
    # Parquet text that is not UTF-8: pyarrow writes the bytes as it is told.
    raw = pa.array([b'ann\xff "secret"\n secret@x.example'], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 1, raw.buffers())
    path = provider.land("a.parquet", b"")
    sound = pa.array(["e1"])
    names = ["event_id", "participant_id", "verb", "occurred_at"]
    pq.write_table(pa.table([text, sound, sound, sound], names=names), path)
    provider.load()
    reason = "is not encoded as UTF-8: write its text as UTF-8"
    assert failures(provider) == {f"{EVENTS}/a.parquet": reason}
    assert "secret" not in "\n".join(provider.said)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Error: value \"a'b\nc\" can't be", "cannot be read: Error: value..."),
        ("Error: it can't be 'x' or 'y'", "cannot be read: Error: it can't be..."),
        ("No magic bytes in '/w/landed.parquet'\nx", "cannot be read: No magic bytes in the file"),
    ],
)
def test_what_duckdb_quotes_is_cut(message: str, reason: str):
    assert batch_module._without_values(message, Path("/w")) == reason


def test_broken_records_are_rejected_one_by_one_with_their_numbers(provider: Provider):
    records = {
        b"e1,p1,viewed,2026-03-01": None,
        b"e2,p1,viewed": "wrong_field_count",
        b"e3,p1,viewed,2026-03-01,more": "wrong_field_count",
        b"e4,caf\xe9,viewed,2026-03-01": "bad_encoding",
        b'e5,"p1,viewed,2026-03-01': "bad_quoting",
        b'e6,"p"1,viewed,2026-03-01': "bad_quoting",
        b'e7,"p\n""1"",",viewed,2026-03-01': None,
        b"e8," + b"x" * RECORD_LIMIT + b",viewed,2026-03-01": "line_too_long",
        b'e9,p"1,viewed,2026-03-01,,': None,
        b"   ": "wrong_field_count",
        "e11,\u00fc,viewed,2026-03-01".encode(): None,
    }
    for ending in (b"\n", b"\r\n"):
        text = HEADER.strip().encode() + ending + ending + ending.join([*records, b"", b""])
        provider.land(f"{len(ending)}.csv", text)
    report = provider.load()
    assert counts(report) == [(11, 4, 7, 0), (11, 0, 7, 4)]
    expected = [(n, None, code) for n, code in enumerate(records.values(), 1) if code]
    assert provider.reasons() == expected * 2
    assert provider.events("event_id, participant_id, _row_no") == [
        ("e1", "p1", 1),
        ("e7", 'p\n"1",', 7),
        ("e9", 'p"1', 9),
        ("e11", "\u00fc", 11),
    ]


def test_a_quote_that_never_closes_costs_one_row(provider: Provider):
    lines = [GOOD.format(f"e{number}") for number in range(100_000)]
    lines[500] = 'e500,"p1,viewed,2026-03-01\n'
    provider.land("a.csv", HEADER + "".join(lines))
    assert counts(provider.load()) == [(100_000, 99_999, 1, 0)]
    assert provider.reasons() == [(501, None, "bad_quoting")]


def test_bad_json_lines_are_rejected_one_by_one(provider: Provider):
    good = json.dumps(event(1, quantity=2, object_id={"a": [1]}, success=True))
    lines = [
        good,
        "",
        "{not json",
        "[1, 2]",
        "null",
        '{"event_id": "e5", "event_id": "e6"}',
        json.dumps(event(6, quantity=1.5)),
        "  ",
        json.dumps(event(7, quantity=None) | {"verb": 5}),
    ]
    for name, encoding in (("a.jsonl", "utf-8"), ("b.jsonl", "utf-8-sig")):
        provider.land(name, "\n".join(lines).encode(encoding))
    broken = "\n".join(lines).encode() + b'\n{"event_id": "\xff"}\n' + good.encode() + b"\x01\n"
    provider.land("c.jsonl", broken)
    assert counts(provider.load()) == [(7, 2, 5, 0), (7, 0, 5, 2), (9, 0, 7, 2)]
    reasons = [(n, None, "bad_json") for n in (2, 3, 4, 5)] + [(6, "quantity", "bad_integer")]
    last = [(8, None, "bad_encoding"), (9, None, "bad_json")]
    assert provider.reasons() == reasons * 3 + last
    assert provider.events("event_id, verb, object_id, quantity") == [
        ("e1", "viewed", '{"a":[1]}', 2),
        ("e7", "5", None, None),
    ]


def test_a_file_that_cannot_be_read_at_all_stops_nothing(provider: Provider):
    rows = as_csv([event(1)])
    packed = gzip.compress(rows.encode() * 1000)
    bad = {
        "empty.csv": (b"", "is empty"),
        "empty.csv.gz": (gzip.compress(b""), "is empty"),
        "mark.csv": (b"\xef\xbb\xbf", "is empty"),
        "semicolons.csv": (rows.replace(",", ";").encode(), "separates its columns by semicolons"),
        "tabs.csv": (rows.replace(",", "\t").encode(), "separates its columns by tabs"),
        "missing.csv": (b"event_id,verb\n1,2\n", "has no column participant_id, occurred_at"),
        "twice.csv": (b"Verb," + rows.encode(), "has more than one column named verb"),
        "twice.jsonl": (b'{"a":1,"A":2}', "has no column event_id"),
        "wide.csv": (rows.encode("utf-16"), "is encoded as UTF-16"),
        "latin.csv": ("\u00fc,".encode("latin-1") + rows.encode(), "is not encoded as UTF-8"),
        "cut.csv.gz": (packed[: len(packed) // 2], "is cut off or damaged"),
        "not.csv.gz": (rows.encode() * 2, "is cut off or damaged"),
        "packed.csv": (packed, "is compressed with gzip"),
        "book.csv": (b"PK\x03\x04..", "is a zip archive or a workbook"),
        "book.xlsx": (b"PK\x03\x04..", "is of an unknown file type"),
        "cut.parquet": (b"PAR1 and no more", "cannot be read"),
        "empty.parquet": (b"", "cannot be read"),
    }
    for name, (content, _) in bad.items():
        provider.land(name, content)
    provider.land("good.csv", rows)
    report = provider.load()
    assert provider.events() == [("e1",)]
    reasons = failures(provider)
    for name, (_, reason) in bad.items():
        assert reason in reasons[f"{EVENTS}/{name}"], name
    assert len(reasons) == len(bad) == len(report.failed)
    assert str(provider.raw.parent) not in "".join(reasons.values())
    assert "failed: participant/learning_event/tabs.csv separates" in "\n".join(provider.said)


def test_a_failed_file_is_tried_again_and_leaves_one_ledger_row(provider: Provider):
    provider.land("a.csv", "")
    provider.land("gone.csv", "")
    provider.load()
    (provider.landing / EVENTS / "gone.csv").unlink()
    provider.load()
    assert list(failures(provider)) == [f"{EVENTS}/a.csv"]
    provider.land("a.csv", as_csv([event(1)]))
    provider.load()
    assert provider.ask("select status, count(*) from load_ledger.batches group by 1") == [
        ("loaded", 1)
    ]


def test_a_header_without_rows_is_a_loaded_batch(provider: Provider):
    provider.land("a.csv", HEADER)
    provider.land("b.csv", HEADER.strip() + " ")
    provider.land_parquet(
        "c.parquet", "select 'e' event_id, 'p' participant_id, 'v' verb, now() occurred_at limit 0"
    )
    report = provider.load()
    assert [batch.status for batch in report.batches] == ["loaded"] * 3
    assert counts(report) == [(0, 0, 0, 0)] * 3


def test_no_landing_folder_is_said_and_nothing_is_lost(provider: Provider):
    path = provider.land("a.csv", as_csv([event(1)]))
    provider.land("b.csv", "")
    provider.load()
    path.parent.parent.parent.rename(provider.landing.with_name("elsewhere"))
    report = provider.load()
    assert report.batches == []
    assert "does not exist: nothing new to load" in report.summary
    assert provider.events() == [("e1",)]
    assert len(failures(provider)) == 1


def test_what_lies_in_the_wrong_place_is_said(provider: Provider):
    provider.land("a.csv", "x", "participant/learning_events")
    provider.land("b.csv", "x", "participants/worker")
    provider.land("c.csv", "x", "participant")
    provider.land("d.csv", "x", ".")
    provider.land("Enrollments.csv.gz", "x", ".")
    provider.land("e.csv", "x", f"{EVENTS}/2026")
    os.mkfifo(provider.landing / EVENTS / "pipe.csv")
    os.symlink("nowhere", provider.landing / EVENTS / "link.csv")
    provider.load()
    reasons = failures(provider)
    assert reasons.pop("participant/learning_events").endswith("did you mean learning_event?")
    assert reasons.pop("participants").endswith("did you mean participant?")
    assert "lies outside the folders" in reasons.pop("participant/c.csv")
    assert reasons.pop("d.csv").endswith("<family>/<entity>: move it into one")
    assert reasons.pop("Enrollments.csv.gz").endswith("perhaps participant/enrollment")
    assert "is a folder" in reasons.pop(f"{EVENTS}/2026")
    assert reasons.pop(f"{EVENTS}/pipe.csv") == "is not a regular file"
    assert "no such file" in reasons.pop(f"{EVENTS}/link.csv")
    assert reasons == {}


def test_hidden_and_unfinished_files_are_passed_over_and_mentioned(provider: Provider):
    for name in (".a.csv", "b.csv.part", "c.csv.tmp"):
        provider.land(name, "x")
    report = provider.load()
    assert report.batches == []
    for name in (".a.csv", "b.csv.part", "c.csv.tmp"):
        assert f"{EVENTS}/{name}" in report.summary


def test_a_note_beside_the_families_is_no_data_and_mentioned(provider: Provider):
    for name in ("README.md", "truth.json", "LICENSE"):
        provider.land(name, "x", ".")
    provider.land("README.md", "x", "participant")
    report = provider.load()
    assert report.passed_over == ["LICENSE", "README.md", "truth.json"]
    assert "no data: LICENSE, README.md, truth.json" in report.summary
    assert list(failures(provider)) == ["participant/README.md"]


def test_a_file_name_means_nothing_but_itself(provider: Provider):
    names = [
        'it\'s "quoted".csv',
        "'; drop schema raw_participant cascade; --.csv",
        "*.csv",
        "[a-z]?.csv",
        "a..csv",
        "$(touch owned) `touch owned`.csv",
        "up\\..\\..\\x.csv",
        "line\nbreak.csv",
        "caf\udce9.csv",
        "-rf.csv",
        "~.csv",
        "x.csv?y=1.csv",
        "http:__example.com_a.csv",
    ]
    for number, name in enumerate(names):
        provider.land(name, as_csv([event(number)]))
    report = provider.load()
    assert report.failed == []
    assert sorted(provider.events()) == sorted((f"e{number}",) for number in range(len(names)))
    labels = {row[0].removeprefix(f"{EVENTS}/") for row in provider.events("_file")}
    assert {"line\\nbreak.csv", "caf\\udce9.csv", "up\\\\..\\\\..\\\\x.csv", "*.csv"} < labels
    assert all(line.isprintable() for line in provider.said)
    assert not list(PROJECT_DIR.glob("owned"))
    assert provider.load().unchanged_count == len(names)


@pytest.mark.parametrize("change", ["rename", "append", "replace", "remove"])
def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_load(
    provider: Provider, change: str
):
    rows = [event(number) for number in range(100_000)]
    path = provider.land("a.csv", as_csv(rows))
    raw_size = path.stat().st_size

    def meddle() -> None:
        # The link in the scratch folder shows that reading has begun.
        while not (provider.raw.parent / "raw.duckdb.load" / "landed.csv").is_symlink():
            time.sleep(0.001)
        if change == "rename":
            path.rename(path.with_name("b.csv"))
        elif change == "append":
            with path.open("a") as file:
                file.write(as_csv([event(-1)]).splitlines()[1] + "\n")
        elif change == "replace":
            path.with_name(".new").write_text(as_csv(rows[:10]))
            path.with_name(".new").replace(path)
        else:
            path.unlink()

    thread = threading.Thread(target=meddle)
    thread.start()
    report = provider.load()
    thread.join()
    assert [batch.reason for batch in report.batches] == [batch_module.CHANGED]
    assert report.batches[0].size_bytes == raw_size
    assert provider.events() == []
    assert provider.ask("select count(*) from load_ledger.rejected_rows") == [(0,)]
    provider.load()
    expected = {"rename": 100_000, "append": 100_001, "replace": 10, "remove": 0}[change]
    assert len(provider.events()) == expected
    assert failures(provider) == {}


def test_what_may_not_be_read_is_said_and_the_rest_is_loaded(tmp_path: Path):
    tmp_path.chmod(0o777)
    for parent in tmp_path.parents:
        if parent.stat().st_uid == os.getuid() and parent.is_relative_to(tempfile.gettempdir()):
            parent.chmod(parent.stat().st_mode | 0o055)
    provider = Provider(tmp_path / "provider")
    provider.land("a.csv", as_csv([event(1)])).chmod(0)
    provider.land("b.csv", as_csv([event(2)]))
    provider.land("c.csv", "x", "participant/submission").parent.chmod(0)
    provider.land("d.csv", "x", "financial/contract").parent.parent.chmod(0)
    provider.raw.parent.mkdir(mode=0o777)
    provider.raw.parent.chmod(0o777)
    command = (
        "import os, sys; from pathlib import Path; from orchestration.load import load_landing\n"
        "load_landing(Path('nowhere'), Path(sys.argv[3]))  # imports what nobody may be unable to\n"
        "if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "load_landing(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    folders = [provider.landing, provider.raw, tmp_path / "first.duckdb"]
    run = subprocess.run(
        [sys.executable, "-c", command, *map(str, folders)],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    refused = "cannot be read: permission denied"
    assert failures(provider) == {
        f"{EVENTS}/a.csv": refused,
        "participant/submission": refused,
        "financial": refused,
    }
    assert provider.events() == [("e2",)]
    assert f"failed: {EVENTS}/a.csv {refused}" in run.stdout


def test_a_line_of_one_gigabyte_costs_one_row_and_little_memory(tmp_path: Path):
    provider = Provider(tmp_path)
    path = provider.land("a.csv", HEADER + GOOD.format("e1"))
    with path.open("r+b") as file:
        file.seek(1024**3, os.SEEK_END)
        file.write(b"\n" + GOOD.format("e3").encode())
    command = (
        "import sys; from pathlib import Path\n"
        "from orchestration.load import load_landing\n"
        "load_landing(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        # not getrusage: its peak is inherited from the process that started this one
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    run = subprocess.run(
        [sys.executable, "-c", command, str(provider.landing), str(provider.raw)],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    path.unlink()
    assert provider.events("event_id, _row_no") == [("e1", 1), ("e3", 3)]
    assert provider.reasons() == [(2, None, "line_too_long")]
    peak_megabytes = int(run.stdout.split()[-1]) / 1024
    assert peak_megabytes < 800


def test_a_landed_file_knows_its_format_from_its_name():
    formats = {"a.CSV": ".csv", "a.csv.gz": ".csv.gz", "a.JSONL": ".jsonl", "a.txt": ""}
    assert {name: LandedFile(name, name, "", "").format for name in formats} == formats


def test_a_row_over_the_limit_is_rejected_with_and_without_another_broken_row(provider: Provider):
    long = GOOD.format("long").replace("p1", "x" * RECORD_LIMIT)
    provider.land("a.csv", HEADER + GOOD.format("e1") + long)
    provider.land("b.csv", HEADER + GOOD.format("e2") + long + "e3,p1\n")
    assert counts(provider.load()) == [(2, 1, 1, 0), (3, 1, 2, 0)]
    assert provider.reasons() == [
        (2, None, "line_too_long"),
        (2, None, "line_too_long"),
        (3, None, "wrong_field_count"),
    ]


def test_the_remedy_that_the_report_shows_holds_no_value_even_of_a_shifted_column(
    provider: Provider,
):
    text = (
        "status_event_id,enrollment_id,status,effective_at\n"
        "s1,e1,ann@example.com,2026-03-01\n"
        "s2,e1,active,ann@example.com\n"
    )
    provider.land("a.csv", text, "participant/enrollment_status")
    provider.load()
    remedies = provider.ask("select remedy from load_ledger.rejected_rows order by row_no")
    assert [remedy for (remedy,) in remedies] == [
        "write one of enrolled, deferred, active, on_break, withdrawn, completed, failed, "
        "transferred, cancelled",
        "write a time in ISO 8601, such as 2026-06-30T14:05:00Z",
    ]
