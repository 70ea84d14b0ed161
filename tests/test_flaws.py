"""Each flaw that the demo tenant plants meets its fate, in a real load and the warehouse of it."""

import json
from collections import Counter
from pathlib import PurePosixPath

import duckdb
import pytest
from landed_files import CONTRACT, listed

from orchestration.settings import Settings
from sample_data.flaws import FATES, IDENTITY_FATES
from sample_data.tenant import FLAWS


@pytest.fixture(scope="module")
def flaws(tenant) -> list[dict]:
    return json.loads((tenant / FLAWS).read_text())


@pytest.fixture(scope="module")
def raw(demo: Settings) -> duckdb.DuckDBPyConnection:
    """The raw rows and the ledger that the load has written."""
    connection = duckdb.connect(str(demo.raw_path), read_only=True)
    connection.execute("set timezone = 'UTC'")
    return connection


@pytest.fixture(scope="module")
def warehouse(demo: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(demo.warehouse_path), read_only=True)


def by_file(connection: duckdb.DuckDBPyConnection, query: str) -> Counter:
    """Counts of a query whose rows are entity, file, perhaps a column, and the count."""
    rows = connection.execute(query).fetchall()
    return Counter({(e, PurePosixPath(f).name, *rest): n for e, f, *rest, n in rows if n})


def test_every_fate_is_planted(flaws):
    assert {flaw["fate"] for flaw in flaws} == set(FATES)


def test_every_file_is_loaded_and_no_row_gets_lost(raw, tenant):
    files = {path.relative_to(tenant).as_posix() for path in tenant.glob("*/*/*")}
    batches = raw.sql("""
        select file, status, received_count, accepted_count + rejected_count + duplicate_count
        from load_ledger.batches
    """).fetchall()
    assert {file for file, *_ in batches} == files
    assert "failed" not in {status for _, status, *_ in batches}
    assert [file for file, _, received, kept in batches if received != kept] == []
    entities = raw.sql("select distinct entity from load_ledger.batches").fetchall()
    assert {entity for (entity,) in entities} == CONTRACT.keys()


def test_rejected_rows_are_set_aside_with_the_column_that_is_wrong(raw, flaws):
    rejected = by_file(raw, """
        select entity, file, column_name, count(*) from load_ledger.rejected_rows group by all
    """)  # fmt: skip
    assert rejected == listed(flaws, "rejected", "entity", "file", "column")


def test_rows_that_come_twice_and_a_file_sent_again_count_once(raw, flaws):
    duplicates = by_file(raw, """
        select entity, file, sum(duplicate_count)::bigint from load_ledger.batches group by all
    """)  # fmt: skip
    assert duplicates == listed(flaws, "duplicate", "entity", "file")
    again = [flaw["file"] for flaw in flaws if "sent again" in flaw["flaw"]]
    status = raw.execute(
        "select status from load_ledger.batches where parse_filename(file) = ?", again
    ).fetchall()
    assert status == [("duplicate",)]


def test_later_rows_for_a_key_are_corrections_and_the_earlier_ones_stay(raw, flaws):
    corrected = by_file(raw, """
        select entity, file, sum(corrected_count)::bigint from load_ledger.batches group by all
    """)  # fmt: skip
    assert corrected == listed(flaws, "corrected", "entity", "file")
    rows, names = raw.sql("""
        select count(*), count(distinct participant_id) from raw_participant.participant
    """).fetchone()
    assert rows - names == sum(
        f["count"] for f in flaws if f["fate"] == "corrected" and f["entity"] == "participant"
    )


def test_columns_that_nobody_announced_are_kept_aside(raw, flaws):
    extra = Counter(
        (entity, PurePosixPath(file).name, column)
        for entity, file, columns in raw.sql("""
            select entity, file, extra_columns from load_ledger.batches
            where extra_columns <> ''
        """).fetchall()
        for column in columns.split(", ")
    )
    assert extra == listed(flaws, "extra_column", "entity", "file", "column")
    kept = raw.sql(
        "select count(*) from raw_financial.invoice_line where _extra like '%po_number%'"
    )
    assert kept.fetchone()[0] > 0


