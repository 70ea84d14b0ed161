"""The server of the report: read-only, one folder, nothing else, with the right headers."""

import http.client
import threading
import time

import pytest
import uvicorn

from orchestration import serve


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    (folder / "secret.txt").write_text("not for readers")
    site = folder / "site"
    (site / "page").mkdir(parents=True)
    (site / "data/mart").mkdir(parents=True)
    (site / "index.html").write_text("<h1>front")
    (site / "page/index.html").write_text("<h1>page")
    (site / "404.html").write_text("<h1>nothing here")
    (site / "engine.wasm").write_bytes(b"\0asm")
    (site / "data/mart/mart.duckdb").write_bytes(bytes(range(200)))
    (site / "out").symlink_to(folder / "secret.txt")
    config = uvicorn.Config(serve.create_app(site), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def ask(port, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def test_pages_and_files_have_their_type(port):
    for path, kind in [
        ("/", "text/html; charset=utf-8"),
        ("/page/", "text/html; charset=utf-8"),
        ("/engine.wasm", "application/wasm"),
        ("/data/mart/mart.duckdb", "application/octet-stream"),
    ]:
        status, headers, _ = ask(port, path)
        assert (status, headers["content-type"]) == (200, kind)


def test_a_range_gives_just_that_part(port):
    status, headers, body = ask(port, "/data/mart/mart.duckdb", Range="bytes=10-19")
    assert (status, body) == (206, bytes(range(10, 20)))
    assert headers["content-range"] == "bytes 10-19/200"


def test_every_answer_forbids_other_hosts(port):
    for path in ("/", "/page/", "/engine.wasm", "/nothing"):
        _, headers, _ = ask(port, path)
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/page/../../secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/%00",
        "/out",
        "/data/",
        "/data/mart/",
    ],
)
def test_nothing_outside_the_site_and_no_listing(port, path):
    status, _, body = ask(port, path)
    assert status == 404
    assert b"not for readers" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_only_reads(port, method):
    assert ask(port, "/index.html", method)[0] == 405


def test_without_a_release_it_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RELEASES_DIR", str(tmp_path))
    assert serve.main() == 1
    assert "make demo" in capsys.readouterr().out


def test_a_release_without_a_site_is_explained(tmp_path, monkeypatch, capsys):
    (tmp_path / "20260701").mkdir()
    (tmp_path / "latest").symlink_to("20260701")
    monkeypatch.setenv("RELEASES_DIR", str(tmp_path))
    assert serve.main() == 1
    assert "SITE=1" in capsys.readouterr().out
