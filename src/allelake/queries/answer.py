"""An answer: a query that runs when it is read, with the terms it speaks of."""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allelake.errors import QueryError
from allelake.queries.about import About
from allelake.queries.connect import session
from allelake.queries.trouble import tidy, tidy_errors
from allelake.warehouse.quoting import sql_identifier

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from allelake.plot.answers import AnswerPlots

BATCH_ROWS = 65_536
# DuckDB types that other engines read wrongly or not at all (engine facts 1b): shown as text.
_AS_TEXT = ("UHUGEINT", "BIT", "INTERVAL", "UNION", "VARIANT", "ENUM", "UUID", '"NULL"', "BIGNUM")


class Answer:
    """Rows of one question, not yet computed: each reading runs the query on the lake's snapshot.

    `about` says which cohort, policy, ploidy rule, filter and snapshot the rows speak of; `sql` is
    the query. An unknown frequency is NULL (None, null, NaN in pandas).

    Binding is half of a small question. `is_own` says that the query is one of ours, whose columns
    every reader takes as they are: then it is bound when it is read, once. Any other is bound here
    first, so that what is wrong with its text is told at once.
    """

    def __init__(
        self, connection: "DuckDBPyConnection", sql: str, about: About, is_own: bool = False
    ) -> None:
        self._connection = connection
        self.sql = sql
        self.about = about
        self._is_own = is_own
        if not is_own:
            self._described  # noqa: B018

    @cached_property
    def _described(self) -> tuple[list[str], list[str]]:
        """Names and DuckDB types of the query's columns."""
        with tidy_errors():
            relation = session(self._connection).sql(self.sql)
            return relation.columns, [str(of) for of in relation.types]

    @property
    def types(self) -> list[str]:
        """The DuckDB type of each column."""
        return self._described[1]

    @cached_property
    def columns(self) -> list[str]:
        """The names of the columns; one that is there twice has a number added."""
        return _told_apart(self._described[0])

    def relation(self) -> "DuckDBPyRelation":
        """The answer as a DuckDB relation of its own session, to filter, join or aggregate."""
        with tidy_errors():
            return session(self._connection).sql(self._projected(_cast))

    def to_batches(self, rows: int = BATCH_ROWS) -> "pa.RecordBatchReader":
        """The answer as a stream of Arrow batches of at most `rows` rows; memory stays bounded.

        What is wrong with the question (an unknown cohort) is raised here, before any batch.
        """
        import pyarrow as pa

        if self._is_own:
            reader = self._stream(self.sql, rows)
            if not any(pa.types.is_decimal(of) for of in reader.schema.types):
                return reader
        return self._stream(self._projected(_cast), rows)

    def to_text_batches(self) -> "pa.RecordBatchReader":
        """As `to_batches`, for delimited text: lists and structs as JSON, bytes in hexadecimal."""
        return self._stream(self._projected(_cast_to_text), BATCH_ROWS)

    def _stream(self, sql: str, rows: int) -> "pa.RecordBatchReader":
        import pyarrow as pa

        with tidy_errors():
            # Of a lake that was closed this raises, though the answer's own session would go on.
            running = session(self._connection)
            # DuckDB computes the first rows here: a wrong question is an error before any output.
            reader = _reader(running, sql, rows)
        schema = reader.schema.with_metadata(self.about.metadata())
        return pa.RecordBatchReader.from_batches(schema, _batches(reader, schema, running))

    def to_arrow(self) -> "pa.Table":
        """The answer as an Arrow table; its schema's metadata hold the terms."""
        return self.to_batches().read_all()

    def to_polars(self) -> "polars.DataFrame":
        """The answer as a Polars frame, sharing Arrow's memory where the types allow it."""
        import polars

        frame = polars.from_arrow(self.to_arrow())
        assert isinstance(frame, polars.DataFrame)
        return frame

    def to_pandas(self) -> "pandas.DataFrame":
        """The answer as a pandas frame."""
        with tidy_errors():
            return self.relation().df()

    def to_dicts(self) -> list[dict[str, Any]]:
        """The answer as a list with one dictionary per row."""
        return list(self)

    def head(self, rows: int) -> list[tuple[Any, ...]]:
        """The first rows as tuples."""
        with tidy_errors():
            sql = f"FROM (\n{self._projected(_cast)}\n) LIMIT {int(rows)}"
            return self._fetch(sql)

    def count(self) -> int:
        """How many rows the answer has."""
        with tidy_errors():
            return int(self._fetch(f"SELECT count(*) FROM (\n{self.sql}\n)")[0][0])

    def _fetch(self, sql: str) -> list[tuple[Any, ...]]:
        running = session(self._connection)
        return running.sql(sql).fetchall()

    def tuples(self, rows: int = 2_048) -> Iterator[list[tuple[Any, ...]]]:
        """The rows as tuples, at most `rows` at a time."""
        with tidy_errors():
            running = session(self._connection)
            running.execute(self._projected(_cast))
            while chunk := running.fetchmany(rows):
                yield chunk

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self.to_batches(2_048):
            yield from batch.to_pylist()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_batches().__arrow_c_stream__(requested_schema)

    def write(self, path: Path | str, format: str | None = None, overwrite: bool = False) -> None:
        """Writes the answer to a file: csv, tsv, json, parquet or arrow, as named or as it ends.

        The file appears when it is complete. One that is there is kept unless `overwrite`.
        """
        from allelake.queries.formats import write_file

        write_file(self, Path(path), format, overwrite)

    @property
    def plot(self) -> "AnswerPlots":
        """Pictures of the answer as matplotlib figures: `plot()`, `plot.spectrum()`, ..."""
        from allelake.plot.answers import AnswerPlots

        return AnswerPlots(self)

    def _projected(self, cast: Callable[[str], str | None]) -> str:
        """The query with columns cast, `cast` being a template per DuckDB type or None."""
        casts = [cast(of) for of in self.types]
        if not any(casts) and self.columns == self._described[0]:
            return self.sql
        # By position: an answer may have two columns of one name.
        columns = ", ".join(
            f"{(template or '{}').format(f'c{n}')} AS {sql_identifier(name)}"
            for n, (name, template) in enumerate(zip(self.columns, casts, strict=True))
        )
        names = ", ".join(f"c{n}" for n in range(len(casts)))
        return f"SELECT {columns} FROM (\n{self.sql}\n) AS answer({names})"

    def __repr__(self) -> str:
        from allelake.queries.table import lay_out

        rows = self.head(11)
        layout = lay_out(self.columns, self.types, rows[:10], width=100)
        notes = [f"(not shown: {', '.join(layout.left_out)})"] if layout.left_out else []
        more = ["..."] if len(rows) > 10 else []
        lines = [self.about.line(), layout.header(), *layout.lines(rows[:10]), *more, *notes]
        return "\n".join(lines)


