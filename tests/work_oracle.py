"""What landed work must come to: which rows are pieces of work, and the minutes of each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from costing_tenant import Rows, Tables

NOBODY = "internal"
UNKNOWN = "unknown"
TICKETS = {"login", "content", "schedule", "billing", "accessibility", "other"}
ELSEWHERE = {"coaching_session", "application_decision", *(f"ticket_{kind}" for kind in TICKETS)}


@dataclass(frozen=True)
class Piece:
    """One landed row of work that is done."""

    source: str
    work_id: str
    account_id: str
    activity_code: str
    day: date
    quantity: Decimal = Decimal(1)
    actual_minutes: Decimal | None = None

    @property
    def month(self) -> date:
        return self.day.replace(day=1)

    @property
    def is_counted_elsewhere(self) -> bool:
        return self.source == "work_item" and self.activity_code in ELSEWHERE


def rounded(value: Fraction, digits: int = 2) -> Decimal:
    """A number with so many decimals, halves away from zero."""
    scaled = abs(value) * 10**digits
    whole = int(scaled) + (scaled - int(scaled) >= Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


def day_of(moment: object) -> date:
    return date.fromisoformat(str(moment)[:10])


def month_end(month: date) -> date:
    later = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return date.fromordinal(later.toordinal() - 1)


def in_force(versions: Rows, day: date) -> dict | None:
    """The version whose first day is the last one not after the day."""
    known = [row for row in versions if str(row["valid_from"]) <= day.isoformat()]
    return max(known, key=lambda row: str(row["valid_from"])) if known else None


def pieces(tables: Tables) -> Iterator[Piece]:
    """The rows of work that is done; what is open, or was not held, is none."""
    account_of = {row["participant_id"]: row["account_id"] for row in tables["participant"]}
    participant_of = {row["enrollment_id"]: row["participant_id"] for row in tables["enrollment"]}
    for row in tables["work_item"]:
        if row["closed_at"]:
            yield Piece("work_item", row["work_item_id"], row["account_id"] or NOBODY,
                        row["activity_code"], day_of(row["closed_at"]),
                        Decimal(row["quantity"] or 1))  # fmt: skip
    for row in tables["coaching_session"]:
        if row["status"] == "completed":
            minutes, who = row["actual_minutes"], participant_of.get(row["enrollment_id"])
            yield Piece("coaching_session", row["session_id"], account_of.get(who, UNKNOWN),
                        "coaching_session", day_of(row["scheduled_at"]),
                        actual_minutes=Decimal(minutes) if minutes else None)  # fmt: skip
    for row in tables["support_ticket"]:
        if row["resolved_at"]:
            account = row["account_id"] or account_of.get(row["participant_id"], NOBODY)
            kind = row["category"] if row["category"] in TICKETS else "other"
            yield Piece("support_ticket", row["ticket_id"], account, f"ticket_{kind}",
                        day_of(row["resolved_at"]))  # fmt: skip
    for row in tables["application"]:
        if row["decided_at"]:
            yield Piece("application", row["application_id"], account_of[row["participant_id"]],
                        "application_decision", day_of(row["decided_at"]))  # fmt: skip


class TimeEquations:
    """The versions of activities and terms, and the amounts of work items' attributes."""

    def __init__(self, tables: Tables) -> None:
        self.versions, self.terms = defaultdict(list), defaultdict(list)
        self.attributes = defaultdict(list)
        for row in tables["activity"]:
            self.versions[row["activity_code"]].append(row)
        for row in tables["activity_term"]:
            self.terms[row["activity_code"], row["attribute"]].append(row)
        for row in tables["work_item_attribute"]:
            self.attributes[row["work_item_id"]].append(row)

    def function(self, piece: Piece) -> str:
        """The function that does an activity at the end of the month: cost and capacity are its."""
        return in_force(self.versions[piece.activity_code], month_end(piece.month))["function_code"]

    def minutes(self, piece: Piece) -> Decimal | None:
        """Minutes that the piece took: those held, else by the equation in force on its day."""
        equation = in_force(self.versions[piece.activity_code], piece.day)
        if equation is None:
            return None
        if piece.actual_minutes is not None:
            return piece.actual_minutes
        each = Fraction(str(equation["standard_minutes"]))
        mine = self.attributes[piece.work_id] if piece.source == "work_item" else []
        for row in mine:
            term = in_force(self.terms[piece.activity_code, row["attribute"]], piece.day)
            if term:
                each += Fraction(str(term["minutes_per_unit"])) * Fraction(str(row["amount"]))
        return rounded(Fraction(piece.quantity) * each, 4)
