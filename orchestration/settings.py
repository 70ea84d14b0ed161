"""Where things are: the paths and switches of a run, from environment variables with defaults."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent


def _path(variable: str, default: str) -> Path:
    """Return the folder that a variable names; a relative path counts from the project."""
    return PROJECT_DIR / (os.environ.get(variable, "").strip() or default)


@dataclass(frozen=True)
class Settings:
    """The settings of one run."""

    landing_dir: Path
    data_dir: Path
    releases_dir: Path
    as_of: str | None
    site: bool
    dbt_target: str
    # It may hold a password.
    source_url: str | None = field(default=None, repr=False)
    source_map: Path = PROJECT_DIR / "source.yml"
    build_name: str = "build"

    @property
    def raw_path(self) -> Path:
        """The DuckDB file of accepted rows, rejected rows and the load ledger."""
        return self.data_dir / "raw.duckdb"

    @property
    def warehouse_path(self) -> Path:
        """The last good warehouse."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def build_path(self) -> Path:
        """The warehouse being built: same file name, since views embed it, in its own folder."""
        return self.data_dir / self.build_name / "warehouse.duckdb"

    @property
    def dbt_target_dir(self) -> Path:
        """Where dbt writes its manifest, compiled SQL and logs."""
        return self.data_dir / "target"


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        ValueError: AS_OF is not a date, or SITE is neither 0 nor 1. The message says what to write.
    """
    as_of = os.environ.get("AS_OF", "").strip() or None
    if as_of is not None:
        try:
            date.fromisoformat(as_of)
        except ValueError as error:
            raise ValueError(f"AS_OF={as_of!r} is not a date: write it as 2026-06-30") from error
    site = os.environ.get("SITE", "").strip() or "1"
    if site not in ("0", "1"):
        raise ValueError(f"SITE={site!r} is neither 0 (marts only) nor 1 (marts and site)")
    return Settings(
        landing_dir=_path("LANDING_DIR", "landing"),
        data_dir=_path("DATA_DIR", "data"),
        releases_dir=_path("RELEASES_DIR", "releases"),
        as_of=as_of,
        site=site == "1",
        dbt_target=os.environ.get("DBT_TARGET", "").strip() or "duckdb",
        source_url=os.environ.get("SOURCE_URL", "").strip() or None,
        source_map=_path("SOURCE_MAP", "source.yml"),
    )
