"""Questions of an export to its lake, in one session so that temporary tables stay."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from allelake.queries.connect import session
from allelake.queries.trouble import tidy_errors

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Session:
    """One DuckDB session on an opened lake."""

    def __init__(self, connection: "DuckDBPyConnection") -> None:
        self._running = session(connection)

    def run(self, sql: str, values: Mapping[str, object] | None = None) -> None:
        """Runs a statement that gives nothing."""
        with tidy_errors():
            self._running.execute(sql, dict(values) if values else None)

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """All rows as tuples."""
        with tidy_errors():
            return self._running.execute(sql, dict(values) if values else None).fetchall()

    def arrow(self, sql: str, values: Mapping[str, object] | None = None) -> pa.Table:
        """All rows as an Arrow table, each column in one piece."""
        with tidy_errors():
            found = self._running.sql(sql, params=dict(values or {})).to_arrow_table()
        return found.combine_chunks()

    def close(self) -> None:
        """Frees the temporary tables."""
        self._running.close()


@contextmanager
def asking(connection: "DuckDBPyConnection") -> Iterator[Session]:
    """A session until the end of the block."""
    opened = Session(connection)
    try:
        yield opened
    finally:
        opened.close()
