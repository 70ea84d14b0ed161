"""Where each entity lands: the names, periods and formats of its files."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Layout:
    """The files of an entity: `name` with the period in place of `{}`, by a column of times.

    Files are split by when a row was known, where it says so: corrections and late rows then lie in
    later files. The ending is of the text format; large tenants land Parquet instead.
    """

    name: str
    by: str | None = None
    months: int = 12  # length of a period: 12, 6, 3 or 1

    def files(self, times: np.ndarray | None, size: int) -> list[tuple[str, np.ndarray]]:
        """Return each file's name, and the rows that belong into it."""
        if self.by is None:
            return [(self.name, np.arange(size))]
        number = times.astype("datetime64[M]").astype(np.int64) // self.months
        return [
            (self.name.format(self._period(n)), np.flatnonzero(number == n))
            for n in np.unique(number).tolist()
        ]

    def file(self, time: np.datetime64) -> str:
        """Return the name of the file for a time."""
        return self.files(np.array([time]), 1)[0][0]

    def _period(self, number: int) -> str:
        """Return `2025`, `2025h1`, `2025q3` or `2025-08`."""
        year, month = divmod(number * self.months, 12)
        mark = {12: "", 6: f"h{month // 6 + 1}", 3: f"q{month // 3 + 1}", 1: f"-{month + 1:02d}"}
        return f"{year + 1970}{mark[self.months]}"


LAYOUTS = {
    "absence": Layout("absences_{}.csv.gz", "absence_date", 6),
    "activity": Layout("activities.csv"),
    "application": Layout("applications_{}.jsonl", "updated_at", 6),
    "coaching_session": Layout("coaching_sessions_{}.csv", "updated_at", 3),
    "credential": Layout("credentials_{}.csv", "awarded_at"),
    "direct_cost": Layout("direct_costs_{}.csv", "incurred_on"),
    "eligibility": Layout("eligibility.csv"),
    "enrollment": Layout("enrollments_{}.csv", "updated_at", 6),
    "enrollment_status": Layout("statuses_{}.jsonl", "entered_at", 3),
    "function_capacity": Layout("function_capacity.csv"),
    "invoice_line": Layout("invoice_lines_{}.csv", "invoiced_on", 3),
    "job_event": Layout("job_events_{}.csv", "entered_at"),
    "learning_event": Layout("events_{}.parquet", "stored_at", 1),
    "ledger_expense": Layout("ledger_{}.csv", "month"),
    "marketing_touch": Layout("marketing_touches_{}.csv.gz", "occurred_at", 6),
    "opportunity": Layout("opportunities.csv"),
    "participant": Layout("participants_{}.csv", "updated_at"),
    "report_delivery": Layout("report_deliveries.csv"),
    "skill_assessment": Layout("skill_assessments_{}.csv", "assessed_at"),
    "submission": Layout("submissions_{}.csv.gz", "submitted_at", 3),
    "support_ticket": Layout("support_tickets_{}.jsonl", "updated_at", 6),
    "survey_response": Layout("survey_responses_{}.csv.gz", "responded_at", 6),
    "work_item": Layout("work_items_{}.csv.gz", "updated_at", 6),
    "work_item_attribute": Layout("work_item_attributes.csv.gz"),
    "worker": Layout("workers_{}.csv", "extracted_at"),
}


def layout(entity: str) -> Layout:
    """Return the layout of an entity's files."""
    return LAYOUTS.get(entity) or Layout(f"{entity}s.csv")
