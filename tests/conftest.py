"""What tests share: the demo tenant's release, built once a session by the job that users run."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from landed_files import open_landing, resolve

from orchestration.dbt_project import run_dbt
from orchestration.settings import PROJECT_DIR, Settings

# Fixtures of the tests that open the site in a browser.
pytest_plugins = ["site_browser"]

# What a test loads without saying where works here, never in the user's own data.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="throughline-")
os.environ.pop("SOURCE_URL", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--demo-dir", help="Keep the demo tenant's data and release here, and reuse them."
    )


# Before the hook of xdist, which reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests stay on one worker: those of the demo tenant, which is built once, and files.

    `make test` runs two workers, with `-n 2 --dist loadgroup`.
    """
    for item in items:
        uses_demo = "demo_settings" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("demo" if uses_demo else item.path.name))


def run_module(module: str, *arguments: str, **environment: object) -> subprocess.CompletedProcess:
    """Run one of the project's commands as a user would, with these environment variables."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=PROJECT_DIR,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        capture_output=True,
        text=True,
        check=False,
    )


def settings_in(folder: Path, **changes: object) -> Settings:
    """Settings whose landing, data and releases lie in one folder; without a site unless said."""
    values = {
        "landing_dir": folder / "landing",
        "data_dir": folder / "data",
        "releases_dir": folder / "releases",
        "as_of": None,
        "site": False,
        "dbt_target": "duckdb",
    }
    return Settings(**{**values, **changes})


def environment_of(settings: Settings) -> dict[str, object]:
    """The environment variables that give a command these settings."""
    return {
        "LANDING_DIR": settings.landing_dir,
        "DATA_DIR": settings.data_dir,
        "RELEASES_DIR": settings.releases_dir,
        "AS_OF": settings.as_of or "",
        "SITE": int(settings.site),
    }


@pytest.fixture(scope="session")
def demo_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The settings of the demo tenant, of which only the landing folder is there."""
    kept = request.config.getoption("--demo-dir")
    folder = Path(kept).resolve() if kept else tmp_path_factory.mktemp("demo")
    settings = settings_in(folder, site=True)
    generated = run_module("sample_data", "--out", str(settings.landing_dir))
    assert generated.returncode == 0, generated.stdout + generated.stderr
    return settings


@pytest.fixture(scope="session")
def tenant(demo_settings: Settings) -> Path:
    """The landing folder of the demo tenant."""
    return demo_settings.landing_dir


@pytest.fixture(scope="session")
def landed(tenant: Path) -> duckdb.DuckDBPyConnection:
    """The demo tenant's files as tables, see landed_files.py."""
    return open_landing(tenant)


@pytest.fixture(scope="session")
def counted(landed: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The same, with what became of each enrollment."""
    return resolve(landed)


@pytest.fixture(scope="session")
def demo(demo_settings: Settings) -> Settings:
    """The settings of the demo tenant, generated, loaded, built and published with its site."""
    settings = demo_settings
    refreshed = run_module("orchestration.refresh", **environment_of(settings))
    assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr
    return settings


@pytest.fixture(scope="session")
def demo_release(demo: Settings) -> Path:
    """The folder of the demo tenant's release: manifest.json, marts/, site/."""
    return (demo.releases_dir / "latest").resolve()


@pytest.fixture(scope="session")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., pd.DataFrame]:
    """Asks a piece of the project's Jinja about tables given by name; needs no tenant."""
    settings = settings_in(tmp_path_factory.mktemp("answered"))
    settings.build_path.parent.mkdir(parents=True)
    duckdb.connect(str(settings.raw_path)).close()

    def answer(sql: str, **tables: pd.DataFrame) -> pd.DataFrame:
        outcome = run_dbt(settings, "compile", "--inline", sql)
        assert outcome.success, outcome.exception
        with duckdb.connect() as connection:
            for name, table in tables.items():
                connection.register(f"{name}_frame", table)
                connection.execute(f"create table {name} as from {name}_frame")
            return connection.execute(outcome.result.results[0].node.compiled_code).df()

    return answer
