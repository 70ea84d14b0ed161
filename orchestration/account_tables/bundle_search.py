"""Searches every byte of a bundle for whom it must not name, before it is handed over."""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from orchestration.account_tables.bundle_texts import columns_of, texts_of
from orchestration.account_tables.needles import WORD, Needle, Needles, normal, read_needles

Span = tuple[int, int]
BETWEEN = re.compile(r"[\s_-]+")


def search_bundle(bundle_dir: Path, account_id: str, folder: Path, raw_path: Path) -> list[str]:
    """What a bundle holds that it must not, in words that name nobody; empty if nothing.

    `folder` is the release, whose marts name the accounts; `raw_path` the raw database, which names
    the people. See needles.py for what is searched and how.

    Raises:
        FileNotFoundError: the raw database or a mart is not there.
    """
    needles = read_needles(folder.resolve(), raw_path.resolve())
    found: dict[str, None] = {}
    for path in sorted(path for path in bundle_dir.rglob("*") if path.is_file()):
        name = str(path.relative_to(bundle_dir))
        content = path.read_bytes()
        places = [*_places(content, needles), _matches(name, needles)]
        for place in places:
            found |= dict.fromkeys(f"{name}: {kind}" for kind in _strangers(place, account_id))
        for column, values in columns_of(content, path.suffix):
            if column in needles.columns:
                found[f"{name}: a column {column}"] = None
            if column == "account_id" and not values <= {account_id, "all"}:
                found[f"{name}: a row of another account"] = None
    return list(found)


def search_gaps(folder: Path, raw_path: Path) -> dict[str, int]:
    """How many texts of each kind are too short or too ordinary to be searched for."""
    return dict(read_needles(folder.resolve(), raw_path.resolve()).gaps)


def _places(content: bytes, needles: Needles) -> list[list[tuple[Span, Needle]]]:
    key = sha256(content).digest()
    if key not in needles.searched:
        matches = (_matches(text, needles) for text in texts_of(content))
        needles.searched[key] = [found for found in matches if found]
    return needles.searched[key]


def _strangers(place: list[tuple[Span, Needle]], account_id: str) -> Iterator[str]:
    """The kinds of what is found in a text, but for what lies within the account's own name."""
    own = [span for span, needle in place if needle.account_id == account_id]
    for (start, end), needle in place:
        if not any(first <= start and end <= last for first, last in own):
            yield needle.kind


def _matches(text: str, needles: Needles) -> list[tuple[Span, Needle]]:
    """Every needle in a text, with where it stands."""
    text = normal(text)
    words = [(match.start(), match.end()) for match in WORD.finditer(text)]
    small = [text[start:end].casefold() for start, end in words]
    found = []
    for first, word in enumerate(small):
        for length in needles.lengths.get(word, ()):
            last = first + length
            for needle in needles.by_words.get(tuple(small[first:last]), ()):
                span = (words[first][0], words[last - 1][1])
                if _is_there(text, span, needle):
                    found.append((span, needle))
    return found


def _is_there(text: str, span: Span, needle: Needle) -> bool:
    """Whether the text between two places is the needle, by the rules of needles.py."""
    there, wanted = text[slice(*span)], _core(needle.text)
    if wanted.isdigit():
        around = text[max(span[0] - 1, 0) : span[0]], text[span[1] : span[1] + 1]
        return there == wanted and all(side in ("", '"', "'", "<", ">", "`") for side in around)
    if wanted.isalpha():
        return there in (wanted, wanted.upper())
    return _spaced(there) == _spaced(wanted)


def _spaced(text: str) -> str:
    """A text in small letters with spaces for hyphens and low lines: as the name of a file is."""
    return BETWEEN.sub(" ", text.casefold())


@cache
def _core(text: str) -> str:
    """A needle from its first word to its last: signs around it may be written otherwise."""
    text = normal(text)
    spans = [match.span() for match in WORD.finditer(text)]
    return text[spans[0][0] : spans[-1][1]]
