"""The employers that buy: who they are, how many people they have, and what is true of them."""

from dataclasses import dataclass, field
from datetime import date

BOTTLENECKS = ("failed_logins", "late_first_coaching", "irrelevant_content", "no_manager_support")


@dataclass(frozen=True)
class Account:
    """An employer and what is true of its people.

    Attributes:
        workers: people employed at some time of the three years, at scale 1.
        annual_value: of the first contract, in whole units of `currency`.
        utilization: share of the eligible workers who enroll for the first time in a year, 0 to 1.
        bottleneck: what holds people back, one of BOTTLENECKS; none or an empty text: healthy.
        outcome_quality: -1 to 1, how well its people do; moves activation and completion a little.
        retention_effect: hazard of leaving voluntarily after enrolling, relative to not enrolling.
        promotion_effect: the same ratio for being promoted; 1 is no effect, as for all three.
        mobility_effect: the same ratio for moving to another department at the same level.
    """

    account_id: str
    name: str
    industry: str
    segment: str
    region: str
    timezone: str
    domain: str
    customer_since: date
    workers: int
    annual_value: int
    currency: str = "USD"
    fiscal_year_start_month: int = 1
    parent_account_id: str | None = None
    utilization: float = field(kw_only=True)
    bottleneck: str | None = None
    outcome_quality: float = 0.0
    retention_effect: float = 1.0
    promotion_effect: float = 1.0
    mobility_effect: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a bottleneck that is none of the causes."""
        object.__setattr__(self, "bottleneck", self.bottleneck or None)
        if self.bottleneck not in (None, *BOTTLENECKS):
            raise ValueError(f"bottleneck must be one of {BOTTLENECKS}, not {self.bottleneck!r}")


US_EAST, US_CENTRAL, US_MOUNTAIN = "America/New_York", "America/Chicago", "America/Denver"
US_PACIFIC, TORONTO = "America/Los_Angeles", "America/Toronto"
LONDON, BERLIN = "Europe/London", "Europe/Berlin"
AMERICA, EUROPE = "North America", "Europe"

ACCOUNTS = (
    Account("acc-velmora", "Velmora Foods", "food manufacturing", "enterprise", AMERICA, US_CENTRAL,
            "velmora-foods.example", date(2023, 7, 1), 8_750, 580_000, fiscal_year_start_month=7,
            utilization=0.046, outcome_quality=0.5, retention_effect=0.75, promotion_effect=1.3,
            mobility_effect=1.2),
    Account("acc-halden", "Halden Ridge Health", "healthcare", "enterprise", AMERICA, US_EAST,
            "halden-ridge.example", date(2023, 7, 1), 3_000, 340_000, fiscal_year_start_month=10,
            utilization=0.049, outcome_quality=0.6, retention_effect=0.8, promotion_effect=1.2,
            mobility_effect=1.3),
    Account("acc-lakeside", "Halden Ridge Lakeside Hospital", "healthcare", "mid-market", AMERICA,
            US_EAST, "lakeside.halden-ridge.example", date(2023, 8, 1), 1_500, 200_000,
            fiscal_year_start_month=10, parent_account_id="acc-halden", utilization=0.052,
            outcome_quality=0.2, retention_effect=0.8, promotion_effect=1.2, mobility_effect=1.3),
    Account("acc-homecare", "Halden Ridge Home Care", "healthcare", "mid-market", AMERICA, US_EAST,
            "homecare.halden-ridge.example", date(2024, 3, 1), 800, 110_000,
            fiscal_year_start_month=10, parent_account_id="acc-halden", utilization=0.029,
            outcome_quality=-0.2),
    Account("acc-brackenway", "Brackenway Logistics", "transport and logistics", "enterprise",
            AMERICA, US_MOUNTAIN, "brackenway.example", date(2023, 7, 1), 4_200, 420_000,
            utilization=0.051, bottleneck="failed_logins", outcome_quality=-0.5,
            retention_effect=0.85, promotion_effect=1.15),
    Account("acc-corvane", "Corvane Savings Bank", "financial services", "enterprise", AMERICA,
            US_EAST, "corvane-savings.example", date(2023, 7, 1), 3_500, 380_000, utilization=0.057,
            outcome_quality=0.9, retention_effect=0.65, promotion_effect=1.5, mobility_effect=1.4),
    Account("acc-orrelle", "Orrelle Telecom", "telecommunications", "mid-market", AMERICA,
            US_CENTRAL, "orrelle.example", date(2023, 10, 1), 1_600, 210_000,
            fiscal_year_start_month=4, utilization=0.047, outcome_quality=0.1, retention_effect=0.8,
            promotion_effect=1.25, mobility_effect=1.2),
    Account("acc-pinewick", 'Pinewick & Sons "Grand" Hotels', "hospitality", "mid-market", EUROPE,
            LONDON, "pinewick-hotels.example", date(2024, 2, 1), 1_000, 140_000, currency="GBP",
            fiscal_year_start_month=4, utilization=0.033, outcome_quality=-0.1,
            retention_effect=0.85, promotion_effect=1.1),
    Account("acc-tamarisk", "Tamarisk Retail Group", "retail", "enterprise", AMERICA, US_PACIFIC,
            "tamarisk-retail.example", date(2023, 7, 1), 4_000, 410_000, fiscal_year_start_month=2,
            utilization=0.053, bottleneck="late_first_coaching", outcome_quality=-0.4,
            retention_effect=0.8, promotion_effect=1.2, mobility_effect=1.2),
    Account("acc-oakhollow", "Oakhollow Insurance", "insurance", "enterprise", AMERICA, US_EAST,
            "oakhollow.example", date(2023, 7, 1), 2_600, 310_000, utilization=0.050,
            bottleneck="irrelevant_content", outcome_quality=-0.4),
    Account("acc-steinbach", "Steinbach Automation", "industrial machinery", "enterprise", EUROPE,
            BERLIN, "steinbach-automation.example", date(2023, 7, 1), 2_600, 310_000,
            currency="EUR", utilization=0.055, bottleneck="no_manager_support",
            outcome_quality=-0.5, retention_effect=0.8, promotion_effect=1.3, mobility_effect=1.1),
    Account("acc-marlowe", "Marlowe Airport Services", "transport and logistics", "mid-market",
            EUROPE, LONDON, "marlowe-airports.example", date(2023, 7, 1), 2_600, 310_000,
            currency="GBP", fiscal_year_start_month=4, utilization=0.052,
            bottleneck="failed_logins", outcome_quality=-0.3),
    Account("acc-quillfield", "Quillfield Public Schools", "education", "mid-market", AMERICA,
            US_CENTRAL, "quillfield-schools.example", date(2023, 7, 1), 2_600, 310_000,
            fiscal_year_start_month=7, utilization=0.054, bottleneck="late_first_coaching",
            outcome_quality=-0.3, retention_effect=0.85),
    Account("acc-norvale", "Norvale Grocery", "retail", "enterprise", AMERICA, TORONTO,
            "norvale-grocery.example", date(2023, 7, 1), 2_700, 320_000, currency="CAD",
            fiscal_year_start_month=2, utilization=0.051, bottleneck="irrelevant_content",
            outcome_quality=-0.6, retention_effect=0.75, promotion_effect=1.3, mobility_effect=1.2),
    Account("acc-cedarline", "Cedarline Senior Living", "healthcare", "mid-market", AMERICA,
            US_PACIFIC, "cedarline-living.example", date(2023, 7, 1), 2_600, 310_000,
            utilization=0.056, bottleneck="no_manager_support", outcome_quality=-0.4),
    Account("acc-ashdown", "Ashdown Building Products", "construction materials", "mid-market",
            AMERICA, US_EAST, "ashdown-products.example", date(2023, 9, 1), 1_300, 180_000,
            utilization=0.036, outcome_quality=0.3, retention_effect=0.8, promotion_effect=1.2,
            mobility_effect=1.1),
    Account("acc-bellhaven", "Bellhaven Credit Union", "financial services", "mid-market", AMERICA,
            US_MOUNTAIN, "bellhaven-cu.example", date(2023, 9, 1), 1_200, 160_000,
            utilization=0.058, outcome_quality=0.7, retention_effect=0.7, promotion_effect=1.4,
            mobility_effect=1.3),
    Account("acc-calder", "Calder Energy Networks", "utilities", "mid-market", EUROPE, LONDON,
            "calder-energy.example", date(2023, 11, 1), 1_100, 150_000, currency="GBP",
            fiscal_year_start_month=4, utilization=0.049, outcome_quality=0.4, retention_effect=0.8,
            promotion_effect=1.2, mobility_effect=1.2),
    Account("acc-dunmere", "Dunmere Pharmacies", "retail", "mid-market", AMERICA, US_EAST,
            "dunmere-pharmacies.example", date(2024, 1, 1), 1_000, 140_000,
            fiscal_year_start_month=10, utilization=0.038),
    Account("acc-elmstead", "Elmstead Freight", "transport and logistics", "mid-market", AMERICA,
            US_CENTRAL, "elmstead-freight.example", date(2023, 8, 1), 900, 130_000,
            utilization=0.031, outcome_quality=-0.3, retention_effect=0.9, promotion_effect=1.1),
    Account("acc-fernbrook", "Fernbrook Dairy Cooperative", "food manufacturing", "mid-market",
            AMERICA, US_CENTRAL, "fernbrook-dairy.example", date(2024, 2, 1), 850, 120_000,
            utilization=0.034, outcome_quality=0.2, retention_effect=0.8, promotion_effect=1.2,
            mobility_effect=1.2),
    Account("acc-galloway", "Galloway Marine Works", "shipbuilding", "mid-market", EUROPE, LONDON,
            "galloway-marine.example", date(2024, 4, 1), 750, 110_000, currency="GBP",
            fiscal_year_start_month=4, utilization=0.041, outcome_quality=-0.2),
    Account("acc-hartwell", "Hartwell Clinics", "healthcare", "mid-market", AMERICA, US_PACIFIC,
            "hartwell-clinics.example", date(2023, 10, 1), 800, 110_000, fiscal_year_start_month=7,
            utilization=0.056, outcome_quality=0.6, retention_effect=0.75, promotion_effect=1.3,
            mobility_effect=1.2),
    Account("acc-ironwood", "Ironwood Steel", "metals", "mid-market", AMERICA, US_EAST,
            "ironwood-steel.example", date(2024, 1, 1), 700, 100_000, utilization=0.027,
            outcome_quality=-0.6),
    Account("acc-juniper", "Juniper Hill Resorts", "hospitality", "mid-market", AMERICA,
            US_MOUNTAIN, "juniper-hill.example", date(2024, 5, 1), 650, 90_000,
            fiscal_year_start_month=11, utilization=0.030, outcome_quality=0.1,
            retention_effect=0.85, promotion_effect=1.2, mobility_effect=1.1),
    Account("acc-kestrel", "Kestrel Air Cargo", "transport and logistics", "mid-market", AMERICA,
            US_CENTRAL, "kestrel-cargo.example", date(2024, 3, 1), 600, 90_000, utilization=0.037,
            outcome_quality=0.3, retention_effect=0.8, promotion_effect=1.2, mobility_effect=1.1),
    Account("acc-lindqvist", "Lindqvist Möbel", "furniture", "mid-market", EUROPE, BERLIN,
            "lindqvist-moebel.example", date(2024, 6, 1), 550, 80_000, currency="EUR",
            utilization=0.044, retention_effect=0.9, promotion_effect=1.1, mobility_effect=1.1),
    Account("acc-meadowlark", "Meadowlark Media", "media", "small", AMERICA, US_EAST,
            "meadowlark-media.example", date(2023, 9, 1), 400, 60_000, utilization=0.059,
            outcome_quality=0.5, retention_effect=0.8, promotion_effect=1.3, mobility_effect=1.3),
    Account("acc-northgate", "Northgate Utilities", "utilities", "mid-market", AMERICA, TORONTO,
            "northgate-utilities.example", date(2024, 1, 1), 550, 80_000, currency="CAD",
            fiscal_year_start_month=4, utilization=0.050, outcome_quality=0.4, retention_effect=0.8,
            promotion_effect=1.2, mobility_effect=1.2),
    Account("acc-osprey", "Osprey Semiconductor", "electronics", "mid-market", AMERICA, US_PACIFIC,
            "osprey-semi.example", date(2024, 9, 1), 600, 90_000, fiscal_year_start_month=7,
            utilization=0.060, outcome_quality=0.8, retention_effect=0.7, promotion_effect=1.4,
            mobility_effect=1.3),
    Account("acc-pemberton", "Pemberton Legal Services", "legal services", "small", EUROPE, LONDON,
            "pemberton-legal.example", date(2024, 7, 1), 300, 40_000, currency="GBP",
            fiscal_year_start_month=5, utilization=0.053, outcome_quality=0.2),
    Account("acc-quarrymen", "Quarrymen Aggregates", "mining", "small", AMERICA, US_MOUNTAIN,
            "quarrymen.example", date(2024, 4, 1), 350, 50_000, utilization=0.025,
            outcome_quality=-0.7),
    Account("acc-ravensworth", "Ravensworth Textiles", "textiles", "small", AMERICA, US_EAST,
            "ravensworth-textiles.example", date(2023, 12, 1), 380, 60_000, utilization=0.028,
            outcome_quality=-0.4, retention_effect=0.9, promotion_effect=1.1),
    Account("acc-silverbirch", "Silverbirch Analytics", "software", "small", AMERICA, US_PACIFIC,
            "silverbirch.example", date(2024, 10, 1), 250, 40_000, fiscal_year_start_month=2,
            utilization=0.057, outcome_quality=0.7, retention_effect=0.75, promotion_effect=1.3,
            mobility_effect=1.2),
    Account("acc-thornbury", "Thornbury Paper", "paper", "small", EUROPE, LONDON,
            "thornbury-paper.example", date(2024, 8, 1), 320, 50_000, currency="GBP",
            fiscal_year_start_month=4, utilization=0.035, outcome_quality=-0.1),
    Account("acc-upland", "Upland Farm Supply", "agriculture", "small", AMERICA, US_CENTRAL,
            "upland-farm.example", date(2025, 1, 1), 400, 60_000, fiscal_year_start_month=9,
            utilization=0.032, outcome_quality=0.1, retention_effect=0.9, promotion_effect=1.1,
            mobility_effect=1.1),
    Account("acc-verrano", "Verrano Restaurants", "hospitality", "small", AMERICA, US_PACIFIC,
            "verrano.example", date(2024, 11, 1), 650, 90_000, utilization=0.026,
            outcome_quality=-0.3, retention_effect=0.85, promotion_effect=1.1),
    Account("acc-whitmoor", "Whitmoor Hospital Trust", "healthcare", "mid-market", EUROPE, LONDON,
            "whitmoor-trust.example", date(2025, 1, 1), 900, 130_000, currency="GBP",
            fiscal_year_start_month=4, utilization=0.048, outcome_quality=0.5, retention_effect=0.8,
            promotion_effect=1.2, mobility_effect=1.2),
    Account("acc-yarrow", "Yarrow Biotech", "life sciences", "small", EUROPE, BERLIN,
            "yarrow-biotech.example", date(2025, 3, 1), 200, 40_000, currency="EUR",
            utilization=0.055, outcome_quality=0.6, retention_effect=0.8, promotion_effect=1.3,
            mobility_effect=1.2),
    Account("acc-zephyr", "Zephyr Wind Service", "energy", "small", AMERICA, US_CENTRAL,
            "zephyr-wind.example", date(2025, 4, 1), 250, 40_000, utilization=0.042),
)  # fmt: skip
