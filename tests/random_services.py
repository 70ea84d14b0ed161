"""Sessions, tickets and applications of a month, and the people for whom they are.

Some of that work has landed a second time as work items, and counts once.
"""

from datetime import date
from random import Random

from costing_tenant import Rows, Tables

FIRST_DAY = "1930-01-01"
LOST = "lost"  # an enrollment that sessions name and that never landed
SERVICES = {"coaching_session": "coaching", "ticket_login": "engineering",
            "ticket_other": "analytics", "application_decision": "marketing"}  # fmt: skip


def people(accounts: list[str]) -> Tables:
    """A participant with an enrollment for each account, and the activities done for them."""
    activities: Rows = [
        {"activity_code": code, "function_code": function, "standard_minutes": 20 + number,
         "valid_from": FIRST_DAY}
        for number, (code, function) in enumerate(SERVICES.items())
    ]  # fmt: skip
    return {
        "program": [{"program_id": "g1", "title": "Logistics"}],
        "participant": [{"participant_id": f"p-{name}", "account_id": name} for name in accounts],
        "enrollment": [
            {"enrollment_id": f"e-{name}", "participant_id": f"p-{name}", "program_id": "g1",
             "start_date": FIRST_DAY, "enrolled_at": f"{FIRST_DAY}T00:00:00Z"}
            for name in accounts
        ],
        "activity": activities,
    }  # fmt: skip


def services_of(draw: Random, tag: str, month: date, accounts: list[str]) -> Tables:
    """What a month's people were served with, and the same landed again as work items."""

    def moment() -> str:
        return f"{month.replace(day=draw.randrange(1, 29))}T12:00:00Z"

    sessions: Rows = [
        {"session_id": f"{tag}-s{number}", "enrollment_id": f"e-{draw.choice([*accounts, LOST])}",
         "scheduled_at": moment(), "actual_minutes": draw.choice(["", 30, 55]),
         "status": draw.choice(["completed", "completed", "no_show", "booked"])}
        for number in range(draw.choice([0, 0, 1, 3]))
    ]  # fmt: skip
    tickets: Rows = []
    for number in range(draw.choice([0, 0, 1, 2])):
        name, kind = draw.choice(accounts), draw.randrange(3)
        tickets.append({"ticket_id": f"{tag}-t{number}",
                        "account_id": name if kind == 0 else "",
                        "participant_id": f"p-{name}" if kind == 1 else "",
                        "category": draw.choice(["login", "other", "parking"]),
                        "opened_at": f"{month}T00:00:00Z",
                        "resolved_at": moment() if draw.random() < 0.9 else ""})  # fmt: skip
    applications: Rows = [
        {"application_id": f"{tag}-p{number}", "participant_id": f"p-{draw.choice(accounts)}",
         "program_id": "g1", "submitted_at": f"{month}T00:00:00Z",
         "decided_at": moment() if draw.random() < 0.8 else "", "decision": "approved"}
        for number in range(draw.choice([0, 0, 1]))
    ]  # fmt: skip
    again: Rows = [
        {"work_item_id": f"{tag}-again{number}", "activity_code": draw.choice(list(SERVICES)),
         "account_id": draw.choice([*accounts, ""]), "opened_at": f"{month}T00:00:00Z",
         "closed_at": moment(), "quantity": 2}
        for number in range(draw.choice([0, 0, 0, 1]))
    ]  # fmt: skip
    return {"coaching_session": sessions, "support_ticket": tickets,
            "application": applications, "work_item": again}  # fmt: skip
