"""Land the Open University data: ``python -m examples.oulad FOLDER LANDING_DIR``."""

import argparse
import sys
import time
from pathlib import Path

from examples.oulad.convert import convert
from examples.oulad.source import OuladError


def main() -> int:
    """Convert, print what was written, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m examples.oulad", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the seven files, Parquet or CSV")
    parser.add_argument("landing_dir", type=Path, help="landing folder to write")
    arguments = parser.parse_args()
    started = time.monotonic()
    try:
        landed = convert(arguments.folder, arguments.landing_dir, report=print)
    except (OuladError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if landed:
        seconds = time.monotonic() - started
        print(f"{sum(landed.values()):,} rows in {arguments.landing_dir}, {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
