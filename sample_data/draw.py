"""Small tools to draw columns: seeded generators, identifiers, instants, amounts as text."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

Columns = dict[str, np.ndarray]
DAY = 86_400


def generator(seed: int, entity: str, block: int = 0) -> np.random.Generator:
    """Return the random stream of one entity (and block): a new entity shifts no other one."""
    return np.random.default_rng([seed, zlib.crc32(entity.encode()), block])


def codes(prefix: str, numbers: np.ndarray, width: int) -> np.ndarray:
    """Return identifiers such as `en-000042`."""
    return np.array([f"{prefix}{number:0{width}d}" for number in numbers.tolist()], dtype=object)


@dataclass
class Numbers:
    """How many of each thing earlier blocks had, so that identifiers go on from there."""

    used: dict[str, int] = field(default_factory=dict)

    def take(self, thing: str, count: int) -> np.ndarray:
        """Return the next `count` numbers of a thing."""
        first = self.used.get(thing, 0) + 1
        self.used[thing] = first + count - 1
        return np.arange(first, first + count)

    def ids(self, thing: str, prefix: str, count: int, width: int) -> np.ndarray:
        """Return the next `count` identifiers of a thing."""
        return codes(prefix, self.take(thing, count), width)


def choose(rng: np.random.Generator, options: Sequence, weights: Sequence[float], size: int):
    """Draw `size` options by weight, as an array."""
    shares = np.asarray(weights, dtype=float)
    picked = rng.choice(len(options), size=size, p=shares / shares.sum())
    return np.asarray(options)[picked]


def seconds(days: np.ndarray, second_of_day: np.ndarray) -> np.ndarray:
    """Return instants from dates and seconds of the day (UTC)."""
    return days.astype("datetime64[s]") + np.asarray(second_of_day).astype("timedelta64[s]")


def delayed(
    rng: np.random.Generator, times: np.ndarray, typical_seconds: float, late: float, late_days: int
) -> np.ndarray:
    """Return when the provider knew: soon after it happened, for a share `late` days after."""
    delay = rng.exponential(typical_seconds, len(times)) + 1
    is_late = rng.random(len(times)) < late
    delay[is_late] += rng.uniform(1, late_days, is_late.sum()) * DAY
    return times + delay.astype("timedelta64[s]")


def money(amounts: np.ndarray) -> np.ndarray:
    """Return amounts as decimal text with two places, from integer cents."""
    return np.array(
        [f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
         for cents in np.asarray(amounts, dtype=np.int64).tolist()],
        dtype=object,
    )  # fmt: skip


def scores(values: np.ndarray) -> np.ndarray:
    """Return scores as decimal text with four places, missing where not a number."""
    return np.array([None if v != v else f"{v:.4f}" for v in values.tolist()], dtype=object)
