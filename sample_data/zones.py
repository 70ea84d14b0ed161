"""Local clocks: the real rules of the time zones, for whole arrays."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

FIRST_YEAR, LAST_YEAR = 2020, 2028


@cache
def _changes(zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the local times from which a new offset holds, and the offsets in seconds."""
    clock, hour = ZoneInfo(zone), timedelta(hours=1)
    moment, offset = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), None
    times, offsets = [], []
    while moment.year <= LAST_YEAR:
        now = moment.astimezone(clock).utcoffset()
        if now != offset:
            if offset is not None:  # some time in the day before: find the hour
                moment -= timedelta(days=1)
                while moment.astimezone(clock).utcoffset() == offset:
                    moment += hour
            offset = now
            times.append(np.datetime64((moment + now).replace(tzinfo=None), "s"))
            offsets.append(int(now.total_seconds()))
            moment = moment.replace(hour=0)
        moment += timedelta(days=1)
    return np.array(times), np.array(offsets)


def to_utc(local: np.ndarray, zone: np.ndarray, names: list[str]) -> np.ndarray:
    """Return the instants (UTC) at which the clocks of zones show local times.

    `zone` is the index into `names` of each time's zone. In the hour that clocks show twice the
    second one is meant; no time may lie in the hour that they skip.
    """
    utc = local.astype("datetime64[s]").copy()
    for index, name in enumerate(names):
        mine = np.flatnonzero(zone == index)
        if len(mine):
            times, offsets = _changes(name)
            place = np.searchsorted(times, utc[mine], side="right") - 1
            utc[mine] -= offsets[np.maximum(place, 0)].astype("timedelta64[s]")
    return utc


def shown(instant: np.datetime64, zone: str) -> str:
    """Return an instant as the clock of a zone shows it, such as `2025-03-09T03:30:00-05:00`."""
    moment = instant.astype("datetime64[s]").astype(datetime).replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone)).isoformat()
