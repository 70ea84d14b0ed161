"""Checks what documents and files promise: `python -m tests.check_docs`."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
MAX_MODULE_LINES = 200
# Variables that the code reads and nobody need set, and why.
INTERNAL = {
    "DAGSTER_HOME": "the Makefile puts it into DATA_DIR",
    "RAW_PATH": "orchestration/dbt_project.py sets it for profiles.yml",
    "WAREHOUSE_PATH": "orchestration/dbt_project.py sets it for profiles.yml",
    "SPARK_RAW": "orchestration/dbt_project.py sets it for macros/register_landed_rows.sql",
    "SPARK_WAREHOUSE": "orchestration/dbt_project.py sets it for profiles.yml",
}
# Put together here, so that this file does not hold what it looks for.
MARKS = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")
UNFINISHED = re.compile(rf"\b({'|'.join(MARKS)})\b")
PLACEHOLDER = re.compile(r"\{\{ ?[A-Z_]+ ?\}\}")
OUTSIDE = re.compile(r"(?<![\w.:/}])/(home|root|Users|work|tmp|mnt|opt|srv|media)/|[A-Z]:\\\w")
READS = {
    ".py": re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\(|_path\()\s*["']([A-Z_]+)["']"""),
    ".yml": re.compile(r"""env_var\(["']([A-Z_]+)["']"""),
    ".sql": re.compile(r"""env_var\(["']([A-Z_]+)["']"""),
    "": re.compile(r"\$\(([A-Z_]+)\)"),
}
MAKE_S_OWN = {"MAKE", "MAKEFILE_LIST", "PY"}


def repository_files() -> list[Path]:
    """The files that are, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in sorted(listed.stdout.splitlines()) if (ROOT / name).is_file()]


def text(path: Path) -> str:
    """What a file says; nothing, if it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def shown(path: Path) -> str:
    """The path as a reader knows it."""
    return path.relative_to(ROOT).as_posix()


def lines_with(pattern: re.Pattern[str], path: Path) -> Iterator[str]:
    """The places in a file that match."""
    for number, line in enumerate(text(path).splitlines(), start=1):
        if found := pattern.search(line):
            yield f"{shown(path)}:{number}: '{found.group()}'"


def is_document(path: Path) -> bool:
    """Whether it is Markdown to be read; the report's pages are Markdown of another kind."""
    return path.suffix == ".md" and not path.is_relative_to(ROOT / "reports" / "pages")


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}


def check_links(path: Path) -> Iterator[str]:
    """Relative links and images lead to a file of the repository, and to a heading in it."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text(path), flags=re.DOTALL)
    for link in re.findall(r"\]\(<?([^)>\s]+)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.is_relative_to(ROOT) or not target.exists():
            yield f"{shown(path)}: the link {link} leads nowhere: mend it or write the file"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{shown(path)}: the link {link} names a heading that {shown(target)} lacks"


def check_targets(path: Path) -> Iterator[str]:
    """Each `make <target>` that a document shows is in the Makefile."""
    rules = re.findall(r"^([a-z][a-z -]*):", text(ROOT / "Makefile"), re.MULTILINE)
    targets = " ".join(rules).split()
    for code in re.findall(r"```.*?```|`[^`\n]+`", text(path), re.DOTALL):
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", re.sub(r"#.*", "", code)):
            if target not in targets:
                yield f"{shown(path)}: `make {target}` is no target of the Makefile"


def check_settings(files: list[Path]) -> Iterator[str]:
    """README's table of settings and the variables that the code reads are the same."""
    table = text(ROOT / "README.md").partition("\n## Settings\n")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    read = set()
    for path in files:
        is_makefile = path.name == "Makefile"
        if path != Path(__file__) and (is_makefile or path.suffix in (".py", ".yml", ".sql")):
            read |= set(READS[path.suffix].findall(text(path)))
    read -= MAKE_S_OWN
    for name in sorted(documented - read):
        yield f"README.md: nothing reads the setting {name}: take it out of the table"
    for name in sorted(read - documented - set(INTERNAL)):
        yield (
            f"the variable {name} is read and not documented: add it to README's table of "
            "settings, or to INTERNAL in tests/check_docs.py with the reason"
        )
    for name in sorted(set(INTERNAL) & documented | set(INTERNAL) - read):
        yield f"tests/check_docs.py: {name} is not internal any more: take it out of INTERNAL"


def check_model(path: Path) -> Iterator[str]:
    """A model is described in its YAML beside it; a public one says each column's type."""
    beside = path.with_suffix(".yml")
    entries = (yaml.safe_load(text(beside)) or {}).get("models", []) if beside.exists() else []
    if [entry["name"] for entry in entries] != [path.stem] or not entries[0].get("description"):
        yield f"{shown(path)}: describe the model, and only it, in {beside.name}"
    elif path.is_relative_to(ROOT / "models" / "marts"):
        for column in entries[0].get("columns", []):
            if not column.get("data_type"):
                yield f"{shown(beside)}: the column {column['name']} needs its data_type"


def check_seeds() -> Iterator[str]:
    """Each seed has a description, and what dbt loads on Spark: no apostrophe, no empty cell."""
    entries = [
        entry
        for path in (ROOT / "seeds").glob("*.yml")
        for entry in (yaml.safe_load(text(path)) or {}).get("seeds", [])
    ]
    described = {entry["name"] for entry in entries if entry.get("description")}
    for path in sorted((ROOT / "seeds").glob("*.csv")):
        if path.stem not in described:
            yield f"{shown(path)}: describe the seed in a YAML file beside it"
        if "'" in text(path):
            yield f"{shown(path)}: write it without apostrophes: dbt cannot load them on Spark"
        if any("" in row for row in csv.reader(text(path).splitlines())):
            yield f"{shown(path)}: fill the empty cells: on Spark, dbt loads them as the text None"


def check_file(path: Path) -> Iterator[str]:
    """What holds for a file of its kind, wherever it is."""
    name = shown(path)
    is_lock = path.suffix == ".lock" or path.name == "package-lock.json"
    is_ours = not is_lock and not name.startswith("reports/patches/")
    if is_document(path):
        yield from check_links(path)
        yield from check_targets(path)
        for place in lines_with(PLACEHOLDER, path):
            yield f"{place} is a placeholder: fill it in"
    if name.startswith("models/") and path.suffix == ".sql":
        yield from check_model(path)
    if name.startswith("macros/") and not text(path).startswith("{#-"):
        yield f"{name}: begin with a comment, {{#- what it is, a call, its result -#}}"
    if path.suffix == ".py" and name.startswith(("orchestration/", "sample_data/", "examples/")):
        length = len(text(path).splitlines())
        if length > MAX_MODULE_LINES:
            yield f"{name}: {length} lines: split the module, {MAX_MODULE_LINES} are the most"
    if is_ours and name != ".ci/run":
        for place in lines_with(OUTSIDE, path):
            yield f"{place} names a place outside the repository: make it relative or a setting"
    if is_ours:
        for place in lines_with(UNFINISHED, path):
            yield f"{place} marks something unfinished: finish it, or say in words what is missing"
    if is_lock:
        registry = re.compile(
            r'"resolved": "\w+:' if path.suffix == ".json" else r"\w+://|--\w*-url"
        )
        for place in lines_with(registry, path):
            yield f"{place} names a registry: make the lock again without addresses"


def main() -> int:
    """Print what is wrong; return 0 if nothing is."""
    files = repository_files()
    problems = [problem for path in files for problem in check_file(path)]
    problems += [*check_settings(files), *check_seeds()]
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
