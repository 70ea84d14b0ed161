"""The demo tenant: same bytes by seed, true to the contract, with the stated rates and flaws."""

import csv
import gzip
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from sample_data import landing
from sample_data.draw import generator
from sample_data.enrollments import draw_journeys
from sample_data.landing import MARKER, LandingError, land
from sample_data.programs import plan_cohorts
from sample_data.tenant import FLAWS
from sample_data.truths import Truths

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "sample_data" / "README.md").read_text(encoding="utf-8")
ARROW_TYPES = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "decimal(18,4)": pa.decimal128(18, 4),
    "timestamp": pa.timestamp("us"),
}
MEANINGFUL = "('viewed', 'watched', 'answered', 'submitted', 'practiced', 'discussed', 'attended')"


def _read_contract() -> dict[str, dict]:
    """Return, per entity, its family, meta and columns with type and meta."""
    contract = {}
    for path in sorted(PROJECT.glob("models/staging/*/raw_*.yml")):
        for source in yaml.safe_load(path.read_text())["sources"]:
            family = source["config"]["meta"]["family"]
            for table in source["tables"]:
                columns = {
                    column["name"]: (
                        column["data_type"],
                        column.get("config", {}).get("meta", {}),
                    )
                    for column in table["columns"]
                }
                meta = table["config"]["meta"]
                contract[table["name"]] = {"family": family, "meta": meta, "columns": columns}
    return contract


CONTRACT = _read_contract()
PARSERS = {
    "string": str,
    "bigint": int,
    "decimal(18,4)": Decimal,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}


@pytest.fixture(scope="module")
def tenant(tmp_path_factory) -> Path:
    """The tenant at scale 1, as the demo has it."""
    return land(tmp_path_factory.mktemp("tenant") / "landing").folder


@pytest.fixture(scope="module")
def flaws(tenant) -> list[dict]:
    return json.loads((tenant / FLAWS).read_text())


@pytest.fixture(scope="module")
def text_rows(tenant) -> dict[tuple[str, str], list[dict]]:
    """All rows of the text files, by entity and file."""
    found = {}
    for path in sorted(tenant.glob("*/*/*")):
        if path.suffix == ".parquet":
            continue
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        lines = content.decode().splitlines()
        if path.suffix == ".jsonl":
            rows = [{k: v or "" for k, v in json.loads(line).items()} for line in lines]
        else:
            rows = list(csv.DictReader(lines))
        found[path.parent.name, path.name] = rows
    return found


