"""Employers of `test_outcome_scenarios.py`, by name: what is told of each is known beforehand."""

from collections.abc import Callable

from costing_tenant import Tables, merged
from outcomes_tenant import (
    absences,
    account,
    cost,
    costs,
    eligible,
    employer,
    enrolls,
    event,
    group,
    returns,
    worker,
)

ALIKE = {"size": 40, "leave": 10, "promoted": 10}


def immortal() -> Tables:
    """Half of the others had left before anybody enrolled; of those still there nobody differs."""
    early = group("immortal", "early", 80, 80, left="2024-01-10", is_enrolling=False)
    arms = [group("immortal", arm, **ALIKE) for arm in ("treated", "comparison")]
    return merged([account("immortal"), *arms, early])


def stones() -> Tables:
    """The kidney stones of Julious and Mullee 1994 as workers of two job levels; a cure stays."""
    return merged([
        account("stones"),
        group("stones", "treated", 87, 87 - 81, job_level=1),
        group("stones", "treated", 263, 263 - 192, job_level=2),
        group("stones", "comparison", 270, 270 - 234, job_level=1),
        group("stones", "comparison", 80, 80 - 55, job_level=2),
    ])  # fmt: skip


def people() -> Tables:
    """A few workers, each with a history that a naive count gets wrong."""
    name, parts = "people", [account("people")]

    def add(who: str, versions: list, *more: Tables) -> None:
        may = eligible(name, who, until="")
        parts.extend([{"worker": versions, "eligibility": may}, *more])

    for number, day in enumerate(("2023-10-05", "2024-03-05", "2024-09-05")):
        who = f"index-{number}"  # months in which somebody enrolls
        add(who, worker(name, who), enrolls(name, who, day))
    add("later", worker(name, "later"), enrolls(name, "later", "2024-09-20"))
    again = worker(name, "again", "2024-01-10") + worker(name, "again", hired="2024-08-01")
    add("again", again, {"job_event": event(name, "again", "rehire", "2024-08-01")})
    add("gone", worker(name, "gone", "2024-03-20"))
    add("quick", worker(name, "quick", "2024-03-20"), enrolls(name, "quick", "2024-03-02"))
    add("given_up", worker(name, "given_up"),
        enrolls(name, "given_up", "2024-03-25", start_date="2024-05-01"),
        {"enrollment_status": [{"status_event_id": "s1", "enrollment_id": "en-given_up-2024-03-25",
                                "status": "cancelled",
                                "effective_at": "2024-04-02T00:00:00Z"}]})  # fmt: skip
    add("undated", worker(name, "undated"),
        enrolls(name, "undated", "2024-03-25", enrolled_at=""))  # fmt: skip
    # the file of workers says the last day at work and why, the event the first one without work
    add("day_apart", worker(name, "day_apart", "2024-05-01", kind="involuntary"),
        {"job_event": event(name, "day_apart", "termination", "2024-05-02")})  # fmt: skip
    add("dismissed", worker(name, "dismissed", "2024-05-02", kind="involuntary"))
    add("no_reason", worker(name, "no_reason", "2024-05-02", kind=""))
    return merged(parts)


def euros() -> Tables:
    """Paid in euros, and charged in pounds too."""
    paid = {"size": 40, "currency": "EUR"}
    tables = employer("euros", {**paid, "leave": 4}, {**paid, "leave": 12})
    rates = [{"rate_month": f"{month}-01", "from_currency": money, "to_currency": "USD",
              "rate": rate}
             for month, money, rate in (("2024-03", "EUR", "1.10"), ("2024-03", "GBP", "1.25"),
                                        ("2025-03", "EUR", "1.20"))]  # fmt: skip
    return merged([tables, {"fx_rate": rates}, cost("euros", "tuition", 100, "GBP"),
                   cost("euros", "admin", 200, "EUR")])  # fmt: skip


EMPLOYERS: dict[str, Callable[[], Tables]] = {
    "immortal": immortal,
    "stones": stones,
    "people": people,
    "euros": euros,
    "without_eligibility": lambda: employer(
        "without_eligibility", ALIKE, ALIKE, without=("eligibility",)
    ),
    "without_events": lambda: employer("without_events", ALIKE, ALIKE, without=("job_event",)),
    "only_hires": lambda: merged([
        employer("only_hires", ALIKE, ALIKE, without=("job_event",)),
        {"job_event": event("only_hires", "only_hires-treated-1-000", "hire", "2019-01-01")},
    ]),
    "feed_ended": lambda: employer("feed_ended", ALIKE, ALIKE, is_seen=False),
    "without_absences": lambda: employer("without_absences", ALIKE, ALIKE, without=("absence",)),
    "without_cost": lambda: employer("without_cost", ALIKE, ALIKE, without=("employer_cost",)),
    "without_hidden_cost": lambda: merged([
        employer("without_hidden_cost", ALIKE, ALIKE, without=("employer_cost",)),
        costs("without_hidden_cost", "program_fee", 5_000),
    ]),
    "thin_cost": lambda: merged([
        employer("thin_cost", ALIKE, ALIKE, without=("employer_cost",)),
        cost("thin_cost", "program_fee", 50_000), cost("thin_cost", "sme_time", 10_000),
    ]),
    "one_intake": lambda: merged([
        account("one_intake"), group("one_intake", "treated", **ALIKE),
        group("one_intake", "comparison", **ALIKE),
        cost("one_intake", "program_fee", 50_000), cost("one_intake", "sme_time", 10_000),
    ]),
    "without_rate": lambda: merged([
        employer("without_rate", ALIKE, ALIKE), cost("without_rate", "admin", 100, "SEK"),
    ]),
    "twenty_nine": lambda: employer("twenty_nine", {"size": 29, "leave": 10}, ALIKE),
    "thirty": lambda: employer("thirty", {"size": 30, "leave": 10}, ALIKE),
    "stayers": lambda: employer("stayers", {"size": 40, "leave": 4, "promoted": 18},
                                {"size": 40, "leave": 12, "promoted": 7}),
    "unlike": lambda: merged([
        account("unlike"),
        group("unlike", "treated", 40, 4, promoted=18, job_level=2),
        group("unlike", "comparison", 40, 12, promoted=7),
        absences("unlike"), returns("unlike"),
    ]),
}  # fmt: skip
