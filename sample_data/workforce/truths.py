"""What is true of the workers: who they are, how they move, and what enrolling does to them."""

from dataclasses import dataclass

FAMILIES = ("Operations", "Customer", "Corporate")  # the department groups; landed as job_family
DEPARTMENTS = (
    ("Production", "Logistics", "Maintenance", "Quality"),
    ("Sales", "Customer Care", "Branches"),
    ("Finance", "People", "Technology"),
)
FOLLOW_UP = 12  # months over which the outcomes of enrolling are counted


@dataclass(frozen=True)
class WorkforceTruths:
    """The parameters of all workers; what differs by account is a field of `Account`.

    Tuples by level are for job levels 1 to 6. Hazards are the probabilities of a month for a
    worker of standing 0; those of leaving, promotion, lateral move and enrolling are multiplied by
    exp(slope x standing). The standing of a worker in a month is the sum of the `*_points` of its
    observed covariates on the first day of the month, and of `hidden_sorting` times a trait that
    nobody observes. So who enrolls would have stayed anyway, and, as long as `hidden_sorting` is 0,
    comparing like with like on the observed covariates takes all of that away.
    """

    # Who works there
    hires: float = 0.013  # new workers a month, as a share of those employed on the first day
    mean_tenure: float = 66.0  # months, of those employed on the first day
    level_shares: tuple[float, ...] = (0.34, 0.26, 0.18, 0.12, 0.07, 0.03)
    hired_level_shares: tuple[float, ...] = (0.46, 0.27, 0.14, 0.08, 0.04, 0.01)
    hourly_shares: tuple[float, ...] = (0.95, 0.80, 0.40, 0.10, 0.0, 0.0)  # else salaried
    part_time_shares: tuple[float, ...] = (0.18, 0.12, 0.06, 0.02, 0.0, 0.0)
    contractors: float = 0.04  # share of the workers; they are never eligible
    family_shares: tuple[float, ...] = (0.5, 0.3, 0.2)
    level_pay: tuple[int, ...] = (
        34_000,
        43_000,
        56_000,
        75_000,
        101_000,
        140_000,
    )  # a year, median
    pay_spread: float = 0.10  # standard deviation of the logarithm of pay within a level
    reviewed: float = 0.7  # share whose pay rises in the first month of the account's fiscal year
    review_raise: float = 0.03  # mean of that rise; its standard deviation is a third of it
    promotion_raise: float = 0.12
    promoted_before: float = 0.08  # share promoted in the year before the first day, above level 1
    second_zone: float = 0.15  # share of workers in a second time zone of the account
    locations: int = 8  # of an account; the last one is in the second time zone

    # Benefit
    eligible_after: int = 90  # days of tenure; contractors never
    annual_cap: tuple[int, int] = (
        5_250,
        2_625,
    )  # a year; full time, part time

    # What happens in a month, at standing 0
    voluntary: float = 0.008
    involuntary: float = 0.0025
    retirement: tuple[float, ...] = (
        0.0,
        0.0,
        0.0004,
        0.0025,
    )  # by tenure band only
    promotion: float = 0.0095  # not at level 6, and not within a year of the last promotion
    lateral: float = 0.006  # to another department of the same group, at the same level
    leave: float = 0.0025  # a leave of absence begins; it changes nothing else
    leave_months: int = 4  # longest; all lengths from 1 month are as likely
    absence: float = 0.17  # a day with absence, at most one a month
    absence_hours: tuple[float, ...] = (2.0, 4.0, 8.0)  # of that day, with the shares below
    absence_hours_shares: tuple[float, ...] = (0.15, 0.25, 0.6)
    rehired: float = 0.08  # of those who left voluntarily, the first time only
    rehired_after: tuple[int, int] = (13, 24)  # months; more than FOLLOW_UP

    # Sorting: what makes a worker's standing
    level_points: tuple[float, ...] = (-0.9, -0.3, 0.4, 0.8, 0.7, 0.4)
    hourly_points: float = -0.4
    part_time_points: float = -0.5
    tenure_edges: tuple[int, ...] = (12, 36, 84)  # completed months on the first of the month
    tenure_points: tuple[float, ...] = (-0.7, 0.0, 0.3, 0.5)
    pay_edges: tuple[int, ...] = (38_000, 55_000, 85_000)  # base pay a year, account currency
    pay_points: tuple[float, ...] = (-0.2, 0.0, 0.1, 0.3)
    family_points: tuple[float, ...] = (-0.4, 0.1, 0.5)
    promoted_points: float = 0.5  # promoted in the 12 months before
    hidden_sorting: float = 0.0  # points of one standard deviation of the unobserved trait
    # Sorting: what the standing does (0: nothing)
    enrolling_slope: float = 0.7
    voluntary_slope: float = -0.6
    involuntary_slope: float = -0.3
    promotion_slope: float = 0.25
    lateral_slope: float = 0.2
    absence_slope: float = -0.15

    # Effects of enrolling; their size is a field of Account
    effect_months: int = 24  # from the month after enrolling; at least FOLLOW_UP
    absence_share: float = 0.4  # absence falls by this share of what the leaving hazard falls by

    # When the HR system and the provider learn of it
    entry_days: float = 1.5  # mean delay from a change to its entry, for changes entered in time
    late_promotions: float = 0.35  # share of promotions entered late
    late_entry_days: tuple[int, int] = (30, 60)

    def __post_init__(self) -> None:
        """Refuse tuples of the wrong length, and what the exact effects would not cover."""
        lengths = {name: 6 for name in vars(self) if name.startswith(("level_", "hired_level_"))}
        lengths |= {"hourly_shares": 6, "part_time_shares": 6, "annual_cap": 2}
        lengths |= {"family_shares": 3, "family_points": 3, "late_entry_days": 2}
        lengths |= {"tenure_points": len(self.tenure_edges) + 1, "rehired_after": 2}
        lengths |= {"retirement": len(self.tenure_edges) + 1}
        lengths |= {"pay_points": len(self.pay_edges) + 1}
        for name, length in lengths.items():
            if len(getattr(self, name)) != length:
                raise ValueError(f"workforce: {name} must have {length} values")
        if self.effect_months < FOLLOW_UP or self.rehired_after[0] <= FOLLOW_UP:
            raise ValueError(
                f"workforce: effect_months must be at least {FOLLOW_UP}, and rehired_after begin "
                f"after {FOLLOW_UP} months, or the true effects could not be computed."
            )
