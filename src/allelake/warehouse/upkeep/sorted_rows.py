"""Rows of many Parquet files in the order of their table, sorted in bounded memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from allelake.warehouse.connection import connect_beside, duckdb_failure
from allelake.warehouse.parquet import ROW_GROUP_ROWS
from allelake.warehouse.quoting import sql_identifier
from allelake.warehouse.tables import Table

_MEMORY_LIMIT = "400MB"


@contextmanager
def sorted_rows(
    root: Path,
    select: str,
    table: Table,
    further: Mapping[str, str],
    spill: Path,
    doing: str,
    then_by: Sequence[str] = (),
) -> Iterator[Iterator[pa.RecordBatch]]:
    """What `select` gives of a table, in its order and then by some more columns.

    Paths in `select` are relative to `root`. DuckDB sorts in 400 MB and spills into `spill`. What
    goes wrong while the rows are used is told as a failure of `doing`.
    """
    columns = ", ".join(sql_identifier(name) for name in table.column_types(further))
    names = (*table.sort, *then_by)
    order = ", ".join(f"{sql_identifier(name)} ASC NULLS LAST" for name in names)
    settings = {"memory_limit": _MEMORY_LIMIT, "temp_directory": str(spill)}
    try:
        with connect_beside(root, settings) as connection:
            rows = connection.sql(f"SELECT {columns} FROM ({select}) ORDER BY {order}")
            yield iter(rows.to_arrow_reader(ROW_GROUP_ROWS))
    except duckdb.Error as error:
        raise duckdb_failure(error, doing, root) from error
