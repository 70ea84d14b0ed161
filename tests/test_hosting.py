"""The documented nginx configuration, in Debian's nginx: who sees what, and how it is sent."""

import base64
import gzip
import http.client
import re
import time
from urllib.parse import quote, urlsplit

import pytest
from nginx_server import HOST, running_nginx
from playwright.sync_api import expect, sync_playwright
from site_browser import ARGUMENTS, CHROMIUM, FUNNEL, watching

from orchestration import serve
from orchestration.site_pack import pack_files

OLD, NEW = "20260601T020000Z-0000abcd", "20260701T020000Z-1111abcd"
ODD = "A $account & Cö. + %2f"
PASSWORDS = {
    "staff": {"staff-anna": "anna's word", "staff-bo": "bo's word"},
    "accounts/acc-1": {"reader": "one", "staff-mole": "mole"},
    "accounts/acc-10": {"reader": "ten", "second": "2nd"},
    f"accounts/{ODD}": {"reader": "odd"},
}
STAFF = ("staff-anna", "anna's word")
ONE, TEN, OTHER = ("reader", "one"), ("reader", "ten"), ("reader", "odd")
SECRET = b"not for readers"
PAGE = b"<!doctype html><title>page</title>" + b"<p>of the report" * 200
TABLE = bytes(range(256)) * 20
ENGINE = b"\0asm" + bytes(5000)
SCRIPT, TEXT = b"const a = 1;\n" * 200, b"a,b\n" * 500


def put(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def site(folder, secret):
    put(
        folder,
        {
            "index.html": PAGE,
            "page/index.html": PAGE,
            "_app/immutable/app.js": SCRIPT,
            "_app/immutable/app.css": SCRIPT,
            "_app/immutable/engine.wasm": ENGINE,
            "404.html": b"not in this release",
            "api/query.json": TEXT,
            "table.csv": TEXT,
            "icon.svg": TEXT,
            "manifest.webmanifest": TEXT,
            "data/mart/mart.duckdb": TABLE,
            "data/mart/mart.parquet": TABLE,
            ".hidden": SECRET,
            ".git/config": SECRET,
        },
    )
    pack_files(folder / "_app")
    (folder / "outside").symlink_to(secret)
    (folder / "inside").symlink_to("table.csv")
    (folder / "folder").symlink_to(secret.parent)


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hosted")
    releases = folder / "releases"
    put(folder, {"secret.txt": SECRET})
    put(releases, {"index.html": PAGE, "versions.json": b"{}"})
    for account in ("acc-1", "acc-10", "acc-new", ODD):
        put(releases / "accounts" / account, {"index.html": PAGE, "versions.json": b"{}"})
    for release in (OLD, NEW):
        site(releases / release / "site", folder / "secret.txt")
        inside = ("manifest.json", "checksums.sha256", "changes.parquet", "marts/dim_accounts.csv")
        inside += ("account_tables/account_profile.csv", "accounts/acc-1/notes.html")
        put(releases / release, dict.fromkeys(inside, SECRET))
        put(releases / release, {"docs/index.html": PAGE})
        for account in ("acc-1", "acc-10", "acc-new", ODD):
            site(releases / release / "accounts" / account / "site", folder / "secret.txt")
    put(releases / ".incoming-7" / "site", {"index.html": SECRET})
    (releases / "latest").symlink_to(NEW)
    with running_nginx(releases, PASSWORDS) as running:
        yield running


def ask(nginx, path, user=None, method="GET", **headers):
    if user:
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(user).encode()).decode()
    connection = http.client.HTTPSConnection(HOST, nginx.port, timeout=10, context=nginx.trust)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def bundle(account, release=NEW):
    return f"/{release}/accounts/{account}/site/"


MAIN = ["/", "/index.html", "/versions.json", f"/{NEW}/site/", f"/{OLD}/site/page/"]
MAIN += [f"/{NEW}/docs/", f"/{NEW}/site/data/mart/mart.duckdb"]


def of_account(account):
    inside = [bundle(account), f"{bundle(account, OLD)}page/", f"{bundle(account)}table.csv"]
    return [*inside, f"/accounts/{account}/", f"/accounts/{account}/versions.json"]


