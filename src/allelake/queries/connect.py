"""Connections to a lake for reading: one snapshot, its files and nothing else."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakSet

from allelake.errors import LakeError
from allelake.queries.trouble import tidy_errors
from allelake.warehouse.quoting import sql_literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CATALOG_FILE = "catalog.duckdb"


@dataclass(frozen=True)
class Limits:
    """What a connection may use; None leaves DuckDB's default.

    `memory` as DuckDB writes it ('4GB'), `seconds` per query; `temporary` is the folder to spill
    to, by default one of its own that goes when the connection is closed.
    """

    memory: str | None = None
    seconds: float | None = None
    threads: int | None = None
    temporary: Path | None = None


def open_lake(
    lake: Path, limits: Limits | None = None, statements: Sequence[str] | None = None
) -> "DuckDBPyConnection":
    """A connection whose default database is the lake's catalog, attached as `lake`, read only.

    It keeps the snapshot it opened: a commit swaps another file into the catalog's place. With
    `statements` the catalog is made of those, in memory: that is how an earlier snapshot is opened.
    """
    import duckdb

    root = lake.absolute()
    if not (root / CATALOG_FILE).is_file():
        raise LakeError(f"{lake}: has no {CATALOG_FILE}. Restore it from a copy of the lake.")
    with tidy_errors():
        # DuckDB keeps one instance per path and process, so a second opening of the catalog's own
        # path would show the old snapshot after a commit. Attached to a memory database it cannot.
        connection = duckdb.connect(":memory:", config=_config(root, limits or Limits()))
        if statements is None:
            catalog = sql_literal(str(root / CATALOG_FILE))
            connection.execute(f"ATTACH {catalog} AS lake (READ_ONLY)")
            connection.execute("USE lake")
        else:
            _make_catalog(connection, statements)
        # Files never change, and parsing footers at every bind is half of a small question.
        connection.execute("SET GLOBAL parquet_metadata_cache = true")
    return connection


def _make_catalog(connection: "DuckDBPyConnection", statements: Sequence[str]) -> None:
    connection.execute("ATTACH ':memory:' AS lake")
    connection.execute("USE lake")
    connection.execute("BEGIN TRANSACTION")
    for statement in statements:
        connection.execute(statement)
    connection.execute("COMMIT")


def _config(root: Path, limits: Limits) -> dict[str, str | bool | int | float | list[str]]:
    # DuckDB's own default is a folder in the working directory, which may be anybody's, and two
    # databases that spill to one folder would take each other's files. It is made when needed.
    spill = Path(tempfile.gettempdir(), f"allelake-{uuid4().hex}")
    config: dict[str, str | bool | int | float | list[str]] = {
        "file_search_path": str(root),
        "temp_directory": str(limits.temporary or spill),
        # An unknown table must be an error, not a variable of the calling Python code.
        "python_enable_replacements": False,
        # Without a network loading an extension hangs for seconds before it fails.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_persistent_secrets": False,
    }
    if limits.memory is not None:
        config["memory_limit"] = limits.memory
    if limits.threads is not None:
        config["threads"] = limits.threads
    if limits.seconds is not None:
        config["max_execution_time"] = max(1, int(limits.seconds * 1000))
    return config


def restrict(connection: "DuckDBPyConnection", lake: Path, files: Iterable[str]) -> None:
    """From here on the connection reads these files of the lake and no others, for good.

    `files` are paths relative to the lake. The order of the settings matters: the last ones
    forbid the first.
    """
    root = lake.absolute()
    # DuckDB compares a path as written in the view, and again as found by file_search_path.
    allowed = [form for path in files for form in (path, str(root / path))]
    with tidy_errors():
        connection.execute("SET GLOBAL allowed_paths = $1", [allowed])
        connection.execute("SET GLOBAL enable_external_access = false")
        connection.execute("SET GLOBAL lock_configuration = true")


# Sessions that may be computing, for whoever wants to stop them.
_SESSIONS: "WeakSet[DuckDBPyConnection]" = WeakSet()


def interrupt_sessions() -> None:
    """Stops every query that is running; to be called from another thread."""
    for cursor in list(_SESSIONS):
        cursor.interrupt()


def session(connection: "DuckDBPyConnection") -> "DuckDBPyConnection":
    """A second session of the same opened lake: a result is read while others are asked."""
    cursor = connection.cursor()
    _SESSIONS.add(cursor)
    # The default database is a session's own, and a cursor is a session.
    cursor.execute("USE lake")
    return cursor
