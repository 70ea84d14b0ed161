"""Money and work of the demo tenant: plain SQL on landed files finds the planted truth again."""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
import yaml

from orchestration.contract import read_contract
from sample_data.landing import land
from sample_data.money.costs import direct_cost
from sample_data.money.tables import account_tables, truth
from sample_data.money.tally import MoneyTally
from sample_data.money.tickets import support_ticket
from sample_data.money.truths import MoneyTruths
from sample_data.platform import tally as tallies
from sample_data.platform.block import Block, blocks
from sample_data.render import as_text
from sample_data.truths import Truths
from sample_data.world import Tally, World, make_world

PROJECT = Path(__file__).resolve().parent.parent
OURS = {
    "financial": ("invoice_line", "direct_cost", "ledger_expense", "fx_rate", "employer_cost",
                  "value_parameter", "plan_value"),
    "operations": ("activity", "activity_term", "work_item", "work_item_attribute",
                   "function_capacity", "support_ticket", "platform_incident", "content_release"),
}  # fmt: skip
THEIRS = {"participant": ("participant", "enrollment", "coaching_session", "application")}
AMOUNTS = ("revenue", "pass_through", "direct_cost", "gross_profit", "cost_to_serve",
           "sustaining_cost", "net_profit")  # fmt: skip


def _contract() -> dict[str, tuple[str, dict, dict]]:
    """Return the family, meta and columns (type, meta) of each entity."""
    found = {}
    for path in PROJECT.glob("models/staging/*/raw_*.yml"):
        for source in yaml.safe_load(path.read_text())["sources"]:
            for table in source["tables"]:
                columns = {c["name"]: (c["data_type"], c.get("config", {}).get("meta", {}))
                           for c in table["columns"]}  # fmt: skip
                family = source["config"]["meta"]["family"]
                found[table["name"]] = (family, table["config"]["meta"], columns)
    return found


CONTRACT = _contract()
ENTITIES = {entity.name: entity for entity in read_contract()}


def _typed(name: str, kind: str) -> str:
    if kind == "timestamp":
        return f"try_cast({name} as timestamptz)::timestamp"
    return f"try_cast({name} as {'varchar' if kind == 'string' else kind})"


def _broken(name: str, kind: str, rules: dict) -> list[str]:
    """Return the conditions under which a row breaks the contract of a column."""
    value = _typed(name, kind)
    found = [f"({name} is not null and {value} is null)"]
    found += [f"{name} is null" for _ in range(bool(rules.get("required")))]
    found += [f"{name} not in ({str(rules['in'])[1:-1]})" for _ in range("in" in rules)]
    found += [f"{value} < {rules[side]}" for side in ("min",) if side in rules]
    found += [f"{value} > {rules[side]}" for side in ("max",) if side in rules]
    return found + [
        f"({other} = '{needed}' and {name} is null)"
        for other, needed in rules.get("required_where", {}).items()
    ]


def _read(con: duckdb.DuckDBPyConnection, folder: Path, entity: str) -> None:
    """Make a table of the accepted rows in a folder: of each key the one known last."""
    _, meta, columns = CONTRACT[entity]
    files = sorted(str(path) for path in folder.iterdir())
    names = ", ".join(f"{name}: 'varchar'" for name in columns)
    source = (
        f"read_json({files}, columns = {{{names}}})" if ".jsonl" in files[0]
        else f"read_csv({files}, all_varchar = true, union_by_name = true, header = true,"
        " delim = ',', quote = '\"', escape = '\"')"
    )  # fmt: skip
    con.execute(f"create table landed_{entity} as from {source}")
    there = {row[0] for row in con.execute(f"describe landed_{entity}").fetchall()}
    columns = {name: column for name, column in columns.items() if name in there}
    broken = " or ".join(c for name, column in columns.items() for c in _broken(name, *column))
    con.execute(
        f"create table rejected_{entity} as from landed_{entity} where coalesce({broken}, false)"
    )
    known = meta.get("known_at")
    order = f"order by {known} desc nulls last" if known else ""
    shown = [f"{_typed(name, column[0])} as {name}" for name, column in columns.items()]
    con.execute(
        f"""create table {entity} as
        select distinct {", ".join(shown)} from landed_{entity}
        where not coalesce({broken}, false)
        qualify row_number() over (partition by {", ".join(meta["key"])} {order}) = 1"""
    )


