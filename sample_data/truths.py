"""The truths that the tenant is drawn from: who buys, what is taught, and the rates that hold.

Everything that a reader of the reports could find out is a parameter here, so that another tenant
can be drawn by passing another `Truths`. Rates are probabilities, 0 to 1.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Account:
    """An employer: its share of the participants and what is true of its people."""

    account_id: str
    name: str
    industry: str
    segment: str
    region: str
    timezone: str
    utc_offset: int
    domain: str
    customer_since: date
    share: float
    activation: float
    completion: float = 1.0
    login_failure: float = 0.04
    annual_value: int = 100_000
    fiscal_year_start_month: int = 1
    parent_account_id: str | None = None


@dataclass(frozen=True)
class Program:
    """A program: its length, and what share of the activated engages, of the engaged completes."""

    program_id: str
    title: str
    field: str
    credential_type: str
    weeks: int
    modality: str
    list_price: int
    launched_on: date
    first_month: int
    every_months: int
    share: float
    engaged: float
    completed: float
    weeks_3_to_5: float = 1.0


US_EAST, US_CENTRAL = ("America/New_York", -5), ("America/Chicago", -6)
US_MOUNTAIN, LONDON = ("America/Denver", -7), ("Europe/London", 0)

ACCOUNTS = (
    Account("acc-velmora", "Velmora Foods", "food manufacturing", "enterprise", "North America",
            *US_CENTRAL, "velmora-foods.example", date(2023, 9, 1), 0.28, 0.89, 1.0,
            annual_value=960_000, fiscal_year_start_month=7),
    Account("acc-halden", "Halden Ridge Health", "healthcare", "enterprise", "North America",
            *US_EAST, "halden-ridge.example", date(2023, 10, 1), 0.08, 0.87, 1.03,
            annual_value=310_000, fiscal_year_start_month=10),
    Account("acc-lakeside", "Halden Ridge Lakeside Hospital", "healthcare", "mid-market",
            "North America", *US_EAST, "lakeside.halden-ridge.example", date(2023, 10, 1), 0.12,
            0.86, 0.97, annual_value=420_000, fiscal_year_start_month=10,
            parent_account_id="acc-halden"),
    Account("acc-homecare", "Halden Ridge Home Care", "healthcare", "mid-market", "North America",
            *US_EAST, "homecare.halden-ridge.example", date(2024, 3, 1), 0.05, 0.84, 0.88,
            annual_value=160_000, fiscal_year_start_month=10, parent_account_id="acc-halden"),
    Account("acc-brackenway", "Brackenway Logistics", "transport and logistics", "enterprise",
            "North America", *US_MOUNTAIN, "brackenway.example", date(2023, 11, 1), 0.17, 0.60,
            0.95, login_failure=0.38, annual_value=610_000),
    Account("acc-corvane", "Corvane Savings Bank", "financial services", "enterprise",
            "North America", *US_EAST, "corvane-savings.example", date(2023, 9, 1), 0.14, 0.93,
            1.1, login_failure=0.02, annual_value=540_000),
    Account("acc-orrelle", "Orrelle Telecom", "telecommunications", "mid-market", "North America",
            *US_CENTRAL, "orrelle.example", date(2024, 1, 15), 0.10, 0.86, 0.9,
            annual_value=330_000, fiscal_year_start_month=4),
    Account("acc-pinewick", "Pinewick & Sons \"Grand\" Hotels", "hospitality", "mid-market",
            "Europe", *LONDON, "pinewick-hotels.example", date(2025, 2, 1), 0.06, 0.84, 0.92,
            annual_value=190_000, fiscal_year_start_month=4),
)  # fmt: skip

PROGRAMS = (
    Program("prg-frontline-leadership", "Frontline Leadership", "management", "certificate", 12,
            "blended", 1_450, date(2022, 3, 1), 1, 1, 0.26, 0.78, 0.86),
    Program("prg-supply-chain", "Supply Chain Operations", "operations", "certificate", 16,
            "online", 1_900, date(2023, 2, 1), 2, 3, 0.15, 0.62, 0.74, weeks_3_to_5=0.5),
    Program("prg-project-management", "Project Management", "management", "certificate", 20,
            "online", 2_300, date(2022, 1, 10), 1, 1, 0.19, 0.76, 0.82),
    Program("prg-data-analytics", "Data Analytics", "data", "certificate", 24,
            "online", 2_900, date(2022, 1, 10), 1, 1, 0.22, 0.75, 0.79),
    Program("prg-customer-experience", "Customer Experience & Service Design", "service",
            "certificate", 32, "online", 2_600, date(2023, 6, 1), 2, 3, 0.09, 0.72, 0.74),
    Program("prg-cybersecurity", "Cybersecurity Analyst", "technology", "diploma", 40,
            "blended", 4_800, date(2023, 9, 1), 1, 3, 0.09, 0.70, 0.62),
)  # fmt: skip


@dataclass(frozen=True)
class Truths:
    """All parameters of a tenant at scale 1."""

    accounts: tuple[Account, ...] = ACCOUNTS
    programs: tuple[Program, ...] = PROGRAMS
    closed_cohorts: tuple[tuple[str, str], ...] = (
        ("acc-velmora", "prg-frontline-leadership"),
        ("acc-corvane", "prg-data-analytics"),
    )
    first_start: date = date(2024, 1, 1)
    last_start: date = date(2026, 5, 31)
    last_day: date = date(2026, 6, 30)
    participants: int = 3_500
    never_enrolled: float = 0.03
    cancelled: float = 0.035
    deferred: float = 0.03
    on_break: float = 0.06
    second_attempt: float = 0.14
    next_program: float = 0.09
    second_program_beside: float = 0.02
    completed_if_not_engaged: float = 0.5  # relative to the engaged
    completed_if_not_activated: float = 0.16  # relative to the engaged
    december: float = 0.6  # activity in the second half of December, relative to other weeks
    late_stored: float = 0.015
    corrected_participants: float = 0.02
    corrected_enrollments: float = 0.01
