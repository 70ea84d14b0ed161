"""One tenant: everybody drawn block by block, flaws planted, written to a folder with its truth."""

import csv
import json
import shutil
from pathlib import Path

from orchestration.load.landing import BUNDLES_FILE

from . import catalogue, event_flaws
from .draw import Columns
from .flaws import Flaw, merged
from .money.costs import direct_cost
from .money.tables import account_tables as money_tables
from .money.tables import truth as money_truth
from .money.tally import MoneyTally
from .money.tickets import support_ticket
from .platform import tally
from .platform.block import Block, blocks
from .platform.identity import IdentityPlanter
from .platform.truth import truth as platform_truth
from .programs import plan_assignments
from .sink import Sink
from .stakeholders.tables import account_tables as stakeholder_tables
from .stakeholders.tables import survey_response
from .stakeholders.tables import truth as stakeholder_truth
from .text_flaws import Planter
from .truths import Truths
from .workforce import EffectTruth
from .world import Tally, World, make_world

FLAWS, TRUTH = "flaws.json", "truth.json"
# Large, with an awkward name, and so small that most of it is hidden.
REPORT_ASKED_BY = ("acc-velmora", "acc-pinewick", "acc-upland")
GAP = "an account that left and came back: months between two contracts"
LARGE = 5  # scale above which all but the first block's people land as Parquet
RESENT = ("invoice_line", "invoice_lines_2024q3.csv", "invoice_lines_2024q3_copy (1).csv")


class Tenant:
    """The tenant while it is drawn: what the blocks so far add up to."""

    def __init__(self, root: Path, world: World) -> None:
        """Begin with nobody."""
        self.root, self.world = root, world
        self.planter = Planter(world.rng("flaws"))
        self.identity = IdentityPlanter(world)
        self.sink = Sink(root, self.planter)
        self.tally, self.money_tally = Tally.of(world), MoneyTally(world)
        self.effects = EffectTruth(world)
        self.flaws: list[Flaw] = []

    def add(self, block: Block) -> None:
        """Land a block of people, and count what the accounts need of it."""
        world = self.world
        self.identity.plant(block)
        tables: dict[str, Columns] = block.tables | {
            "support_ticket": support_ticket(world, block),
            "direct_cost": direct_cost(world, block),
            "survey_response": survey_response(world, block),
        }
        tally.add(self.tally, world, block, tables["support_ticket"])
        self.money_tally.add(block, tables)
        self.effects.add(block.workforce)
        typed = world.scale > LARGE and block.number > 0
        for entity, columns in tables.items():
            self.sink.add(entity, columns, typed)
        events = block.events
        if block.number == 0:
            events, self.flaws = event_flaws.plant(events, world.rng("event_flaws"))
        for file, part in event_flaws.by_file(events):
            self.sink.write("learning_event", file, part)

    def finish(self) -> list[Flaw]:
        """Land the accounts, the truth and the list of flaws; return the flaws."""
        world, truths = self.world, self.world.truths
        tables = {
            "account": catalogue.account(truths.accounts),
            "program": catalogue.program(truths.programs),
            "cohort": catalogue.cohort(world),
            "assignment": catalogue.assignment(truths.programs, plan_assignments(truths.programs)),
            "campaign": catalogue.campaign(world),
            **stakeholder_tables(world, self.tally),
        }
        for entity, columns in tables.items():
            self.sink.add(entity, columns)
        for entity, columns in money_tables(world, self.tally, self.money_tally).items():
            self.sink.add(entity, columns)
        truth = self._truth()
        gaps = len(truth["stakeholders"]["renewal"]["gap_accounts"])
        gap = Flaw(GAP, "financial", "contract", "contracts.csv", gaps, "kept", "starts_on")
        self.flaws += [gap] if gaps else []
        self.flaws += [*self.planter.flaws, *self.sink.close(), *self.identity.flaws]
        found = merged(self.flaws + self._send_again(*RESENT))
        self._ask_for_reports()
        self._write(FLAWS, [flaw.as_row() for flaw in found])
        self._write(TRUTH, truth)
        return found

    def _ask_for_reports(self) -> None:
        """Land the file that asks for accounts' reports; the tenant's own truths may have none."""
        known = {account.account_id for account in self.world.truths.accounts}
        asked = [account for account in REPORT_ASKED_BY if account in known]
        if asked:
            text = "\n".join(["account_id", *asked, ""])
            (self.root / BUNDLES_FILE).write_text(text, encoding="utf-8")

    def _send_again(self, entity: str, file: str, name: str) -> list[Flaw]:
        """Land a copy of a file under another name."""
        family = self.sink.contract[entity].family
        folder = self.root / family / entity
        if not (folder / file).exists():
            return []
        shutil.copyfile(folder / file, folder / name)
        with (folder / file).open(newline="", encoding="utf-8") as rows:
            count = sum(1 for _ in csv.reader(rows)) - 1
        flaw = f"{file} sent again under this name"
        return [Flaw(flaw, family, entity, name, count, "duplicate")]

    def _truth(self) -> dict:
        world = self.world
        header = {"seed": world.seed, "scale": world.scale, "last_day": str(world.last_day)}
        return header | {
            "platform": platform_truth(world),
            "workforce": self.effects.as_dict(),
            "money": money_truth(world, self.tally, self.money_tally),
            "stakeholders": stakeholder_truth(world, self.tally),
        }

    def _write(self, name: str, content: object) -> None:
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (self.root / name).write_text(text + "\n", encoding="utf-8")


def write_tenant(root: Path, seed: int, scale: float, truths: Truths) -> list[Flaw]:
    """Write all files of the tenant, its truth and the list of its flaws below an empty folder."""
    tenant = Tenant(root, make_world(truths, seed, scale))
    for block in blocks(tenant.world):
        tenant.add(block)
    return tenant.finish()
