"""catalog.duckdb and lake.sql: built beside the lake, and tried before they are shown."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from allelake.errors import LakeError
from allelake.warehouse.connection import connect_beside, duckdb_failure
from allelake.warehouse.quoting import sql_identifier, sql_literal
from allelake.warehouse.snapshots import Snapshot

LAKE_SQL = "lake.sql"

# The newest file version that the DuckDB command line 1.5 reads; it has views and table macros.
_STORAGE_VERSION = "v1.2.0"


def lake_sql(snapshot: Snapshot, statements: Iterable[str]) -> str:
    """The text of lake.sql: the catalog's statements for any DuckDB, without a lock on a file."""
    header = (
        f"-- The views and macros of this lake at snapshot {snapshot.number} "
        f"({snapshot.time} UTC), written by allelake {snapshot.allelake_version}.\n"
        "-- From inside the lake's folder, with any DuckDB from 1.2 on:\n"
        "--\n"
        "--   duckdb -init lake.sql\n"
        "--\n"
        "-- Paths are relative to this folder. It stays true until the next commit replaces it.\n"
    )
    return header + "".join(f"\n{statement};\n" for statement in statements)


def build_catalog(path: Path, lake: Path, statements: Sequence[str]) -> None:
    """A database file at `path` with these views and macros; binding them tries each one."""
    try:
        with connect_beside(lake) as connection:
            connection.execute(
                f"ATTACH {sql_literal(str(path))} AS built (STORAGE_VERSION '{_STORAGE_VERSION}')"
            )
            connection.execute("USE built")
            # One transaction: a sync for each statement would be most of a commit's time.
            connection.execute("BEGIN TRANSACTION")
            for statement in statements:
                connection.execute(statement)
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT built")
            connection.execute("USE memory")
            connection.execute("DETACH built")
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        # Any other error would be a fault of the statements: a bug.
        raise duckdb_failure(error, "building the catalog", path) from error


def try_catalog(path: Path, lake: Path, macros: Iterable[str]) -> None:
    """Opens the catalog as a reader would, and asks every view for a row."""
    try:
        with connect_beside(lake) as connection:
            connection.execute(f"ATTACH {sql_literal(str(path))} AS tried (READ_ONLY)")
            connection.execute("USE tried")
            for view in _names(connection, "view_name", "duckdb_views()"):
                connection.execute(f"FROM {sql_identifier(view)} LIMIT 1").fetchall()
            missing = set(macros) - _names(connection, "function_name", "duckdb_functions()")
    except duckdb.Error as error:
        raise duckdb_failure(error, "trying the catalog that was built", path) from error
    if missing:
        raise LakeError(f"{lake}: the catalog that was built lacks {', '.join(sorted(missing))}.")


def _names(connection: duckdb.DuckDBPyConnection, column: str, source: str) -> set[str]:
    rows = connection.execute(
        f"SELECT {column} FROM {source} WHERE database_name = 'tried' AND NOT internal"
    ).fetchall()
    return {row[0] for row in rows}
