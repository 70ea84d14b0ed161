"""A PostgreSQL server for tests: made, started and stopped by the test, on a socket of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

USER, PASSWORD = "provider", "s3cret:p@ss"


def find_binaries() -> Path | None:
    """The folder of initdb and postgres: Debian keeps them off the path, by version."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin: int(bin.parent.name)
    )
    found = shutil.which("initdb")
    folders = [*([Path(found).parent] if found else []), *folders]
    return next((bin for bin in reversed(folders) if (bin / "initdb").exists()), None)


def url_of(folder: Path, database: str = "postgres", password: str = PASSWORD) -> sa.URL:
    """The URL of a database on the server whose socket lies in a folder."""
    return sa.URL.create(
        "postgresql+psycopg", USER, password, database=database, query={"host": str(folder)}
    )


@contextmanager
def running_server() -> Iterator[Path]:
    """Run a server with a password; give the folder of its socket. It is stopped in any case.

    The server refuses to run as root: then it runs as the user `postgres`, or as `nobody`.
    """
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: `make setup-test` installs it if run as root")
    # Not in pytest's folder, which only its owner may enter; and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    person = {}
    if os.geteuid() == 0:
        entry = _unprivileged()
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        person = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    common = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **person}
    (folder / "password").write_text(PASSWORD)
    try:
        options = ["--pwfile=password", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        subprocess.run(
            [binaries / "initdb", "-D", "data", "-U", USER, "--no-sync", *options],
            check=True,
            **common,
        )
        settings = ["listen_addresses=", "fsync=off", "shared_buffers=16MB", "timezone=Asia/Tokyo"]
        options = [word for setting in settings for word in ("-c", setting)]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", "data", "-k", folder, *options], **common
        )
        try:
            _wait_for(server, folder)
            yield folder
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.communicate()
    finally:
        shutil.rmtree(folder)


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _wait_for(server: subprocess.Popen, folder: Path) -> None:
    engine = sa.create_engine(url_of(folder), poolclass=sa.NullPool)
    deadline = time.monotonic() + 30
    while True:
        assert server.poll() is None, server.stderr.read().decode()
        try:
            engine.connect().close()
            return
        except sa.exc.OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL does not answer"
            time.sleep(0.05)
