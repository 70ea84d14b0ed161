"""The server of the reports: read-only, what readers may see, with the right headers."""

import gzip
import http.client
import threading
import time

import pytest
import uvicorn

from orchestration import serve
from orchestration.site_pack import pack_files

OLD = "20260601T020000Z-0a1b2c3d"
NEW = "20260701T020000Z-4e5f6a7b"
BUNDLE = f"/{NEW}/accounts/acc-1/site/"


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """A releases folder as the project writes it, with what no reader may see beside it."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "secret.txt").write_text("not for readers")
    releases = folder / "releases"
    for release in (OLD, NEW, ".incoming-1"):
        for name, content in {
            "manifest.json": "not for readers",
            "checksums.sha256": "not for readers",
            "changes.parquet": "not for readers",
            "marts/rpt_roi.parquet": "not for readers",
            "account_tables/account_profile.parquet": "not for readers",
            "docs/index.html": "<h1>models",
            "site/index.html": f"<h1>front of {release}",
            "site/page/index.html": "<h1>page",
            "site/404.html": f"<h1>not in {release}",
            "site/long.js": "// " + "long " * 1000,
            "site/engine.wasm": "\0asm",
            "site/data/mart/mart.duckdb": "".join(map(chr, range(128))),
            "accounts/acc-1/site/index.html": "<h1>account",
            "accounts/acc-1/notes.txt": "not for readers",
        }.items():
            path = releases / release / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        pack_files(releases / release / "site")
    (releases / NEW / "site/out").symlink_to(folder / "secret.txt")
    (releases / "latest").symlink_to(NEW)
    (releases / "accounts/acc-1").mkdir(parents=True)
    for name in ("index.html", "versions.json", "notes.txt"):
        (releases / name).write_text(name)
        (releases / "accounts/acc-1" / name).write_text(name)
    return releases


@pytest.fixture(scope="module")
def port(releases):
    config = uvicorn.Config(serve.create_app(releases), port=0, log_level="warning")
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


def test_what_a_reader_may_see_has_its_type(port):
    for path, kind in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/versions.json", "application/json"),
        ("/accounts/acc-1/", "text/html; charset=utf-8"),
        ("/accounts/acc-1/versions.json", "application/json"),
        (f"/{NEW}/site/", "text/html; charset=utf-8"),
        (f"/{OLD}/site/page/", "text/html; charset=utf-8"),
        (f"/{NEW}/site/long.js", "text/javascript; charset=utf-8"),
        (f"/{NEW}/site/engine.wasm", "application/wasm"),
        (f"/{NEW}/site/data/mart/mart.duckdb", "application/octet-stream"),
        (f"/{NEW}/docs/", "text/html; charset=utf-8"),
        (BUNDLE, "text/html; charset=utf-8"),
    ]:
        status, headers, _ = ask(port, path)
        assert (path, status, headers["content-type"]) == (path, 200, kind)


def test_a_folder_without_its_slash_leads_to_it(port):
    status, headers, _ = ask(port, f"/{NEW}/site/page")
    assert status == 307
    assert headers["location"].endswith(f"/{NEW}/site/page/")


def test_a_range_gives_just_that_part(port):
    status, headers, body = ask(
        port,
        f"/{NEW}/site/data/mart/mart.duckdb",
        **{"Range": "bytes=10-19", "Accept-Encoding": "gzip"},
    )
    assert (status, body) == (206, bytes(range(10, 20)))
    assert headers["content-range"] == "bytes 10-19/128"
    assert headers["content-encoding"] is None


def test_a_compressed_twin_is_sent_to_who_accepts_it(port, releases):
    path = f"/{NEW}/site/long.js"
    plain = (releases / path[1:]).read_bytes()
    _, headers, body = ask(port, path, **{"Accept-Encoding": "gzip, deflate, br"})
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert gzip.decompress(body) == plain
    assert len(body) < len(plain) / 10
    _, headers, body = ask(port, path)
    assert (headers["content-encoding"], headers["vary"]) == (None, "Accept-Encoding")
    assert body == plain


def test_every_answer_forbids_other_hosts(port):
    for path in ("/", f"/{NEW}/site/page/", f"/{NEW}/site/engine.wasm", BUNDLE, "/nothing"):
        _, headers, _ = ask(port, path)
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_a_release_may_be_kept_and_what_is_the_latest_is_asked_again(port):
    for path in (f"/{OLD}/site/", f"/{NEW}/site/long.js", f"/{NEW}/docs/", BUNDLE):
        assert "immutable" in ask(port, path)[1]["cache-control"]
    for path in ("/", "/versions.json", "/accounts/acc-1/versions.json", f"/{NEW}/site/none/"):
        assert ask(port, path)[1]["cache-control"] == "no-cache"


def test_a_page_that_a_release_lacks_is_told_in_its_words(port):
    status, headers, body = ask(port, f"/{OLD}/site/no-such-page/")
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert body == f"<h1>not in {OLD}".encode()


@pytest.mark.parametrize(
    "path",
    [
        f"/{NEW}/site/../../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/%00",
        f"/{NEW}/site/%00",
        f"/{NEW}/site/out",
        f"/{NEW}/manifest.json",
        f"/{NEW}/checksums.sha256",
        f"/{NEW}/changes.parquet",
        f"/{NEW}/marts/rpt_roi.parquet",
        f"/{NEW}/site/../marts/rpt_roi.parquet",
        f"/{NEW}/site/..%2fmarts/rpt_roi.parquet",
        f"/{NEW}/account_tables/account_profile.parquet",
        f"/{NEW}/accounts/acc-1/notes.txt",
        "/accounts/acc-1/notes.txt",
        "/notes.txt",
        "/.incoming-1/site/",
        "/latest/site/",
        f"/{NEW}/",
        f"/{NEW}/marts/",
        f"/{NEW}/accounts/",
        f"/{NEW}/accounts/acc-1/",
        "/accounts/",
        f"/{NEW}/site/data/",
        f"/{NEW}/site/data/mart/",
    ],
)
def test_nothing_else_is_shown_and_no_folder_is_listed(port, path):
    status, _, body = ask(port, path)
    assert status == 404
    assert b"not for readers" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_only_reads(port, method):
    assert ask(port, f"/{NEW}/site/index.html", method)[0] == 405


def test_without_a_release_it_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RELEASES_DIR", str(tmp_path))
    assert serve.main() == 1
    assert "make demo" in capsys.readouterr().out


@pytest.fixture
def two_releases(tmp_path, monkeypatch):
    """The folder of two releases without a site; nothing is served, only told."""
    for release in (OLD, NEW):
        (tmp_path / release).mkdir()
    (tmp_path / "latest").symlink_to(NEW)
    monkeypatch.setenv("RELEASES_DIR", str(tmp_path))
    monkeypatch.setattr(serve.uvicorn, "run", lambda *_, **__: None)
    return tmp_path


@pytest.mark.parametrize("listed", [None, '{"latest": null, "releases": []}'])
def test_a_release_without_a_site_is_explained(two_releases, capsys, listed):
    if listed:
        (two_releases / "versions.json").write_text(listed)
    assert serve.main() == 1
    assert f"{NEW} has no site: run `make refresh` with SITE=1" in capsys.readouterr().out


def test_an_earlier_report_is_served_though_the_latest_release_has_none(two_releases, capsys):
    (two_releases / "versions.json").write_text(f'{{"latest": "{OLD}", "releases": []}}')
    assert serve.main() == 0
    told = capsys.readouterr().out
    assert f"The latest release, {NEW}, has no site: this is the last that has one." in told
    assert f"/{OLD}/site/" in told
