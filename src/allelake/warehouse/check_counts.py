"""Whether the tables of a lake agree with each other: warehouse/checks/*.sql, contig by contig."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from allelake.errors import AllelakeError
from allelake.files import shipped
from allelake.warehouse.catalog import view_statements
from allelake.warehouse.connection import connect_beside
from allelake.warehouse.finding import Finding
from allelake.warehouse.info import LakeInfo
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.small_tables import evaluate_cohorts, read_small_tables
from allelake.warehouse.snapshots import Snapshot, StoredFile

# Enough to see what kind of fault it is; the finding says how many there are.
_SHOWN_PER_CHECK = 3
_MEMORY_LIMIT = "700MB"


@dataclass(frozen=True)
class CountCheck:
    """A question that has no rows in a sound lake; its rows are place, found and expected."""

    name: str
    what: str
    sql: str


def load_checks(of: str = "") -> list[CountCheck]:
    """The checks to run on each contig, or with of='whole_lake' those to run once."""
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
    return len(load_checks()) * len(contigs) + len(load_checks("whole_lake")) + 1


def check_counts(
    info: LakeInfo,
    snapshot: Snapshot,
    files: Sequence[StoredFile],
    contigs: Iterable[str],
    step: Callable[[], None],
) -> list[Finding]:
    """Where one table contradicts another. The files must be whole."""
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="allelake-check-") as spill:
        settings: dict[str, str | int | bool] = {
            "memory_limit": _MEMORY_LIMIT,
            "temp_directory": spill,
            "threads": 2,
        }
        with connect_beside(info.path, settings) as connection:
            for statement in view_statements(info, snapshot, list(files)):
                if statement.startswith("CREATE"):
                    connection.execute(statement)
            for check in load_checks("whole_lake"):
                findings += _ask(connection, check)
                step()
            for contig in contigs:
                connection.execute(f"SET VARIABLE contig = {sql_literal(contig)}")
                for check in load_checks():
                    findings += _ask(connection, check)
                    step()
    findings += _members(info, files)
    step()
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


def _members(info: LakeInfo, files: Sequence[StoredFile]) -> Iterator[Finding]:
    """Cohorts whose stored members are not those that their definition gives."""
    tables = read_small_tables(info.path, files)
    try:
        anew = evaluate_cohorts(tables["samples"], tables["cohorts"])
    except AllelakeError as error:
        yield Finding("error", "cohorts", "A definition fails.", str(error), "members")
        return
    if anew.equals(tables["cohort_members"]):
        return
    stored = set(map(tuple, _rows(tables["cohort_members"])))
    defined = set(map(tuple, _rows(anew)))
    for cohort in sorted({str(row[0]) for row in stored ^ defined}):
        found = sum(row[0] == cohort for row in stored)
        expected = sum(row[0] == cohort for row in defined)
        yield Finding(
            "error",
            f"cohort_members, cohort {cohort!r}",
            "Its members are not those that its definition gives.",
            f"{found:,} members",
            f"{expected:,} members by its definition, and the same ones",
        )


def _rows(table: object) -> Iterable[Iterable[object]]:
    return [row.values() for row in table.to_pylist()]  # type: ignore[attr-defined]