# The rules of sample_data/README.md, as an analyst would write them.
PROFIT_AND_LOSS = """
create macro month_of(day) as date_trunc('month', day)::date;

create view rates as
select
    cost.function_code, cost.month, cost.amount,
    coalesce(practical_minutes, paid_minutes * 0.80) as practical_minutes,
    cost.amount / coalesce(practical_minutes, paid_minutes * 0.80) as rate
from (
    select function_code, month, sum(amount) as amount from ledger_expense
    where cost_level = 'activity' group by all
) as cost
join function_capacity using (function_code, month);

create view work as
select
    work_item.account_id, work_item.activity_code, month_of(closed_at) as month,
    coalesce(quantity, 1) * (
        (
            select max_by(standard_minutes, valid_from) from activity
            where activity.activity_code = work_item.activity_code and valid_from <= closed_at::date
        ) + coalesce((
            select sum(term.minutes_per_unit * amount) from work_item_attribute
            join activity_term as term using (attribute)
            where work_item_attribute.work_item_id = work_item.work_item_id
                and term.activity_code = work_item.activity_code
                and term.valid_from = (
                    select max(valid_from) from activity_term as version
                    where version.activity_code = term.activity_code
                        and version.attribute = term.attribute
                        and version.valid_from <= work_item.closed_at::date
                )
        ), 0)
    ) as minutes
from work_item
where closed_at is not null
union all
select account_id, 'coaching_session', month_of(scheduled_at), actual_minutes
from coaching_session
join enrollment using (enrollment_id)
join participant using (participant_id)
where status = 'completed'
union all
select account_id, activity_code, month_of(resolved_at), standard_minutes from (
    select account_id, resolved_at, 'ticket_' || if(
        category in ('login', 'content', 'schedule', 'billing', 'accessibility'), category, 'other'
    ) as activity_code, resolved_at::date as valid_from
    from support_ticket
    where resolved_at is not null
) as ticket
asof join activity using (activity_code, valid_from)
union all
select account_id, activity_code, month_of(decided_at), standard_minutes from (
    select account_id, decided_at, 'application_decision' as activity_code,
        decided_at::date as valid_from
    from application
    join participant using (participant_id)
    where decided_at is not null
) as decided
asof join activity using (activity_code, valid_from);

create table activity_lines as
with summed as (
    select account_id, activity_code, month, sum(minutes) as minutes from work group by all
)
select
    account_id, activity_code, function_code, month, minutes,
    minutes::double * amount::double / practical_minutes::double as exact,
    round(exact, 2)::decimal(18, 2) as cost,
    round(minutes * rate::decimal(18, 8), 2)::decimal(18, 2) as cost_by_rate
from summed
join (select distinct activity_code, function_code from activity) using (activity_code)
join rates using (function_code, month);

create view parts as
select account_id, coalesce(month_of(service_month), month_of(invoiced_on)) as month,
    if(revenue_type = 'tuition_pass_through', 'pass_through', 'revenue') as part,
    round(amount * if(currency = 'USD', 1, rate), 2) as usd
from invoice_line
left join fx_rate on from_currency = currency and to_currency = 'USD'
    and rate_month = coalesce(month_of(service_month), month_of(invoiced_on))
union all
select account_id, month_of(incurred_on), 'direct_cost',
    round(amount * if(currency = 'USD', 1, rate), 2)
from direct_cost
left join fx_rate on from_currency = currency and to_currency = 'USD'
    and rate_month = month_of(incurred_on)
where cost_type <> 'tuition_pass_through'
union all
select account_id, month, 'cost_to_serve', cost from activity_lines where account_id is not null
union all
select account_id, month, 'sustaining_cost', amount from ledger_expense
where cost_level = 'account_sustaining';

create view profit as
with summed as (
    select account_id, month,
        coalesce(sum(usd) filter (part = 'revenue'), 0) as revenue,
        coalesce(sum(usd) filter (part = 'pass_through'), 0) as pass_through,
        coalesce(sum(usd) filter (part = 'direct_cost'), 0) as direct_cost,
        coalesce(sum(usd) filter (part = 'cost_to_serve'), 0) as cost_to_serve,
        coalesce(sum(usd) filter (part = 'sustaining_cost'), 0) as sustaining_cost
    from parts group by all
)
select account_id, strftime(month, '%Y-%m') as month, revenue, pass_through, direct_cost,
    revenue - direct_cost as gross_profit, cost_to_serve, sustaining_cost,
    revenue - direct_cost - cost_to_serve - sustaining_cost as net_profit
from summed
where revenue <> 0 or pass_through <> 0 or direct_cost <> 0 or cost_to_serve <> 0
    or sustaining_cost <> 0;
"""


