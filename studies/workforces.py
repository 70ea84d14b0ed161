"""Many employers' workers in one landing folder, and nothing else: as many truths as wanted.

An employer is drawn as in the demo tenant, see `sample_data.workforce`, but served all the time and
with none of what its people do at the provider but enroll. So a study of what enrolling does to
workers needs seconds where a tenant needs minutes.
"""

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from orchestration.contract import read_contract
from sample_data.accounts import Account
from sample_data.catalogue import account, program
from sample_data.draw import Columns
from sample_data.programs import PROGRAMS
from sample_data.render import as_typed
from sample_data.sink import ParquetFile
from sample_data.truths import Truths
from sample_data.workforce import EffectTruth, Workforce, WorkforceTruths, draw_workforce
from sample_data.world import FIRST_DAY, World

AS_OF = "2026-06-30"  # the last day that is drawn
MOST = 20_000  # workers of a block
# In the middle of the month: it is the same month in every time zone.
ENROLLED_AFTER = np.timedelta64(14 * 24 + 12, "h")


def employer(
    name: str,
    workers: int,
    utilization: float,
    *,
    retention: float = 1.0,
    promotion: float = 1.0,
    mobility: float = 1.0,
) -> Account:
    """Return an employer; the effects are hazard ratios, 1 is none."""
    return Account(
        f"acc-{name}", name, "retail", "enterprise", "North America", "America/New_York",
        f"{name}.example", FIRST_DAY, workers, 100_000, utilization=utilization,
        retention_effect=retention, promotion_effect=promotion, mobility_effect=mobility,
    )  # fmt: skip


def draw_employer(
    seed: int, employer: Account, truths: WorkforceTruths | None = None
) -> tuple[list[Workforce], dict]:
    """Return all workers of an employer, in blocks, and what is true of them.

    The truth is that of `truth.json`, section `workforce`, of this account.
    """
    served = SimpleNamespace(served=np.ones((1, 36), dtype=bool))
    truths = Truths(accounts=(employer,), workforce=truths or WorkforceTruths())
    world = World(truths, seed, 1.0, None, None, served)
    truth, blocks = EffectTruth(world), []
    for number, first in enumerate(range(0, employer.workers, MOST)):
        blocks.append(draw_workforce(world, 0, number, min(MOST, employer.workers - first)))
        truth.add(blocks[-1])
    return blocks, truth.as_dict()["accounts"][employer.account_id]


class Landing:
    """A landing folder that workers are added to: a Parquet file of each entity."""

    def __init__(self, folder: Path) -> None:
        """Begin with no file."""
        self.folder = folder
        self.entities = {entity.name: entity for entity in read_contract()}
        self.files: dict[str, ParquetFile] = {}

    def add(self, workforce: Workforce) -> None:
        """Land the rows of a block of workers, and the enrollments of those who enroll."""
        for name, columns in (workforce.tables() | _enrolling(workforce)).items():
            self.write(name, columns)

    def write(self, name: str, columns: Columns) -> None:
        """Append rows to the file of an entity."""
        entity = self.entities[name]
        if name not in self.files:
            folder = self.folder / entity.family / name
            folder.mkdir(parents=True)
            self.files[name] = ParquetFile(folder / f"{name}.parquet")
        self.files[name].add(as_typed(entity, columns))

    def close(self) -> None:
        """Finish the files."""
        for file in self.files.values():
            file.close()


def land_workforces(
    folder: Path, drawn: Iterable[tuple[int, Account]], truths: WorkforceTruths | None = None
) -> dict[str, dict]:
    """Draw an employer from each seed, land all in one folder, and return the truths by account."""
    landing, found, accounts = Landing(folder), {}, []
    for seed, each in drawn:
        blocks, found[each.account_id] = draw_employer(seed, each, truths)
        accounts.append(each)
        for block in blocks:
            landing.add(block)
    landing.write("account", account(tuple(accounts)))
    landing.write("program", program(PROGRAMS[:1]))
    landing.close()
    return found


def _enrolling(workforce: Workforce) -> dict[str, Columns]:
    """Return who enrolls as the provider knows them: linked by the employee number."""
    who = np.flatnonzero(~np.isnat(workforce.enroll_month))
    enrolled_at = workforce.enroll_month[who].astype("datetime64[s]") + ENROLLED_AFTER
    worker_id = workforce.worker_id[who].tolist()

    def ids(prefix: str) -> np.ndarray:
        return np.array([f"{prefix}{text.removeprefix('wk')}" for text in worker_id], dtype=object)

    def same(value: str) -> np.ndarray:
        return np.full(len(who), value, dtype=object)

    return {
        "participant": {
            "participant_id": ids("pt"),
            "account_id": same(workforce.employer.account_id),
            "employee_number": workforce.employee_number[who],
            "timezone": workforce.timezone[who],
            "registered_at": enrolled_at,
            "updated_at": enrolled_at,
        },
        "enrollment": {
            "enrollment_id": ids("en"),
            "participant_id": ids("pt"),
            "program_id": same(PROGRAMS[0].program_id),
            "enrolled_at": enrolled_at,
            "start_date": enrolled_at.astype("datetime64[D]") + 7,
            "updated_at": enrolled_at,
        },
        "enrollment_status": {
            "status_event_id": ids("st"),
            "enrollment_id": ids("en"),
            "status": same("enrolled"),
            "effective_at": enrolled_at,
            "entered_at": enrolled_at,
        },
    }
