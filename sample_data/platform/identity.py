"""The flaws of identity, planted in the blocks that have the people for them.

They are planted in participants who registered and never enroll, so that nothing else that is true
of the tenant changes; each flaw in the first block that has the people for it.
"""

import numpy as np

from ..draw import DAY, Columns
from ..files import layout
from ..flaws import Flaw
from ..world import END, World
from .block import Block
from .identity_cases import CASES, Case, number_elsewhere

PEOPLE = 2  # participants with each flaw
AT_A_TIME = 3  # flaws planted in one block at most
REHIRED = "a worker who left and was hired again"


class IdentityPlanter:
    """Plants each flaw of identity in the first block that has the people for it."""

    def __init__(self, world: World) -> None:
        """Begin with all flaws still to plant."""
        self.world, self.left = world, list(CASES)
        self.elsewhere: tuple[int, str | None] = (-1, None)  # account and number of a worker
        self.flaws: list[Flaw] = []

    def plant(self, block: Block) -> None:
        """Change the block's participants, workers and overrides in place."""
        rng = self.world.rng("identity", block.number)
        account = self.world.truths.accounts[block.account]
        person, worker = block.tables["participant"], block.tables["worker"]
        free = rng.permutation(_ordinary(block)).tolist()
        links = [block.tables["identity_override"]]
        planted = 0
        for flaw in list(self.left):
            rows, rest = sorted(free[:PEOPLE]), free[PEOPLE:]
            if len(rows) < PEOPLE or planted == AT_A_TIME:
                break
            other, number = self.elsewhere
            number = None if other == block.account else number
            if CASES[flaw] is number_elsewhere and not number:
                continue
            case = Case(account.account_id, account.domain, person, worker, rows, number)
            fate = CASES[flaw](case)
            self._note(flaw, fate, person, rows)
            links += case.links
            self.left.remove(flaw)
            free, planted = rest, planted + 1
        block.tables["identity_override"] = {
            name: np.concatenate([part[name] for part in links]) for name in links[0]
        }
        self._note_rehires(block)
        numbers = [number for number in worker["employee_number"].tolist() if number]
        self.elsewhere = (block.account, numbers[0] if numbers else None)

    def _note_rehires(self, block: Block) -> None:
        """List the first participants found whose worker was hired again."""
        if any(flaw.flaw == REHIRED for flaw in self.flaws):
            return
        events = block.tables["job_event"]
        again = {*events["worker_id"][events["event_type"] == "rehire"].tolist()}
        person, size = block.tables["participant"], len(block.participant_id)
        ids = np.append(block.workforce.worker_id, None)[block.participant_worker]
        known = np.append(block.workforce.employee_number, None)[block.participant_worker]
        brings = (known != None) & (person["employee_number"][:size] == known)  # noqa: E711
        rows = [r for r in np.flatnonzero(brings).tolist() if ids[r] in again][:PEOPLE]
        self._note(REHIRED, "linked_by_employee_number", person, rows)

    def _note(self, flaw: str, fate: str, person: Columns, rows: list[int]) -> None:
        files: dict[str, list[str]] = {}
        for row in rows:
            file = layout("participant").file(person["updated_at"][row])
            files.setdefault(file, []).append(person["participant_id"][row])
        for file, ids in files.items():
            self.flaws.append(
                Flaw(flaw, "participant", "participant", file, len(ids), fate, None, tuple(ids))
            )


def _ordinary(block: Block) -> np.ndarray:
    """Return the participants who never enroll and whose number and e-mail are their worker's.

    Without a correction, a worker employed for long with one version known for weeks, and nobody
    else of that number: what a flaw needs.
    """
    person, worker = block.tables["participant"], block.tables["worker"]
    size, workforce = len(block.participant_id), block.workforce
    number = np.append(workforce.employee_number, None)[block.participant_worker]
    email = np.append(workforce.email, None)[block.participant_worker]
    fits = block.never_enrolls & (number != None) & (person["employee_number"][:size] == number)  # noqa: E711
    fits &= (email != None) & (person["email"][:size] == email)  # noqa: E711
    fits &= ~np.isin(
        np.arange(size), np.searchsorted(block.participant_id, person["participant_id"][size:])
    )
    fits &= person["registered_at"][:size] + np.timedelta64(30 * DAY, "s") < END
    of_worker = np.append(workforce.worker_id, None)[block.participant_worker]
    first_ended = np.append(workforce.termination_date, np.datetime64("NaT"))
    fits &= np.isnat(first_ended[block.participant_worker])
    recent = worker["extracted_at"] + np.timedelta64(10 * DAY, "s") >= END
    busy = {*worker["worker_id"][recent].tolist()}
    found = [r for r in np.flatnonzero(fits).tolist() if of_worker[r] not in busy]
    return np.array(found, dtype=int)
