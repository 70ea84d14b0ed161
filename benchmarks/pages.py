"""What a page of a release weighs, and how long a reader waits for its first number.

``python -m benchmarks.pages`` opens every page of the latest release's site, and of one account's
bundle, in Chromium: cold in a browser that has seen nothing, then once more. It prints a Markdown
table for the project's own server and for nginx with the documented configuration.
"""

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType, sync_playwright

from benchmarks.servers import Server, nginx_server, own_server
from orchestration.settings import load_settings
from tests.site_browser import ARGUMENTS, CHROMIUM, pages

QUIET = 1000
"""A page is ready before the first so many milliseconds without work, after its files are there."""

# Runs before the page. A frame is only drawn once the styles are there, so the first frame at whose
# end the body of the page shows a digit is the one that a reader sees. The menu and the version do
# not count, nor does what is not laid out.
WATCH = """
    const seen = { number: null, work: 0 };
    window.seen = seen;
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) seen.work = task.startTime + task.duration;
    }).observe({ type: 'longtask', buffered: true });
    const shown = (element) => element.getClientRects().length && /[0-9]/.test(element.textContent);
    const look = () => {
        const found = document.querySelectorAll('main strong, main td, main [data-testid]');
        if (![...found].some(shown)) return requestAnimationFrame(look);
        setTimeout(() => { seen.number = performance.now(); });
    };
    requestAnimationFrame(look);
"""
# When the last piece of work over 50 ms ended, once a quiet time has passed; else null.
READY = """
    (quiet) => {
        const [page] = performance.getEntriesByType('navigation');
        const files = performance.getEntriesByType('resource').map((file) => file.responseEnd);
        const ready = Math.max(window.seen.number, window.seen.work, page.domContentLoadedEventEnd);
        const last = Math.max(ready, page.loadEventEnd, ...files);
        return window.seen.number && page.loadEventEnd && performance.now() - last > quiet
            ? [window.seen.number, ready] : null;
    }
"""


@dataclass(frozen=True)
class Visit:
    """Milliseconds from the start of the navigation, kilobytes sent, answers."""

    number: float
    ready: float
    kilobytes: float
    answers: float


def visit(reader: BrowserContext, server: Server, path: str) -> Visit:
    """Open a page in a new tab and wait until it has nothing more to do."""
    before = len(server.answers())
    page = reader.new_page()
    page.goto(server.url + path)
    times = page.wait_for_function(READY, arg=QUIET, polling=100).json_value()
    # The database starts after the page is ready, in a worker, and asks for its tables.
    count = -1
    while count < len(server.answers()):
        count = len(server.answers())
        page.wait_for_timeout(2 * QUIET)
    page.close()
    sent = server.answers()[before:]
    return Visit(*times, kilobytes=sum(sent) / 1000, answers=len(sent))


def cold_and_warm(chromium: BrowserType, server: Server, path: str) -> tuple[Visit, Visit]:
    """A page in a browser that has seen nothing, and then once more.

    On disk, as a reader's browser is: one without a profile keeps no file of an engine's size.
    """
    options = {"executable_path": CHROMIUM, "args": [*ARGUMENTS, *server.trust]}
    with (
        tempfile.TemporaryDirectory() as profile,
        chromium.launch_persistent_context(profile, **options) as reader,
    ):
        reader.set_default_timeout(120_000)
        if server.login:
            reader.pages[0].goto(server.login)
        reader.add_init_script(f"(() => {{{WATCH}}})()")
        return visit(reader, server, path), visit(reader, server, path)


def middle(visits: list[Visit]) -> Visit:
    """The median of each measure."""
    names = Visit.__dataclass_fields__
    return Visit(**{name: statistics.median(getattr(v, name) for v in visits) for name in names})


def addresses(release: Path, account: str | None) -> list[str]:
    """Where the pages of the site, and of the account's bundle, are.

    Of the pages that each account has on the site, the first and the last.
    """
    site = [f"/{release.name}/site{path}" for path in pages(release)]
    bundle = sorted(release.glob(f"accounts/{account}/site/*.html")) if account else []
    found = ["/" + path.relative_to(release.parent).as_posix() for path in bundle]
    return site + [path.removesuffix("index.html") for path in found]


def measure(server: Server, paths: list[str], rounds: int) -> Iterator[str]:
    """The rows of the table, a page each."""
    with sync_playwright() as playwright:
        for path in paths:
            visits = [cold_and_warm(playwright.chromium, server, path) for _ in range(rounds)]
            cold, warm = (middle(list(of)) for of in zip(*visits, strict=True))
            times = f"{cold.number:,.0f} | {warm.number:,.0f} | {cold.ready:,.0f}"
            weights = f"{cold.kilobytes:,.0f} | {cold.answers:.0f} | {warm.kilobytes:,.0f}"
            name = path.split("/", 2)[2]
            yield f"| {name} | {times} | {warm.ready:,.0f} | {weights} | {warm.answers:.0f} |"


def main() -> None:
    """Measure both servers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--account", help="the account of the bundle; by default the first")
    parser.add_argument("--page", help="only addresses that hold this")
    arguments = parser.parse_args()
    releases = load_settings().releases_dir
    release = (releases / "latest").resolve()
    accounts = sorted(path.name for path in (release / "accounts").glob("*"))
    account = arguments.account or next(iter(accounts), None)
    paths = [path for path in addresses(release, account) if (arguments.page or "") in path]
    for name, run in {"Own server": own_server, "nginx": nginx_server}.items():
        print(f"\n{name}:\n")
        print("| page | first number, ms: cold | warm | ready, ms: cold | warm ", end="")
        print("| sent, kB: cold | answers | warm | answers |")
        print("|---|" + "---:|" * 8)
        with run(releases) as server:
            for row in measure(server, paths, arguments.rounds):
                print(row, flush=True)


if __name__ == "__main__":
    main()
