"""Load the landing folder that the settings name: `python -m orchestration.load`."""

from orchestration.load import load_landing
from orchestration.settings import load_settings

if __name__ == "__main__":
    settings = load_settings()
    load_landing(settings.landing_dir, settings.raw_path)
