"""What lands of the demo tenant: true to the contract, but for the flaws that are listed."""

import json
from collections import Counter
from pathlib import Path

import pytest
from landed_files import CONTRACT, PROJECT, breaks, columns_of, is_good, listed

from orchestration.load.landing import BUNDLES_FILE
from sample_data.landing import MARKER
from sample_data.recipes import HOSTILE
from sample_data.tenant import FLAWS, TRUTH

FIRST_DAY, LAST_DAY = "2023-07-01", "2026-06-30"


@pytest.fixture(scope="module")
def flaws(tenant) -> list[dict]:
    return json.loads((tenant / FLAWS).read_text())


def sent_again(flaws: list[dict]) -> set[str]:
    return {flaw["file"] for flaw in flaws if "sent again" in flaw["flaw"]}


def first_landing(flaws: list[dict]) -> str:
    """The SQL condition that a row is not of the file sent again."""
    return f"file not in ({', '.join(repr(file) for file in sent_again(flaws))})"


def test_every_entity_lands_in_its_family_and_no_file_is_anywhere_else(tenant):
    landed = {path.parent.relative_to(tenant).as_posix() for path in tenant.glob("*/*/*")}
    assert landed == {f"{entity['family']}/{name}" for name, entity in CONTRACT.items()}
    assert len(CONTRACT) == 54
    files = {path.name for path in tenant.rglob("*") if path.is_file()}
    assert files - {path.name for path in tenant.glob("*/*/*")} == {
        BUNDLES_FILE,
        FLAWS,
        TRUTH,
        MARKER,
    }


def test_columns_are_those_of_the_contract_but_for_the_listed_extra_ones(landed, flaws):
    extra = Counter()
    for entity, parts in CONTRACT.items():
        columns = {row[0] for row in landed.execute(f'describe "{entity}"').fetchall()} - {"file"}
        required = {n for n, (_, meta) in parts["columns"].items() if meta.get("required")}
        assert required <= columns
        for name in columns - parts["columns"].keys():
            files = landed.execute(
                f'select distinct file from "{entity}" where "{name}" is not null'
            ).fetchall()
            extra.update((entity, file, name) for (file,) in files)
    assert extra == listed(flaws, "extra_column", "entity", "file", "column")


def test_nearly_every_column_of_the_contract_is_landed_with_values(landed):
    empty = set()
    for entity, parts in CONTRACT.items():
        columns = columns_of(landed, entity)
        counts = ", ".join(f'count("{name}")' for name in columns)
        values = landed.execute(f'select {counts} from "{entity}"').fetchone()
        filled = {name for name, count in zip(columns, values, strict=True) if count}
        empty |= {f"{entity}.{name}" for name in parts["columns"].keys() - filled}
    assert empty <= {
        "assignment.cohort_id",
        "program.retired_on",
        "work_item.enrollment_id",
    }


def test_learning_events_are_typed_as_the_contract_says(landed):
    types = dict(row[:2] for row in landed.execute("describe learning_event").fetchall())
    names = {"string": "VARCHAR"}
    for name, (kind, _) in CONTRACT["learning_event"]["columns"].items():
        assert types[name] == names.get(kind, kind.upper()), name


def test_rows_break_the_contract_exactly_where_the_list_of_flaws_says(landed, flaws):
    broken = Counter()
    for entity in CONTRACT:
        for column in columns_of(landed, entity):
            rows = landed.execute(f"""
                select file, count(*) from "{entity}"
                where {first_landing(flaws)} and {breaks(entity, column)} group by file
            """).fetchall()
            broken.update({(entity, file, column): count for file, count in rows})
    assert broken == listed(flaws, "rejected", "entity", "file", "column")


def test_every_rule_of_the_contract_is_broken_somewhere_and_every_entity_has_a_flaw(flaws):
    missing = {flaw["flaw"] for flaw in flaws if flaw["flaw"].endswith("is missing")}
    required = {
        f"{name} is missing"
        for parts in CONTRACT.values()
        for name, (_, meta) in parts["columns"].items()
        if meta.get("required")
    }
    assert required - missing <= {
        f"{name} is missing" for name in ("event_id", "participant_id", "occurred_at")
    }
    entities = {f["entity"] for f in flaws if f["fate"] in ("rejected", "duplicate")}
    assert entities == CONTRACT.keys()


