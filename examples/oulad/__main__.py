"""Land the Open University data: ``python -m examples.oulad FOLDER LANDING_DIR``."""

import sys

from examples.landing import run
from examples.oulad.convert import convert


def main() -> int:
    """Convert, print what was written, and return the exit code."""
    return run(convert, "examples.oulad", "seven files")


if __name__ == "__main__":
    sys.exit(main())
