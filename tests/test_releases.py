"""Releases: published whole or not at all, verified, rolled back, and removed by a rule."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from conftest import environment_of, run_module, settings_in

from orchestration import release as publishing
from orchestration import release_content, retention
from orchestration.account_tables.unknowns import TOLD, Release
from orchestration.hand_over import hand_over
from orchestration.lock import lock_file
from orchestration.release import publish_release
from orchestration.release_files import (
    ReleaseError,
    close_folder,
    new_id,
    releases_in,
    remove_folder,
    write_checksums,
)
from orchestration.release_index import settle
from orchestration.release_ledger import HANDED_OVER, ROLLED_BACK, Ledger
from orchestration.retention import Verdict, deliveries, judge_releases, remove_releases
from orchestration.rollback import roll_back
from orchestration.settings import PROJECT_DIR, Settings
from orchestration.site import source_files
from orchestration.verify_release import verify_release


class Killed(BaseException):
    """A process that ends at this point; nothing catches it."""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    """A tenant whose parts of a release are a file each; `acc/../x` would be a bad account."""
    made = settings_in(tmp_path, site=True)

    def changes(_settings, folder, manifest, earlier):
        assert (folder / "marts" / "dim_accounts.parquet").is_file()
        assert manifest["earlier_release_id"] == (earlier.name if earlier else None)
        write(folder / "changes.parquet", f"against {earlier and earlier.name}")
        return 7

    def account_tables(folder, _manifest, earlier):
        assert (folder / "changes.parquet").is_file()
        write(folder / "account_tables" / "profile.parquet", str([path.name for path in earlier]))

    def docs(_settings, folder):
        write(folder / "docs" / "index.html", "docs")

    def site(folder, manifest, _work_dir, _say):
        assert (folder / "account_tables").is_dir()
        write(folder / "site" / "index.html", f"release {manifest['release_id']}")
        write(folder / "site" / "app" / "engine.wasm", "engine")

    def bundles(folder, _manifest, accounts, _work_dir, _earlier, _raw_path, _say):
        for account in accounts:
            if account != "a-unsafe":
                write(folder / "accounts" / account / "site" / "index.html", account)
        return [
            {
                "account_id": account,
                "is_published": account != "a-unsafe",
                "reason": "told too much",
            }
            for account in accounts
        ]

    def asked(landing_dir):
        path = landing_dir / "account_bundles.csv"
        return path.read_text().splitlines()[1:] if path.exists() else []

    for name, fake in (
        ("write_changes", changes),
        ("write_account_tables", account_tables),
        ("write_docs", docs),
        ("build_site", site),
        ("build_bundles", bundles),
        ("asked_accounts", asked),
    ):
        monkeypatch.setattr(publishing, name, fake)
    return made


def build(
    settings: Settings,
    name: str,
    as_of: str = "2026-06-30",
    test: tuple[str, str, int] = ("a_test", "pass", 0),
) -> None:
    """Make the warehouse anew, with one account of this name, and one test that said this."""
    settings.warehouse_path.unlink(missing_ok=True)
    settings.data_dir.mkdir(exist_ok=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("create schema build")
        connection.execute("create schema core")
        connection.execute("create table core.dim_accounts as select 'a1' as account_id, ?", [name])
        connection.execute(f"create table build.info as select date '{as_of}' as d, 'v1' as v")
        connection.execute("create table build.tables as select 'core' as s, 'dim_accounts' as t")
        connection.execute("""
            create table build.lineage as
            select 'dim_accounts' as table_name, 'h1' as code_hash, ['account'] as entities
        """)
        connection.execute("create table build.batches as select '1' as batch_id")
        columns = "name varchar, status varchar, failures bigint"
        connection.execute(f"create table build.tests ({columns})")
        connection.execute("insert into build.tests values (?, ?, ?)", test)


def publish(settings: Settings, name: str, said: list[str] | None = None) -> Path:
    build(settings, name)
    return publish_release(settings, (said if said is not None else []).append)


def ask_for(settings: Settings, *accounts: str) -> None:
    write(settings.landing_dir / "account_bundles.csv", "\n".join(["account_id", *accounts]))


def latest(settings: Settings) -> str:
    return os.readlink(settings.releases_dir / "latest")


def manifest_of(release: Path) -> dict:
    return json.loads((release / "manifest.json").read_text())


def versions(folder: Path) -> tuple[str | None, list[str]]:
    listed = json.loads((folder / "versions.json").read_text())
    return listed["latest"], [version["url"] for version in listed["releases"]]


def state_of(folder: Path) -> dict[str, tuple]:
    """Each path below a folder with its mode, and its bytes or where it points."""
    return {
        str(path.relative_to(folder)): (
            stat.filemode(path.lstat().st_mode),
            os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes(),
        )
        for path in folder.rglob("*")
    }


# Publishing


def test_a_release_holds_its_parts_and_their_checksums_which_sha256sum_confirms(settings):
    ask_for(settings, "a1")
    release = publish(settings, "Sunridge")
    files = {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()}
    assert files == {
        "manifest.json",
        "checksums.sha256",
        "marts/dim_accounts.parquet",
        "changes.parquet",
        "account_tables/profile.parquet",
        "docs/index.html",
        "site/index.html",
        "site/app/engine.wasm",
        "accounts/a1/site/index.html",
    }
    command = ["sha256sum", "--check", "--strict", "checksums.sha256"]
    checked = subprocess.run(command, cwd=release, capture_output=True, text=True, check=True)
    told = {line.removesuffix(": OK") for line in checked.stdout.splitlines()}
    assert told == files - {"checksums.sha256"}
    names = [line[66:] for line in (release / "checksums.sha256").read_text().splitlines()]
    assert names == sorted(names)
    manifest = manifest_of(release)
    [table] = manifest["tables"]
    assert (table["table"], table["code_hash"], table["entities"]) == (
        "dim_accounts",
        "h1",
        ["account"],
    )
    assert manifest["changes_count"] == 7
    assert manifest["earlier_release_id"] is None
    assert release.name.endswith("-" + manifest["content_hash"][:8])
    assert verify_release(release) == []


def test_nothing_in_a_release_can_be_written(settings):
    release = publish(settings, "Sunridge")
    writable = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    assert not [path for path in (release, *release.rglob("*")) if path.stat().st_mode & writable]


def test_without_a_site_there_are_changes_and_account_tables_and_no_pages(settings):
    plain = settings_in(settings.landing_dir.parent)
    ask_for(plain, "a1")
    release = publish(plain, "Sunridge")
    assert {path.name for path in release.iterdir()} == {
        "manifest.json",
        "checksums.sha256",
        "marts",
        "changes.parquet",
        "account_tables",
    }
    assert manifest_of(release)["bundles"] == []
    assert versions(plain.releases_dir) == (None, [])
    assert "SITE=1" in (plain.releases_dir / "index.html").read_text()


def test_a_release_is_made_against_the_latest_and_what_any_kept_one_showed(settings):
    releases = [publish(settings, name) for name in ("one", "two", "three", "four", "five")]
    assert [manifest_of(release)["earlier_release_id"] for release in releases] == [
        None,
        *(release.name for release in releases[:-1]),
    ]
    names = [release.name for release in releases]
    told = [(release / "account_tables/profile.parquet").read_text() for release in releases]
    assert told == [str(names[:number]) for number in range(5)]


def test_an_unchanged_refresh_makes_no_release_and_says_so(settings):
    release = publish(settings, "Sunridge")
    before = state_of(settings.releases_dir)
    said: list[str] = []
    assert publish(settings, "Sunridge", said) == release
    assert said == [f"nothing changed since release {release.name}: no new release"]
    assert state_of(settings.releases_dir) == before


def test_whatever_a_reader_sees_makes_a_new_release_when_it_changes(
    settings, tmp_path, monkeypatch
):
    page = tmp_path / "project" / "reports" / "index.md"
    code = tmp_path / "project" / "orchestration" / "changes" / "causes.py"
    write(page, "a page")
    write(code, "a cause's words")
    monkeypatch.setattr(release_content, "PROJECT_DIR", tmp_path / "project")
    monkeypatch.setattr(release_content, "source_files", lambda: [page])
    ids = [publish(settings, "Sunridge").name]

    def publish_again() -> None:
        ids.append(publish_release(settings, lambda _: None).name)

    build(settings, "Sunridge Health")
    publish_again()
    build(settings, "Sunridge Health", as_of="2026-07-31")
    publish_again()
    for test in (("other_test", "pass", 0), ("other_test", "warn", 0), ("other_test", "warn", 3)):
        build(settings, "Sunridge Health", as_of="2026-07-31", test=test)
        publish_again()
    write(page, "another page")
    publish_again()
    write(code, "other words")
    publish_again()
    ask_for(settings, "a1")
    publish_again()
    publish_again()
    assert len(set(ids)) == 9
    assert ids[-1] == ids[-2]
    assert ids == sorted(ids)


def test_the_pages_are_made_by_what_documents_and_bundles_are_made_by_too():
    names = {path.relative_to(PROJECT_DIR).as_posix() for path in source_files()}
    assert names >= {
        "orchestration/site_export.py",
        "orchestration/bundle_requests.py",
        "orchestration/dbt_docs.py",
        "reports/bundle/build.js",
        "reports/pages/index.md",
        "reports/queries/release.sql",
        "reports/package-lock.json",
    }


def test_the_order_in_which_accounts_are_asked_for_changes_nothing(settings):
    ask_for(settings, "a1", "a2")
    release = publish(settings, "Sunridge")
    ask_for(settings, "a2", "a1")
    assert publish(settings, "Sunridge") == release


@pytest.mark.parametrize("seconds", [0, -1, -3600, -400 * 86400])
def test_an_id_sorts_after_the_last_one_though_the_clock_stands_or_goes_back(
    settings, monkeypatch, seconds
):
    class Clock(datetime):
        moment = datetime(2026, 7, 1, 2, 0, 0, 999999, tzinfo=UTC)

        @classmethod
        def now(cls, tz=None):
            return cls.moment

    monkeypatch.setattr(publishing, "datetime", Clock)
    first = publish(settings, "Sunridge")
    assert first.name.startswith("20260701T020000Z-")
    Clock.moment += timedelta(seconds=seconds)
    second = publish(settings, "Meridian")
    assert second.name.startswith("20260701T020001Z-")
    assert latest(settings) == second.name


def test_an_id_carries_the_time_and_the_hash():
    now = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert new_id("0123456789", now, []) == "20261231T235959Z-01234567"
    assert new_id("89", now, ["20261231T235959Z-ffffffff"]) == "20270101T000000Z-89"


def test_an_unsafe_bundle_is_left_out_loudly_and_the_others_are_published(settings):
    ask_for(settings, "a1", "a-unsafe")
    said: list[str] = []
    release = publish(settings, "Sunridge", said)
    assert "NOT PUBLISHED: the bundle of a-unsafe: told too much" in said
    assert [path.name for path in (release / "accounts").iterdir()] == ["a1"]
    told = {row["account_id"]: row["is_published"] for row in manifest_of(release)["bundles"]}
    assert told == {"a1": True, "a-unsafe": False}
    assert not (settings.releases_dir / "accounts" / "a-unsafe").exists()


def test_a_bundle_that_may_not_be_there_stops_the_release(settings, monkeypatch):
    first = publish(settings, "Sunridge")
    ask_for(settings, "a-unsafe")
    built = publishing.build_bundles

    def careless(folder, *rest):
        write(folder / "accounts" / "a-unsafe" / "site" / "index.html", "told too much")
        return built(folder, *rest)

    monkeypatch.setattr(publishing, "build_bundles", careless)
    with pytest.raises(ReleaseError, match="a-unsafe"):
        publish(settings, "Sunridge")
    assert releases_in(settings.releases_dir) == [first]
    assert latest(settings) == first.name


def test_a_part_that_fails_leaves_the_last_release_and_no_rest(settings, monkeypatch):
    publish(settings, "Sunridge")
    before = state_of(settings.releases_dir)

    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(publishing, "build_bundles", fail)
    with pytest.raises(OSError, match="the disk is full"):
        publish(settings, "Meridian")
    assert state_of(settings.releases_dir) == before


def test_a_link_in_a_release_is_refused(tmp_path):
    write(tmp_path / "secret.txt", "not for readers")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "out").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(ReleaseError, match="out"):
        write_checksums(tmp_path / "folder")


def test_releases_share_what_is_the_same_and_nothing_else(settings):
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    assert (first / "site/app/engine.wasm").samefile(second / "site/app/engine.wasm")
    assert (first / "site/index.html").read_text() == f"release {first.name}"
    assert (second / "site/index.html").read_text() == f"release {second.name}"
    assert verify_release(first) == verify_release(second) == []


def test_a_folder_that_is_no_release_is_left_alone(settings):
    write(settings.releases_dir / "my-notes" / "note.txt", "mine")
    publish(settings, "Sunridge")
    assert (settings.releases_dir / "my-notes" / "note.txt").read_text() == "mine"


# What lies beside the releases


def test_the_lists_of_versions_name_the_releases_newest_first(settings):
    ask_for(settings, "a1", "a b&c")
    first = publish(settings, "Sunridge").name
    ask_for(settings, "a1")
    second = publish(settings, "Meridian").name
    beside = settings.releases_dir
    assert versions(beside) == (second, [f"/{second}/site/", f"/{first}/site/"])
    assert versions(beside / "accounts/a1") == (
        second,
        [f"/{second}/accounts/a1/site/", f"/{first}/accounts/a1/site/"],
    )
    assert versions(beside / "accounts/a b&c") == (first, [f"/{first}/accounts/a%20b%26c/site/"])
    listed = json.loads((beside / "versions.json").read_text())["releases"]
    assert listed[0] == {
        "release_id": second,
        "as_of_date": "2026-06-30",
        "created_at": manifest_of(beside / second)["created_at"],
        "url": f"/{second}/site/",
    }
    page = (beside / "index.html").read_text()
    assert f'content="0; url=/{second}/site/"' in page
    assert f'<a href="/{second}/site/">' in page
    assert "<script" not in page


def test_an_account_s_list_names_no_other_account(settings):
    ask_for(settings, "a1", "zephyr")
    publish(settings, "Sunridge")
    for path in (settings.releases_dir / "accounts" / "a1").iterdir():
        assert "zephyr" not in path.read_text()


def test_a_release_without_a_site_leaves_the_lists_at_the_last_that_has_one(settings):
    first = publish(settings, "Sunridge").name
    second = publish(settings_in(settings.landing_dir.parent), "Meridian").name
    assert latest(settings) == second
    assert versions(settings.releases_dir) == (first, [f"/{first}/site/"])


def test_a_report_is_compared_with_the_last_report_and_any_other_release_with_the_latest(settings):
    plain = settings_in(settings.landing_dir.parent)
    without = [publish(plain, "Sunridge"), publish(plain, "Meridian")]
    reports = [publish(settings, "Orchard")]
    without += [publish(plain, "Northgate"), publish(plain, "Ashdown")]
    reports += [publish(settings, "Ashdown")]
    earlier = [manifest_of(release)["earlier_release_id"] for release in without]
    assert earlier == [None, without[0].name, reports[0].name, without[2].name]
    told = [manifest_of(release)["earlier_release_id"] for release in reports]
    # Before the first report there was none: it says what changed since the release before.
    assert told == [without[1].name, reports[0].name]
    assert manifest_of(reports[1])["earlier_as_of_date"] == "2026-06-30"


def test_a_release_of_a_version_before_bundles_is_kept_and_not_listed(settings):
    old = settings.releases_dir / "20250101T000000Z-00000000"
    manifest = {
        "release_id": old.name,
        "as_of_date": "2024-12-31",
        "created_at": "2025-01-01T00:00:00+00:00",
        "content_hash": "00000000",
        "has_site": True,
        "tables": [],
    }
    write(old / "manifest.json", json.dumps(manifest))
    release = publish(settings, "Sunridge")
    assert manifest_of(release)["earlier_release_id"] == old.name
    assert versions(settings.releases_dir) == (release.name, [f"/{release.name}/site/"])
    assert verify_release(old)[-1] == "removed: checksums.sha256, so that nothing can be compared"


# Verifying


def opened(path: Path, change: Callable[[], object]) -> None:
    """Change something in a read-only folder and close it again, as somebody careful would."""
    mode = path.parent.stat().st_mode
    path.parent.chmod(0o755)
    change()
    path.parent.chmod(mode)


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)
    path.chmod(0o444)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    overwrite(path, bytes(content))


def test_a_flipped_byte_is_found_and_named(settings):
    release = publish(settings, "Sunridge")
    flip(release / "site/app/engine.wasm")
    assert verify_release(release) == ["changed: site/app/engine.wasm"]


def test_an_added_file_a_removed_one_and_an_added_folder_are_found_and_named(settings):
    release = publish(settings, "Sunridge")
    added, removed = release / "site/app/extra.js", release / "docs/index.html"
    opened(added, lambda: [added.write_text("x"), added.chmod(0o444)])
    opened(removed, removed.unlink)
    opened(release / "empty", lambda: (release / "empty").mkdir(mode=0o555))
    link = release / "site/link"
    opened(link, lambda: link.symlink_to("index.html"))
    assert verify_release(release) == [
        "removed: docs/index.html",
        "added: empty/",
        "added: site/app/extra.js",
        "added: site/link",
    ]


def test_opened_permissions_are_found_and_named(settings):
    release = publish(settings, "Sunridge")
    (release / "manifest.json").chmod(0o644)
    (release / "site/app").chmod(0o777)
    release.chmod(0o755)
    assert verify_release(release) == [
        "permissions: the release's folder has drwxr-xr-x, not dr-xr-xr-x",
        "permissions: manifest.json has -rw-r--r--, not -r--r--r--",
        "permissions: site/app has drwxrwxrwx, not dr-xr-xr-x",
    ]


def test_a_file_and_the_list_of_checksums_touched_together_are_found_by_the_ledger(settings):
    release = publish(settings, "Sunridge")
    flip(release / "site/index.html")
    release.chmod(0o755)
    (release / "checksums.sha256").chmod(0o644)
    write_checksums(release)
    close_folder(release)
    assert verify_release(release) == [
        "changed: checksums.sha256 is not the list that the ledger recorded"
    ]


def test_a_table_and_its_checksum_touched_together_disagree_with_the_manifest(settings):
    release = publish(settings, "Sunridge")
    flip(release / "marts/dim_accounts.parquet")
    release.chmod(0o755)
    (release / "checksums.sha256").chmod(0o644)
    write_checksums(release)
    close_folder(release)
    assert verify_release(release) == [
        "changed: checksums.sha256 is not the list that the ledger recorded",
        "manifest: marts/dim_accounts.parquet is not the table that manifest.json describes",
    ]


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"{", "changed: manifest.json cannot be read as a manifest"),
        (b"[]", "changed: manifest.json cannot be read as a manifest"),
        (
            b'{"release_id": "20200101T000000Z-00000000", "tables": []}',
            "changed: manifest.json is that of another release",
        ),
    ],
)
def test_a_changed_manifest_is_found(settings, content, finding):
    release = publish(settings, "Sunridge")
    overwrite(release / "manifest.json", content)
    findings = verify_release(release)
    assert findings[:2] == ["changed: manifest.json", finding]


def test_a_lost_or_broken_list_of_checksums_is_found(settings):
    release = publish(settings, "Sunridge")
    overwrite(release / "checksums.sha256", b"no checksum\n")
    assert verify_release(release) == [
        "changed: checksums.sha256 is not the list that the ledger recorded",
        "changed: line 1 of checksums.sha256 is no checksum and name",
    ]
    opened(release / "checksums.sha256", (release / "checksums.sha256").unlink)
    assert verify_release(release) == ["removed: checksums.sha256, so that nothing can be compared"]


def test_a_release_that_the_ledger_does_not_know_is_found(settings):
    release = publish(settings, "Sunridge")
    (settings.releases_dir / "ledger.jsonl").write_text("")
    findings = verify_release(release)
    assert findings == [f"unknown: the ledger says nothing of the checksums of {release.name}"]


def test_the_command_verifies_the_latest_or_the_named_release(settings):
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    flip(first / "site/index.html")
    here = environment_of(settings)
    fine = run_module("orchestration.verify_release", **here)
    assert fine.returncode == 0, fine.stderr
    assert f"release {second.name}: all 7 files are as they were published" in fine.stdout
    touched = run_module("orchestration.verify_release", **here, RELEASE=first.name)
    assert touched.returncode == 1
    assert "changed: site/index.html" in touched.stdout
    unknown = run_module("orchestration.verify_release", **here, RELEASE="../data")
    assert unknown.returncode == 1
    assert f"there are: {first.name}, {second.name}" in unknown.stdout


# Rolling back


def test_a_rollback_moves_latest_and_takes_the_later_release_out_of_the_lists(settings):
    ask_for(settings, "a1")
    first, second = publish(settings, "Sunridge").name, publish(settings, "Meridian").name
    said: list[str] = []
    roll_back(settings.releases_dir, first, said.append)
    assert latest(settings) == first
    assert said == [
        f"latest is now {first}, before {second}",
        f"readers now get release {first}, as of 2026-06-30",
    ]
    for folder in ("", "accounts/a1"):
        assert versions(settings.releases_dir / folder)[0] == first
        assert second not in (settings.releases_dir / folder / "versions.json").read_text()
    assert (settings.releases_dir / second / "site/index.html").is_file()


def test_an_unchanged_refresh_after_a_rollback_neither_undoes_nor_repeats_it(settings):
    first, second = publish(settings, "Sunridge").name, publish(settings, "Meridian").name
    roll_back(settings.releases_dir, first, lambda _: None)
    before = state_of(settings.releases_dir)
    said: list[str] = []
    assert publish(settings, "Meridian", said).name == first
    assert f"nothing changed since release {second}: no new release" in said[-1]
    assert f"`make rollback RELEASE={second}` gives them this one again" in said[-1]
    assert publish(settings, "Sunridge", said).name == first
    assert said[-1] == f"nothing changed since release {first}: no new release"
    assert state_of(settings.releases_dir) == before


def test_what_was_taken_back_is_not_published_again_after_it_was_removed(settings):
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    roll_back(settings.releases_dir, first.name, lambda _: None)
    remove_releases(settings.releases_dir, [Verdict(second, None)], lambda _: None)
    said: list[str] = []
    assert publish(settings, "Meridian", said) == first
    assert f"nothing changed since release {second.name}: no new release" in said[-1]
    assert said[-1].endswith("until the content is another; the release itself was removed")
    assert releases_in(settings.releases_dir) == [first]


def test_the_next_changed_refresh_after_a_rollback_is_published_against_what_readers_had(settings):
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    roll_back(settings.releases_dir, first.name, lambda _: None)
    third = publish(settings, "Orchard")
    assert latest(settings) == third.name > second.name
    assert manifest_of(third)["earlier_release_id"] == first.name
    # What was taken back had been read: it limits what may be shown of an account.
    told = (third / "account_tables/profile.parquet").read_text()
    assert told == str([first.name, second.name])
    listed = versions(settings.releases_dir)[1]
    assert listed == [f"/{third.name}/site/", f"/{first.name}/site/"]


def test_a_release_that_was_taken_back_can_be_given_to_readers_again(settings):
    first, second = publish(settings, "Sunridge").name, publish(settings, "Meridian").name
    roll_back(settings.releases_dir, first, lambda _: None)
    roll_back(settings.releases_dir, second, lambda _: None)
    assert latest(settings) == second
    assert versions(settings.releases_dir)[1] == [f"/{second}/site/", f"/{first}/site/"]


def test_a_return_to_old_content_after_another_release_is_a_new_release(settings):
    first = publish(settings, "Sunridge")
    publish(settings, "Meridian")
    third = publish(settings, "Sunridge")
    assert third.name > first.name
    assert latest(settings) == third.name


def test_a_rollback_refuses_an_unknown_or_a_damaged_release(settings):
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    for unknown in ("", "20200101T000000Z-00000000", "..", f"../releases/{first.name}"):
        with pytest.raises(ReleaseError, match=f"there are: {first.name}, {second.name}"):
            roll_back(settings.releases_dir, unknown)
    flip(first / "site/index.html")
    before = state_of(settings.releases_dir)
    with pytest.raises(ReleaseError, match=r"latest stays:\nchanged: site/index.html"):
        roll_back(settings.releases_dir, first.name)
    assert state_of(settings.releases_dir) == before


def test_a_rollback_leads_away_from_a_release_whose_manifest_is_damaged(settings):
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    overwrite(second / "manifest.json", b"{")
    roll_back(settings.releases_dir, first.name, lambda _: None)
    assert versions(settings.releases_dir) == (first.name, [f"/{first.name}/site/"])


def test_a_rollback_to_the_latest_does_nothing_and_says_so(settings):
    release = publish(settings, "Sunridge")
    before = state_of(settings.releases_dir)
    said: list[str] = []
    roll_back(settings.releases_dir, release.name, said.append)
    assert said == [f"latest is {release.name} already: nothing to do"]
    assert state_of(settings.releases_dir) == before


# Killed


def kill_after_the_rename(settings: Settings, monkeypatch, name: str) -> Path:
    """Publish, and be killed before the ledger and `latest` tell of it; return that release."""
    done = publishing.settle
    calls = []

    def killed_at_the_second(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise Killed
        return done(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "settle", killed_at_the_second)
        with pytest.raises(Killed):
            publish(settings, name)
    return releases_in(settings.releases_dir)[-1]


def test_a_release_killed_before_it_became_latest_is_the_latest_after_the_next_refresh(
    settings, monkeypatch
):
    first = publish(settings, "Sunridge")
    second = kill_after_the_rename(settings, monkeypatch, "Meridian")
    assert latest(settings) == first.name < second.name
    assert publish(settings, "Meridian") == second
    assert latest(settings) == second.name
    assert versions(settings.releases_dir)[0] == second.name
    assert verify_release(second) == []


def test_a_killed_release_can_be_rolled_back_to_or_handed_over_at_once(settings, monkeypatch):
    ask_for(settings, "a1")
    first = publish(settings, "Sunridge")
    second = kill_after_the_rename(settings, monkeypatch, "Meridian")
    roll_back(settings.releases_dir, second.name, lambda _: None)
    assert latest(settings) == second.name
    third = kill_after_the_rename(settings, monkeypatch, "Orchard")
    hand_over(settings.releases_dir, third.name, "a1", lambda _: None)
    assert latest(settings) == third.name
    assert Ledger(settings.releases_dir).handed_over() == {third.name: {"a1"}}
    assert [*releases_in(settings.releases_dir)] == [first, second, third]


def test_a_rollback_killed_before_latest_moved_is_done_by_the_next_command(settings):
    first, second = publish(settings, "Sunridge").name, publish(settings, "Meridian").name
    Ledger(settings.releases_dir).add(ROLLED_BACK, first, from_release_id=second)
    assert publish(settings, "Meridian").name == first
    assert latest(settings) == first


def test_a_removal_killed_at_any_point_is_finished_by_the_next_command(settings):
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    hidden = settings.releases_dir / f".removing-{first.name}"
    first.rename(hidden)
    remove_folder_in_part = hidden / "site"
    hidden.chmod(0o755)
    remove_folder(remove_folder_in_part)
    ledger = settle(settings.releases_dir, lambda _: None)
    assert not hidden.exists()
    assert [event["release_id"] for event in ledger.of("removed")] == [first.name]
    assert versions(settings.releases_dir) == (second.name, [f"/{second.name}/site/"])
    settle(settings.releases_dir, lambda _: None)
    assert len(Ledger(settings.releases_dir).of("removed")) == 1


def test_what_a_killed_publishing_left_is_swept_away(settings):
    leftover = settings.releases_dir / ".incoming-1"
    write(leftover / "marts" / "dim_accounts.parquet", "half")
    close_folder(leftover)
    publish(settings, "Sunridge")
    assert not leftover.exists()


@pytest.mark.parametrize("command", ["rollback", "hand_over", "retention"])
def test_a_command_waits_for_who_publishes_from_another_data_folder(settings, command):
    ask_for(settings, "a1")
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    raw_database(settings.raw_path)
    being_published = settings.releases_dir / ".incoming-1" / "marts"
    being_published.mkdir(parents=True)
    asked = {"RELEASE": first.name, "ACCOUNT": "a1", "APPLY": 1}
    here = {name: str(value) for name, value in {**environment_of(settings), **asked}.items()}
    with (
        lock_file(settings.releases_dir / ".lock"),
        subprocess.Popen(
            [sys.executable, "-u", "-m", f"orchestration.{command}"],
            cwd=PROJECT_DIR,
            env={**os.environ, **here},
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        said = process.stdout.readline()
        assert said == f"another command works in {settings.releases_dir}: waiting for it\n"
        assert being_published.is_dir()
        assert latest(settings) == second.name
        process.kill()


def test_a_line_of_the_ledger_that_was_cut_off_is_dropped_and_the_event_written_again(settings):
    publish(settings, "Sunridge")
    path = settings.releases_dir / "ledger.jsonl"
    whole = path.read_text()
    path.write_text(whole + '{"at": "2026-')
    second = publish(settings, "Meridian").name
    lines = path.read_text().splitlines()
    assert lines[0] + "\n" == whole
    assert json.loads(lines[1])["release_id"] == second


def test_a_broken_line_of_the_ledger_is_told(settings):
    publish(settings, "Sunridge")
    path = settings.releases_dir / "ledger.jsonl"
    path.write_text("not an event\n" + path.read_text())
    with pytest.raises(ReleaseError, match=r"line 1 of .*ledger.jsonl is no event"):
        publish(settings, "Meridian")


# Keeping and removing


def made_up(releases_dir: Path, *days: str) -> dict[str, Path]:
    """A small release for each day, published at noon."""
    made = {}
    for number, day in enumerate(days):
        release_id = f"{day.replace('-', '')}T120000Z-{number:08x}"
        manifest = {
            "release_id": release_id,
            "as_of_date": day,
            "created_at": f"{day}T12:00:00+00:00",
            "content_hash": f"{number:08x}",
            "has_site": True,
            "tables": [],
            "bundles": [{"account_id": "a1", "is_published": True, "reason": None}],
        }
        folder = releases_dir / release_id
        write(folder / "manifest.json", json.dumps(manifest))
        write(folder / "accounts" / "a1" / "site" / "index.html", day)
        write_checksums(folder)
        close_folder(folder)
        made[day] = folder
    settle(releases_dir, lambda _: None)
    return made


def going(releases_dir: Path, now: str, delivered: dict | None = None, days: int = 90) -> set[str]:
    at = datetime.fromisoformat(f"{now}T13:00:00+00:00")
    verdicts = judge_releases(releases_dir, delivered or {}, at, days)
    return {
        f"{verdict.release.name[:4]}-{verdict.release.name[4:6]}-{verdict.release.name[6:8]}"
        for verdict in verdicts
        if verdict.reason is None
    }


def test_all_stay_for_90_days_and_then_the_last_of_each_month(tmp_path):
    made_up(
        tmp_path,
        "2023-12-30",
        "2023-12-31",
        "2024-01-01",
        "2024-02-28",
        "2024-02-29",
        "2024-09-01",
        "2024-09-02",
        "2024-09-03",
        "2024-12-01",
    )
    # On 1 December, 2 September is 90 days and an hour ago.
    assert going(tmp_path, "2024-12-01") == {"2023-12-30", "2024-02-28", "2024-09-01", "2024-09-02"}
    assert going(tmp_path, "2024-12-01", days=91) == {"2023-12-30", "2024-02-28", "2024-09-01"}
    assert going(tmp_path, "2024-12-01", days=400) == set()


def test_the_latest_stays_though_it_is_old_and_not_the_last_of_its_month(tmp_path):
    made = made_up(tmp_path, "2024-01-01", "2024-01-02", "2024-01-03")
    roll_back(tmp_path, made["2024-01-01"].name, lambda _: None)
    # Those taken back do not stand for their month.
    assert going(tmp_path, "2026-01-01") == {"2024-01-02", "2024-01-03"}
    roll_back(tmp_path, made["2024-01-02"].name, lambda _: None)
    assert going(tmp_path, "2026-01-01") == {"2024-01-01", "2024-01-03"}


def test_a_release_handed_over_stays_whoever_tells_of_it(tmp_path):
    made = made_up(tmp_path, "2024-01-01", "2024-01-02", "2024-01-03", "2024-02-01")
    first, second = made["2024-01-01"].name, made["2024-01-02"].name
    assert going(tmp_path, "2026-01-01") == {"2024-01-01", "2024-01-02"}
    assert going(tmp_path, "2026-01-01", {first: {"a1"}}) == {"2024-01-02"}
    hand_over(tmp_path, second, "a1", lambda _: None)
    assert going(tmp_path, "2026-01-01") == {"2024-01-01"}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    told = {v.release.name: v.reason for v in judge_releases(tmp_path, {second: {"a0"}}, now, 90)}
    assert told[second] == "it was handed over to a0, a1"


def test_what_only_one_release_told_an_account_stays_known(tmp_path, monkeypatch):
    days = ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-02-01")
    made = made_up(tmp_path, *days)
    # What the release of each day tells the account, and how many had enrolled to date.
    tells = [("x", 20), ("x", 20), ("y", None), ("x", 21), ("z", 30), ("z", 30)]
    told = {
        made[day]: Release(
            made[day].name, [], [{**dict.fromkeys(TOLD), "member_code": rows}], people
        )
        for day, (rows, people) in zip(days, tells, strict=True)
    }
    monkeypatch.setattr(
        retention, "told_before", lambda releases: {"a1": [told[path] for path in releases]}
    )
    now = datetime(2026, 1, 1, tzinfo=UTC)
    verdicts = judge_releases(tmp_path, {}, now, 90)
    assert [verdict.reason for verdict in verdicts] == [
        "no other that stays says what it told a1",
        None,
        "no other that stays says what it told a1",
        None,
        "it is the last of 2024-01",
        "it is the latest",
    ]


def raw_database(path: Path, *delivered: tuple[str | None, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw_stakeholder")
        connection.execute(
            "create table raw_stakeholder.report_delivery (release_id varchar, account_id varchar)"
        )
        for row in delivered:
            connection.execute("insert into raw_stakeholder.report_delivery values (?, ?)", row)


def test_landed_deliveries_tell_which_releases_were_handed_over(tmp_path):
    raw = tmp_path / "raw.duckdb"
    with pytest.raises(ReleaseError, match="nobody knows"):
        deliveries(raw)
    raw_database(raw, ("r1", "a1"), ("r1", "a2"), ("r1", "a1"), (None, "a3"))
    assert deliveries(raw) == {"r1": {"a1", "a2"}}


def test_the_dry_run_changes_nothing_and_apply_removes_what_it_told(settings):
    releases_dir = settings.releases_dir
    made = made_up(releases_dir, "2024-01-01", "2024-01-02", "2024-01-03", "2024-02-01")
    raw_database(settings.raw_path, (made["2024-01-01"].name, "a1"))
    (releases_dir / ".incoming-1").mkdir()
    before = state_of(releases_dir)
    here = environment_of(settings)
    dry = run_module("orchestration.retention", **here)
    assert dry.returncode == 0, dry.stderr
    assert dry.stdout.splitlines() == [
        f"{made['2024-01-01'].name} stays: it was handed over to a1",
        f"{made['2024-01-02'].name} goes",
        f"{made['2024-01-03'].name} stays: it is the last of 2024-01",
        f"{made['2024-02-01'].name} stays: it is the latest",
        "1 of 4 releases would be removed; with APPLY=1 they are",
    ]
    assert state_of(releases_dir) == before
    done = run_module("orchestration.retention", **here, APPLY=1)
    assert done.returncode == 0, done.stderr
    assert "1 of 4 releases removed" in done.stdout
    gone = made.pop("2024-01-02")
    assert releases_in(releases_dir) == [*made.values()]
    for release in made.values():
        assert verify_release(release) == []
    assert [path.name for path in releases_dir.glob(".*")] == [".lock"]
    assert gone.name not in (releases_dir / "versions.json").read_text()
    assert gone.name not in (releases_dir / "accounts/a1/versions.json").read_text()
    wrong = run_module("orchestration.retention", **here, RETENTION_DAYS="a year")
    assert wrong.returncode == 1
    assert "RETENTION_DAYS='a year' must be a number of days" in wrong.stdout


def test_removing_a_release_leaves_what_others_share_with_it_read_only(settings):
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    far = datetime.now(UTC) + timedelta(days=4000)
    verdicts = judge_releases(settings.releases_dir, {}, far, 90)
    assert [verdict.release for verdict in verdicts if verdict.reason is None] == [first]
    remove_releases(settings.releases_dir, verdicts, lambda _: None)
    assert releases_in(settings.releases_dir) == [second]
    assert verify_release(second) == []


def test_an_id_is_never_given_again_after_its_release_was_removed(settings, monkeypatch):
    far = datetime(2031, 1, 1, tzinfo=UTC)
    made = made_up(settings.releases_dir, "2030-01-01", "2030-01-02", "2030-01-03")
    roll_back(settings.releases_dir, made["2030-01-01"].name, lambda _: None)
    verdicts = judge_releases(settings.releases_dir, {}, far, 90)
    remove_releases(settings.releases_dir, verdicts, lambda _: None)
    assert releases_in(settings.releases_dir) == [made["2030-01-01"]]
    assert publish(settings, "Sunridge").name.startswith("20300103T120001Z-")


# Handing over


def test_handing_over_is_recorded_once_and_only_of_a_bundle_that_is_there(settings):
    ask_for(settings, "a1", "a-unsafe")
    release = publish(settings, "Sunridge")
    folder = hand_over(settings.releases_dir, release.name, "a1", lambda _: None)
    assert (folder / "index.html").read_text() == "a1"
    hand_over(settings.releases_dir, release.name, "a1", lambda _: None)
    [event] = Ledger(settings.releases_dir).of(HANDED_OVER)
    assert (event["release_id"], event["account_id"]) == (release.name, "a1")
    for account, why in (("a-unsafe", "told too much"), ("a2", "did not ask for one")):
        with pytest.raises(ReleaseError, match=why):
            hand_over(settings.releases_dir, release.name, account)
    flip(release / "accounts/a1/site/index.html")
    with pytest.raises(ReleaseError, match=r"changed: accounts/a1/site/index\.html"):
        hand_over(settings.releases_dir, release.name, "a1")


def test_the_commands_of_rollback_and_hand_over_do_it_and_say_so(settings):
    ask_for(settings, "a1")
    first, second = publish(settings, "Sunridge"), publish(settings, "Meridian")
    here = environment_of(settings)
    back = run_module("orchestration.rollback", **here, RELEASE=first.name)
    assert (back.returncode, latest(settings)) == (0, first.name), back.stderr
    assert f"readers now get release {first.name}" in back.stdout
    given = run_module("orchestration.hand_over", **here, RELEASE=second.name, ACCOUNT="a1")
    assert given.returncode == 0, given.stderr
    assert f"release {second.name} was handed over to a1" in given.stdout
    for command in ("rollback", "hand_over"):
        unknown = run_module(f"orchestration.{command}", **here, RELEASE="x", ACCOUNT="a1")
        assert unknown.returncode == 1
        assert f"there are: {first.name}, {second.name}" in unknown.stdout
