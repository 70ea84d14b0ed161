"""Extract what is new in a source database into the landing folder, each version of a row once."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from orchestration.extract.mapping import SourceProblem
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.extract.extraction import Extracted

__all__ = ["SourceProblem", "extract_source"]


def extract_source(
    settings: Settings, say: Callable[[str], None] = print, is_full: bool = False
) -> list["Extracted"]:
    """Land what the database of SOURCE_URL has that is not landed as it is.

    An entity's rows and how far they go are one file, which appears by one rename. An extraction
    that fails or is killed has landed some entities and not others; the next one goes on.

    Args:
        settings: Where the database, its map and the landing folder are.
        say: Takes the progress, a line per entity.
        is_full: Read every row, not only those that their cursor shows as new.

    Raises:
        SourceProblem: the settings, the map or the database are wrong, or the extra `sql` is not
            installed; the message says what to do, and holds no password.
    """
    try:
        from orchestration.extract.extraction import extract
    except ModuleNotFoundError as error:
        raise SourceProblem(
            f"the package {error.name} is missing: `make extract` installs the extra `sql`"
        ) from None
    return extract(settings, say, is_full)
