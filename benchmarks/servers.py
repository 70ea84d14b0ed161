"""The servers of a releases folder that a benchmark compares, and what each has sent."""

import base64
import hashlib
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from orchestration.serve import create_app
from tests.nginx_server import HOST, running_nginx

USER, WORD = "staff-reader", "benchmark"


@dataclass
class Server:
    """A server of the releases: its address, one that logs a reader in, and what it sent."""

    url: str
    login: str | None = None
    trust: list[str] = field(default_factory=list)
    log: Path | None = None
    sent: list[int] = field(default_factory=list)

    def answers(self) -> list[int]:
        """The bytes of each answer so far."""
        if self.log is None:
            return list(self.sent)
        return [int(line.split()[0]) for line in self.log.read_text().splitlines()]


@contextmanager
def own_server(releases: Path) -> Iterator[Server]:
    """The project's own server; what it sends is counted without headers."""
    app = create_app(releases)
    server = Server(url="")

    async def counting(scope, receive, send) -> None:
        size = 0

        async def count(message) -> None:
            nonlocal size
            size += len(message.get("body", b""))
            await send(message)

        await app(scope, receive, count)
        if scope["type"] == "http":
            server.sent.append(size)

    runner = uvicorn.Server(uvicorn.Config(counting, port=0, log_level="warning"))
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    while not runner.started:
        time.sleep(0.01)
    server.url = f"http://{HOST}:{runner.servers[0].sockets[0].getsockname()[1]}"
    yield server
    runner.should_exit = True
    thread.join()


@contextmanager
def nginx_server(releases: Path) -> Iterator[Server]:
    """nginx: encrypted, with a password, and compressed."""
    with running_nginx(releases, {"staff": {USER: WORD}}) as nginx:
        openssl = ["openssl", "x509", "-in", str(nginx.certificate), "-pubkey", "-noout"]
        key = subprocess.run(openssl, capture_output=True, check=True, text=True).stdout
        body = base64.b64decode("".join(key.splitlines()[1:-1]))
        pin = base64.b64encode(hashlib.sha256(body).digest()).decode()
        # A browser keeps nothing from a server whose certificate it does not trust.
        trust = [f"--ignore-certificate-errors-spki-list={pin}"]
        login = nginx.url.replace("://", f"://{USER}:{WORD}@") + "/versions.json"
        yield Server(nginx.url, login, trust, nginx.log)