# Without a password, or with a wrong one, one is asked for: 401.
@pytest.mark.parametrize(
    ("path", "readers"),
    [(path, {STAFF}) for path in MAIN]
    + [(path, {STAFF, ONE}) for path in of_account("acc-1")]
    + [(path, {STAFF, TEN}) for path in of_account("acc-10")]
    + [(path, {STAFF, OTHER}) for path in of_account(quote(ODD))],
)
def test_each_reader_sees_their_own_pages_and_no_other(nginx, path, readers):
    others = [None, ("staff-anna", "bo's word"), ("reader", "onE"), ("nobody", ""), ("", "")]
    for user in [STAFF, ONE, TEN, OTHER, ("second", "2nd"), *others]:
        is_reader = user in readers or (user == ("second", "2nd") and "acc-10/" in path)
        status, headers, _ = ask(nginx, path, user)
        assert status == (200 if is_reader else 401), (path, user)
        assert ("www-authenticate" in headers) == (not is_reader)


def test_a_name_like_those_of_staff_in_the_file_of_an_account_opens_nothing(nginx):
    for path in (bundle("acc-1"), f"/{NEW}/site/", "/accounts/acc-1/"):
        assert ask(nginx, path, ("staff-mole", "mole"))[0] == 401


def test_an_account_without_a_password_file_is_closed_to_all_but_staff(nginx):
    for path in of_account("acc-new"):
        for user in (None, ONE, ("made-up", "word")):
            assert ask(nginx, path, user)[0] == 401
        assert ask(nginx, path, STAFF)[0] == 200


@pytest.mark.parametrize("user", [None, ONE, TEN, ("made-up", "word"), ("reader", ""), ("", "")])
def test_whoever_guesses_does_not_learn_which_accounts_there_are(nginx, user):
    """With readers of others, without a password file, and no account at all: the same answer."""

    def answer(account, path):
        status, headers, body = ask(nginx, path.replace("acc-10", account), user)
        return status, [pair for pair in headers.items() if pair[0].lower() != "date"], body

    for path in (bundle("acc-10"), "/accounts/acc-10/", "/accounts/acc-10/versions.json"):
        told = [answer(account, path) for account in ("acc-new", "acc-none")]
        assert told[0][0] == 401
        assert told[0] == told[1]
        if user != TEN:
            assert told[0] == answer("acc-10", path)


@pytest.mark.parametrize("user", [None, STAFF, ONE])
@pytest.mark.parametrize(
    "path",
    [
        f"/{NEW}/",
        f"/{NEW}/manifest.json",
        f"/{NEW}/checksums.sha256",
        f"/{NEW}/changes.parquet",
        f"/{NEW}/marts/",
        f"/{NEW}/marts/dim_accounts.csv",
        f"/{NEW}/account_tables/account_profile.csv",
        f"/{NEW}/accounts/",
        f"/{NEW}/accounts/acc-1/",
        f"/{NEW}/accounts/acc-1/notes.html",
        "/accounts/",
        "/accounts/acc-1/other.html",
        "/latest/",
        "/latest/site/",
        "/.incoming-7/site/",
        f"/{NEW}/site/.hidden",
        f"/{NEW}/site/.git/config",
        f"{bundle('acc-1')}.hidden",
        f"/{NEW}x/site/",
        f"/x/{NEW}/site/",
        "/secret.txt",
    ],
)
def test_what_is_not_for_readers_is_not_there(nginx, path, user):
    assert ask(nginx, path, user)[0] == 404


@pytest.mark.parametrize("folder", [f"/{NEW}/site/", bundle("acc-1")])
def test_no_folder_is_listed_and_no_link_followed(nginx, folder):
    for name in ("_app/", "data/", "data/mart/", "api/"):
        status, _, body = ask(nginx, folder + name, STAFF)
        assert (status, b"mart" in body) == (403, False)
    for name in ("outside", "inside", "folder", "folder/", "folder/secret.txt"):
        status, _, body = ask(nginx, folder + name, STAFF)
        assert status in (403, 404)
        assert body not in (SECRET, TEXT)