def test_rows_that_refer_to_nobody_are_kept_and_nothing_else_does(raw, flaws):
    orphans = Counter()
    for entity, parts in CONTRACT.items():
        for column, (_, meta) in parts["columns"].items():
            target = meta.get("ref")
            if target is None:
                continue
            key = "worker_id" if target == "worker" else CONTRACT[target]["meta"]["key"][0]
            orphans += by_file(raw, f"""
                select '{entity}', _file, '{column}', count(*)
                from raw_{parts["family"]}."{entity}" where "{column}" not in (
                    select "{key}" from raw_{CONTRACT[target]["family"]}."{target}"
                ) group by all
            """)  # fmt: skip
    assert orphans == listed(flaws, "orphan", "entity", "file", "column")


def test_voided_events_and_the_rows_that_void_them_do_not_count(raw, warehouse, flaws):
    voided = raw.sql("""
        select event_id from raw_participant.learning_event where voids_event_id is not null
        union all
        select voids_event_id from raw_participant.learning_event where voids_event_id is not null
    """).fetchall()
    assert len(voided) == sum(listed(flaws, "voided", "file").values())
    found = warehouse.execute(
        "select count(*) from staging.stg_learning_event where event_id in (select unnest(?))",
        [[event for (event,) in voided]],
    ).fetchone()
    assert found == (0,)


def test_hostile_text_and_clocks_of_other_zones_arrive_unharmed(raw, flaws):
    for flaw in flaws:
        said = flaw["flaw"].partition("hostile text")[2].removeprefix(": ")
        if not flaw["flaw"].startswith("hostile text"):
            continue
        same = f'"{flaw["column"]}" = ?' if said else f'contains("{flaw["column"]}", ?)'
        found = raw.execute(
            f'select count(*) from raw_{flaw["family"]}."{flaw["entity"]}" '
            f"where parse_filename(_file) = ? and {same}",
            [flaw["file"], said or "\u200f𠜎;--"],
        ).fetchone()
        assert found[0] == flaw["count"], flaw
    late, early = raw.sql("""
        select max(effective_at)::date::varchar, min(effective_at)::date::varchar
        from raw_participant.enrollment_status
    """).fetchone()
    assert early >= "2023-07-01"
    assert late <= "2026-07-01"


def test_people_who_are_hard_to_find_are_linked_as_their_flaw_says(warehouse, flaws):
    methods = dict(
        warehouse.sql("select participant_id, link_method from core.dim_participants").fetchall()
    )
    wrong = [
        (flaw["flaw"], participant, methods[participant])
        for flaw in flaws
        for participant in flaw.get("rows", ())
        if methods[participant] != IDENTITY_FATES[flaw["fate"]]
    ]
    assert wrong == []
    assert all(flaw["count"] == len(flaw["rows"]) for flaw in flaws if "rows" in flaw)
    assert {flaw["fate"] for flaw in flaws if "rows" in flaw} == set(IDENTITY_FATES)


def test_most_participants_are_linked_by_number_some_by_email_and_nobody_else_is_ambiguous(
    warehouse, flaws
):
    shares = dict(
        warehouse.sql("""
            select link_method, count(*) / sum(count(*)) over ()
            from core.dim_participants where not is_inferred group by 1
        """).fetchall()
    )
    assert 0.87 < shares["employee_number"] < 0.95
    assert 0.03 < shares["email"] < 0.08
    assert shares["unlinked"] < 0.03
    ambiguous = warehouse.sql(
        "select participant_id from core.dim_participants where link_method = 'ambiguous'"
    ).fetchall()
    planted = {p for f in flaws if f["fate"] == "ambiguous" for p in f["rows"]}
    assert {participant for (participant,) in ambiguous} == planted
