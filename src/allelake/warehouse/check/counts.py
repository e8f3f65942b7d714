"""Whether the tables of a lake agree with each other: warehouse/checks/*.sql, contig by contig."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from allelake.files import shipped
from allelake.warehouse.catalog.template import CatalogParts, template
from allelake.warehouse.catalog.views import catalog_parts
from allelake.warehouse.check.answers import ways_to_ask
from allelake.warehouse.check.finding import Finding
from allelake.warehouse.check.people import check_people
from allelake.warehouse.check.results import check_results
from allelake.warehouse.connection import connect_beside
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import Snapshot, StoredFile

# Enough to see what kind of fault it is; the finding says how many there are.
_SHOWN_PER_CHECK = 3
_MEMORY_LIMIT = "700MB"
# The catalog's own leaves out columns that have to be NULL in the lake: the check looks at them.
_AS_THEY_LIE = """CREATE OR REPLACE VIEW stored_calls AS
FROM rare_calls UNION ALL BY NAME FROM detailed_calls"""


@dataclass(frozen=True)
class CountCheck:
    """A question that has no rows in a sound lake; its rows are place, found and expected."""

    name: str
    what: str
    sql: str


def load_checks(of: str = "") -> list[CountCheck]:
    """The checks to run on each contig; of 'whole_lake' those to run once, of 'answers' those that
    compare questions."""
    folder = shipped("warehouse").joinpath("checks", *([of] if of else []))
    checks = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            text = file.read_text("utf-8")
            what = text.splitlines()[0].removeprefix("-- ")
            checks.append(CountCheck(file.name.removesuffix(".sql"), what, text))
    return checks


def count_checks(contigs: Sequence[str]) -> int:
    """How many steps check_counts takes."""
    once = len(load_checks("whole_lake")) + len(load_checks("answers"))
    return len(load_checks()) * len(contigs) + once + 1


def check_counts(
    info: LakeInfo,
    snapshot: Snapshot,
    files: Sequence[StoredFile],
    contigs: Iterable[str],
    step: Callable[[], None],
    is_deep: bool = False,
) -> list[Finding]:
    """Where one table contradicts another, or one answer another. The files must be whole.

    `is_deep`: AN is compared with what each sample adds to it at every variant, not at some.
    """
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="allelake-check-") as spill:
        settings: dict[str, str | int | bool] = {
            "memory_limit": _MEMORY_LIMIT,
            "temp_directory": spill,
            "threads": 2,
        }
        with connect_beside(info.path, settings) as connection:
            _see(connection, catalog_parts(info, snapshot, files), Path(spill))
            for check in load_checks("whole_lake"):
                findings += _ask(connection, check)
                step()
            for contig in contigs:
                connection.execute(f"SET VARIABLE contig = {sql_literal(contig)}")
                for check in load_checks():
                    findings += _ask(connection, check)
                    step()
            if not findings:
                findings += _compare_answers(connection, files, is_deep)
            for _ in load_checks("answers"):
                step()
    findings += check_people(info, files)
    findings += [] if findings else check_results(info, files)
    step()
    return findings


def _see(connection: duckdb.DuckDBPyConnection, parts: CatalogParts, folder: Path) -> None:
    """Views of the lake's files, made anew, before macros that were bound already."""
    path = folder / "macros.duckdb"
    path.write_bytes(template(parts))
    connection.execute(f"ATTACH {sql_literal(str(path))} AS macros (READ_ONLY)")
    connection.execute("SET search_path = 'memory,macros'")
    for statement in (*parts.views, _AS_THEY_LIE):
        if statement.startswith("CREATE"):
            connection.execute(statement)


def _compare_answers(
    connection: duckdb.DuckDBPyConnection, files: Sequence[StoredFile], is_deep: bool
) -> list[Finding]:
    """Where two questions disagree. Tables that contradict each other would only repeat it."""
    findings: list[Finding] = []
    ways = ways_to_ask(connection, files, is_deep)
    for check in load_checks("answers"):
        found: list[Finding] = []
        for asked in ways[check.name]():
            asked.set_in(connection)
            found += _ask(connection, check)
        findings += found[:_SHOWN_PER_CHECK]
    return findings


def _ask(connection: duckdb.DuckDBPyConnection, check: CountCheck) -> Iterator[Finding]:
    question = (
        f"SELECT *, count(*) OVER () FROM ({check.sql}) ORDER BY 1, 2 LIMIT {_SHOWN_PER_CHECK}"
    )
    try:
        rows = connection.execute(question).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        yield Finding("error", check.name, check.what, f"an error: {reason}", "an answer")
        return
    for place, found, expected, total in rows:
        more = f" (the first of {total:,})" if total > _SHOWN_PER_CHECK else ""
        yield Finding("error", place, check.what, f"{found}{more}", expected)