def _told_apart(names: list[str]) -> list[str]:
    """The names with a number added where one is there twice: JSON and Parquet would lose one."""
    seen: set[str] = set()
    told: list[str] = []
    for name in names:
        unique, number = name, 1
        while unique.casefold() in seen:
            number += 1
            unique = f"{name}_{number}"
        seen.add(unique.casefold())
        told.append(unique)
    return told


def _cast(of: str) -> str | None:
    """How a column of this DuckDB type is written in SQL, None for as it is."""
    if of == "HUGEINT":
        # DuckDB's sums of integers; no answer here comes near 2**63.
        return "CAST({} AS BIGINT)"
    if of.startswith(_AS_TEXT) and not of.endswith("]"):
        return "CAST({} AS VARCHAR)"
    return None


def _cast_to_text(of: str) -> str | None:
    if of.endswith("]") or of.startswith(("STRUCT", "MAP")):
        return "CAST(to_json({}) AS VARCHAR)"
    if of == "BLOB":
        return "lower(hex({}))"
    return _cast(of)


def _reader(running: "DuckDBPyConnection", sql: str, rows: int) -> "pa.RecordBatchReader":
    """The query's rows as a stream of batches of at most `rows`; memory stays bounded."""
    # A relation binds its query to describe it, and again to run it. This is how it runs it; of
    # what a cursor has executed DuckDB would hand on a copy of all rows.
    submit = getattr(running, "_submit", None)
    if submit is None:
        return running.sql(sql).to_arrow_reader(rows)
    reader: pa.RecordBatchReader = submit(sql, None, "stream", rows).arrow_reader()
    return reader


def _batches(
    reader: "pa.RecordBatchReader", schema: "pa.Schema", running: "DuckDBPyConnection"
) -> Iterator["pa.RecordBatch"]:
    """The reader's batches under the schema; an error within the query as QueryError.

    `running` is held on to until the end, so that the query can be interrupted.
    """
    with tidy_errors():
        try:
            for batch in reader:
                yield batch.replace_schema_metadata(schema.metadata)
        except OSError as error:
            # Arrow's C stream hands on the message alone; a real I/O error bears a number.
            if error.errno is not None:
                raise
            raise QueryError(tidy(str(error))) from None