@dataclass(frozen=True)
class People:
    """People at scale 1 without their learning events, and where their rows landed."""

    world: World
    blocks: list[Block]
    root: Path


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> People:
    world, root = make_world(Truths(), 7, 1), tmp_path_factory.mktemp("people")
    drawn = [replace(block, events=None) for block in blocks(world)]
    for entity in (name for names in THEIRS.values() for name in names):
        _write(root / entity, entity, [block.tables[entity] for block in drawn])
    return People(world, drawn, root)


@pytest.fixture(scope="module")
def landed(people, tmp_path_factory) -> tuple[duckdb.DuckDBPyConnection, dict]:
    """Accepted rows as tables, with profit and loss by plain SQL; and the truth."""
    return _land(people, people.world, tmp_path_factory.mktemp("money"))


def _land(people: People, world: World, root: Path):
    """Land what money is made of for a world with the same people, read it back, and add up."""
    tables, said = _draw(world, people.blocks)
    for entity, parts in tables.items():
        _write(root / entity, entity, parts)
    folders = {entity: root / entity for entity in tables}
    return _add_up(folders | {name: people.root / name for name in THEIRS["participant"]}), said


def _write(folder: Path, entity: str, parts: list) -> None:
    folder.mkdir(parents=True)
    pa.csv.write_csv(_as_text(entity, parts), folder / f"{entity}.csv")


def _as_text(entity: str, parts: list) -> pa.Table:
    return pa.concat_tables([as_text(ENTITIES[entity], part) for part in parts])


