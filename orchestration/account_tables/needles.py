"""What may be in no bundle: identifiers and names of other accounts, and whatever names a person.

Every text is searched as it is written, between words, in small and capital letters alike, with
these exceptions, since they would be found in any text:

- fewer than five letters and digits: not searched;
- one word of letters only: found in the same letters or in capitals; not searched if it is one of
  the words of the metric dictionary, the stages and the programs, or stands for an unknown key;
- digits only: found only as a whole text, between quotes or tags;
- a text that is public elsewhere (the title of a program or a stage): not searched.

What is not searched is counted (`gaps`); its columns still may not be in a bundle.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import duckdb

from orchestration.account_tables.marts import ask, open_marts
from orchestration.contract import read_contract
from orchestration.load import sql

LEAST = 5  # letters and digits
WORD = re.compile(r"[^\W_]+")
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # soft hyphens, and spaces of no width
# Keys that are no direct identifier by the contract, and yet one person's or one enrollment's.
KEYS = {"enrollment_id"}
ACCOUNTS = """
    select distinct account_id, account_id as value, 'the identifier of another account' as kind
    from {dim_accounts}
    union
    select distinct account_id, name as value, 'the name of another account' as kind
    from {dim_accounts}
    where name is not null
"""
PUBLIC = """
    select title from {dim_programs}
    union select field from {dim_programs}
    union select title from {dim_stages}
    union select definition from {dim_stages}
    union select title from {dim_metrics}
    union select definition from {dim_metrics}
    union select formula from {dim_metrics}
    union select owner_role from {dim_metrics}
    union select standard_reference from {dim_metrics}
"""


@dataclass(frozen=True)
class Needle:
    """A text that may be in no bundle, or only in that of its account."""

    text: str
    kind: str
    account_id: str | None = None


@dataclass
class Needles:
    """The texts by their words; `lengths` are the numbers of words that follow a first word.

    `searched` holds what was found in a file by its hash: shared files are searched once.
    """

    by_words: dict[tuple[str, ...], list[Needle]] = field(default_factory=dict)
    lengths: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    columns: set[str] = field(default_factory=set)
    gaps: Counter = field(default_factory=Counter)
    searched: dict[bytes, list] = field(default_factory=dict)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, in small letters."""
    return tuple(word.casefold() for word in WORD.findall(text))


def normal(text: str) -> str:
    """A text in one spelling: composed letters, one space for white space, nothing unseen."""
    return " ".join(UNSEEN.sub("", unicodedata.normalize("NFKC", text)).split())


@lru_cache(maxsize=2)
def read_needles(folder: Path, raw_path: Path) -> Needles:
    """Everything that may be in no bundle of a release.

    Raises:
        FileNotFoundError: there is no such raw database, or a mart is not there.
    """
    if not raw_path.exists():
        raise FileNotFoundError(
            f"no raw database at {raw_path}: without it a bundle cannot be searched for people"
        )
    with open_marts() as connection:
        accounts = ask(connection, folder, ACCOUNTS)
        public = [row["title"] for row in ask(connection, folder, PUBLIC) if row["title"]]
    found = Needles()
    listed = [Needle(row["value"], row["kind"], row["account_id"]) for row in accounts]
    listed += _people(raw_path, found.columns)
    titles = {normal(text).casefold() for text in public}
    ordinary = {word for text in public for word in words_of(text)} | {"unknown", "account"}
    for needle in dict.fromkeys(listed):
        words = words_of(normal(needle.text))
        if (
            sum(map(len, words)) < LEAST
            or (len(words) == 1 and words[0] in ordinary)
            or normal(needle.text).casefold() in titles
        ):
            found.gaps[needle.kind] += 1
            continue
        found.by_words.setdefault(words, []).append(needle)
        found.lengths[words[0]].add(len(words))
    return found


def _people(raw_path: Path, columns: set[str]) -> list[Needle]:
    """Every value that names a person or stands for one, and all names of accounts as landed."""
    needles = []
    with duckdb.connect(str(raw_path), read_only=True) as connection:
        there = set(
            connection.execute(
                "select table_schema, table_name, column_name from information_schema.columns"
            ).fetchall()
        )
        for entity in read_contract():
            schema = f"raw_{entity.family}"
            table = f"{schema}.{sql.name(entity.name)}"
            for column in entity.columns:
                if (schema, entity.name, column.name) not in there:
                    continue
                if entity.name == "account" and column.name == "name":
                    kind, of_account = "the name of another account", "account_id"
                elif column.name in ("account_id", "parent_account_id"):
                    kind, of_account = "the identifier of another account", sql.name(column.name)
                elif column.privacy in ("direct", "key") or column.name in KEYS:
                    kind, of_account = f"a value of {entity.name}.{column.name}", "null"
                    columns.add(column.name)
                else:
                    continue
                needles += [
                    Needle(str(value), kind, account_id)
                    for value, account_id in connection.execute(
                        f"select distinct {sql.name(column.name)}, {of_account} from {table}"
                        f" where {sql.name(column.name)} is not null"
                    ).fetchall()
                ]
    return needles
