"""The command `python -m sample_data`: write the demo tenant to a landing folder."""

import argparse
import sys
import time
from pathlib import Path

from .flaws import summary
from .landing import LandingError, land
from .tenant import FLAWS
from .truths import TruthsError, read_truths


def _scale(text: str) -> float:
    value = float(text)
    if not 0.01 <= value <= 200:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.01 and 200")
    return value


def _whole(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return value


def main() -> int:
    """Read the arguments, write the tenant, say what was done; return the exit code."""
    parser = argparse.ArgumentParser(prog="sample_data", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the landing folder to write")
    parser.add_argument("--seed", type=_whole, default=7, help="same seed, same bytes (7)")
    parser.add_argument("--scale", type=_scale, default=1, help="1 is 60,000 workers (1)")
    parser.add_argument("--truths", type=Path, help="a TOML file of other truths to draw from")
    arguments = parser.parse_args()
    began = time.monotonic()
    try:
        truths = read_truths(arguments.truths)
        outcome = land(arguments.out, arguments.seed, arguments.scale, truths)
    except (LandingError, TruthsError, OSError) as error:
        print(f"sample_data: {error}", file=sys.stderr)
        return 1
    size = f"{outcome.files_count} files, {outcome.bytes_count / 1e6:.1f} MB"
    if not outcome.is_new:
        print(f"Demo tenant already there: {outcome.folder} ({size})")
        return 0
    took = time.monotonic() - began
    print(f"Demo tenant written: {outcome.folder} ({size}, {took:.1f} s)")
    planted = ", ".join(f"{count} {fate}" for fate, count in summary(outcome.flaws).items())
    print(f"Flaws planted: {planted}; listed in {outcome.folder / FLAWS}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
