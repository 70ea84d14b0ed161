"""Made-up employers of which one knows what enrolling did, as a tenant would land them.

In each, everybody is alike but for what is said. Who enrolls does so in March 2024, who leaves does
so by own will in August, all are paid 50,000 a year. The twelve months after are over long ago.
"""

from collections.abc import Mapping

from costing_tenant import Rows, Tables, merged

from orchestration.contract import read_contract

AS_OF = "2026-06-30"
ENTITIES = {entity.name for entity in read_contract()}
MARTS = (
    "fct_worker_months", "fct_outcome_trials", "rpt_workforce_outcomes", "rpt_employer_roi",
    "rpt_roi_lines",
)  # fmt: skip
HIRED, SINCE, INDEX, LEFT = "2019-01-01", "2023-07-01", "2024-03-05", "2024-08-15"


def account(name: str, is_seen: bool = True) -> Tables:
    """An account, and a contractor by whom its files are seen to go on from 2022 to June 2026."""
    tables: Tables = {
        "account": [{"account_id": name, "name": name, "customer_since": "2020-01-01"}]
    }
    if is_seen:
        who = f"{name}-contractor"
        (row,) = worker(name, who, employment_type="contractor")
        tables["worker"] = [{**row, "extracted_at": "2026-06-20T00:00:00Z"}]
        tables["job_event"] = event(name, who, "lateral", "2022-06-10")
    return tables


def worker(
    name: str,
    who: str,
    left: str | None = None,
    kind: str = "voluntary",
    hired: str = HIRED,
    **said: object,
) -> Rows:
    """The versions of a worker: one, and another on the day on which the worker left."""
    row = {
        "account_id": name, "worker_id": who, "employee_number": who, "hire_date": hired,
        "employment_type": "full_time", "pay_type": "salaried", "job_level": 1,
        "job_family": "Operations", "base_pay_annual": 50_000, "currency": "USD", **said,
    }  # fmt: skip
    rows: Rows = [{**row, "effective_from": hired, "extracted_at": f"{hired}T00:00:00Z"}]
    if left:
        rows.append({**row, "effective_from": left, "extracted_at": f"{left}T00:00:00Z",
                     "termination_date": left, "termination_type": kind})  # fmt: skip
    return rows


def eligible(name: str, who: str, since: str = SINCE, until: str = "2024-12-31") -> Rows:
    return [{"eligibility_id": f"el-{who}", "account_id": name, "worker_id": who,
             "eligible_from": since, "eligible_to": until}]  # fmt: skip


def enrolls(name: str, who: str, day: str, **said: object) -> Tables:
    """A participant of the same number, and an enrollment of that day."""
    at = f"{day}T12:00:00Z"
    enrollment = {"enrollment_id": f"en-{who}-{day}", "participant_id": f"pt-{who}",
                  "program_id": "g1", "start_date": day, "enrolled_at": at,
                  "updated_at": at}  # fmt: skip
    participant = {"participant_id": f"pt-{who}", "account_id": name, "employee_number": who,
                   "updated_at": at}  # fmt: skip
    return {"participant": [participant], "enrollment": [{**enrollment, **said}]}


def event(name: str, who: str, kind: str, day: str) -> Rows:
    return [{"event_id": f"je-{who}-{kind}-{day}", "account_id": name, "worker_id": who,
             "event_type": kind, "effective_date": day,
             "entered_at": f"{day}T00:00:00Z"}]  # fmt: skip


def group(
    name: str,
    arm: str,
    size: int,
    leave: int,
    promoted: int = 0,
    left: str = LEFT,
    is_enrolling: bool | None = None,
    **said: object,
) -> Tables:
    """Alike people of one arm: the last of them leave, the first of them are promoted."""
    parts: list[Tables] = []
    joins = arm == "treated" if is_enrolling is None else is_enrolling
    for number in range(size):
        who = f"{name}-{arm}-{said.get('job_level', 1)}-{number:03}"
        goes = number >= size - leave
        parts.append({"worker": worker(name, who, left if goes else None, **said)})
        parts.append({"eligibility": eligible(name, who)})
        if joins:
            parts.append(enrolls(name, who, INDEX))
        if number < promoted:
            parts.append({"job_event": event(name, who, "promotion", "2024-07-01")})
    return merged(parts)


def cost(
    name: str, kind: str, amount: object, money: str = "USD", month: str = "2024-03"
) -> Tables:
    row = {"employer_cost_id": f"ec-{name}-{kind}-{month}-{money}", "account_id": name,
           "month": f"{month}-01", "cost_type": kind, "amount": amount,
           "currency": money}  # fmt: skip
    return {"employer_cost": [row]}


def value(name: str, parameter: str, ends: tuple, money: str = "", **said: object) -> Tables:
    row = {"account_id": name, "parameter": parameter, "source": "finance_approved",
           "currency": money, "valid_from": "2020-01-01"}  # fmt: skip
    return {"value_parameter": [{**row, **dict(zip(("low", "base", "high"), ends, strict=True)),
                                 **said}]}  # fmt: skip


def absences(name: str) -> Tables:
    """Two days of somebody, a year before and a year after: all between is supplied."""
    who = f"{name}-comparison-1-000"
    return {"absence": [{"account_id": name, "worker_id": who, "absence_date": day, "hours": 8}
                        for day in ("2023-03-10", "2025-03-20")]}  # fmt: skip


def late(name: str) -> Tables:
    """Somebody who may not enrolls a year later, and one colleague then could have.

    So the period is from March 2024 to March 2025, and nothing else is added.
    """
    who = f"{name}-late"
    return merged([
        {"worker": worker(name, who), "eligibility": eligible(name, who, "2025-01-01", "")},
        enrolls(name, f"{name}-contractor", "2025-03-05"),
    ])  # fmt: skip


def costs(name: str, kind: str, amount: object) -> Tables:
    """The same in each of ten of the thirteen months of the period."""
    return merged(cost(name, kind, amount, month=f"2024-{month:02}") for month in range(3, 13))


def returns(name: str, isolation: object = 0.5, confidence: object = 0.6) -> Tables:
    """A cost of 60,000, of which 10,000 hidden; 10,000 for who leaves and for a post."""
    mine = {"isolation": isolation, "confidence": confidence}
    return merged([
        late(name),
        costs(name, "program_fee", 5_000),
        costs(name, "sme_time", 1_000),
        cost(name, "travel", 999, month="2025-04"),  # of the month after the period
        value(name, "turnover_cost_share_of_pay", (0.1, 0.2, 0.3), **mine),
        value(name, "external_hire_cost", (8_000, 10_000, 12_000), "USD", **mine),
        value(name, "absence_hour_cost", (20, 40, 60), "USD", **mine),
        value(name, "discount_rate", (0.1, 0.1, 0.1), **mine),
    ])  # fmt: skip


def employer(
    name: str, treated: Mapping, comparison: Mapping, without: tuple = (), is_seen: bool = True
) -> Tables:
    """An account with two groups and all that a return needs, but for some entities."""
    tables = merged([
        account(name, is_seen), absences(name), returns(name),
        group(name, "treated", **treated), group(name, "comparison", **comparison),
    ])  # fmt: skip
    assert set(tables) <= ENTITIES
    return {entity: rows for entity, rows in tables.items() if entity not in without}
