"""Build the report site of a release: the pages of reports/ over its tables, as static files."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from orchestration.settings import PROJECT_DIR
from orchestration.site_export import export_tables, release_row
from orchestration.site_pack import pack_files

REPORTS_DIR = PROJECT_DIR / "reports"
TIME_LIMIT_SECONDS = 1800

# A query that fails is published as a text on its page, and the build still ends well. So the log
# and the pages are searched for what such a failure leaves behind.
_LOG_ERRORS = re.compile(r"Error in|\[ERROR\]")
_PAGE_ERRORS = ("Catalog Error", "Binder Error", "Parser Error", "Dataset is empty")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

_COPIED = ("package.json", "evidence.config.yaml", "evidence.settings.json", "app.css")
_COPIED_FOLDERS = ("pages", "components", "queries", "static")


class SiteError(RuntimeError):
    """The report site could not be built; the message says why and where the log is."""


def build_site(
    folder: Path,
    manifest: dict,
    work_dir: Path,
    say: Callable[[str], None] = print,
    reports_dir: Path = REPORTS_DIR,
) -> None:
    """Build the site of a release into `folder/site`.

    Its pages know their address, /<release_id>/site: a site that lies elsewhere does not work.

    Args:
        folder: The release in the making: marts/, account_tables/ and changes.parquet are there.
        manifest: The release's manifest: release_id, as_of_date, created_at, code_version.
        work_dir: A folder for the staging folder and, after a failure, the log.
        say: Takes one line of progress.
        reports_dir: The pages and their installed packages.

    Raises:
        SiteError: Packages or tables are missing, the build failed, ran too long, or a page shows
            an error. `folder` is then untouched, and the log stays in `work_dir`.
    """
    site = folder / "site"
    if site.exists():
        raise SiteError(f"{site} exists already; a site is built once")
    packages = reports_dir / "node_modules"
    if not (packages / ".bin" / "evidence").exists():
        raise SiteError(
            f"The packages of the report are not installed: run `npm ci` in {reports_dir}"
        )
    work_dir.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(work_dir)
    staging = Path(tempfile.mkdtemp(prefix=f"site-{os.getpid()}-", dir=work_dir))
    log = staging.with_suffix(".log")
    started = time.monotonic()
    try:
        _stage(reports_dir, staging)
        size = _export(folder, manifest, staging)
        say(f"site: {size / 1e6:.1f} MB of tables exported, building the pages")
        _run_build(staging, log)
        built = staging / "build"
        _check_pages(built, log)
        pack_files(built)
        shutil.move(built, site)
        log.unlink()
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    say(f"site: built in {time.monotonic() - started:.0f} s")


def _clear_leftovers(work_dir: Path) -> None:
    """Remove the staging folders of builds that were killed; one still at work keeps its own."""
    for folder in work_dir.glob("site-*-*/"):
        try:
            os.kill(int(folder.name.split("-")[1]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (ValueError, PermissionError):
            continue


def source_files(reports_dir: Path = REPORTS_DIR) -> list[Path]:
    """Return every file that a release's pages, documents and bundles are made by, in order."""
    files = [reports_dir / name for name in (*_COPIED, "package-lock.json")]
    for name in (*_COPIED_FOLDERS, "patches", "bundle"):
        files += [path for path in (reports_dir / name).rglob("*") if path.is_file()]
    code = Path(__file__).parent
    for pattern in ("site*.py", "bundle*.py", "dbt_docs.py", "account_tables/*.py"):
        files += code.glob(pattern)
    return sorted(files)


def _stage(reports_dir: Path, staging: Path) -> None:
    """Copy what the build reads into a fresh folder: leftovers of another would be published."""
    for name in _COPIED:
        shutil.copyfile(reports_dir / name, staging / name)
    for name in _COPIED_FOLDERS:
        if (reports_dir / name).is_dir():
            shutil.copytree(reports_dir / name, staging / name)
    (staging / "node_modules").symlink_to((reports_dir / "node_modules").resolve())


def _export(folder: Path, manifest: dict, staging: Path) -> int:
    """Give the staged pages their data, their address, and which release they are."""
    try:
        size = export_tables(folder, manifest, staging / ".evidence/template/static/data")
        release = release_row(manifest)
    except FileNotFoundError as error:
        raise SiteError(str(error)) from error
    except KeyError as error:
        raise SiteError(f"The release's manifest lacks {error}, which the pages show") from error
    (staging / "components" / "release.json").write_text(json.dumps(release))
    with (staging / "evidence.config.yaml").open("a", encoding="utf-8") as config:
        config.write(f"deployment:\n  basePath: /{release['release_id']}/site\n")
    return size


def _run_build(staging: Path, log: Path) -> None:
    """Run Evidence's strict build; its whole process group ends with it or at the time limit."""
    environment = {
        **os.environ,
        "SEND_ANONYMOUS_USAGE_STATS": "no",
        "NO_COLOR": "1",
        "NO_UPDATE_NOTIFIER": "1",
        "TZ": "UTC",
    }
    with log.open("wb") as output:
        build = subprocess.Popen(
            [str(staging / "node_modules" / ".bin" / "evidence"), "build:strict"],
            cwd=staging,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = build.wait(timeout=TIME_LIMIT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise SiteError(
                f"The site build took more than {TIME_LIMIT_SECONDS} s and was stopped; log: {log}"
            ) from error
        finally:
            _end_group(build)
    text = _COLOURS.sub("", log.read_text(encoding="utf-8", errors="replace"))
    found = _LOG_ERRORS.search(text)
    if found is not None:
        lines = text[found.start() :].strip().splitlines()[:4]
        raise SiteError("\n".join(["The site build reports:", *lines, f"The whole log: {log}"]))
    if code != 0:
        tail = "\n".join(text.strip().splitlines()[-8:])
        raise SiteError(f"The site build ended with code {code}; log: {log}\n{tail}")


def _end_group(build: subprocess.Popen) -> None:
    """End what the build started; its own leader may be gone while its children are not."""
    try:
        os.killpg(build.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    build.wait()


def _check_pages(built: Path, log: Path) -> None:
    """Refuse a site that has no front page, or a page that shows an error text."""
    if not (built / "index.html").is_file():
        raise SiteError(f"The site build made no front page; log: {log}")
    for page in sorted(built.rglob("*.html")):
        text = page.read_text(encoding="utf-8", errors="replace")
        for error in _PAGE_ERRORS:
            if error in text:
                at = text.index(error)
                around = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text[at : at + 400]))
                where = page.relative_to(built)
                raise SiteError(f"The page {where} shows an error: {around.strip()}; log: {log}")
