"""Which flaws each entity gets in its text files, by rules over the input contract.

Each rule that the contract has for a column is broken once, by a bad copy of a good row; each
free-text column gets hostile text; and some rows come twice, refer to nobody, or carry the clock of
another zone.
"""

from dataclasses import dataclass

from orchestration.contract import Column, Entity

HOSTILE = (
    'Renée "Ren" O\'Malley, Jr.',
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "=1+1",
    '=HYPERLINK("https://throughline.example","open")',
    "\u202eadraz\u202c \u200fنور حداد",
    "Mika 😀 𠜎",
    "Robert'); drop table participant;--",
)
# in the few rows of a catalogue all of it stands in one cell, after what is true
MANY = 150
COMBINED = "{} <i>'\"=1+1\"'</i> \u200f𠜎;--"
SHOWN = {"program"}  # on every page: it stands in an earlier version of a row, which is corrected
CODED = {
    "attribute", "area", "category", "channel", "kind", "priority", "severity", "stage", "verb",
    "currency", "reporting_currency", "from_currency", "to_currency", "timezone", "email",
}  # fmt: skip
CODE_ENDINGS = ("_id", "_code", "_key", "_type", "_role", "_number", "_of")
DUPLICATES = 2  # rows of every entity that come twice
# entity, column that refers to nobody, and what else differs so that nothing is counted
ORPHANS = (
    ("enrollment", "participant_id", {}, 4),
    ("enrollment_status", "enrollment_id", {}, 3),
    ("submission", "enrollment_id", {}, 2),
    ("skill_assessment", "participant_id", {"enrollment_id": None}, 2),
    ("job_event", "worker_id", {}, 3),
    ("absence", "worker_id", {}, 2),
    ("work_item", "account_id", {"quantity": "0", "actual_minutes": "0"}, 2),
    ("touchpoint", "contact_id", {}, 2),
)
# entity, column, clock, the days on whose rows it shows (none: any), and how many: enough that some
# lie on each side of a change of clocks
CLOCKS = (
    ("enrollment_status", "effective_at", "America/Denver", (), 20),
    ("participant", "registered_at", "Europe/Berlin", (), 20),
    ("coaching_session", "scheduled_at", "America/Chicago", ("2025-03-07", "2025-03-10"), 12),
    ("coaching_session", "scheduled_at", "Europe/London", ("2024-10-25", "2024-10-28"), 12),
    ("submission", "submitted_at", "America/New_York", ("2024-11-01", "2024-11-04"), 12),
)


def is_free_text(entity: Entity, column: Column) -> bool:
    """Return whether people write the column's text: no key, reference, code, or closed list."""
    return (
        column.data_type == "string"
        and column.name not in (*entity.key, *CODED)
        and not column.name.endswith(CODE_ENDINGS)
        and not column.ref
        and not column.allowed
        and column.privacy != "key"
    )


def bad_values(column: Column) -> list[str | None]:
    """Return a value for each rule of the contract that the column could break."""
    texts = {
        "date": "2026-02-30", "timestamp": "yesterday", "bigint": "three",
        "decimal(18,4)": "n/a", "decimal(18,8)": "n/a", "boolean": "perhaps",
    }  # fmt: skip
    values: list[str | None] = [None] if column.required else []
    values += [texts[column.data_type]] if column.data_type in texts else []
    values += ["no such value"] if column.allowed else []
    values += [str(column.minimum - 30)] if column.minimum is not None else []
    values += [str(column.maximum + 84)] if column.maximum is not None else []
    return values


@dataclass
class Recipe:
    """A flaw to plant in an entity: `left` rows of it, in the first files that have room."""

    flaw: str
    kind: str  # a method of the planter
    fate: str
    columns: tuple[str | None, ...]
    left: int = 1
    value: object = None
    where: tuple[tuple[str, str], ...] = ()  # only rows with these values


def recipes(entity: Entity, columns: set[str], rows: int) -> list[Recipe]:
    """Return all flaws to plant in an entity of which some rows have these columns."""
    free = [c.name for c in entity.columns if c.name in columns and is_free_text(entity, c)]
    found = [Recipe(f"hostile text: {text}", "replaced", "kept", (name,), value=text)
             for name in free for text in HOSTILE if rows >= MANY]  # fmt: skip
    if free and rows < MANY:
        kind = "outdated" if entity.name in SHOWN else "replaced"
        found.append(Recipe("hostile text", kind, "kept", tuple(free), value=COMBINED))
    for name, column, zone, days, count in CLOCKS:
        if name == entity.name:
            when = f" from {days[0]} to {days[1]}" if days else ""
            flaw = f"clock of {zone}{when}"
            found.append(Recipe(flaw, "clocked", "kept", (column,), count, (zone, days)))
    for column in entity.columns:
        for value in bad_values(column) if column.name in columns else []:
            said = f"{column.name} is {value!r}" if value else f"{column.name} is missing"
            found.append(Recipe(said, "broken", "rejected", (column.name,), value=value))
        if column.name in columns and column.required_where:
            said = f"{column.name} is missing where {dict(column.required_where)}"
            where = column.required_where
            found.append(Recipe(said, "broken", "rejected", (column.name,), where=where))
    found.append(Recipe("the same row twice", "doubled", "duplicate", (None,), DUPLICATES))
    for name, column, changes, count in ORPHANS:
        if name == entity.name:
            flaw = f"{column} of which nothing landed"
            found.append(Recipe(flaw, "orphaned", "orphan", (column,), count, changes))
    if entity.name == "eligibility":
        flaw = "two spells that overlap"
        found.append(Recipe(flaw, "overlapping", "kept", ("eligible_from",), 4))
    return found