# Each starts where the reader of acc-1 may read, or nowhere.
@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        f"{bundle('acc-1')}../../../../secret.txt",
        f"{bundle('acc-1')}../../../manifest.json",
        f"{bundle('acc-1')}..%2f..%2f..%2fmanifest.json",
        f"{bundle('acc-1')}%2e%2e/%2e%2e/%2e%2e/manifest.json",
        f"{bundle('acc-1')}%252e%252e/%252e%252e/%252e%252e/manifest.json",
        f"{bundle('acc-1')}..%5c..%5c..%5cmanifest.json",
        f"{bundle('acc-1')}..\\..\\..\\manifest.json",
        f"{bundle('acc-1')}.../",
        f"{bundle('acc-1')}../notes.html",
        f"{bundle('acc-1')}../../acc-10/site/",
        f"{bundle('acc-1')}..%2f..%2facc-10%2fsite/",
        f"{bundle('acc-1')}%00",
        f"{bundle('acc-1')}table.csv%00.html",
        f"{bundle('acc-1')}index.html.",
        f"{bundle('acc-1')}/",
        f"{bundle('acc-1')}page//",
        "/" + bundle("acc-1"),
        f"/{NEW}/accounts//acc-1/site/",
        "/accounts/acc-1/../acc-10/",
        "/accounts/acc-1%2f..%2facc-10/",
        "/accounts/acc-1/..%2facc-10%2findex.html",
        "/accounts//acc-1/",
        "/accounts/./",
        "/accounts/../",
        "/accounts/acc-1./",
        "/accounts/acc-1%20/",
        "/accounts/acc-1%00/",
        "/accounts/acc-1%0a/",
        "/accounts/ACC-1/",
        "/accounts/acc-/",
        "/accounts/acc-100/",
        "/accounts/acc-1*/",
        "/accounts/*/",
        "/accounts/$account/",
        "/accounts/..%2fstaff/",
        "/accounts/%2e%2e%2fstaff/",
        "/accounts/acc-1;x/",
        bundle("acc-1/../acc-10"),
        bundle("acc-1%2f..%2facc-10"),
        bundle("..%2fstaff"),
        bundle("acc-1."),
        bundle(".acc-1"),
        bundle("%C3%A9"),
    ],
)
def test_no_way_around_leads_anywhere(nginx, path):
    for user in (None, ONE):
        status, _, body = ask(nginx, path, user)
        assert 400 <= status < 500, (path, user)
        assert SECRET not in body
        assert PAGE not in body


def test_an_encoded_slash_is_a_slash_and_changes_nobodys_rights(nginx):
    path = f"/{NEW}/accounts%2facc-1/site%2f"
    assert [ask(nginx, path, user)[0] for user in (STAFF, ONE, TEN, None)] == [200, 200, 401, 401]


def test_a_page_that_a_release_lacks_is_answered_in_its_words(nginx):
    for path in (f"/{NEW}/site/nothing/", f"/{OLD}/docs/nothing.html"):
        status, _, body = ask(nginx, path, STAFF)
        assert (status, body) == (404, b"not in this release")
        assert ask(nginx, path)[0] == 401


def test_every_answer_carries_the_headers_of_the_projects_own_server(nginx):
    expected = {**serve.HEADERS, "Strict-Transport-Security": "max-age=31536000"}
    for path, user, status in [
        ("/", STAFF, 200),
        (f"/{NEW}/site/page", STAFF, 301),
        (f"/{NEW}/site/_app/immutable/engine.wasm", STAFF, 200),
        (bundle("acc-1"), ONE, 200),
        (bundle("acc-1"), None, 401),
        (bundle("acc-new"), ONE, 401),
        ("/nothing", STAFF, 404),
    ]:
        found, headers, _ = ask(nginx, path, user)
        assert found == status
        assert {name: headers.get_all(name) for name in expected} == {
            name: [value] for name, value in expected.items()
        }
        assert headers["server"] == "nginx"


def test_a_browser_keeps_what_cannot_change_and_asks_for_pages_again(nginx):
    kept, asked = "private, max-age=31536000, immutable", "private, no-cache"
    for path, expected in {
        "/": asked,
        "/versions.json": asked,
        "/accounts/acc-1/versions.json": asked,
        f"/{NEW}/site/": asked,
        f"/{NEW}/site/page/index.html": asked,
        f"/{NEW}/docs/": asked,
        f"/{NEW}/site/nothing.js": asked,
        f"/{NEW}/site/_app/immutable/app.js": kept,
        f"/{NEW}/site/data/mart/mart.duckdb": kept,
        f"{bundle('acc-1')}table.csv": kept,
    }.items():
        assert ask(nginx, path, STAFF)[1].get_all("cache-control") == [expected], path
    assert ask(nginx, bundle("acc-1"))[1]["cache-control"] == asked
    _, headers, _ = ask(nginx, f"/{NEW}/site/", STAFF)
    assert ask(nginx, f"/{NEW}/site/", STAFF, If_None_Match=headers["etag"])[0] == 304


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/mart/mart.duckdb", TABLE),
        ("data/mart/mart.parquet", TABLE),
        ("_app/immutable/engine.wasm", ENGINE),
    ],
)
def test_a_range_gives_just_that_part(nginx, name, content):
    path = f"/{NEW}/site/{name}"
    asked = {"Range": "bytes=300-399", "Accept_Encoding": "identity"}
    status, headers, body = ask(nginx, path, STAFF, **asked)
    assert (status, body) == (206, content[300:400])
    assert headers["content-range"] == f"bytes 300-399/{len(content)}"
    # How the database in the page learns the size of its file.
    status, headers, body = ask(nginx, path, STAFF, method="HEAD", Range="bytes=0-")
    assert (status, headers["content-length"], body) == (206, str(len(content)), b"")


