"""Checks the style of the SQL: `python -m orchestration.lint_sql`, or with the files to check.

sqlfluff has dbt compile each model, and dbt wants the raw tables to exist: they are made empty, in
a temporary folder, so that a fresh checkout can be linted. Settings and rules are in .sqlfluff; one
rule of our own is added here, and lines are measured here, since sqlfluff does not look into macros
and Jinja expressions.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlfluff.core import FluffConfig, Linter
from sqlfluff.core.parser import BaseSegment
from sqlfluff.core.plugin.host import get_plugin_manager
from sqlfluff.core.rules import BaseRule, LintResult, RuleContext
from sqlfluff.core.rules.crawlers import SegmentSeekerCrawler

from orchestration.load import load_landing
from orchestration.settings import PROJECT_DIR

FOLDERS = ("macros", "models", "tests/data")
get_plugin_manager()  # sqlfluff warns of a rule that is older than its plugins


class Rule_TH01(BaseRule):
    """An alias is not read again in its own select: an input column of its name would win.

    **Anti-pattern**: is_paid asks for the amount of the invoice, not for the one with the zeros.

    .. code-block:: sql

        select
            coalesce(amount, 0) as amount,
            amount is not null as is_paid
        from invoices

    **Best practice**: another name for the alias, or a CTE between the two.
    """

    name = "throughline.alias_reuse"
    groups = ("all",)
    crawl_behaviour = SegmentSeekerCrawler({"select_statement"})
    is_fix_compatible = False

    def _eval(self, context: RuleContext) -> list[LintResult]:
        clause = context.segment.get_child("select_clause")
        elements = clause.get_children("select_clause_element") if clause else []
        found = []
        for element in elements:
            alias = element.get_child("alias_expression")
            if alias is None:
                continue
            name = alias.get_child("naked_identifier", "quoted_identifier").raw
            in_its_own = name in _names(element)
            for part in [*elements, *context.segment.segments]:
                if part is element or part is clause or part.is_type("orderby_clause"):
                    continue  # `order by` may name an alias: it wins there
                if part.is_type("groupby_clause") and not in_its_own:
                    continue  # so may `group by`, unless an input column has the name
                if name in _names(part):
                    told = f"The alias {name} is read again in its own select: rename it."
                    found.append(LintResult(anchor=alias, description=told))
                    break
        return found


def _names(segment: BaseSegment) -> set[str]:
    """The columns that a part of a select names without their table."""
    references = segment.recursive_crawl(
        "column_reference", no_recursive_seg_type="select_statement"
    )
    return {reference.raw for reference in references}


def long_lines(most: int) -> Iterator[str]:
    """Name the lines that are longer than so many characters."""
    for path in sorted(path for name in FOLDERS for path in Path(name).rglob("*.sql")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if len(line) > most:
                yield f"{path}:{number}: {len(line)} characters, {most} are the most"


def style_problems(config: FluffConfig, paths: list[str]) -> Iterator[str]:
    """Name what sqlfluff finds in the paths, with an empty raw database."""
    with tempfile.TemporaryDirectory() as folder:
        raw_path = Path(folder) / "raw.duckdb"
        load_landing(Path(folder) / "landing", raw_path, say=lambda _line: None)
        os.environ["RAW_PATH"] = str(raw_path)
        os.environ["WAREHOUSE_PATH"] = str(Path(folder) / "warehouse.duckdb")
        linter = Linter(config=config, user_rules=[Rule_TH01])
        for file in linter.lint_paths(tuple(paths)).as_records():
            for found in file["violations"]:
                place = f"{file['filepath']}:{found['start_line_no']}:{found['start_line_pos']}"
                yield f"{place}: {found['code']} {found['description']} [{found['name']}]"


def main() -> int:
    """Say what is wrong; return 0 if nothing is."""
    os.chdir(PROJECT_DIR)
    # sqlfluff stops its workers in mid-work, and Python would warn of the locks they held.
    sys.warnoptions.append("ignore:resource_tracker")
    config = FluffConfig.from_root()
    problems = [
        *long_lines(config.get("max_line_length")),
        *style_problems(config, sys.argv[1:] or ["models", "tests/data"]),
    ]
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
