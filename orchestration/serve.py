"""Serve the latest release's report on this machine: `python -m orchestration.serve`."""

import mimetypes
import os
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

# A file whose name changes with its content may be kept by a browser; any other is asked for again.
_LASTING = ("/_app/immutable/", "/data/mart/")

mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")
for suffix in (".duckdb", ".arrow", ".parquet"):
    mimetypes.add_type("application/octet-stream", suffix)


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
                lasting = message["status"] < 400 and scope["path"].startswith(_LASTING)
                headers["Cache-Control"] = (
                    "public, max-age=31536000, immutable" if lasting else "no-cache"
                )
            await send(message)

        await self.app(scope, receive, send_with_headers)


def create_app(site_dir: Path) -> ASGIApp:
    """Return the application that serves a built site: read-only, with range requests."""
    return _Headers(Starlette(routes=[Mount("/", StaticFiles(directory=site_dir, html=True))]))


def main() -> int:
    """Serve `releases/latest/site` until interrupted; return 1 with a message if there is none."""
    latest = load_settings().releases_dir / "latest"
    if not latest.exists():
        print(
            f"There is no release yet in {latest.parent}: run `make demo` or `make refresh` first."
        )
        return 1
    if not (latest / "site" / "index.html").is_file():
        print(f"The release {latest.resolve().name} has no site: run `make refresh` with SITE=1.")
        return 1
    port = os.environ.get("PORT", "").strip() or "8080"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        print(f"PORT={port!r} is not a port: write a number from 1 to 65535")
        return 1
    print(f"Release {latest.resolve().name} at http://{HOST}:{port} (Ctrl+C ends it)", flush=True)
    uvicorn.run(create_app(latest / "site"), host=HOST, port=int(port), log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
