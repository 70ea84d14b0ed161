"""Land the incident log: ``python -m examples.itsm FOLDER LANDING_DIR``."""

import sys

from examples.itsm.convert import convert
from examples.landing import run


def main() -> int:
    """Convert, print what was written, and return the exit code."""
    return run(convert, "examples.itsm", "incident log")


if __name__ == "__main__":
    sys.exit(main())
