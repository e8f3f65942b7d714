"""DuckDB connections for the warehouse's own work: in memory, paths relative to a lake."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from allelake.errors import LakeError
from allelake.warehouse.steps import os_failure


@contextmanager
def connect_beside(
    lake: Path, settings: Mapping[str, str | int | bool] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory that finds the lake's relative paths."""
    config: dict[str, str | int | bool | float | list[str]] = {
        "file_search_path": str(lake.resolve()),
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": 1,
    }
    connection = duckdb.connect(":memory:", config={**config, **(settings or {})})
    try:
        yield connection
    finally:
        connection.close()


def duckdb_failure(error: duckdb.Error, doing: str, path: Path) -> LakeError:
    """What a failed DuckDB statement means for the lake, and what to do about it.

    DuckDB tells a full disk by several kinds of error, but always in the system's words.
    """
    if os.strerror(errno.ENOSPC) in str(error):
        return os_failure(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), doing, path)
    return LakeError(
        f"{path}: {doing} failed: {str(error).splitlines()[0]} Nothing of this change is visible. "
        "Run `allelake check` to see whether the lake is sound."
    )
