"""The landing folder: which files lie there, and which of them the loader cannot take."""

import difflib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestration.contract import Entity

FORMATS = (".csv", ".csv.gz", ".parquet", ".jsonl", ".jsonl.gz")
UNFINISHED = (".tmp", ".part")
# Lies in the landing folder itself, is no entity, and is read when a release is published.
BUNDLES_FILE = "account_bundles.csv"


class FileProblem(Exception):
    """Why a file cannot be loaded, in words for who landed it, without the values of rows."""


@dataclass(frozen=True)
class LandedFile:
    """A file of the landing folder, or a folder that stands for the files nobody can take from it.

    `label` is the path in the landing folder, as the ledger and the messages show it: one printable
    line, with a backslash, a newline or a byte that is no UTF-8 written as an escape.
    """

    path: str
    label: str
    family: str
    entity: str
    problem: str | None = None

    @property
    def format(self) -> str:
        """The ending of the name that says how to read the file; empty where it says nothing."""
        return next((end for end in FORMATS if self.path.lower().endswith(end)), "")


@dataclass(frozen=True)
class Stamp:
    """What tells one state of a file from another without reading it."""

    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: str) -> "Stamp":
        """Return the stamp of a file as it is now, following a link.

        Raises:
            FileProblem: it is no regular file (a pipe, say), or is gone, or may not be looked at.
        """
        try:
            status = os.stat(path)
        except OSError as error:
            raise FileProblem(cause(error)) from error
        if not stat.S_ISREG(status.st_mode):
            raise FileProblem("is not a regular file")
        return cls(status.st_ino, status.st_size, status.st_mtime_ns)


def cause(error: OSError) -> str:
    """Say what the operating system refused, without its numbers and paths."""
    return f"cannot be read: {(error.strerror or str(error) or type(error).__name__).lower()}"


def find_files(landing_dir: Path, contract: Iterable[Entity]) -> tuple[list[LandedFile], list[str]]:
    """Return what lies in the landing folder by family, entity and path, and what was passed over.

    Passed over are hidden and unfinished files, and files at the top that are of no landing format,
    such as a README; the file that asks for accounts' reports is not even mentioned. What lies in
    the wrong place is returned with its problem, and so is a folder that cannot be listed.

    Raises:
        FileProblem: there is no landing folder, or it cannot be listed.
    """
    entities: dict[str, list[str]] = {}
    for entity in contract:
        entities.setdefault(entity.family, []).append(entity.name)
    files: list[LandedFile] = []
    passed_over: list[str] = []

    def add(entry: os.DirEntry[str], place: tuple[str, ...], problem: str | None) -> None:
        folders = (*place, entry.name) if os.path.isdir(entry.path) else place
        family, entity = (*map(_printable, folders), "", "")[:2]
        label = _printable("/".join((*place, entry.name)))
        files.append(LandedFile(entry.path, label, family, entity, problem))

    def walk(folder: str, place: tuple[str, ...]) -> None:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            is_folder = os.path.isdir(entry.path)
            if entry.name == BUNDLES_FILE and not place and not is_folder:
                continue
            if _is_passed_over(entry.name, is_note=not place and not is_folder):
                passed_over.append(_printable("/".join((*place, entry.name))))
            elif len(place) == 2:
                add(entry, place, _problem_of_name(entry.name, is_folder))
            elif not is_folder:
                add(entry, place, _problem_of_place(entry.name, entities))
            elif problem := _problem_of_folder(entry.name, place, entities):
                add(entry, place, problem)
            else:
                try:
                    walk(entry.path, (*place, entry.name))
                except OSError as error:
                    add(entry, place, cause(error))

    try:
        walk(os.fspath(landing_dir), ())
    except FileNotFoundError as error:
        raise FileProblem("does not exist") from error
    except OSError as error:
        raise FileProblem(cause(error)) from error
    return sorted(files, key=lambda file: (file.family, file.entity, file.label)), passed_over


def _is_passed_over(name: str, is_note: bool) -> bool:
    """Whether nobody expects the name to be loaded; a note is no data unless its name says so."""
    hidden = name.startswith(".") or name.lower().endswith(UNFINISHED)
    return hidden or (is_note and not name.lower().endswith(FORMATS))


def _problem_of_place(name: str, entities: dict[str, list[str]]) -> str:
    """Say where a file that lies too high must go; its name may tell the entity."""
    homes = {entity: family for family, members in entities.items() for entity in members}
    near = difflib.get_close_matches(name.partition(".")[0].lower(), homes, n=1)
    hint = f", perhaps {homes[near[0]]}/{near[0]}" if near else ""
    return f"lies outside the folders <family>/<entity>: move it into one{hint}"


def _problem_of_name(name: str, is_folder: bool) -> str | None:
    if is_folder:
        return "is a folder: files must lie directly in their entity's folder"
    if not name.lower().endswith(FORMATS):
        return f"is of an unknown file type: the name must end in {', '.join(FORMATS)}"
    return None


def _problem_of_folder(
    name: str, place: tuple[str, ...], entities: dict[str, list[str]]
) -> str | None:
    known = entities[place[0]] if place else list(entities)
    if name in known:
        return None
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
    return f"is no {'entity of the family ' + place[0] if place else 'family'}: {hint}"


def _printable(text: str) -> str:
    """Return text on one printable line; what was replaced can be told from what was there."""
    return "".join(
        character
        if character.isprintable() and character != "\\"
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
