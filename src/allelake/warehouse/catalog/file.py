"""catalog.duckdb and lake.sql: built beside the lake, and tried before they are shown."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from allelake.warehouse.catalog.template import (
    CatalogParts,
    not_in_template,
    template,
    views_made,
)
from allelake.warehouse.connection import connect_beside, duckdb_failure
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import Snapshot
from allelake.warehouse.steps import os_failure

LAKE_SQL = "lake.sql"

# Not tried by themselves: calls and common_calls read them.
_TRIED_IN_OTHERS = ('"stored_calls"', '"detailed_calls"')

_BUILDING = "building the catalog"


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


def build_catalog(path: Path, lake: Path, parts: CatalogParts) -> None:
    """A database file at `path` with these views and macros, each bound and each view tried.

    The macros are bound once, for all lakes. Then the file is opened as a reader would open it,
    and every view of the lake's own asked for a row.
    """
    with connect_beside(lake) as connection:
        try:
            path.write_bytes(template(parts))
            own = not_in_template(parts.views, parts.empty_tables)
            _put_in(connection, path, own)
        except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
            # Any other error would be a fault of the statements: a bug.
            raise duckdb_failure(error, _BUILDING, path) from error
        except OSError as error:
            raise os_failure(error, _BUILDING, path) from error
        try:
            _try_views(connection, path, views_made(own))
        except duckdb.Error as error:
            raise duckdb_failure(error, "trying the catalog that was built", path) from error


def _put_in(connection: duckdb.DuckDBPyConnection, path: Path, statements: Sequence[str]) -> None:
    # Nobody has to recover a file that no one sees yet: without a log it is written once.
    connection.execute(f"ATTACH {sql_literal(str(path))} AS built (RECOVERY_MODE no_wal_writes)")
    connection.execute("USE built")
    # One transaction: each commit of DuckDB's takes as long as a statement.
    connection.execute("BEGIN TRANSACTION")
    for statement in statements:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("CHECKPOINT built")
    connection.execute("USE memory")
    connection.execute("DETACH built")


def _try_views(connection: duckdb.DuckDBPyConnection, path: Path, views: Sequence[str]) -> None:
    connection.execute(f"ATTACH {sql_literal(str(path))} AS tried (READ_ONLY)")
    connection.execute("USE tried")
    for view in views:
        if view not in _TRIED_IN_OTHERS:
            connection.execute(f"FROM {view} LIMIT 1").fetchall()