def _add_up(folders: dict[str, Path]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    for entity, folder in folders.items():
        _read(con, folder, entity)
    con.execute(PROFIT_AND_LOSS)
    return con


def _draw(world: World, people: list[Block]) -> tuple[dict[str, list], dict]:
    """Return the tables of money, in parts, and the truth."""
    tally, money_tally, tables = Tally.of(world), MoneyTally(world), defaultdict(list)
    for block in people:
        parts = {
            "support_ticket": support_ticket(world, block), "direct_cost": direct_cost(world, block)
        }  # fmt: skip
        money_tally.add(block, block.tables | parts)
        tallies.add(tally, world, block, parts["support_ticket"])
        for entity, columns in parts.items():
            tables[entity].append(columns)
    for entity, columns in account_tables(world, tally, money_tally).items():
        tables[entity].append(columns)
    return tables, truth(world, tally, money_tally)


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict]:
    found = con.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _assert_found(landed) -> None:
    """Compare every account-month, function-month and month with the truth, to the cent."""
    con, said = landed
    found = {(r["account_id"], r["month"]): [r[name] for name in AMOUNTS]
             for r in _rows(con, "from profit")}  # fmt: skip
    true = {(r["account_id"], r["month"]): [Decimal(r[name]) for name in AMOUNTS]
            for r in said["account_months"]}  # fmt: skip
    assert found == true
    capacity = _rows(
        con,
        """
        select function_code, strftime(month, '%Y-%m') as month, practical_minutes,
            amount as cost, rate,
            coalesce(sum(minutes), 0) as used_minutes,
            coalesce(sum(cost) filter (account_id is not null), 0) as assigned,
            coalesce(sum(cost) filter (account_id is null), 0) as internal
        from rates left join activity_lines using (function_code, month)
        group by all
    """,
    )
    true = {(r["function_code"], r["month"]): r for r in said["function_months"]}
    assert len(capacity) == len(true) == 8 * 36
    for row in capacity:
        one = true[row["function_code"], row["month"]]
        for name in ("cost", "assigned", "internal"):
            assert row[name] == Decimal(one[name]), (row, one)
        assert row["practical_minutes"] == one["practical_minutes"]
        assert row["used_minutes"] == one["used_minutes"]
        assert row["practical_minutes"] - row["used_minutes"] == one["unused_minutes"]
        unused = row["cost"] - row["assigned"] - row["internal"]
        assert unused == Decimal(one["unused_cost"])
        assert abs(row["rate"] - float(one["rate_per_minute"])) < 1e-12
    months = _rows(
        con,
        """
        select strftime(month, '%Y-%m') as month, sum(amount) as ledger,
            sum(amount) filter (cost_level = 'account_sustaining') as sustaining,
            sum(amount) filter (cost_level in ('channel', 'corporate')) as unallocated,
            any_value(assigned) as assigned, any_value(internal) as internal,
            sum(amount) filter (cost_level = 'activity') - any_value(assigned) as unused
        from ledger_expense
        join (
            select month, sum(cost) as assigned,
                coalesce(sum(cost) filter (account_id is null), 0) as internal
            from activity_lines group by all
        ) using (month)
        group by all
    """,
    )
    true = {r["month"]: r for r in said["reconciliation"]}
    assert len(months) == len(true) == 36
    for row in months:
        one = {k: Decimal(v) for k, v in true[row["month"]].items() if k != "month"}
        assert {k: v for k, v in row.items() if k != "month"} == one
        parts = one["assigned"] + one["unused"] + one["sustaining"] + one["unallocated"]
        assert one["ledger"] == parts


def test_plain_sql_finds_profit_capacity_and_reconciliation_to_the_cent(landed):
    _assert_found(landed)


def test_no_line_is_near_half_a_cent_so_that_every_arithmetic_agrees(landed):
    con, _ = landed
    away = "min(abs(abs(exact * 100) % 1 - 0.5))"
    near, differ = con.execute(
        f"select {away}, count(*) filter (cost <> cost_by_rate) from activity_lines"
    ).fetchone()
    assert near > 0.019
    assert differ == 0
    near = con.execute("""
        select min(abs(abs(amount::double * rate::double * 100) % 1 - 0.5)) from invoice_line
        join fx_rate on from_currency = currency and to_currency = 'USD'
            and rate_month = month_of(coalesce(service_month, invoiced_on))
    """).fetchone()[0]
    assert near > 0.00079


def test_the_whale_curve_of_each_period_follows_from_the_landed_files(landed):
    con, said = landed
    assert [p["period"] for p in said["periods"]] == [
        "all", "2023-07/2024-06", "2024-07/2025-06", "2025-07/2026-06", "2024", "2025",
    ]  # fmt: skip
    for period in said["periods"]:
        curve = _rows(
            con,
            f"""
            with total as (
                select account_id, sum(revenue) as revenue, sum(net_profit) as net_profit
                from profit
                where month between '{period["first_month"]}' and '{period["last_month"]}'
                group by all
            )
            select account_id, revenue, net_profit,
                row_number() over best as rank, sum(net_profit) over best as cumulative_profit
            from total window best as (order by net_profit desc, account_id) order by rank
        """,
        )
        names = ("rank", "account_id", "revenue", "net_profit", "cumulative_profit")
        true = [{n: r[n] if n in names[:2] else Decimal(r[n]) for n in names}
                for r in period["curve"]]  # fmt: skip
        assert [{n: r[n] for n in names} for r in curve] == true
        totals = [row["cumulative_profit"] for row in curve]
        assert max(totals) == Decimal(period["peak_profit"])
        assert totals.index(max(totals)) + 1 == period["peak_rank"]
        assert max(totals) - totals[-1] == Decimal(period["erosion"])
        assert totals[-1] == Decimal(period["profit"])
        assert float(max(totals) / totals[-1]) == pytest.approx(
            period["peak_profit_share"], abs=1e-8
        )
        assert sum(r["net_profit"] < 0 for r in curve) == period["unprofitable_accounts_count"]
        assert len(curve) == period["accounts_count"]


