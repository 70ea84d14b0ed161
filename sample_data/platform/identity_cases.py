"""People who are hard to find among the workers: each case, and how they are linked in the end."""

from dataclasses import dataclass, field

import numpy as np

from ..draw import DAY, Columns
from .overrides import decisions


@dataclass
class Case:
    """The participants and workers at hand: rows of the block's tables to change."""

    account_id: str
    domain: str
    person: Columns
    worker: Columns
    rows: list[int]  # of the participants
    elsewhere: str | None = None  # the number of another employer's worker
    links: list[Columns] = field(default_factory=list)

    def worker_of(self, row: int) -> int:
        """Return the row of the worker's last version whose number the participant brings."""
        found = self.worker["employee_number"] == self.person["employee_number"][row]
        return int(np.flatnonzero(found)[-1])

    def set(self, row: int, number: str | None, email: str | None) -> None:
        """Say what a participant brings."""
        self.person["employee_number"][row], self.person["email"][row] = number, email

    def lose(self, row: int) -> None:
        """Let a participant bring neither number nor the employer's e-mail."""
        self.set(row, None, f"{self.person['participant_id'][row]}@mail.example")

    def decide(self, row: int, worker_id: str | None, action: str, after_days: int) -> None:
        """Have a link made or forbidden by hand, some days after the registration."""
        at = self.person["registered_at"][row] + np.timedelta64(after_days * DAY, "s")
        person = self.person["participant_id"][row]
        self.links.append(decisions(self.account_id, [person], [worker_id], [action], [at]))

    def all_versions(self, version: int) -> np.ndarray:
        """Return the rows of all versions of a worker."""
        return np.flatnonzero(self.worker["worker_id"] == self.worker["worker_id"][version])

    def stranger(self, version: int) -> np.ndarray:
        """Return the rows of another worker, whose number no participant brings."""
        brought = {*self.person["employee_number"].tolist(), None}
        emails = {*self.person["email"].tolist()}
        for row in range(len(self.worker["worker_id"])):
            number, email = self.worker["employee_number"][row], self.worker["email"][row]
            own = self.all_versions(row)
            if number not in brought and email not in emails and version not in own:
                return own
        return np.array([], dtype=int)


def blanks_around(case: Case) -> str:
    """Give the number with blanks around it."""
    for row in case.rows:
        case.set(row, f"  {case.person['employee_number'][row]}\t", None)
    return "linked_by_employee_number"


def other_case(case: Case) -> str:
    """Give the e-mail in capitals with a blank, and no number."""
    for row in case.rows:
        case.set(row, None, f" {case.worker['email'][case.worker_of(row)].upper()} ")
    return "linked_by_email"


def wrong_number(case: Case) -> str:
    """Give a number that nobody has, and the right e-mail."""
    for row in case.rows:
        case.set(row, f"?{row}", case.worker["email"][case.worker_of(row)])
    return "linked_by_email"


def earlier_email(case: Case) -> str:
    """Have the employer change the worker's e-mail: the participant brings the earlier one."""
    for row in case.rows:
        version = case.worker_of(row)
        case.set(row, None, case.worker["email"][version])
        later = {name: column[version] for name, column in case.worker.items()}
        later["email"] = f"m.{later['email']}"
        later["effective_from"] = later["effective_from"] + 7
        later["extracted_at"] = later["extracted_at"] + np.timedelta64(7 * DAY, "s")
        for name, value in later.items():
            column = case.worker[name]
            case.worker[name] = np.concatenate([column, np.array([value], dtype=column.dtype)])
    return "linked_by_email"


def shared_email(case: Case) -> str:
    """Have two workers share an e-mail, and the participant bring nothing else."""
    for row in case.rows:
        version, desk = case.worker_of(row), f"desk-{row}@{case.domain}"
        for rows in (case.all_versions(version), case.stranger(version)):
            case.worker["email"][rows] = desk
        case.set(row, None, desk)
    return "ambiguous"


def recycled_number(case: Case) -> str:
    """Have the employer give two workers the same number."""
    for row in case.rows:
        version = case.worker_of(row)
        other = case.stranger(version)
        case.worker["employee_number"][other] = case.worker["employee_number"][version]
    return "ambiguous"


def registered_twice(case: Case) -> str:
    """Let two participants bring the number of one worker."""
    first, second = case.rows
    number = case.person["employee_number"][first]
    case.set(second, number, case.person["email"][first])
    return "ambiguous"


def no_key(case: Case) -> str:
    """Bring a blank number and no e-mail."""
    for row in case.rows:
        case.set(row, "   ", None)
    return "unlinked"


def linked_by_hand(case: Case) -> str:
    """Bring nothing that matches, and be linked by hand, after it was first forbidden."""
    for row in case.rows:
        worker_id = case.worker["worker_id"][case.worker_of(row)]
        case.lose(row)
        case.decide(row, worker_id, "unlink", 3)
        case.decide(row, worker_id, "link", 10)
    return "linked_by_override"


def unlinked_by_hand(case: Case) -> str:
    """Bring the number of a worker that somebody has ruled out."""
    for row in case.rows:
        worker_id = case.worker["worker_id"][case.worker_of(row)]
        case.set(row, case.person["employee_number"][row], None)
        case.decide(row, worker_id, "link", 3)
        case.decide(row, worker_id, "unlink", 10)
    return "unlinked"


def no_worker_at_all(case: Case) -> str:
    """Bring number and e-mail of a worker, where somebody has ruled out every worker."""
    for row in case.rows:
        case.decide(row, None, "unlink", 5)
    return "unlinked"


def number_elsewhere(case: Case) -> str:
    """Bring a number that is right at another employer."""
    for row in case.rows:
        case.set(row, case.elsewhere, None)
    return "unlinked"


CASES = {
    "number with blanks around": blanks_around,
    "e-mail in capitals, no number": other_case,
    "number that nobody has, e-mail right": wrong_number,
    "several e-mails: an earlier one, no number": earlier_email,
    "e-mail shared by two workers, no number": shared_email,
    "number that two workers have": recycled_number,
    "one worker registered twice": registered_twice,
    "blank number, no e-mail": no_key,
    "linked by hand after it was forbidden": linked_by_hand,
    "the worker ruled out by hand after a link": unlinked_by_hand,
    "every worker ruled out by hand": no_worker_at_all,
    "number of another employer's worker": number_elsewhere,
}