def test_exact_duplicates_and_the_file_sent_again_are_those_listed(landed, tenant, flaws):
    twice = Counter()
    for entity in CONTRACT:
        columns = ", ".join(f'"{name}"' for name in columns_of(landed, entity))
        rows = landed.execute(f"""
            select file, sum(copies - 1)::bigint from (
                select file, count(*) as copies from "{entity}"
                where {first_landing(flaws)} group by file, {columns} having count(*) > 1
            ) group by file
        """).fetchall()
        twice.update({(entity, file): count for file, count in rows})
    (again,) = sent_again(flaws)
    folder = tenant / "financial" / "invoice_line"
    same = [p.name for p in folder.iterdir() if p.read_bytes() == (folder / again).read_bytes()]
    assert len(same) == 2
    count = landed.execute("select count(*) from invoice_line where file = ?", [again]).fetchone()
    twice["invoice_line", again] += count[0]
    assert twice == listed(flaws, "duplicate", "entity", "file")


def test_corrections_are_later_rows_for_a_key_and_are_those_listed(landed, flaws):
    later = Counter()
    for entity, parts in CONTRACT.items():
        order, known_at = "file, row", parts["meta"].get("known_at")
        if known_at is not None:
            kind = parts["columns"][known_at][0].replace("timestamp", "timestamptz")
            order = f'"{known_at}"::{kind}, {order}'
        key = ", ".join(f'"{name}"' for name in parts["meta"]["key"])
        columns = ", ".join(f'"{name}"' for name in columns_of(landed, entity))
        rows = landed.execute(f"""
            with good as (
                select file, {columns}, min(rowid) as row from "{entity}"
                where {first_landing(flaws)} and {is_good(landed, entity)}
                group by file, {columns}
            ),
            ordered as (
                select file, row_number() over (partition by {key} order by {order}) as version
                from good
            )
            select file, count(*) from ordered where version > 1 group by file
        """).fetchall()
        later.update({(entity, file): count for file, count in rows})
    assert later == listed(flaws, "corrected", "entity", "file")


def test_orphans_are_those_listed_and_every_other_reference_is_found(landed, flaws):
    orphans = Counter()
    for entity, parts in CONTRACT.items():
        for column, (_, meta) in parts["columns"].items():
            if "ref" not in meta or column not in columns_of(landed, entity):
                continue
            target = meta["ref"]
            key = "worker_id" if target == "worker" else CONTRACT[target]["meta"]["key"][0]
            rows = landed.execute(f"""
                select file, count(*) from "{entity}"
                where {first_landing(flaws)} and {is_good(landed, entity)} and "{column}" not in (
                    select "{key}" from "{target}" where "{key}" is not null
                ) group by file
            """).fetchall()
            orphans.update({(entity, file, column): count for file, count in rows})
    assert orphans == listed(flaws, "orphan", "entity", "file", "column")


def test_voided_events_landed_before_the_rows_that_void_them(landed, flaws):
    *counts, is_before = landed.sql("""
        select count(*), count(voided.event_id), bool_and(voided.stored_at < voiding.stored_at)
        from learning_event as voiding
        left join learning_event as voided
            on voiding.voids_event_id = voided.event_id and voided.verb <> 'voided'
        where voiding.verb = 'voided'
    """).fetchone()
    assert counts == list(listed(flaws, "voided", "entity", "file").values())
    assert is_before


def free_text_columns() -> set[tuple[str, str]]:
    """Columns in which people write, by name: a list of its own beside the generator's rule."""
    texts = {
        "account": "name industry segment region", "activity": "title driver",
        "assessment_answer": "evidence", "assignment": "title", "campaign": "title",
        "contact": "full_name title", "credential": "title", "goal": "title kpi",
        "governance_meeting": "body", "identity_override": "decided_by",
        "job_event": "from_department to_department", "key_result": "title",
        "ledger_expense": "natural_account", "objective": "title", "opportunity": "owner",
        "participant": "full_name", "program": "title field", "tier_decision": "reason decided_by",
        "worker": "full_name job_family department",
    }  # fmt: skip
    return {(entity, name) for entity, names in texts.items() for name in names.split()}


def test_hostile_text_is_in_every_free_text_column_as_it_was_planted(landed, flaws):
    reached = set()
    for flaw in flaws:
        if not flaw["flaw"].startswith("hostile text"):
            continue
        entity, column = flaw["entity"], flaw["column"]
        said = flaw["flaw"].removeprefix("hostile text").removeprefix(": ")
        same = f'"{column}" = ?' if said else f'contains("{column}", ?)'
        good = is_good(landed, entity)
        found = landed.execute(
            f'select count(*) from "{entity}" where file = ? and {same} and {good}',
            [flaw["file"], said or "\u200f𠜎;--"],
        ).fetchone()
        assert found[0] == flaw["count"], flaw
        reached.add((entity, column))
    assert reached == free_text_columns()
    assert {flaw["flaw"] for flaw in flaws} >= {f"hostile text: {text}" for text in HOSTILE}


