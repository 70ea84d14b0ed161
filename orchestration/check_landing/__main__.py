"""Check the landing folder that the settings name: `python -m orchestration.check_landing`.

The exit code is 0 where every row can be loaded; 1 where a row is rejected, a file cannot be
loaded, or there is no file.
"""

import sys

from orchestration.check_landing import check_landing
from orchestration.settings import load_settings

if __name__ == "__main__":
    try:
        landing_dir = load_settings().landing_dir
    except ValueError as error:
        sys.exit(str(error))
    sys.exit(0 if check_landing(landing_dir) else 1)
