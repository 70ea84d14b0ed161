"""Serve the releases' reports on this machine: `python -m orchestration.serve`."""

import mimetypes
import os
import re
import stat
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orchestration.release_files import latest_release
from orchestration.release_index import latest_with_site
from orchestration.settings import load_settings

HOST = "127.0.0.1"

# The pages carry their own scripts and styles inline and run DuckDB as WebAssembly in a worker;
# nothing comes from, and nothing goes to, any other address.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_RELEASE = r"\d{8}T\d{6}Z-[0-9a-f]+"
_SITE = re.compile(rf"(?P<root>{_RELEASE}/(accounts/[^/]+/)?site)(/.*)?")
# What a reader may ask for, by its path in the releases folder; folders stand for their index.html.
_SHOWN = re.compile(
    rf"\.|(\./)?(index\.html|versions\.json)|accounts/[^/]+(/(index\.html|versions\.json))?"
    rf"|{_SITE.pattern}|{_RELEASE}/docs(/.*)?"
)

mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")
for suffix in (".duckdb", ".arrow", ".parquet"):
    mimetypes.add_type("application/octet-stream", suffix)


class _Reports(StaticFiles):
    """The sites and documents of the releases folder, and none of its other files.

    A file with a compressed twin (`<file>.gz`) is sent compressed to who accepts it. A page that a
    site does not have is answered by that site's own words.
    """

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        if not _SHOWN.fullmatch(path.replace(os.sep, "/")):
            return "", None
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            site = _SITE.fullmatch(path.replace(os.sep, "/"))
            if error.status_code != 404 or site is None:
                raise
            words, found = self.lookup_path(f"{site['root']}/404.html")
            if found is None or not stat.S_ISREG(found.st_mode):
                raise
            return FileResponse(words, status_code=404)

    def file_response(
        self,
        full_path: os.PathLike | str,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        twin = f"{full_path}.gz"
        if not os.path.isfile(twin):
            return super().file_response(full_path, stat_result, scope, status_code)
        if is_packed := "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            full_path, stat_result = twin, os.stat(twin)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Vary"] = "Accept-Encoding"
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
        return response


class _Headers:
    """Adds the security headers, and how long a file may be kept, to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                # A release never changes; which of them is the latest does.
                lasting = message["status"] < 400 and re.match(rf"/{_RELEASE}/", scope["path"])
                headers["Cache-Control"] = (
                    "private, max-age=31536000, immutable" if lasting else "no-cache"
                )
            await send(message)

        await self.app(scope, receive, send_with_headers)


def create_app(releases_dir: Path) -> ASGIApp:
    """Return the application that serves the releases' reports: read-only, with range requests.

    `/` leads to the latest release, /<release_id>/site/ is a release's report,
    /<release_id>/accounts/<account_id>/site/ that of an account, /<release_id>/docs/ the models'
    documentation; /versions.json says which releases there are. Nothing else is shown.
    """
    return _Headers(Starlette(routes=[Mount("/", _Reports(directory=releases_dir, html=True))]))


def main() -> int:
    """Serve the releases folder until interrupted; return 1 with a message if it has no site."""
    releases_dir = load_settings().releases_dir
    latest = latest_release(releases_dir)
    if latest is None:
        print(
            f"There is no release yet in {releases_dir}: run `make demo` or `make refresh` first."
        )
        return 1
    shown = latest_with_site(releases_dir)
    if shown is None:
        print(f"The release {latest.name} has no site: run `make refresh` with SITE=1.")
        return 1
    port = os.environ.get("PORT", "").strip() or "8080"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        print(f"PORT={port!r} is not a port: write a number from 1 to 65535")
        return 1
    address = f"http://{HOST}:{port}"
    if shown != latest:
        print(f"The latest release, {latest.name}, has no site: this is the last that has one.")
    print(
        f"The latest report, of release {shown.name}, is at {address}/ (Ctrl+C ends it)\n"
        f"It stays at {address}/{shown.name}/site/; the others are listed on its pages.",
        flush=True,
    )
    uvicorn.run(create_app(releases_dir), host=HOST, port=int(port), log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
