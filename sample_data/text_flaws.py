"""The flaws of text files, planted in what is appended to them until each is planted in full."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contract import Entity

from .flaws import CORRECTION, Flaw
from .recipes import COMBINED, Recipe, recipes
from .render import rows_of, with_text
from .zones import shown

# entity, file, column that nobody announced, and its value
NEW_COLUMN = ("invoice_line", "invoice_lines_2025q3.csv", "po_number", "PO-2025-0417")
# true and awkward, planted by nobody: entity, column, value, what it is; `~`: any other value
OBSERVED = (
    ("job_event", "event_type", "rehire", "a former worker hired again"),
    ("contract", "currency", "~USD", "another currency than most"),
)


class Planter:
    """Plants the flaws of an entity in the files that are appended to, and lists them."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Take a random stream of its own."""
        self.rng, self.flaws = rng, []
        self.recipes: dict[str, list[Recipe]] = {}
        self.orphans = 0

    def plant(self, entity: Entity, file: str, table: pa.Table, later: np.ndarray) -> pa.Table:
        """Return what is to be appended to a file, with flaws; `later` rows are left alone."""
        self._observe(entity, file, table)
        if (entity.name, file) == NEW_COLUMN[:2]:
            said = pa.array([NEW_COLUMN[3]] * len(table))
            table = table.append_column(NEW_COLUMN[2], said)
            self._note("column not in the contract", entity, file, 1, "extra_column", NEW_COLUMN[2])
        if entity.name not in self.recipes:
            self.recipes[entity.name] = recipes(entity, set(table.column_names), len(table))
        free = np.flatnonzero(~later)
        for recipe in self.recipes[entity.name]:
            if not recipe.left or not len(free):
                continue
            free, table, count = getattr(self, recipe.kind)(entity, recipe, table, free)
            recipe.left -= count
            for column in recipe.columns:
                self._note(recipe.flaw, entity, file, count, recipe.fate, column)
            if recipe.kind == "outdated":
                self._note(CORRECTION, entity, file, count, "corrected", None)
        return table

    def _note(
        self, flaw: str, entity: Entity, file: str, count: int, fate: str, column: str | None
    ) -> None:
        if count:
            self.flaws.append(Flaw(flaw, entity.family, entity.name, file, count, fate, column))

    def _pick(self, free: np.ndarray, count: int) -> list[int]:
        return np.sort(self.rng.permutation(free)[:count]).tolist()

    def replaced(self, entity: Entity, recipe: Recipe, table: pa.Table, free: np.ndarray):
        """Put another text into a row; no other flaw comes near it."""
        row = self._pick(free, 1)[0]
        if recipe.value == COMBINED:
            row = _least_seen(entity, table, free)
        for column in recipe.columns:
            text = str(recipe.value).format(table[column][row].as_py() or "")
            table = with_text(table, column, {row: text})
        return free[free != row], table, 1

    def outdated(self, entity: Entity, recipe: Recipe, table: pa.Table, free: np.ndarray):
        """Have a row correct an earlier one that says another text, at the top of the file."""
        row = self._pick(free, 1)[0]
        (said,) = rows_of(table, [row])
        said |= {name: str(recipe.value).format(said[name] or "") for name in recipe.columns}
        table = pa.concat_tables([pa.Table.from_pylist([said], table.schema), table])
        return free[free != row] + 1, table, 1

    def clocked(self, entity: Entity, recipe: Recipe, table: pa.Table, free: np.ndarray):
        """Write instants as the clock of a zone shows them, perhaps only those between two days."""
        zone, days = recipe.value
        (column,), (first, last) = recipe.columns, days or ("0", "9")
        values = table[column].to_pylist()
        fits = [r for r in free.tolist() if first <= (values[r] or "") <= last]
        rows = self._pick(np.array(fits, dtype=int), recipe.left)
        said = {r: shown(np.datetime64(values[r][:19]), zone) for r in rows}
        return np.setdiff1d(free, rows), with_text(table, column, said), len(rows)

    def broken(self, entity: Entity, recipe: Recipe, table: pa.Table, free: np.ndarray):
        """Add bad copies of good rows."""
        fits = np.ones(len(free), dtype=bool)
        for column, value in recipe.where:
            fits &= np.array(table[column].take(pa.array(free)).to_pylist()) == value
        rows = self._pick(free[fits], recipe.left)
        copies = [{**row, recipe.columns[0]: recipe.value} for row in rows_of(table, rows)]
        return free, _with_rows(table, copies), len(rows)

    def doubled(self, entity: Entity, recipe: Recipe, table: pa.Table, free: np.ndarray):
        """Have rows twice, one after the other."""
        rows = self._pick(free, recipe.left)
        order = np.sort(np.append(np.arange(len(table)), np.array(rows, dtype=int)))
        kept = np.flatnonzero(np.isin(order, np.setdiff1d(free, rows)))
        return kept, table.take(pa.array(order)), len(rows)

    def orphaned(self, entity: Entity, recipe: Recipe, table: pa.Table, free: np.ndarray):
        """Add copies of rows, with a key of their own, that refer to nobody."""
        rows, copies = self._pick(free, recipe.left), []
        for row in rows_of(table, rows):
            self.orphans += 1
            row |= recipe.value
            if len(entity.key) == 1:
                row[entity.key[0]] += f"-x{self.orphans}"
            copies.append(row | {recipe.columns[0]: f"unknown-{self.orphans}"})
        return free, _with_rows(table, copies), len(rows)

    def overlapping(self, entity: Entity, recipe: Recipe, table: pa.Table, free: np.ndarray):
        """Add spells that begin within another one and end with it."""
        rows, copies = self._pick(free, recipe.left), []
        for row in rows_of(table, rows):
            begins = np.datetime64(row["eligible_from"]) + 1
            row |= {"eligible_from": str(begins), "eligibility_id": row["eligibility_id"] + "-b"}
            copies.append(row)
        return np.setdiff1d(free, rows), _with_rows(table, copies), len(rows)

    def _observe(self, entity: Entity, file: str, table: pa.Table) -> None:
        for name, column, value, flaw in OBSERVED:
            if name == entity.name:
                same = pc.equal(table[column], value.removeprefix("~"))
                fits = pc.invert(same) if value.startswith("~") else same
                self._note(flaw, entity, file, pc.sum(fits).as_py() or 0, "kept", column)


def _least_seen(entity: Entity, table: pa.Table, free: np.ndarray) -> int:
    """Return a row that another version of the same thing follows; none: the last row."""
    owner = table[entity.key[0]].to_pylist()
    old = [row for row in free.tolist() if owner[row] in owner[row + 1 :]]
    return (old or free.tolist())[0 if old else -1]


def _with_rows(table: pa.Table, rows: list[dict]) -> pa.Table:
    return pa.concat_tables([table, pa.Table.from_pylist(rows, table.schema)]) if rows else table
