"""The small tables of people, batches and cohorts: read and written whole."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from allelake.errors import QueryError
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.quoting import refuse_case_twins
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import Table, load_tables, sql_type

SMALL_TABLES = (
    *("samples", "batches", "cohorts", "cohort_members", "pedigree", "removals"),
    # Of what was computed; a lake made before there was any has no file of it.
    "results",
)
EVERYBODY = "all"
_EVERYBODY_WHERE = "true"


def read_small_tables(lake: Path, files: Sequence[StoredFile]) -> dict[str, pa.Table]:
    """Every small table whole, in its declared order; one without a file has no rows."""
    tables = {}
    for name in SMALL_TABLES:
        read = [
            pq.read_table(lake / file.path, partitioning=None)
            for file in files
            if file.table == name
        ]
        tables[name] = pa.concat_tables(read) if read else _empty(name)
    return tables


def fit_small_table(name: str, rows: pa.Table) -> pa.Table:
    """The rows with declared columns first, of declared types, in the declared order."""
    table = load_tables()[name]
    further = further_columns(table, rows)
    refuse_case_twins(rows.column_names, "column", f"table {name}")
    schema = table.arrow_schema(further)
    fitted = pa.table([rows.column(field.name).cast(field.type) for field in schema], schema=schema)
    return fitted.sort_by([(column, "ascending") for column in table.sort])


def write_small_table(name: str, rows: pa.Table, folder: Path) -> list[StagedFile]:
    """The rows as one file; no file where there is nothing to say, not even a column."""
    further = further_columns(load_tables()[name], rows)
    if not rows.num_rows and not further:
        return []
    writer = TableWriter(name, folder, batch=0, part=0, further_columns=further)
    writer.write(rows)
    return [writer.close()]


def further_columns(table: Table, rows: pa.Table) -> dict[str, str]:
    """The columns beyond the declared ones, with the SQL type each is stored as."""
    declared = {column.name for column in table.columns}
    return {f.name: sql_type(f.type) for f in rows.schema if f.name not in declared}


def with_everybody(cohorts: pa.Table, created_at: str) -> pa.Table:
    """The cohorts with `all` among them."""
    if EVERYBODY in cohorts.column("cohort").to_pylist():
        return cohorts
    schema = load_tables()["cohorts"].arrow_schema()
    at = pa.scalar(created_at).cast(schema.field("created_at").type).as_py()
    row = {"cohort": EVERYBODY, "predicate": _EVERYBODY_WHERE, "created_at": at}
    everybody = pa.Table.from_pylist([row], schema=schema)
    return fit_small_table("cohorts", pa.concat_tables([cohorts, everybody]))


def evaluate_cohorts(
    samples: pa.Table, cohorts: pa.Table, asked: pa.Table | None = None
) -> pa.Table:
    """Who is in each cohort, from its predicate over `samples` or its fixed list.

    `asked`: the samples with what predicates may ask beyond their columns (`kin.with_kin`).

    A participant counts once. Of several samples that are chosen it is the one whose imported
    attribute `preferred` (BOOLEAN) is true, else the one with the lowest number.
    """
    members: list[Mapping[str, object]] = []
    batches = dict(_pairs(samples, "sample_number", "batch"))
    numbers = dict(_pairs(samples, "sample_id", "sample_number"))
    once = _Once(samples)
    predicates = set(cohorts.column("predicate").to_pylist()) - {None, _EVERYBODY_WHERE}
    connection = _closed_connection(samples if asked is None else asked) if predicates else None
    try:
        for cohort in cohorts.to_pylist():
            if cohort["predicate"] is None:
                listed = cohort["sample_ids"] or ()
                chosen = [numbers[name] for name in dict.fromkeys(listed) if name in numbers]
            elif cohort["predicate"] == _EVERYBODY_WHERE:
                chosen = samples.column("sample_number").to_pylist()
            else:
                chosen = _chosen(connection, cohort["cohort"], cohort["predicate"])
            members += [
                {"cohort": cohort["cohort"], "sample_number": number, "batch": batches[number]}
                for number in once.of(chosen)
            ]
    finally:
        if connection is not None:
            connection.close()
    schema = load_tables()["cohort_members"].arrow_schema()
    return fit_small_table("cohort_members", pa.Table.from_pylist(members, schema=schema))


class _Once:
    """Chooses one sample of each participant."""

    def __init__(self, samples: pa.Table) -> None:
        self._participants = dict(_pairs(samples, "sample_number", "participant_id"))
        self._preferred: set[object] = set()
        if "preferred" in samples.column_names:
            is_preferred = _pairs(samples, "sample_number", "preferred")
            self._preferred = {number for number, value in is_preferred if value is True}

    def of(self, numbers: Sequence[object]) -> Iterable[object]:
        """Of these samples, one for each participant."""
        best: dict[object, tuple[bool, int]] = {}
        for number in numbers:
            place = (number not in self._preferred, int(str(number)))
            participant = self._participants[number]
            best[participant] = min(best.get(participant, place), place)
        return [number for _, number in best.values()]


def _chosen(
    connection: duckdb.DuckDBPyConnection | None, cohort: str, predicate: str
) -> list[object]:
    assert connection is not None, "a predicate is there"
    # The line break keeps a comment at the predicate's end from swallowing the bracket.
    question = f"SELECT sample_number FROM samples WHERE (\n{predicate}\n)"
    try:
        return [row[0] for row in connection.execute(question).fetchall()]
    except duckdb.Error as error:
        raise QueryError(
            f"cohort {cohort!r}: its predicate cannot be evaluated over the samples as they would "
            f"be: {predicate!r}: {str(error).splitlines()[0]} Nothing was changed. Keep the column "
            f"and its type, or drop or define the cohort anew first."
        ) from error


def _closed_connection(samples: pa.Table) -> duckdb.DuckDBPyConnection:
    """A DuckDB that sees `samples` and nothing else."""
    connection = duckdb.connect(
        ":memory:",
        config={"threads": 1, "python_enable_replacements": False},
    )
    connection.register("registered", samples)
    connection.execute("CREATE TABLE samples AS FROM registered")
    connection.unregister("registered")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _pairs(rows: pa.Table, key: str, value: str) -> Iterable[tuple[object, object]]:
    return zip(rows.column(key).to_pylist(), rows.column(value).to_pylist(), strict=True)


def _empty(name: str) -> pa.Table:
    return load_tables()[name].arrow_schema().empty_table()
