"""Debian's nginx with the documented configuration: only where things are is put in its place."""

import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from orchestration.settings import PROJECT_DIR

SITE_CONFIGURATION = PROJECT_DIR / "docs" / "hosting" / "nginx.conf"
HOST = "127.0.0.1"
# What Debian's own nginx.conf holds, for one process that stays in the foreground.
AROUND = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    log_format sent "$bytes_sent $request_uri";
    access_log {folder}/access.log sent;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Nginx:
    """A server that runs: its ports, the certificate to trust, and a line for each answer sent."""

    port: int
    http_port: int
    certificate: Path
    log: Path

    @property
    def url(self) -> str:
        """The address of the site."""
        return f"https://{HOST}:{self.port}"

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """What a client needs to know the server."""
        return ssl.create_default_context(cafile=str(self.certificate))


@contextmanager
def running_nginx(releases: Path, passwords: Mapping[str, Mapping[str, str]]) -> Iterator[Nginx]:
    """Serve a releases folder as the configuration says, until the block ends.

    Args:
        releases: The folder of the releases.
        passwords: The password of each user, by the name of the file that they are in: `staff`, or
            `accounts/<account_id>`.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.fail("The tests of the hosting need nginx: `make setup-test` installs it")
    folder = Path(tempfile.mkdtemp(prefix="nginx-"))
    server = None
    try:
        _make_certificate(folder)
        for name, users in passwords.items():
            write_passwords(folder / f"{name}.htpasswd", users)
        nginx = Nginx(_free_port(), _free_port(), folder / "fullchain.pem", folder / "access.log")
        (folder / "site.conf").write_text(configuration(releases, folder, nginx))
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
        log = folder / "error.log"
        server = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf", "-e", log])
        _wait_for(server, nginx.port, log)
        yield nginx
    finally:
        if server is not None:
            server.terminate()
            server.wait(timeout=20)
        shutil.rmtree(folder)


def configuration(releases: Path, passwords: Path, nginx: Nginx) -> str:
    """The documented configuration, with the lines edited that it says are to be edited."""
    text = SITE_CONFIGURATION.read_text(encoding="utf-8")
    for directive, value in {
        "listen 80": f"listen {HOST}:{nginx.http_port}",
        "listen 443 ssl http2": f"listen {HOST}:{nginx.port} ssl http2",
        "server_name [^;]+": f"server_name {HOST}",
        "ssl_certificate [^;]+": f"ssl_certificate {passwords}/fullchain.pem",
        "ssl_certificate_key [^;]+": f"ssl_certificate_key {passwords}/privkey.pem",
        "root [^;]+": f"root {releases}",
        r"set \$passwords [^;]+": f"set $passwords {passwords}",
    }.items():
        text, found = re.subn(rf"(?m)^    {directive};$", f"    {value};", text)
        assert found == 1, f"{SITE_CONFIGURATION.name} has {found} lines like {directive}"
    return text


def write_passwords(path: Path, users: Mapping[str, str]) -> None:
    """Write a password file in the way that the guide shows."""
    path.parent.mkdir(exist_ok=True)
    lines = [f"{name}:{_openssl('passwd', '-6', word).strip()}\n" for name, word in users.items()]
    path.write_text("".join(lines))


def _make_certificate(folder: Path) -> None:
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    name = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST}"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    _openssl("req", "-x509", "-days", "2", *key, *name, *files)


def _openssl(*arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait_for(server: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        assert server.poll() is None, log.read_text()
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "nginx does not answer"
            time.sleep(0.02)
