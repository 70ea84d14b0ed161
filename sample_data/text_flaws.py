"""The flaws of the text files: planted in a known number of rows, never two in the same row."""

import numpy as np

from .draw import Rows
from .files import TextFile
from .flaws import Flaw

# entity, column, what the bad copy of a good row says there, rows
DEFECTS = (
    ("contract", "ends_on", "2026-02-30", 1),
    ("cohort", "capacity", "-20", 1),
    ("enrollment", "start_date", "31/02/2025", 2),
    ("enrollment", "start_date", "", 2),
    ("enrollment", "attempt_no", "second", 1),
    ("enrollment_status", "status", "paused", 3),
    ("enrollment_status", "status", "graduated", 2),
    ("enrollment_status", "effective_at", "yesterday", 2),
    ("enrollment_status", "enrollment_id", "", 1),
    ("invoice_line", "amount", "n/a", 2),
    ("invoice_line", "revenue_type", "discount", 1),
    ("participant", "account_id", "", 2),
    ("participant", "registered_at", "2025-13-40T08:00:00", 2),
    ("submission", "submitted_at", "", 3),
    ("submission", "score_scaled", "85", 4),
)
# entity, column, hostile or merely difficult text
HOSTILE = (
    ("participant", "full_name", 'Renée "Ren" O\'Malley, Jr.'),
    ("participant", "full_name", "<script>alert(1)</script>"),
    ("participant", "full_name", "=1+1"),
    ("participant", "full_name", "\u202eadraz\u202c \u200fنور حداد"),
    ("participant", "full_name", "Mika 😀 𠜎"),
    ("participant", "full_name", "Robert'); drop table participant;--"),
    ("assignment", "title", '<img src=x onerror="alert(1)"> "Quoted", and more'),
    ("assignment", "title", "=HYPERLINK(\"https://throughline.example\",\"open\")"),
    ("assignment", "title", "Assignment \u200f٣: 📦 into practice"),
)  # fmt: skip
RESENT = ("invoice_line", "invoice_lines_2024q3.csv", "invoice_lines_2024q3_copy (1).csv")
NEW_COLUMN = ("invoice_line", "invoice_lines_2025q3.csv", "po_number", "PO-2025-0417")
DUPLICATES = (("enrollment_status", 5), ("participant", 3), ("submission", 6))
OFFSETS = (("enrollment_status", "effective_at", 20, -7), ("participant", "registered_at", 20, 2))
UNKNOWN_PARTICIPANTS, UNKNOWN_ENROLLMENTS = 4, 3


class Planter:
    """Plants flaws in text files, never two in the same row."""

    def __init__(self, files: list[TextFile], rng: np.random.Generator) -> None:
        """Take the files to change in place, and a random stream of its own."""
        self.files, self.rng = files, rng
        self.flaws: list[Flaw] = []
        self._touched: set[int] = set()

    def plant(self) -> list[Flaw]:
        """Plant all flaws and return their list."""
        for file in self.files:
            corrections = [row for row in file.rows if row.get("_correction") == "true"]
            self._touched.update(id(row) for row in corrections)
            self._note("later row for the same key", file, len(corrections), "corrected")
        for entity, column, value in HOSTILE:
            self._replace(f"hostile text: {value}", entity, column, [lambda _, v=value: v])
        for entity, column, count, hours in OFFSETS:
            name = f"clock with offset {hours:+03d}:00"
            self._replace(name, entity, column, [lambda v, h=hours: at_offset(v, h)] * count)
        for entity, column, value, count in DEFECTS:
            file = self._file(entity)
            picked = self._pick(file, count)
            for row in picked:
                self._insert(file, row, {**row, column: value})
            said = f"{column} is {value!r}" if value else f"{column} is missing"
            self._note(said, file, len(picked), "rejected", column)
        for entity, count in DUPLICATES:
            file = self._file(entity)
            picked = self._pick(file, count)
            for row in picked:
                self._insert(file, row, dict(row))
            self._note("the same row twice", file, len(picked), "duplicate")
        self._orphans()
        self._file_flaws()
        return self.flaws

    def _file(self, entity: str) -> TextFile:
        """Return a file of an entity: one from the middle, whatever its format."""
        own = [file for file in self.files if file.entity == entity]
        return own[len(own) // 2]

    def _pick(self, file: TextFile, count: int) -> Rows:
        """Return rows of a file that no flaw has touched yet, complete ones."""
        free = [
            row for row in file.rows
            if id(row) not in self._touched and row.get("score_scaled") != ""
        ]  # fmt: skip
        picked = [free[i] for i in np.sort(self.rng.permutation(len(free))[:count])]
        self._touched.update(id(row) for row in picked)
        return picked

    def _insert(self, file: TextFile, before: dict[str, str], row: dict[str, str]) -> None:
        self._touched.add(id(row))
        position = next(i for i, known in enumerate(file.rows) if known is before)
        file.rows.insert(position, row)

    def _replace(self, flaw: str, entity: str, column: str, changes: list) -> None:
        file = self._file(entity)
        picked = self._pick(file, len(changes))
        for row, change in zip(picked, changes, strict=False):
            row[column] = change(row[column])
        self._note(flaw, file, len(picked), "kept", column)

    def _note(self, flaw, file: TextFile, count: int, fate: str, column: str | None = None) -> None:
        if count:
            self.flaws.append(Flaw(flaw, file.family, file.entity, file.name, count, fate, column))

    def _orphans(self) -> None:
        """Add enrollments of unknown people, and statuses of unknown enrollments."""
        bookings, statuses = self._file("enrollment"), self._file("enrollment_status")
        picked = self._pick(bookings, UNKNOWN_PARTICIPANTS)
        for n, row in enumerate(picked):
            new = {"enrollment_id": f"en-9{n:05d}", "participant_id": f"pt-9{n:05d}"}
            self._insert(bookings, row, {**row, **new})
        flaw = "enrollment of a participant who never landed"
        self._note(flaw, bookings, len(picked), "orphan", "participant_id")
        picked = self._pick(statuses, UNKNOWN_ENROLLMENTS)
        for n, row in enumerate(picked):
            new = {"status_event_id": f"st-95{n:04d}-1", "enrollment_id": f"en-95{n:04d}"}
            self._insert(statuses, row, {**row, **new})
        flaw = "status of an enrollment that never landed"
        self._note(flaw, statuses, len(picked), "orphan", "enrollment_id")

    def _file_flaws(self) -> None:
        """Send one file again under another name, and give another a column nobody announced."""
        names = {(file.entity, file.name): file for file in self.files}
        sent = names[RESENT[:2]]
        again = TextFile(sent.family, sent.entity, RESENT[2], sent.rows)
        self.files.append(again)
        self._note(f"{sent.name} sent again under this name", again, len(again.rows), "duplicate")
        wider = names[NEW_COLUMN[:2]]
        for row in wider.rows:
            row[NEW_COLUMN[2]] = NEW_COLUMN[3]
        self._note("column not in the contract", wider, 1, "extra_column", NEW_COLUMN[2])


def at_offset(instant: str, hours: int) -> str:
    """Return the same instant as a clock at an offset shows it, such as `...T23:30:00-05:00`."""
    shown = np.datetime64(instant.removesuffix("Z")) + np.timedelta64(hours * 3_600, "s")
    return f"{shown}{hours:+03d}:00"
