"""dbt's documentation of the project as one static page of a release: every model, in its place.

The page is the one that dbt brings along, with two documents inside, as `dbt docs generate
--static` makes it: the manifest that the build wrote, and the catalog, which is the names and types
of the columns. That command would parse the project again and open the warehouse for writing.
"""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from dbt.task.docs import DOCS_INDEX_FILE_PATH

from orchestration.load import sql
from orchestration.settings import Settings

# What the page does not show, and what is different in each build: where files lay, times, hashes.
_LEFT_OUT = {
    "build_path",
    "checksum",
    "compiled",
    "compiled_code",
    "compiled_path",
    "created_at",
    "extra_ctes",
    "extra_ctes_injected",
    "generated_at",
    "invocation_id",
    "invocation_started_at",
    "root_path",
    "run_started_at",
    "unrendered_config",
}
_PAGE_CHANGES = {
    # Angular would try whether the page may turn texts into code, and the policy says aloud no.
    'ng-app="dbt"': 'ng-app="dbt" ng-csp="no-unsafe-eval"',
    # Asked for as it stands, before Angular has put the name of the picture in its place.
    'xlink:href="{{ getIcon': 'ng-href="{{ getIcon',
    # The address of dbt's own visitor counter, which is off, and of files that the page lacks.
    "//d1fc8wv8zag5ca.cloudfront.net/2.9.0/sp.js": "data:,",
    '<link rel="canonical" href="/overview/"/>': "",
    "${require('./assets/favicons/favicon.ico')}": "data:,",
    "//# sourceMappingURL=main.js.map": "",
    "<title>dbt Docs</title>": "<title>Throughline: models and tables</title>",
}


class DocsError(RuntimeError):
    """The page could not be made; the message says why."""


def write_docs(settings: Settings, folder: Path) -> None:
    """Write `folder/docs/index.html`: the models, their descriptions, tests, columns and lineage.

    It holds no row of any table but those that the tests of the project make up. The same code
    and the same columns give the same page, byte for byte.

    Args:
        settings: Where the last good warehouse is, and what dbt wrote when it built it.
        folder: The folder of the release in the making.

    Raises:
        DocsError: No build has left its manifest, or dbt's page is not the one known here.
    """
    path = settings.dbt_target_dir / "manifest.json"
    if not path.is_file():
        raise DocsError(f"no {path}: build the warehouse first (make refresh)")
    manifest = _trimmed(json.loads(path.read_text(encoding="utf-8")))
    # dbt's own macros are no part of the project, and nobody reads about them here.
    name = manifest["metadata"]["project_name"]
    manifest["macros"] = {
        key: macro for key, macro in manifest["macros"].items() if macro["package_name"] == name
    }
    page = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    documents = {"MANIFEST": manifest, "CATALOG": _catalog(settings, manifest)}
    changes = {f'"{name}.JSON INLINE DATA"': _script(what) for name, what in documents.items()}
    for before, after in (_PAGE_CHANGES | changes).items():
        if before not in page:
            raise DocsError(f"dbt's page of its documentation holds no {before}: was dbt updated?")
        page = page.replace(before, after)
    (folder / "docs").mkdir()
    (folder / "docs" / "index.html").write_text(page, encoding="utf-8")


def _trimmed(value: Any) -> Any:
    """A copy without the keys that are left out, at any depth; keys of objects in order."""
    if isinstance(value, dict):
        return {key: _trimmed(value[key]) for key in sorted(value) if key not in _LEFT_OUT}
    return [_trimmed(item) for item in value] if isinstance(value, list) else value


def _catalog(settings: Settings, manifest: dict[str, Any]) -> dict[str, Any]:
    """The columns of every table and view of the project and its raw data, in dbt's form."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        connection.execute(f"attach {sql.text(str(settings.raw_path))} as raw (read_only)")
        rows = connection.execute(
            """
            select
                columns.database_name, columns.schema_name, columns.table_name,
                if(views.view_oid is null, 'BASE TABLE', 'VIEW') as kind,
                columns.column_name, columns.column_index, columns.data_type
            from duckdb_columns() as columns
            left join duckdb_views() as views
                on columns.database_oid = views.database_oid and columns.table_oid = views.view_oid
            where not columns.internal
            order by all
            """
        ).fetchall()
    tables = {place[:3]: _entry(place, of) for place, of in groupby(rows, key=lambda row: row[:4])}
    catalog: dict[str, Any] = {"metadata": {}, "errors": None}
    for kind in ("nodes", "sources"):
        places = {
            key: (node["database"], node["schema"], node.get("identifier") or node["alias"])
            for key, node in manifest[kind].items()
        }
        catalog[kind] = {
            key: tables[place] | {"unique_id": key}
            for key, place in places.items()
            if place in tables
        }
    return catalog


def _entry(place: tuple[str, str, str, str], rows: Any) -> dict[str, Any]:
    """A table or view of the catalog, with its columns."""
    database, schema, name, kind = place
    return {
        "metadata": {"database": database, "schema": schema, "name": name, "type": kind},
        "columns": {
            column: {"name": column, "index": index, "type": data_type, "comment": None}
            for *_, column, index, data_type in rows
        },
        "stats": {},
    }


def _script(document: dict[str, Any]) -> str:
    """A document as an object within a script, which no text inside it can end."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
