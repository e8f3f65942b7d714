"""DuckDB connections for the warehouse's own work: in memory, paths relative to a lake."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb


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