def test_texts_and_engines_are_sent_compressed_and_tables_are_not(nginx):
    for name, kind, content in [
        ("index.html", "text/html; charset=utf-8", PAGE),
        ("_app/immutable/app.js", "application/javascript; charset=utf-8", SCRIPT),
        ("_app/immutable/app.css", "text/css; charset=utf-8", SCRIPT),
        ("_app/immutable/engine.wasm", "application/wasm", ENGINE),
        ("api/query.json", "application/json", TEXT),
        ("table.csv", "text/csv; charset=utf-8", TEXT),
        ("icon.svg", "image/svg+xml", TEXT),
        ("manifest.webmanifest", "application/manifest+json", TEXT),
    ]:
        path = f"/{NEW}/site/{name}"
        status, headers, body = ask(nginx, path, STAFF, Accept_Encoding="gzip")
        assert (status, headers["content-encoding"]) == (200, "gzip"), name
        assert (headers["content-type"], headers["vary"]) == (kind, "Accept-Encoding")
        assert gzip.decompress(body) == content
        assert len(body) < len(content)
        # The copy that the release holds, not one made on the way.
        assert (headers["content-length"] is not None) == name.startswith("_app"), name
        assert ask(nginx, path, STAFF)[2] == content
    path = f"/{NEW}/site/data/mart/mart.duckdb"
    _, headers, body = ask(nginx, path, STAFF, Accept_Encoding="gzip")
    assert (headers["content-encoding"], headers["accept-ranges"], body) == (None, "bytes", TABLE)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
def test_it_only_reads(nginx, method):
    for path in (f"/{NEW}/site/index.html", "/accounts/acc-1/versions.json", "/"):
        assert ask(nginx, path, STAFF, method)[0] == 405
    assert ask(nginx, f"/{NEW}/site/index.html", STAFF, "HEAD")[0] == 200


def test_a_folder_without_its_slash_leads_to_its_page(nginx):
    for path, user in [(f"/{NEW}/site/page", STAFF), ("/accounts/acc-1", ONE)]:
        status, headers, _ = ask(nginx, path, user)
        assert (status, headers["location"]) == (301, path + "/")


def test_without_encryption_no_password_is_asked_for(nginx):
    connection = http.client.HTTPConnection(HOST, nginx.http_port, timeout=10)
    connection.request("GET", bundle("acc-1"), headers={"Host": "elsewhere.example"})
    answer = connection.getresponse()
    there = urlsplit(answer.headers["location"])
    connection.close()
    assert (answer.status, there.scheme, there.hostname) == (301, "https", HOST)
    assert there.path == bundle("acc-1")
    assert "www-authenticate" not in answer.headers


def test_the_report_opens_in_a_browser(demo_release):
    """With its workers, its ranges and its version switch, under the policy and with a password."""
    name, word = STAFF
    with (
        running_nginx(demo_release.parent, PASSWORDS) as nginx,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
    ):
        reader = browser.new_context(
            ignore_https_errors=True,
            http_credentials={"username": name, "password": word, "send": "always"},
        )
        with watching(reader, nginx.url) as watched:
            page = watched.open("/")
            expect(page).to_have_url(re.compile(rf"/{demo_release.name}/site/$"))
            expect(page.locator("main h1")).to_be_visible()
            watched.open(f"/{demo_release.name}/site{FUNNEL}")
            # The database starts after the page stands, and reads its tables in ranges.
            until = time.monotonic() + 60
            while "mart.duckdb" not in nginx.log.read_text() and time.monotonic() < until:
                page.wait_for_timeout(100)
            assert "mart.duckdb" in nginx.log.read_text()
