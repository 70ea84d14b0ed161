"""The parameters of money and work: what is charged, what work takes, what it costs, who pays off.

Money is in whole units of its currency, minutes are whole, shares are 0 to 1, unless said.
"""

from dataclasses import dataclass

from .catalogue import ACTIVITIES, FUNCTIONS, Activity, Function

PRACTICAL_SHARE = (4, 5)  # of paid minutes that can be worked, where no measured minutes are given


@dataclass(frozen=True)
class MoneyTruths:
    """All parameters of money and work."""

    functions: tuple[Function, ...] = FUNCTIONS
    activities: tuple[Activity, ...] = ACTIVITIES
    # From a day on, the standard minutes of an activity (no attribute) or of one of its terms.
    revisions: tuple[tuple[str, str | None, int, str], ...] = (
        ("custom_report", None, 170, "2025-02-17"),
        ("employer_onboarding", "integrations", 150, "2025-09-15"),
    )
    # Functions with too few people: from, to (months), used minutes per practical minute.
    overloaded: tuple[tuple[str, str, str, float], ...] = (
        ("engineering", "2025-09", "2025-12", 1.14),
        ("coaching", "2026-03", "2026-05", 1.08),
    )
    overload_delay: float = 1.8  # how much longer work waits and takes in those months
    rate_rise: float = 0.035  # of the cost per minute, a year
    rate_spread: float = 0.02  # standard deviation of a month's cost per minute
    internal_share: float = 0.06  # minutes for no account, relative to those for accounts

    # Where the money is made: the margin (net profit / revenue) to which an account's work brings
    # it, drawn from three groups, unless named.
    margin_shares: tuple[float, ...] = (0.30, 0.40, 0.30)  # of the accounts not named
    margin_ranges: tuple[tuple[float, float], ...] = ((-0.25, -0.05), (0.06, 0.19), (0.36, 0.50))
    margins: tuple[tuple[str, float], ...] = (
        ("acc-velmora", -0.09), ("acc-corvane", 0.40), ("acc-halden", 0.36),
        ("acc-brackenway", -0.12),
    )  # fmt: skip
    least_effort: float = 0.06  # cost of an account's volume work, at least, relative to revenue
    items_per_month: float = 11.0  # single work items an account of mean value asks for
    declined: float = 0.12  # of requests, and as many redirected
    rework: float = 0.06  # of closed single items, done again
    reopened: float = 0.07  # of closed single items
    corrected: float = 0.02  # single items landed once before they were closed
    lateness: float = 1.0  # time of work relative to what keeps about 85 % on time

    # What is charged.
    platform_share: float = 0.40  # of the contract's annual value, billed in twelfths
    program_fee: tuple[tuple[str, float], ...] = (
        ("enterprise", 0.44), ("mid-market", 0.50), ("small", 0.56),
    )  # fmt: skip  # of the list price, per start, by segment
    coaching_fee: int = 110  # USD per start of a program that is not only online
    credit_share: float = 0.5  # of the program fee, given back for a booking cancelled
    tuition_programs: int = 2  # so many of the programs with the highest price carry tuition
    tuition_share: float = 0.35  # of the list price, passed through to the teaching partner

    # Direct cost, USD.
    provider_share: float = 0.11  # of the list price, per start
    refund_days: int = 21  # a withdrawal before this day gives half of the provider's fee back
    licence: int = 35  # per start
    credential_fee: int = 60  # per completion
    travel: float = 0.012  # of revenue
    delivery: float = 0.018  # of revenue

    # Ledger, USD.
    natural_shares: tuple[tuple[str, float], ...] = (
        ("salaries", 0.68), ("benefits", 0.16), ("software", 0.09), ("facilities", 0.07),
    )  # fmt: skip
    sustaining: tuple[tuple[str, int, float], ...] = (
        ("account_management", 250, 0.015), ("data_hosting", 90, 0.006),
    )  # fmt: skip  # per account and month: fixed, and share of the contract's monthly value
    channel: tuple[tuple[str, int], ...] = (("partner_commissions", 4_600), ("trade_fairs", 2_500))
    corporate: tuple[tuple[str, int], ...] = (
        ("executive", 14_000), ("finance_and_legal", 9_400), ("rent", 4_800), ("insurance", 1_500),
    )  # fmt: skip
    overhead_spread: float = 0.08  # standard deviation of channel and corporate amounts

    # Exchange: USD for one unit in the first month, spread of a month's change.
    fx: tuple[tuple[str, float, float], ...] = (
        ("GBP", 1.2704, 0.018), ("EUR", 1.0912, 0.016), ("CAD", 0.7456, 0.012),
    )  # fmt: skip

    # Support: tickets per enrollment by category; factors where the cause holds people back.
    tickets: tuple[tuple[str, float], ...] = (
        ("login", 0.22), ("content", 0.17), ("schedule", 0.14), ("billing", 0.07),
        ("accessibility", 0.03), ("other", 0.12),
    )  # fmt: skip
    login_factor: float = 6.0  # login tickets of accounts with the bottleneck failed_logins
    content_factor: float = 2.5  # content tickets of accounts with irrelevant_content
    ticket_reopened: float = 0.06
    incidents_per_month: float = 1.6
    releases_per_month: float = 6.0

    def __post_init__(self) -> None:
        """Take functions and activities from a file of truths, where they are plain tables."""
        for name, kind in (("functions", Function), ("activities", Activity)):
            rows = tuple(kind(**r) if isinstance(r, dict) else r for r in getattr(self, name))
            object.__setattr__(self, name, rows)