def test_hostile_text_is_not_in_the_names_that_every_page_shows(landed):
    for entity, column in (("program", "title"), ("account", "name")):
        last = landed.execute(f"""
            select max_by({column}, rowid) from "{entity}"
            where {is_good(landed, entity)} group by {entity}_id
        """).fetchall()
        texts = {text for (text,) in last}
        assert not [text for text in texts if len(text) > 45 or {"<", "="} & set(text)]
        assert any("&" in text and '"' in text for text in texts)  # and are not tame either


def test_clocks_of_other_zones_show_true_instants_also_across_a_change_of_clocks(landed, flaws):
    clocks = [flaw for flaw in flaws if flaw["flaw"].startswith("clock of ")]
    offsets = {}
    for flaw in clocks:
        zone = flaw["flaw"].split()[2]
        rows = landed.execute(f"""
            select "{flaw["column"]}" from "{flaw["entity"]}"
            where file = ? and regexp_matches("{flaw["column"]}", '[+-]\\d\\d:\\d\\d$')
        """, [flaw["file"]]).fetchall()  # fmt: skip
        for (text,) in rows:
            shown = landed.execute(
                "select strftime(timezone(?, ?::timestamptz), '%Y-%m-%dT%H:%M:%S')", [zone, text]
            ).fetchone()[0]
            if shown == text[:19]:
                offsets.setdefault(flaw["flaw"], set()).add(text[19:])
        assert flaw["flaw"] in offsets, flaw
    changes = {name: found for name, found in offsets.items() if " from " in name}
    assert len(changes) == 3
    assert {len(found) for found in changes.values()} == {2}, changes


def test_odd_but_true_things_are_listed(landed, flaws):
    for flaw in flaws:
        count = {
            "a former worker hired again": "event_type = 'rehire'",
            "another currency than most": "currency <> 'USD'",
        }.get(flaw["flaw"])
        if count:
            good = is_good(landed, flaw["entity"])
            rows = landed.execute(
                f'select count(*) from (select distinct * from "{flaw["entity"]}") '
                f"where file = ? and {count} and {good}", [flaw["file"]],
            ).fetchone()  # fmt: skip
            assert rows[0] == flaw["count"], flaw
    overlaps = landed.execute("""
        select count(*) from eligibility as later join eligibility as earlier
            on later.account_id = earlier.account_id and later.worker_id = earlier.worker_id
            and later.eligibility_id = earlier.eligibility_id || '-b'
            and later.eligible_from > earlier.eligible_from
            and later.eligible_from <= coalesce(earlier.eligible_to, '2026-06-30')
        where try_cast(later.eligible_from as date) is not null
    """).fetchone()
    planted = sum(f["count"] for f in flaws if f["flaw"] == "two spells that overlap")
    assert overlaps[0] == planted > 0
    gaps = landed.execute(f"""
        with terms as (
            select distinct account_id, starts_on::date as starts_on, ends_on::date as ends_on
            from contract where {is_good(landed, "contract")}
        ),
        following as (
            select starts_on, lag(ends_on) over (
                partition by account_id order by starts_on
            ) as ended_on
            from terms
        )
        select count(*) from following where starts_on > ended_on + 1
    """).fetchone()
    planted = sum(f["count"] for f in flaws if "months between two contracts" in f["flaw"])
    assert gaps[0] == planted > 0


def test_no_model_page_or_loader_reads_what_is_true():
    for folder in [
        "models",
        "macros",
        "seeds",
        "reports/pages",
        "reports/queries",
        "orchestration",
    ]:
        for path in (PROJECT / folder).rglob("*"):
            if path.suffix in (".sql", ".py", ".yml", ".csv", ".md"):
                said = path.read_text(encoding="utf-8")
                assert TRUTH not in said, path
                assert FLAWS not in said, path


def test_nothing_was_known_after_the_last_day_and_files_are_by_period(landed, flaws):
    for entity, parts in CONTRACT.items():
        moment = parts["meta"].get("known_at")
        if moment is None or parts["columns"][moment][0] != "timestamp":
            continue
        latest = landed.execute(f"""
            select max(try_cast("{moment}" as timestamptz))::date from "{entity}"
        """).fetchone()[0]
        assert str(latest) <= LAST_DAY, entity


def test_sizes_are_those_of_a_demo(landed, tenant: Path):
    def count(what: str, entity: str) -> int:
        return landed.sql(f"select count({what}) from {entity}").fetchone()[0]

    assert count("distinct account_id", "account") == 40
    assert count("distinct program_id", "program") == 12
    assert 59_000 <= count("distinct worker_id", "worker") <= 61_000
    assert 5_500 <= count("distinct participant_id", "participant") <= 6_600
    assert 2_000_000 <= count("*", "learning_event") <= 3_000_000
    assert sum(path.stat().st_size for path in tenant.rglob("*") if path.is_file()) < 200e6