def test_a_fifth_to_two_fifths_of_accounts_lose_money_and_one_of_the_largest_does(landed):
    _, said = landed
    for period in said["periods"]:
        if period["period"] in ("all", "2025-07/2026-06"):
            assert 1.3 <= period["peak_profit_share"] <= 1.8
            share = period["unprofitable_accounts_count"] / period["accounts_count"]
            assert 0.2 <= share <= 0.4
    curve = said["periods"][0]["curve"]
    largest = max(curve, key=lambda row: Decimal(row["revenue"]))
    assert Decimal(largest["net_profit"]) < 0
    effort = {r["account_id"]: Decimal(r["cost_to_serve"]) / Decimal(r["revenue"]) for r in curve}
    assert effort[largest["account_id"]] > np.median([float(share) for share in effort.values()])
    margins = dict(said["parameters"]["margins"])
    for account_id, planned in margins.items():
        assert said["account_margins"][account_id] == pytest.approx(planned, abs=0.03)


def test_functions_are_overloaded_where_planned_and_leave_capacity_unused_elsewhere(landed):
    _, said = landed
    used = {(r["function_code"], r["month"]): r["used_minutes"] / r["practical_minutes"]
            for r in said["function_months"]}  # fmt: skip
    for code, first, last, ratio in said["parameters"]["overloaded"]:
        months = [m for f, m in used if f == code and first <= m <= last]
        assert len(months) >= 3
        for month in months:
            assert ratio <= used[code, month] < ratio * 1.02
    for function in said["parameters"]["functions"]:
        ratios = [ratio for (code, _), ratio in used.items() if code == function["code"]]
        assert abs(np.median(ratios) - function["utilization"]) < 0.06
        assert sum(ratio < 0.95 for ratio in ratios) >= 20


def test_a_time_equation_has_validity_dates(landed):
    con, said = landed
    for code, attribute, minutes, since in said["parameters"]["revisions"]:
        table, column = ("activity_term", "minutes_per_unit") if attribute else (
            "activity", "standard_minutes")  # fmt: skip
        which = f"activity_code = '{code}'" + (
            f" and attribute = '{attribute}'" if attribute else ""
        )
        versions = _rows(con, f"select {column} as minutes, valid_from from {table} where {which}")
        assert len(versions) == 2
        assert max(versions, key=lambda v: v["valid_from"])["minutes"] == minutes
        closed = con.execute(
            f"select count(*) filter (closed_at < '{since}'),"
            f" count(*) filter (closed_at >= '{since}')"
            f" from work_item where activity_code = '{code}'"
        ).fetchone()
        assert min(closed) >= 20


@pytest.mark.parametrize(
    ("seed", "changes"),
    [
        (12, {"overloaded": (("analytics", "2024-02", "2024-04", 1.3),), "rate_rise": 0.1,
              "revisions": (("mail_batch", "", 40, "2024-11-08"),
                            ("mail_batch", "", 31, "2025-11-20"),
                            ("campaign_build", "languages", 10, "2024-03-02"),
                            ("ticket_login", "", 35, "2024-09-10"),
                            ("application_decision", "", 20, "2025-03-14"))}),
        (13, {"fx": (("GBP", 0.9, 0.1), ("EUR", 1.7, 0.05), ("CAD", 0.5, 0.05)), "margins": (),
              "tuition_programs": 5, "internal_share": 0.3, "corrected": 0.5}),
    ],
)  # fmt: skip
def test_other_truths_are_found_to_the_cent_too(people, tmp_path, seed, changes):
    truths = replace(people.world.truths, money=replace(MoneyTruths(), **changes))
    _assert_found(_land(people, replace(people.world, seed=seed, truths=truths), tmp_path))


