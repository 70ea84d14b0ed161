"""What happened to each release: `releases/ledger.jsonl`, a line an event, lines only added."""

import json
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from orchestration.release_files import ReleaseError

PUBLISHED = "published"
ROLLED_BACK = "rolled_back"
REMOVED = "removed"
HANDED_OVER = "handed_over"


class Ledger:
    """The events of a folder of releases, oldest first.

    Each has `at` (UTC), `event`, `release_id`, and: `published` the `checksums_sha256` of the
    release's list of checksums and its `content_hash`; `rolled_back` the release that was latest
    before, `from_release_id`; `removed` the `reason`; `handed_over` the `account_id`.
    """

    def __init__(self, releases_dir: Path) -> None:
        """Read the events.

        Raises:
            ReleaseError: a line is no event. A last line that was cut off does not count: whoever
                wrote it was killed, and it is written again.
        """
        self.path = releases_dir / "ledger.jsonl"
        text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        self._whole, _, self._cut_off = text.rpartition("\n")
        self.events: list[dict[str, str]] = []
        for number, line in enumerate(filter(None, self._whole.split("\n")), start=1):
            try:
                event = json.loads(line)
                event["event"], event["release_id"]
            except (ValueError, TypeError, KeyError):
                raise ReleaseError(
                    f"line {number} of {self.path} is no event: somebody changed it; put back the"
                    " line of a backup, or take it out"
                ) from None
            self.events.append(event)

    def add(self, event: str, release_id: str, **details: str | None) -> None:
        """Write an event to the end of the ledger, on the disk when this returns."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"at": at, "event": event, "release_id": release_id, **details}
        with self.path.open("a", encoding="utf-8") as file:
            if self._cut_off:
                file.truncate(len(f"{self._whole}\n".encode()) if self._whole else 0)
                self._cut_off = ""
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.events.append(row)

    def of(self, *kinds: str) -> list[dict[str, str]]:
        """Return the events of these kinds."""
        return [event for event in self.events if event["event"] in kinds]

    def ids(self) -> set[str]:
        """Return the id of every release that there ever was."""
        return {event["release_id"] for event in self.of(PUBLISHED)}

    def checksums_of(self, release_id: str) -> str | None:
        """Return the SHA-256 of a release's list of checksums, as it was when it was published."""
        told = [e["checksums_sha256"] for e in self.of(PUBLISHED) if e["release_id"] == release_id]
        return told[0] if told else None

    def with_content(self, content_hash: str) -> list[str]:
        """Return the id of every release that ever had this content, oldest first."""
        published = self.of(PUBLISHED)
        return [e["release_id"] for e in published if e.get("content_hash") == content_hash]

    def latest(self, there: set[str]) -> str | None:
        """Return where `latest` belongs: the last release published or moved to, of those there."""
        moves = [event["release_id"] for event in self.of(PUBLISHED, ROLLED_BACK)]
        return next((release_id for release_id in reversed(moves) if release_id in there), None)

    def taken_back(self) -> set[str]:
        """Return the releases that a rollback passed over, and no later move of `latest` meant."""
        back: set[str] = set()
        for event in self.of(ROLLED_BACK):
            to, start = event["release_id"], event["from_release_id"]
            back |= {release_id for release_id in self.ids() if to < release_id <= start}
            back.discard(to)
        return back

    def handed_over(self) -> dict[str, set[str]]:
        """Return the accounts that each release was handed over to."""
        accounts = defaultdict(set)
        for event in self.of(HANDED_OVER):
            accounts[event["release_id"]].add(event["account_id"])
        return dict(accounts)
