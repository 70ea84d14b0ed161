"""Extract from the database that the settings name: `python -m orchestration.extract [--full]`."""

import argparse
import sys

from orchestration.extract import SourceProblem, extract_source
from orchestration.lock import hold_data
from orchestration.settings import load_settings


def main() -> int:
    """Extract, telling what happens; return 0 if everything was read, else 1."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.extract", description=__doc__)
    parser.add_argument("--full", action="store_true", help="read every row, not only the latest")
    arguments = parser.parse_args()
    try:
        settings = load_settings()
        hold_data(settings.data_dir)
        extract_source(settings, is_full=arguments.full)
    except (SourceProblem, ValueError) as problem:
        print(f"extraction failed: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
