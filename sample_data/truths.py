"""The truths that the tenant is drawn from, and the file that draws it from other ones.

Everything that a reader of the reports could find out is a parameter of one of these classes.
"""

import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from .accounts import ACCOUNTS, Account
from .money.truths import MoneyTruths
from .platform.truths import PlatformTruths
from .programs import PROGRAMS, Program
from .stakeholders.truths import StakeholderTruths
from .workforce.truths import WorkforceTruths


class TruthsError(Exception):
    """A file of truths cannot be taken; the message says what is wrong with it."""


@dataclass(frozen=True)
class Truths:
    """All parameters of a tenant."""

    accounts: tuple[Account, ...] = ACCOUNTS
    programs: tuple[Program, ...] = PROGRAMS
    workforce: WorkforceTruths = field(default_factory=WorkforceTruths)
    platform: PlatformTruths = field(default_factory=PlatformTruths)
    money: MoneyTruths = field(default_factory=MoneyTruths)
    stakeholders: StakeholderTruths = field(default_factory=StakeholderTruths)


def read_truths(path: Path | None = None) -> Truths:
    """Return the truths: the defaults, changed by what a TOML file says.

    It has a table for each class, `[platform]` say, and `[[account]]` and `[[program]]` for those
    named by `account_id` and `program_id`; every parameter that it does not name stays.

    Raises:
        TruthsError: the file cannot be read, or names something that is not there.
    """
    truths = Truths()
    if path is None:
        return truths
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TruthsError(f"{path} cannot be read: {error}") from error
    for table, values in said.items():
        where = f"{path}: [{table}]"
        if table in ("account", "program"):
            parties = getattr(truths, f"{table}s")
            truths = replace(truths, **{f"{table}s": _replace_named(parties, table, values, where)})
        elif table in {f.name for f in fields(truths)}:
            part = _changed(getattr(truths, table), values, where)
            truths = replace(truths, **{table: part})
        else:
            raise TruthsError(f"{where} is none of the tables that sample_data/README.md names")
    return truths


def _replace_named(parties: tuple, table: str, said: list[dict[str, Any]], where: str) -> tuple:
    """Return accounts or programs with those that are named changed."""
    key, found = f"{table}_id", {getattr(party, f"{table}_id"): party for party in parties}
    if not isinstance(said, list):
        raise TruthsError(f"{where} must be written [[{table}]]")
    for values in said:
        name = values.get(key)
        if name not in found:
            raise TruthsError(f"{where} names no known {key}: {name!r}")
        found[name] = _changed(found[name], values, where)
    return tuple(found.values())


def _changed(part: Any, values: dict[str, Any], where: str) -> Any:
    """Return a class of truths with some parameters changed, each to a value of its own type."""
    for name, value in values.items():
        if name not in {f.name for f in fields(part)}:
            raise TruthsError(f"{where} has no parameter {name}")
        now = getattr(part, name)
        kind = list if isinstance(now, tuple) else type(now)
        same = isinstance(value, kind) or (kind is float and type(value) is int)
        if now is not None and not same:
            wanted = {date: "a date", list: "a list"}.get(kind, kind.__name__)
            raise TruthsError(f"{where} {name} must be {wanted}, not {value!r}")
    lists = {n: tuple(v) if isinstance(v, list) else v for n, v in values.items()}
    try:
        return replace(part, **lists)
    except (TypeError, ValueError) as error:
        raise TruthsError(f"{where}: {error}") from error
