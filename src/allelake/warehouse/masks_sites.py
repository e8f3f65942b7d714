"""Which variants of a per-sample batch are left once some of its samples are gone."""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from allelake.warehouse.catalog import further_types, table_select
from allelake.warehouse.connection import connect_beside, duckdb_failure
from allelake.warehouse.masks import Removed, masked, removed_of
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.tables import load_tables

_MEMORY_LIMIT = "400MB"


def variants_left(
    lake: Path,
    files: Sequence[StoredFile],
    tables: Mapping[str, pa.Table],
    batches: Collection[int],
) -> dict[int, int]:
    """For each of these batches that is per_sample: the rows of sites that views show of it."""
    removed = removed_of(tables)
    touched = sorted(set(batches) & set(removed.per_sample)) if removed else []
    if removed is None or not touched:
        return {}
    listed = ", ".join(map(str, touched))
    try:
        with (
            tempfile.TemporaryDirectory(prefix="allelake-withdraw-") as spill,
            connect_beside(
                lake, {"memory_limit": _MEMORY_LIMIT, "temp_directory": spill}
            ) as connection,
        ):
            connection.execute(f"CREATE VIEW rare_calls AS {_select('calls', files, removed)}")
            rows = connection.execute(
                f"SELECT batch, count(*) FROM ({_select('sites', files, removed)}) "
                f"WHERE batch IN ({listed}) GROUP BY batch"
            ).fetchall()
    except duckdb.Error as error:
        raise duckdb_failure(error, "counting the variants that are left", lake) from error
    return dict.fromkeys(touched, 0) | {int(batch): int(count) for batch, count in rows}


def _select(table: str, files: Sequence[StoredFile], removed: Removed) -> str:
    own = [file for file in files if file.table == table and file.tier != "common"]
    select = table_select(load_tables()[table], own)
    return masked(table, select, further_types(own), removed) if own else select
