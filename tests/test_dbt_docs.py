"""dbt's documentation as a page: it opens, tells of a model, and gives nothing away."""

import json
import re
from pathlib import Path

import duckdb
import pytest
from conftest import settings_in
from playwright.sync_api import expect
from site_browser import serving, watching

from orchestration.dbt_docs import DocsError, write_docs
from orchestration.settings import PROJECT_DIR

RELEASE = "20260701T020000Z-1111abcd"
HOSTILE = "One row per visit. </script><script>alert(1)</script>"
MODEL = "model.tiny.fct_visits"


def node(name, kind, **changes):
    values = {
        "unique_id": f"{kind}.tiny.{name}",
        "name": name,
        "alias": name,
        "resource_type": kind,
        "package_name": "tiny",
        "database": "warehouse",
        "schema": "core",
        "path": f"core/{name}.sql",
        "original_file_path": f"models/core/{name}.sql",
        "compiled_path": "/somewhere/target/compiled/fct_visits.sql",
        "compiled_code": "select 'as of 2026-06-30'",
        "raw_code": "select * from {{ ref('stg_visit') }}",
        "created_at": 1795367935.65,
        "fqn": ["tiny", "core", name],
        "description": HOSTILE,
        "columns": {"visited_on": {"name": "visited_on", "description": "The day of it."}},
        "config": {"materialized": "table", "docs": {"show": True}},
        "docs": {"show": True},
        "tags": [],
        "meta": {},
        "refs": [],
        "depends_on": {"macros": [], "nodes": []},
        "language": "sql",
    }
    return {**values, **changes}


def macro(name, package):
    place = {"path": f"macros/{name}.sql", "original_file_path": f"macros/{name}.sql"}
    code = {"macro_sql": "-- it does", "description": "", "depends_on": {"macros": []}}
    known = {"name": name, "unique_id": f"macro.{package}.{name}", "package_name": package}
    return {**known, **place, **code, "resource_type": "macro", "docs": {"show": True}}


@pytest.fixture
def settings(tmp_path):
    """A project of one model, built into a warehouse with one visit."""
    settings = settings_in(tmp_path)
    settings.dbt_target_dir.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("create schema core; create schema staging")
        connection.execute(
            "create table core.fct_visits as select 'Theophania' as who, 7 as visits_count"
        )
        connection.execute("create view staging.stg_visit as from core.fct_visits")
    with duckdb.connect(str(settings.raw_path)) as connection:
        connection.execute("create schema raw_participant")
        connection.execute("create table raw_participant.visit (who varchar, seen_at timestamp)")
    visit = node("visit", "source", database="raw", schema="raw_participant", identifier="visit")
    view = node("stg_visit", "model", schema="staging")
    nodes = [node("fct_visits", "model"), view, node("fct_never_built", "model")]
    macros = [macro("run_query", "dbt"), macro("add_days", "tiny")]
    manifest = {
        "metadata": {"project_name": "tiny", "generated_at": "2026-07-01", "invocation_id": "x"},
        "nodes": {node["unique_id"]: node for node in nodes},
        "sources": {"source.tiny.visit": {**visit, "source_name": "raw_participant"}},
        "macros": {macro["unique_id"]: macro for macro in macros},
        "docs": {},
        "unit_tests": {},
        "parent_map": {},
        "child_map": {},
        **{key: {} for key in ("exposures", "metrics", "groups", "semantic_models")},
        **{key: {} for key in ("saved_queries", "disabled", "selectors")},
    }
    (settings.dbt_target_dir / "manifest.json").write_text(json.dumps(manifest))
    return settings


def held(page: str, name: str) -> dict:
    """One of the two documents inside the page."""
    start = re.search(rf"\b{name}:(?=\{{)", page).end()
    return json.JSONDecoder().raw_decode(page, start)[0]


def written(settings, folder: Path) -> str:
    folder.mkdir(parents=True)
    write_docs(settings, folder)
    return (folder / "docs" / "index.html").read_text(encoding="utf-8")


def root(site: str) -> str:
    """The address of the releases folder, of which a site is a part."""
    return site.rsplit("/", 2)[0]


def opened(watched, release, model):
    """The page at a model; it moves there by itself, so its network is never said to be idle."""
    watched.page.goto(f"{watched.base}/{release}/docs/#!/model/{model}")
    return watched.page


def test_the_page_holds_the_columns_of_each_table_and_no_row(settings, tmp_path):
    page = written(settings, tmp_path / "release")
    catalog = held(page, "catalog")
    assert {
        key: {name: column["type"] for name, column in entry["columns"].items()}
        for kind in ("nodes", "sources")
        for key, entry in catalog[kind].items()
    } == {
        MODEL: {"who": "VARCHAR", "visits_count": "INTEGER"},
        "model.tiny.stg_visit": {"who": "VARCHAR", "visits_count": "INTEGER"},
        "source.tiny.visit": {"who": "VARCHAR", "seen_at": "TIMESTAMP"},
    }
    kinds = {key: entry["metadata"]["type"] for key, entry in catalog["nodes"].items()}
    assert kinds == {MODEL: "BASE TABLE", "model.tiny.stg_visit": "VIEW"}
    assert page.count("Theophania") == 0


def test_the_page_holds_the_models_and_macros_of_the_project_and_no_path(settings, tmp_path):
    page = written(settings, tmp_path / "release")
    manifest = held(page, "manifest")
    assert manifest["nodes"][MODEL]["description"] == HOSTILE
    assert list(manifest["macros"]) == ["macro.tiny.add_days"]
    assert page.count("/somewhere") == page.count("as of 2026-06-30") == 0


def test_a_second_build_of_the_same_gives_the_same_page(settings, tmp_path):
    first = written(settings, tmp_path / "first")
    path = settings.dbt_target_dir / "manifest.json"
    text = path.read_text().replace("2026-07-01", "2026-07-02").replace("1795367935", "1795399999")
    manifest = json.loads(text)
    manifest["nodes"] = dict(reversed(manifest["nodes"].items()))
    path.write_text(json.dumps(manifest))
    assert written(settings, tmp_path / "second") == first


def test_without_a_build_it_says_what_to_do(settings, tmp_path):
    (settings.dbt_target_dir / "manifest.json").unlink()
    with pytest.raises(DocsError, match=r"manifest\.json: build the warehouse first"):
        write_docs(settings, tmp_path)


def test_in_a_browser_no_description_ends_the_script_and_no_other_host_is_asked(
    settings, tmp_path, browser
):
    written(settings, tmp_path / "releases" / RELEASE)
    release = tmp_path / "releases" / RELEASE
    with serving(release) as base, watching(browser, root(base)) as watched:
        page = opened(watched, RELEASE, MODEL)
        expect(page.get_by_role("heading", name="fct_visits table")).to_be_visible()
        expect(page.get_by_role("paragraph").filter(has_text=HOSTILE)).to_be_visible()
        expect(page.get_by_role("cell", name="visits_count")).to_be_visible()


def test_the_demo_tenants_page_tells_what_a_table_holds(demo_release, browser):
    text = (demo_release / "docs" / "index.html").read_text(encoding="utf-8")
    assert str(PROJECT_DIR) not in text
    assert str(demo_release.parent.parent) not in text
    with serving(demo_release) as base, watching(browser, root(base)) as watched:
        page = opened(watched, demo_release.name, "model.throughline.fct_enrollment_journeys")
        description = page.get_by_role("paragraph").filter(has_text="One row per enrollment: every")
        expect(description.first).to_be_visible()
        page.get_by_text("Overview", exact=True).click()
        expect(page.get_by_role("heading", name="Models and tables")).to_be_visible()
