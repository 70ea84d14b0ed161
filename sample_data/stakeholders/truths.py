"""What is true of the people at the employers: how confidence flows, and when they renew.

Confidence is 0 to 100. Where a value is one for each role, the order is that of `ROLES`.
"""

from dataclasses import dataclass

ROLES = ("participant", "manager", "program_owner", "hr_leader", "executive_sponsor")


@dataclass(frozen=True)
class StakeholderTruths:
    """All parameters of the stakeholders; shares and probabilities are 0 to 1."""

    # The chain: C_k(a, t) = intercept + effect(a, k) + beta_k C_{k-1}(a, t - lag_k)
    # + gamma_k C_k(a, t - 1) + noise_k; the intercept is such that the long-run mean is level_k.
    level: tuple[float, ...] = (66, 65, 64, 65, 66)  # long-run mean of confidence, each role
    beta: tuple[float, ...] = (0.0, 0.40, 0.45, 0.40, 0.45)  # points per point of the role before
    lag: tuple[int, ...] = (0, 1, 2, 1, 3)  # months until the role before is felt, 0 to 4
    gamma: tuple[float, ...] = (0.50, 0.35, 0.30, 0.30, 0.35)  # what is kept from month to month
    noise_sd: tuple[float, ...] = (10.0, 9.0, 9.0, 9.0, 9.0)  # points, of each month's own shock
    account_sd: float = 1.0  # points, of each account's own intercept, managers and above
    outcome_effect: float = 12.0  # points of participants' long-run mean per unit of quality
    burn_in: int = 36  # months drawn before the first one, so that it starts in its usual range

    # The account whose sponsor changes: the new one starts low while the HR leader stays high.
    sponsor_change_account: str = "acc-corvane"
    sponsor_change_month: str = "2026-02"
    sponsor_start: float = 30.0  # points, the new sponsor's confidence in the first months
    sponsor_months: int = 3  # for so many months
    hr_leader_floor: float = 68.0  # points, the HR leader's least confidence in these months

    # A break of the chain: the role before at or above `break_high`, the role at or below
    # `break_low`, for at least `break_months` months on end.
    break_high: float = 60.0
    break_low: float = 40.0
    break_months: int = 2

    # Renewal: P(renews) = (1 - chance_share) logistic(intercept + per_outcome outcome_quality
    # + per_sponsor (sponsor's confidence 90 days before the end - renewal_sponsor) / 10)
    # + chance_share chance_rate.
    renewal_intercept: float = 2.0
    renewal_sponsor: float = 66.0  # points, the sponsor's confidence at which the last term is 0
    renewal_per_outcome: float = 1.4  # per unit of the account's outcome_quality (-1 to 1)
    renewal_per_sponsor: float = 1.0  # per 10 points of the sponsor's confidence
    chance_share: float = 0.12  # share of decisions that are plain chance
    chance_rate: float = 0.85  # and how many of those renew
    expanded_share: float = 0.30  # of those who renew
    contracted_share: float = 0.12  # of those who renew
    value_change: tuple[float, float] = (0.08, 0.30)  # least and most change of the value then

    # Terms of contracts. Accounts with a bottleneck, and the ones named here, hold one contract
    # from the start of the data (or their own) to its end: no decision can end their service.
    long_term_accounts: tuple[str, ...] = (
        "acc-velmora", "acc-halden", "acc-lakeside", "acc-homecare", "acc-brackenway",
        "acc-corvane", "acc-orrelle", "acc-pinewick",
    )  # fmt: skip
    term_months: tuple[int, ...] = (6, 12, 24)  # lengths of the other accounts' contracts
    term_shares: tuple[float, ...] = (0.40, 0.55, 0.05)  # and how common each is
    gap_months: int = 4  # months until the first account that left comes back

    # Surveys, by role: participants and managers, then the contacts of each account.
    response_rate: tuple[float, ...] = (0.55, 0.60, 0.85, 0.85, 0.90)  # at a confidence of 65
    response_per_10: float = 0.03  # what 10 points of confidence add: silence is not by chance
    respondent_sd: tuple[float, ...] = (6.0, 5.0, 3.0, 2.0, 2.0)  # points, person from person
    item_sd: float = 5.0  # points, answer from answer of a person
    cause_shift: float = -30.0  # points, the item that names an account's bottleneck
    nps_shift: float = 14.0  # points, the item `nps` above the confidence of who answers
    contacts: tuple[int, ...] = (0, 2, 5, 4, 3)  # named people of each role at an account
    contact_turnover: float = 0.12  # yearly hazard that a contact is followed by another person
    staff_level: float = 70.0  # points, the provider's own people in their survey
    staff_per_account: int = 3

    # What becomes of meetings and reports; shares at a confidence of 65.
    held_share: float = 0.88
    report_on_time_share: float = 0.86
    report_opened_share: float = 0.78
    report_acted_share: float = 0.45  # of the opened
    report_disputed_share: float = 0.06  # of the opened
    engaged_per_10: float = 0.05  # what 10 points of confidence add to holding and to opening

    # Goals and what came of them.
    goals_per_account: int = 4
    verified_share: float = 0.55  # of goals with a verified outcome, per unit of ...
    verified_per_outcome: float = 0.30  # ... outcome_quality added
    goal_progress: float = 0.60  # share of the way from baseline to target that is reached
    goal_progress_per_outcome: float = 0.35  # added per unit of outcome_quality
    vote_agreement: float = 0.65  # share of contacts who rank the goals as their account does
    override_share: float = 0.05  # of accounts and quarters, tier set by hand
    key_result_attainment: float = 0.70  # mean of where key results end, 1: target
    key_result_sd: float = 0.20
    located_first_share: float = 0.85  # of diagnostic cases: located before acted