def test_the_tenant_with_all_its_flaws_holds_the_truth_that_it_says(tmp_path):
    root = land(tmp_path / "landing", seed=3, scale=0.05).folder
    con = _add_up({entity: root / family / entity for family, names in (OURS | THEIRS).items()
                   for entity in names})  # fmt: skip
    assert con.execute("select count(*) from rejected_ledger_expense").fetchone()[0] > 0
    _assert_found((con, json.loads((root / "truth.json").read_text())["money"]))


def test_the_same_seed_draws_the_same_and_another_seed_does_not(people):
    some = people.blocks[:6]
    (first, one), (again, two), (other, three) = (
        _draw(replace(people.world, seed=seed), some) for seed in (5, 5, 6)
    )
    entities = [name for names in OURS.values() for name in names]

    first, again, other = (
        {name: _as_text(name, tables[name]) for name in entities}
        for tables in (first, again, other)
    )
    assert first == again
    assert one == two
    assert one != three
    same = {name for name in entities if first[name] == other[name]}
    assert same == {"activity", "activity_term", "invoice_line"}  # follow from truths and people


@pytest.mark.parametrize("entity", [name for names in OURS.values() for name in names])
def test_every_row_keeps_the_contract(landed, entity):
    con, _ = landed
    _, meta, columns = CONTRACT[entity]
    assert con.execute(f"from rejected_{entity}").fetchall() == []
    there = {row[0] for row in con.execute(f"describe landed_{entity}").fetchall()}
    unused = {"enrollment_id"} if entity == "work_item" else set()
    assert there == set(columns) - unused
    count, distinct = con.execute(
        f"select count(*), count(distinct ({', '.join(meta['key'])})) from landed_{entity}"
    ).fetchone()
    assert count == distinct or entity == "work_item"
    for clock in {meta.get("known_at"), meta.get("event_time")} - {None, "month"}:
        latest = con.execute(f"select max({clock})::date from {entity}").fetchone()[0]
        assert str(latest) <= "2026-06-30"


def test_exchange_rates_cover_every_month_to_dollars_and_back(landed):
    con, _ = landed
    missing = _rows(
        con,
        """
        select distinct currency, month from (
            select currency, month_of(coalesce(service_month, invoiced_on)) as month
            from invoice_line
            union all select currency, month_of(incurred_on) from direct_cost
            union all select currency, month from employer_cost
        ) as used
        where currency <> 'USD' and not exists (
            select 1 from fx_rate where from_currency = currency and to_currency = 'USD'
                and rate_month = month
        )
    """,
    )
    assert missing == []
    pairs = con.execute(
        "select from_currency, to_currency, count(*) from fx_rate group by all"
    ).fetchall()
    assert {count for _, _, count in pairs} == {36}
    assert {(a, b) for a, b, _ in pairs} == {(b, a) for a, b, _ in pairs}
    billed = con.execute("select count(distinct currency) from invoice_line").fetchone()[0]
    assert billed == 4
    assert con.execute("select distinct currency from ledger_expense").fetchall() == [("USD",)]


def test_tuition_is_passed_through_as_it_cost(landed):
    con, _ = landed
    unmatched = _rows(
        con,
        """
        select * from (
            select account_id, program_id, month_of(service_month) as month, currency,
                sum(amount) as amount
            from invoice_line where revenue_type = 'tuition_pass_through' group by all
        ) as billed
        full join (
            select account_id, program_id, month_of(incurred_on) as month, currency,
                sum(amount) as amount
            from direct_cost where cost_type = 'tuition_pass_through' group by all
        ) as paid using (account_id, program_id, month, currency, amount)
        where billed.amount is null or paid.amount is null
    """,
    )
    assert unmatched == []


def test_accounts_whose_logins_fail_ask_for_help_so_many_times_more_often(landed):
    con, said = landed
    counts = _rows(
        con,
        """
        select account_id, category, count(*) as tickets,
            (select count(*) from enrollment join participant using (participant_id)
                where participant.account_id = support_ticket.account_id) as enrollments
        from support_ticket group by all
    """,
    )
    buyers = {a.account_id: a for a in Truths().accounts}
    own = said["parameters"]
    for category, cause, factor in (
        ("login", "failed_logins", own["login_factor"]),
        ("content", "irrelevant_content", own["content_factor"]),
    ):
        mine = [c for c in counts if c["category"] == category]
        troubled = [c for c in mine if buyers[c["account_id"]].bottleneck == cause]
        others = [c for c in mine if buyers[c["account_id"]].bottleneck != cause]
        (many, people), (few, rest) = (
            (sum(c["tickets"] for c in g), sum(c["enrollments"] for c in g))
            for g in (troubled, others)
        )
        error = np.sqrt(1 / many + 1 / few)
        assert abs(np.log(many / people / (few / rest)) - np.log(factor)) < 4 * error


