"""The page of tiers: its numbers are the marts', for every quarter that is asked for."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect
from site_browser import DASH, MINUS, TIERS, choose, count, number, percent


def quarters(marts) -> list[str]:
    """The first days of the quarters, the newest first."""
    rows = marts.ask(
        "select distinct quarter_start from {rpt_account_tiers} order by quarter_start desc"
    )
    return [str(row["quarter_start"]) for row in rows]


def title(quarter: str) -> str:
    return f"Q{(int(quarter[5:7]) + 2) // 3} {quarter[:4]}"


def accounts_of(marts, quarter: str) -> list[dict]:
    return marts.ask(
        """
        select tiers.*, coalesce(accounts.name, tiers.account_id) as name
        from {rpt_account_tiers} as tiers
        left join {dim_accounts} as accounts
            on tiers.account_id = accounts.account_id and accounts.is_current
        where tiers.quarter_start = cast(? as date)
        """,
        quarter,
    )


def plain(text: str) -> str:
    """A text as a browser shows it: spaces in a row are one."""
    return " ".join(text.split())


def listed(rows: list[dict]) -> str:
    names = sorted(row["name"] for row in rows)
    return plain(f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names))


def money(value) -> str:
    return DASH if value is None else f"{value:,.0f}".replace("-", MINUS)


def share(value) -> str:
    return percent(value, 0).replace("-", MINUS)


def expect_answer(page, marts, quarter: str) -> None:
    accounts = accounts_of(marts, quarter)
    first = [row for row in accounts if row["tier"] == 1]
    answer = page.get_by_test_id("answer")
    expect(answer).to_contain_text(f"In {title(quarter)}, {len(first)} of {len(accounts)} accounts")
    before = [day for day in quarters(marts) if day < quarter][:1]
    for day in before:
        earlier = accounts_of(marts, day)
        first_before = sum(row["tier"] == 1 for row in earlier)
        expect(answer).to_contain_text(
            f"after {first_before} of {len(earlier)} in {title(day)}. Net profit"
        )
    changed = [row for row in accounts if row["changed_by_profit"]]
    sides = {
        "into-first": [row for row in changed if row["computed_tier"] == 1],
        "out-of-first": [row for row in changed if row["tier_without_profit"] == 1],
    }
    for name, rows in sides.items():
        if rows:
            expect(page.get_by_test_id(name)).to_have_text(listed(rows))
        else:
            expect(page.get_by_test_id(name)).to_have_count(0)
    expect(page.locator("#matrix")).to_have_text(
        f"Profit changes the tier of {len(changed)} of {len(accounts)} accounts"
    )
    expect(page.get_by_test_id("changed").locator("tbody tr")).to_have_count(len(changed))
    for row in changed:
        cells = page.get_by_test_id(f"changed-{row['account_id']}").locator("td")
        expect(cells.first).to_contain_text(
            f"{row['tier_without_profit']} \N{RIGHTWARDS ARROW} {row['computed_tier']}"
        )
        expect(cells.last).to_have_text(money(row["net_profit_amount"]))
    rated = [row for row in accounts if row["is_rated"]]
    expect(page.locator("[data-testid^=bubble-]")).to_have_count(len(rated))
    expect(page.locator("g.changed [data-testid^=bubble-]")).to_have_count(len(changed))


def expect_moves(page, marts, quarter: str) -> None:
    moves = marts.ask(
        "select * from {rpt_tier_migration} where quarter_start = cast(? as date)", quarter
    )
    counts = {(row["from_tier"], row["to_tier"]): row["accounts_count"] for row in moves}
    for origin in {row["from_tier"] for row in moves}:
        cells = page.get_by_test_id(f"from-{origin}").locator("td")
        ends = ("1", "2", "3", "unrated", "left")
        expect(cells).to_have_text(
            [count(counts[origin, end]) if (origin, end) in counts else "·" for end in ends]
        )
    ranked = [(pair, size) for pair, size in counts.items() if set(pair) <= {"1", "2", "3"}]
    up = sum(size for (origin, end), size in ranked if end < origin)
    down = sum(size for (origin, end), size in ranked if end > origin)
    before = [f" since {title(day)}" for day in quarters(marts) if day < quarter][:1]
    expect(page.locator("#moves")).to_have_text(f"{up} moved up and {down} down{''.join(before)}")
    expect(page.get_by_test_id("moved").locator("tbody tr")).to_have_count(up + down)


def expect_shares(page, marts, quarter: str) -> None:
    rows = marts.ask(
        """
        select * from {rpt_tier_shares}
        where quarter_start = cast(? as date) and (tier <> 'unrated' or accounts_count > 0)
        """,
        quarter,
    )
    expect(page.get_by_test_id("shares").locator("tbody tr")).to_have_count(len(rows))
    for row in rows:
        cells = page.get_by_test_id(f"share-{row['tier']}").locator("td")
        expect(cells.first).to_contain_text(count(row["accounts_count"]))
        for place, name in enumerate(("revenue", "cost_to_serve", "net_profit"), start=1):
            expect(cells.nth(place)).to_have_text(
                f"{money(row[f'{name}_amount'])} {share(row[f'{name}_share'])}"
            )


def expect_accounts(page, marts, quarter: str) -> None:
    accounts = accounts_of(marts, quarter)
    expect(page.get_by_test_id("accounts").locator("tbody tr")).to_have_count(len(accounts))
    shown = {
        row.get_attribute("data-testid").removeprefix("account-"): [
            plain(text) for text in row.locator("th, td").all_text_contents()
        ]
        for row in page.get_by_test_id("accounts").locator("tbody tr").all()
    }
    for row in accounts:
        reason = f"by hand: {row['reason']}" if row["is_override"] else row["reason"]
        scores = [number(row[name], 1) for name in
                  ("attractiveness", "attractiveness_without_profit", "strength")]  # fmt: skip
        assert shown[row["account_id"]] == [
            plain(row["name"]),
            *[count(row[name]) for name in ("tier", "tier_without_profit", "due_tier")],
            f"{scores[0]} ({scores[1]})",
            scores[2],
            money(row["net_profit_amount"]),
            plain(reason),
        ]


def test_the_newest_quarter_is_answered_with_the_numbers_of_the_marts(watched, marts):
    page = watched.open(TIERS)
    newest = quarters(marts)[0]
    expect_answer(page, marts, newest)
    expect_moves(page, marts, newest)
    expect_shares(page, marts, newest)
    expect_accounts(page, marts, newest)
    losing = [row for row in accounts_of(marts, newest)
              if row["tier"] == 1 and (row["net_profit_amount"] or 0) < 0]  # fmt: skip
    for row in losing:
        expect(page.get_by_test_id("at-a-loss")).to_contain_text(plain(row["name"]))


def test_each_chosen_quarter_shows_its_own_numbers_and_is_in_the_address(watched, marts):
    page = watched.open(TIERS)
    for quarter in quarters(marts)[1:6:2]:
        choose(page, "quarter", quarter)
        expect_answer(page, marts, quarter)
        expect_moves(page, marts, quarter)
        expect_shares(page, marts, quarter)
        expect_accounts(page, marts, quarter)
        assert parse_qs(urlparse(page.url).query) == {"quarter": [quarter]}
    choose(page, "quarter", "all")
    expect_answer(page, marts, quarters(marts)[0])
    assert urlparse(page.url).query == ""


def test_tiers_set_by_hand_stand_with_their_reason_as_it_landed(watched, marts):
    decided = marts.ask("select * from {rpt_account_tiers} where is_override")
    [strange] = {str(row["quarter_start"]) for row in decided if "<i>" in row["reason"]}
    for quarter in (quarters(marts)[0], strange):
        page = watched.open(f"{TIERS}?quarter={quarter}")
        rows = [row for row in decided if str(row["quarter_start"]) == quarter]
        expect(page.get_by_test_id("by-hand").locator("tbody tr")).to_have_count(len(rows))
        for row in rows:
            cells = page.get_by_test_id(f"by-hand-{row['account_id']}").locator("td")
            expect(cells.first).to_have_text(count(row["tier"]))
            expect(cells.nth(1)).to_have_text(count(row["computed_tier"]))
            assert plain(cells.last.text_content()) == plain(row["reason"])


def test_an_unknown_quarter_in_the_address_is_that_of_the_newest(watched, marts):
    page = watched.open(f"{TIERS}?quarter=x'%20or%20'1'='1")
    expect_answer(page, marts, quarters(marts)[0])


@pytest.mark.parametrize("tier", ["1", "2", "3"])
def test_the_built_page_carries_its_numbers_before_any_script_runs(demo_release, marts, tier):
    built = (demo_release / f"site{TIERS}index.html").read_text()
    newest = accounts_of(marts, quarters(marts)[0])
    first = sum(row["tier"] == 1 for row in newest)
    assert f'data-testid="first-count">{first}<' in built
    row = re.search(rf'data-testid="share-{tier}".*?</tr>', built, re.DOTALL)[0]
    [share_of_tier] = marts.ask(
        "select * from {rpt_tier_shares} where tier = ? order by quarter_start desc limit 1", tier
    )
    assert money(share_of_tier["net_profit_amount"]) in row
