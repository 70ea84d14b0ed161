"""Check the landing folder that the settings name: `python -m orchestration.check_landing`.

The exit code is 0 where every row can be loaded; 1 where a row is rejected, a file cannot be
loaded, or there is no row. It is the same where nobody reads the report to its end.
"""

import os
import sys

from orchestration.check_landing import check_landing
from orchestration.settings import load_settings


def say(text: str) -> None:
    """Print a line; where nobody reads on, as behind `| head`, print nothing more."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    try:
        landing_dir = load_settings().landing_dir
    except ValueError as error:
        sys.exit(str(error))
    sys.exit(0 if check_landing(landing_dir, say) else 1)
