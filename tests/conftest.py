"""What tests share: the demo tenant's release, built once a session by the job that users run."""

import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import hypothesis
import pandas as pd
import pytest
from landed_files import open_landing, resolve

from orchestration.dbt_project import run_dbt
from orchestration.lock import lock_file
from orchestration.settings import PROJECT_DIR, Settings

# Drawn examples are the same in each run, so that a failure is of the change that is tested.
# `--hypothesis-profile default` draws others each time.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile("repeatable")

# Fixtures of the tests that open the site in a browser.
pytest_plugins = ["site_browser"]

# What a test loads without saying where works here, never in the user's own data.
OWN_DATA = tempfile.TemporaryDirectory(prefix="throughline-")
os.environ["DATA_DIR"] = OWN_DATA.name
os.environ.pop("SOURCE_URL", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--demo-dir", help="Keep the demo tenant's data and release here, and reuse them."
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files into an order that keeps both workers busy, which take them one by one.

    Spark's comes first: it takes longest, and its worker builds the demo tenant that the others
    share. Until that stands the second worker has the files that do without.
    """
    uses: dict[Path, set[str]] = {}
    for item in items:
        uses.setdefault(item.path, set()).update(getattr(item, "fixturenames", ()))

    def place(item: pytest.Item) -> int:
        if item.path.name == "test_spark.py":
            return 0
        return 2 if "demo" in uses[item.path] else 1

    items.sort(key=place)


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
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all its workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def once(shared_dir: Path, name: str, make: Callable[[], None]) -> None:
    """Make something in the first worker that needs it; another waits until it is there."""
    with lock_file(shared_dir / f"{name}.lock"):
        done = shared_dir / f"{name}.done"
        if not done.exists():
            make()
            done.touch()


@pytest.fixture(scope="session")
def demo_settings(request: pytest.FixtureRequest, shared_dir: Path) -> Settings:
    """The settings of the demo tenant, of which only the landing folder is there."""
    kept = request.config.getoption("--demo-dir")
    settings = settings_in(Path(kept).resolve() if kept else shared_dir / "demo", site=True)

    def generate() -> None:
        generated = run_module("sample_data", "--out", str(settings.landing_dir))
        assert generated.returncode == 0, generated.stdout + generated.stderr

    once(shared_dir, "landing", generate)
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
def demo(demo_settings: Settings, shared_dir: Path) -> Settings:
    """The settings of the demo tenant, generated, loaded, built and published with its site.

    Both workers read it: a test that writes, or opens a database for writing, takes a copy.
    """

    def refresh() -> None:
        refreshed = run_module("orchestration.refresh", **environment_of(demo_settings))
        assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr

    once(shared_dir, "demo", refresh)
    return demo_settings


@pytest.fixture(scope="session")
def demo_release(demo: Settings) -> Path:
    """The folder of the demo tenant's release: manifest.json, marts/, site/."""
    return (demo.releases_dir / "latest").resolve()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Gives the SQL that a piece of the project's Jinja stands for; needs no tenant."""
    settings = settings_in(tmp_path_factory.mktemp("compiled"))
    settings.build_path.parent.mkdir(parents=True)
    duckdb.connect(str(settings.raw_path)).close()

    @functools.cache
    def compile_inline(sql: str) -> str:
        outcome = run_dbt(settings, "compile", "--inline", sql)
        assert outcome.success, outcome.exception
        return outcome.result.results[0].node.compiled_code

    return compile_inline


@pytest.fixture(scope="session")
def answered(compiled: Callable[[str], str]) -> Callable[..., pd.DataFrame]:
    """Asks a piece of the project's Jinja about tables given by name."""

    def answer(sql: str, **tables: pd.DataFrame) -> pd.DataFrame:
        with duckdb.connect() as connection:
            for name, table in tables.items():
                connection.register(f"{name}_frame", table)
                connection.execute(f"create table {name} as from {name}_frame")
            return connection.execute(compiled(sql)).df()

    return answer