def test_work_items_pass_through_time_in_order_and_allow_the_measures_of_service(landed):
    con, said = landed
    own = said["parameters"]
    assert con.execute("""
        select count(*) from work_item
        where first_response_at < opened_at or started_at < first_response_at
            or closed_at < started_at or due_at < opened_at
            or (closed_at is null) <> (actual_minutes is null)
    """).fetchone() == (0,)
    count, dated, on_time, rework, again, backlog = con.execute("""
        select count(*), count(*) filter (due_at is not null and closed_at is not null),
            avg((closed_at <= due_at)::int) filter (due_at is not null and closed_at is not null),
            avg((rework_of is not null)::int) filter (due_at is not null),
            avg((reopened_count > 0)::int) filter (due_at is not null and closed_at is not null),
            count(*) filter (closed_at is null)
        from work_item
    """).fetchone()
    assert 30_000 <= count <= 60_000
    assert 0.75 < on_time < 0.92
    error = 4 * np.sqrt(0.07 / dated)
    assert abs(rework - own["rework"] / (1 + own["rework"])) < error + 0.003
    assert abs(again - own["reopened"]) < error
    assert 50 < backlog < 1_000
    slow = con.execute("""
        select function_code, strftime(opened_at, '%Y-%m') as month,
            median(
                date_diff('minute', opened_at, closed_at) / date_diff('minute', opened_at, due_at)
            )
        from work_item join (select distinct activity_code, function_code from activity)
            using (activity_code)
        where due_at is not null and closed_at is not null group by all
    """).fetchall()
    for code, first, last, _ in own["overloaded"]:
        late = np.mean([s for f, m, s in slow if f == code and first <= m <= last])
        usual = np.mean([s for f, m, s in slow if f == code and not first <= m <= last])
        assert late > 1.3 * usual
    twice = con.execute(
        "select count(*) - count(distinct work_item_id) from landed_work_item"
    ).fetchone()[0]
    assert abs(twice / dated - own["corrected"]) < 4 * np.sqrt(own["corrected"] / dated)
    scopes = dict(con.execute(
        "select scope_decision, count(*) from work_item where activity_code = 'intake_review'"
        " and closed_at is not null group by all"
    ).fetchall())  # fmt: skip
    for answer in ("declined", "redirected"):
        share = scopes[answer] / sum(scopes.values())
        assert abs(share - own["declined"]) < 4 * np.sqrt(own["declined"] / sum(scopes.values()))


def test_employers_cost_is_an_amount_or_minutes_at_an_hourly_rate(landed):
    con, _ = landed
    time = "cost_type in ('sme_time', 'manager_time', 'paid_learning_time')"
    assert con.execute(f"""
        select count(*) from employer_cost
        where (amount is null) = (minutes is null) or (minutes is null) <> (hourly_rate is null)
            or (minutes is not null and not {time})
    """).fetchone() == (0,)
    kinds, both = con.execute(
        f"select count(distinct cost_type), count(distinct amount is null) filter ({time})"
        " from employer_cost"
    ).fetchone()
    assert (kinds, both) == (7, 2)


def test_value_parameters_have_a_default_for_all_and_a_range(landed):
    con, _ = landed
    kinds, defaults, wrong = con.execute("""
        select count(distinct parameter),
            count(distinct parameter) filter (account_id is null and job_level is null),
            count(*) filter (low > base or base > high
                or (currency is null) = (parameter in ('external_hire_cost', 'absence_hour_cost')))
        from value_parameter
    """).fetchone()
    assert (kinds, defaults, wrong) == (5, 5, 0)