@pytest.fixture(scope="module")
def warehouse(tenant) -> duckdb.DuckDBPyConnection:
    """The rows that count, by plain SQL of its own: no code of the project takes part."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    folder = f"{tenant}/participant"
    connection.execute(f"""
        create table landed_event as
        select distinct * exclude (client_version)
        from read_parquet('{folder}/learning_event/*.parquet', union_by_name = true);

        create table event as
        select * from landed_event
        where verb is not null and coalesce(duration_seconds, 0) >= 0
            and coalesce(score_scaled, 0) <= 1 and voids_event_id is null
            and event_id not in (
                select voids_event_id from landed_event where voids_event_id is not null
            );

        create table enrollment as
        select *, start_date::date as start_day, planned_end_date::date as planned_end
        from read_csv('{folder}/enrollment/*.csv', all_varchar = true)
        where try_cast(start_date as date) is not null and try_cast(attempt_no as int) is not null
        qualify row_number() over (partition by enrollment_id order by updated_at desc) = 1;

        create table participant as
        select *
        from read_csv('{folder}/participant/*.csv', all_varchar = true)
        where account_id is not null and try_cast(registered_at as timestamptz) is not null
        qualify row_number() over (partition by participant_id order by updated_at desc) = 1;

        create table status as
        with landed as (
            select
                status_event_id, enrollment_id, status, entered_at,
                try_cast(effective_at as timestamptz) as effective_at
            from read_json('{folder}/enrollment_status/*.jsonl', columns = {{
                status_event_id: 'varchar', enrollment_id: 'varchar', status: 'varchar',
                effective_at: 'varchar', entered_at: 'varchar'
            }})
        )
        select * from landed
        where enrollment_id is not null and effective_at is not null
            and status not in ('paused', 'graduated')
        qualify row_number() over (partition by status_event_id order by entered_at desc) = 1;

        create table current_status as
        select enrollment_id, max_by(status, effective_at) as status from status group by 1;

        create table activity as
        select
            enrollment_id,
            bool_or(verb = 'logged_in' and day between 0 and 13) as has_login,
            bool_or(verb in {MEANINGFUL} and day between 0 and 13) as has_learning,
            count(distinct day // 7) filter (where verb in {MEANINGFUL} and day between 0 and 27)
                as weeks
        from (
            select event.*, occurred_at::date - start_day as day
            from event join enrollment using (enrollment_id)
        )
        group by 1;

        create table journey as
        select
            enrollment_id, account_id, program_id, attempt_no, status, start_day,
            coalesce(has_login and has_learning, false) as is_activated,
            coalesce(weeks >= 3, false) as is_engaged,
            status = 'completed' as is_completed,
            planned_end + 90 <= date '2026-06-30' as is_over
        from enrollment
        join participant using (participant_id)
        left join current_status using (enrollment_id)
        left join activity using (enrollment_id)
        where status <> 'cancelled'
    """)
    return connection


def _why_rejected(entity: str, row: dict) -> str | None:
    """Return the first column at which a row breaks the contract."""
    for name, (kind, meta) in CONTRACT[entity]["columns"].items():
        text = row.get(name, "")
        if text == "":
            if meta.get("required"):
                return name
            continue
        try:
            value = PARSERS[kind](text)
        except (ValueError, KeyError, InvalidOperation):
            return name
        if "in" in meta and value not in meta["in"]:
            return name
        if value < meta.get("min", value) or value > meta.get("max", value):
            return name
    return None


def _listed(flaws: list[dict], fate: str, *keys: str) -> Counter:
    """Return the listed number of flaws of a fate, by the given fields."""
    counts = Counter()
    for flaw in flaws:
        if flaw["fate"] == fate:
            counts[tuple(flaw[key] for key in keys)] += flaw["count"]
    return counts


def _sent_again(flaws: list[dict]) -> set[str]:
    return {flaw["file"] for flaw in flaws if "sent again" in flaw["flaw"]}


# -- the folder ----------------------------------------------------------------------------------


def _contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    first = _contents(land(tmp_path / "a", scale=0.05).folder)
    second = _contents(land(tmp_path / "b", scale=0.05).folder)
    other = _contents(land(tmp_path / "c", seed=8, scale=0.05).folder)
    assert first == second
    events = [name for name in first if name.endswith(".parquet")]
    assert events
    assert all(first[name] != other.get(name) for name in events)


def test_a_tenant_already_there_is_left_alone(tmp_path):
    assert land(tmp_path / "landing", scale=0.02).is_new
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "landing").rglob("*")}
    again = land(tmp_path / "landing", scale=0.02)
    assert not again.is_new
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "landing").rglob("*")}


def test_another_seed_replaces_the_whole_tenant_and_leaves_nothing_beside(tmp_path):
    land(tmp_path / "landing", scale=0.02)
    land(tmp_path / "landing", seed=9, scale=0.02)
    fresh = land(tmp_path / "fresh", seed=9, scale=0.02)
    assert _contents(tmp_path / "landing") == _contents(fresh.folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "landing"]


@pytest.mark.parametrize("name", ["mine.csv", "participant/participant/mine.csv", ".hidden"])
def test_a_folder_with_files_of_somebody_else_is_refused(tmp_path, name):
    for folder in ("strange", "known"):
        if folder == "known":
            land(tmp_path / folder, scale=0.02)
        (tmp_path / folder / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text("mine")
        before = _contents(tmp_path / folder)
        with pytest.raises(LandingError, match=re.escape(name)):
            land(tmp_path / folder, seed=3, scale=0.02)
        assert _contents(tmp_path / folder) == before


def test_a_file_that_somebody_changed_is_not_written_over(tmp_path):
    land(tmp_path / "landing", scale=0.02)
    programs = tmp_path / "landing/operations/program/programs.csv"
    programs.write_text(programs.read_text() + "prg-mine,Mine,,,,,,,,,\n")
    with pytest.raises(LandingError, match=r"programs\.csv"):
        land(tmp_path / "landing", scale=0.02)


def test_a_run_that_fails_midway_leaves_what_was_there(tmp_path, monkeypatch):
    land(tmp_path / "landing", scale=0.02)
    before = _contents(tmp_path / "landing")

    def write_half(root, *arguments):
        (root / "half.csv").write_text("half")
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(landing, "write_tenant", write_half)
        with pytest.raises(OSError, match="no space left"):
            land(tmp_path / "landing", seed=3, scale=0.02)
    assert _contents(tmp_path / "landing") == before
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_leftovers_of_a_killed_run_need_no_cleaning_by_hand(tmp_path):
    partial = tmp_path / ".landing.partial"
    partial.mkdir()
    (partial / MARKER).write_text('{"seed": 7, "scale": 1, "version": "x", "files": null}')
    (partial / "half.csv").write_text("half")
    land(tmp_path / "landing", scale=0.02)
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_the_command_says_what_it_did_and_why_it_did_not(tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "sample_data", *arguments]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    out = str(tmp_path / "a folder" / "landing")
    assert "Demo tenant written" in run("--out", out, "--scale", "0.02").stdout
    assert "already there" in run("--out", out, "--scale", "0.02").stdout
    (tmp_path / "file").write_text("")
    refused = run("--out", str(tmp_path / "file"))
    assert refused.returncode == 1
    assert "is not a folder" in refused.stderr
    assert "Traceback" not in refused.stderr


# -- the contract --------------------------------------------------------------------------------


def test_every_entity_lands_in_its_family_and_no_file_is_anywhere_else(tenant):
    landed = {path.parent.relative_to(tenant).as_posix() for path in tenant.glob("*/*/*")}
    assert landed == {f"{entity['family']}/{name}" for name, entity in CONTRACT.items()}
    dotted = {FLAWS, MARKER}
    assert {p.name for p in tenant.rglob("*") if p.is_file()} - dotted == {
        p.name for p in tenant.glob("*/*/*")
    }


def test_columns_are_those_of_the_contract_but_for_the_listed_extra_ones(text_rows, tenant, flaws):
    extra = Counter()
    for (entity, file), rows in text_rows.items():
        columns = CONTRACT[entity]["columns"]
        required = {name for name, (_, meta) in columns.items() if meta.get("required")}
        assert required <= rows[0].keys(), file
        extra.update((entity, file, name) for name in rows[0].keys() - columns.keys())
    for path in sorted((tenant / "participant/learning_event").iterdir()):
        columns = CONTRACT["learning_event"]["columns"]
        schema = pq.read_schema(path)
        for name, (kind, _) in columns.items():
            assert schema.field(name).type == ARROW_TYPES[kind], f"{path.name}: {name}"
        extra.update(
            ("learning_event", path.name, name) for name in set(schema.names) - columns.keys()
        )
    assert extra == _listed(flaws, "extra_column", "entity", "file", "column")


def test_rows_break_the_contract_exactly_where_the_list_of_flaws_says(text_rows, tenant, flaws):
    broken = Counter()
    for (entity, file), rows in text_rows.items():
        if file in _sent_again(flaws):
            continue
        for row in rows:
            column = _why_rejected(entity, row)
            broken.update([(entity, file, column)] if column else [])
    for path in sorted((tenant / "participant/learning_event").iterdir()):
        table = pq.read_table(path)
        found = {
            "verb": table["verb"].null_count,
            "duration_seconds": sum((v or 0) < 0 for v in table["duration_seconds"].to_pylist()),
            "score_scaled": sum(abs(v or 0) > 1 for v in table["score_scaled"].to_pylist()),
        }
        broken.update({("learning_event", path.name, c): n for c, n in found.items() if n})
    assert broken == _listed(flaws, "rejected", "entity", "file", "column")


# -- the flaws -----------------------------------------------------------------------------------


def test_exact_duplicates_and_the_file_sent_again_are_those_listed(text_rows, tenant, flaws):
    twice, contents = Counter(), defaultdict(list)
    for (entity, file), rows in text_rows.items():
        contents[json.dumps(rows)].append(file)
        copies = len(rows) - len({json.dumps(row, sort_keys=True) for row in rows})
        twice.update({(entity, file): copies} if copies else {})
    for path in sorted((tenant / "participant/learning_event").iterdir()):
        table = pq.read_table(path)
        copies = len(table) - len(set(table["event_id"].to_pylist()))
        rejected = _listed(flaws, "rejected", "file")[(path.name,)]  # bad copies of good rows
        if copies > rejected:
            twice["learning_event", path.name] = copies - rejected
    again = [files for files in contents.values() if len(files) > 1]
    assert len(again) == 1
    assert len(_sent_again(flaws) & set(again[0])) == 1
    entity, sent = "invoice_line", _sent_again(flaws).pop()
    twice[entity, sent] += len(text_rows[entity, sent])
    assert twice == _listed(flaws, "duplicate", "entity", "file")


def test_corrections_are_later_rows_for_a_key_and_are_those_listed(text_rows, flaws):
    later = Counter()
    for entity, parts in CONTRACT.items():
        known_at = parts["meta"].get("known_at")
        versions = defaultdict(set)
        for (owner, file), rows in text_rows.items():
            if owner != entity or file in _sent_again(flaws):
                continue
            for row in rows:
                if _why_rejected(entity, row) is None:
                    key = tuple(row[column] for column in parts["meta"]["key"])
                    versions[key].add((row.get(known_at, ""), file, json.dumps(row)))
        for rows in versions.values():
            ordered = sorted(rows)
            times = [time for time, _, _ in ordered]
            assert len(times) == len(set(times)), f"{entity}: two versions known at {times}"
            later.update((entity, file) for _, file, _ in ordered[1:])
    assert later == _listed(flaws, "corrected", "entity", "file")


def test_orphans_are_those_listed_and_every_other_reference_is_found(text_rows, tenant, flaws):
    known, orphans = defaultdict(set), Counter()
    for (entity, _), rows in text_rows.items():
        key = CONTRACT[entity]["meta"]["key"][0]
        known[entity].update(row[key] for row in rows)
    for (entity, file), rows in text_rows.items():
        for column, (_, meta) in CONTRACT[entity]["columns"].items():
            if meta.get("ref") in known:
                values = [row[column] for row in rows if row.get(column)]
                missing = sum(value not in known[meta["ref"]] for value in values)
                orphans.update({(entity, file, column): missing} if missing else {})
    for path in sorted((tenant / "participant/learning_event").iterdir()):
        table = pq.read_table(path)
        assert set(table["participant_id"].to_pylist()) <= known["participant"]
        assert set(table["enrollment_id"].to_pylist()) - {None} <= known["enrollment"]
    assert orphans == _listed(flaws, "orphan", "entity", "file", "column")


def test_voided_events_landed_before_the_rows_that_void_them(warehouse, flaws):
    both = warehouse.sql("""
        select count(*), count(voided.event_id), bool_and(voided.stored_at < voiding.stored_at)
        from landed_event as voiding
        left join landed_event as voided
            on voiding.voids_event_id = voided.event_id and voided.verb <> 'voided'
        where voiding.verb = 'voided'
    """).fetchone()
    counts = list(_listed(flaws, "voided", "entity", "file").values())
    assert [*both] == [*counts, True]


def test_hostile_text_and_clocks_with_an_offset_are_in_the_files(text_rows, flaws):
    for flaw in flaws:
        if flaw["fate"] != "kept":
            continue
        values = [row[flaw["column"]] for row in text_rows[flaw["entity"], flaw["file"]]]
        if flaw["flaw"].startswith("hostile text: "):
            found = values.count(flaw["flaw"].removeprefix("hostile text: "))
        else:
            found = sum(value.endswith(flaw["flaw"].split()[-1]) for value in values)
        assert found == flaw["count"], flaw
    everything = "".join(value for rows in text_rows.values() for r in rows for value in r.values())
    for needle in ('"', "<script>alert(1)</script>", "=1+1", "\u200f", "😀"):
        assert needle in everything


# -- the content ---------------------------------------------------------------------------------


def test_sizes_are_those_of_a_demo(warehouse, tenant):
    def count(table: str) -> int:
        return warehouse.sql(f"select count(*) from {table}").fetchone()[0]

    assert 3_000 <= count("participant") <= 4_000
    assert 3_500 <= count("enrollment") <= 4_500
    assert 400_000 <= count("event") <= 700_000
    assert sum(path.stat().st_size for path in tenant.rglob("*") if path.is_file()) < 30e6


def test_nothing_was_known_after_the_last_day(warehouse):
    latest = warehouse.sql("""
        select max(stored_at)::date from event
        union all select max(entered_at)::date from status
        union all select max(updated_at)::date from enrollment
        union all select max(updated_at)::date from participant
    """).fetchall()
    assert max(latest) == (date(2026, 6, 30),)


RATES = """
    select
        avg(is_activated::int) as activated,
        avg(is_engaged::int) filter (is_activated) as engaged,
        avg(is_completed::int) filter (is_over) as completed,
        avg(is_completed::int) filter (is_over and is_engaged) as completed_engaged,
        avg(is_completed::int) filter (is_over and not is_activated) as completed_not_activated,
        avg(is_activated::int) filter (account_id = 'acc-brackenway') as activated_brackenway,
        avg(is_activated::int) filter (account_id = 'acc-corvane') as activated_corvane,
        avg(is_engaged::int) filter (is_activated and program_id = 'prg-supply-chain')
            as engaged_supply_chain,
        avg(is_completed::int) filter (is_over and program_id = 'prg-cybersecurity')
            as completed_cybersecurity,
        avg(is_completed::int) filter (is_over and program_id = 'prg-frontline-leadership')
            as completed_leadership,
        avg((attempt_no <> '1')::int) as second_attempts
    from journey
"""


def test_rates_are_within_the_bands_of_the_readme(warehouse):
    bands = {
        name: (float(low), float(high))
        for name, low, high in re.findall(
            r"^\| `(\w+)` .*\| ([\d.]+) to ([\d.]+) \|$", README, re.M
        )
    }
    result = warehouse.sql(RATES)
    rates = dict(zip(result.columns, result.fetchone(), strict=True))
    assert rates.keys() == bands.keys()
    outside = {n: (r, bands[n]) for n, r in rates.items() if not bands[n][0] <= r <= bands[n][1]}
    assert not outside


def test_the_files_show_every_journey_as_it_was_drawn(warehouse):
    truths = Truths()
    cohorts = plan_cohorts(truths)
    drawn = draw_journeys(truths, cohorts, truths.participants, generator(7, "journeys"))
    shown = warehouse.sql("select enrollment_id, is_activated, is_engaged from journey").fetchall()
    index = np.array([int(key[3:]) - 1 for key, _, _ in shown])
    keep = index < len(drawn)  # not the orphans
    index, shown = index[keep], [row for row, kept in zip(shown, keep, strict=True) if kept]
    runs = ~drawn.is_parked[index]
    assert (drawn.is_activated[index] & runs).tolist() == [row[1] for row in shown]
    assert (drawn.is_engaged[index] & runs).tolist() == [row[2] for row in shown]


def test_logins_fail_far_more_often_where_activation_is_weak(warehouse):
    shares = dict(
        warehouse.sql("""
            select
                account_id,
                count(*) filter (verb = 'login_failed')
                    / count(*) filter (verb in ('login_failed', 'logged_in'))
            from event join participant using (participant_id)
            group by 1
        """).fetchall()
    )
    weak = shares.pop("acc-brackenway")
    assert weak > 4 * max(shares.values())


def test_one_program_loses_activity_in_weeks_three_to_five(warehouse):
    active = dict(
        warehouse.sql(f"""
            with weekly as (
                select
                    program_id = 'prg-supply-chain' as is_dip,
                    (occurred_at::date - start_day) // 7 as w,
                    count(distinct enrollment_id) as learners
                from event join enrollment using (enrollment_id)
                where verb in {MEANINGFUL} and start_day < date '2026-03-01'
                group by 1, 2
            )
            select is_dip, sum(learners) filter (w = 4) / sum(learners) filter (w in (1, 6)) * 2
            from weekly group by 1
        """).fetchall()
    )
    assert active[True] < 0.8
    assert active[False] > 0.9


def test_weekends_and_december_are_quiet_and_recent_cohorts_unfinished(warehouse):
    weekend, december, unfinished, finished = warehouse.sql("""
        select
            (select avg((isodow(occurred_at) > 5)::int) from event),
            (select count(*) filter (month(occurred_at) = 12)
                / (count(*) filter (month(occurred_at) in (10, 11)) / 2)
            from event where year(occurred_at) = 2025),
            (select avg((status = 'active')::int) from journey
            where start_day >= date '2026-04-01'),
            (select avg((status = 'active')::int) from journey where is_over)
    """).fetchone()
    assert 0.05 < weekend < 0.2
    assert december < 0.85
    assert unfinished > 0.5
    assert finished < 0.02


def test_the_odd_but_true_things_are_there(warehouse):
    counts = warehouse.sql("""
        select
            count(*) filter (status = 'deferred'), count(*) filter (status = 'on_break'),
            count(*) filter (status = 'cancelled'), count(*) filter (status = 'withdrawn'),
            count(*) filter (status = 'failed'), count(*) filter (status = 'transferred')
        from status
    """).fetchone()
    assert min(counts) > 20
    early, no_enrollment, two_programs, only_logins = warehouse.sql(f"""
        select
            (select count(*) from event join enrollment using (enrollment_id)
            where occurred_at < start_day),
            (select count(*) from event where enrollment_id is null),
            (select count(*) from (
                select participant_id from enrollment
                group by 1 having count(distinct program_id) > 1
            )),
            (select count(*) from (
                select enrollment_id from event where enrollment_id is not null group by 1
                having bool_or(verb = 'logged_in') and not bool_or(verb in {MEANINGFUL})
            ))
    """).fetchone()
    assert 100 < early < 5_000
    assert no_enrollment > 10_000
    assert two_programs > 100
    assert only_logins > 50


def test_every_verb_is_classified(warehouse):
    with (PROJECT / "seeds" / "verbs.csv").open(encoding="utf-8") as file:
        classified = {row["verb"] for row in csv.DictReader(file)}
    used = {verb for (verb,) in warehouse.sql("select distinct verb from landed_event").fetchall()}
    assert used - {None} <= classified
