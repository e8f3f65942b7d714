"""Counts of strata as `stratum_counts` stores them: lists, NULL where all are 0."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.snapshots import StoredFile
from allelake.warehouse.strata.counting import COUNTS, Counts
from allelake.warehouse.strata.groups import Stratum
from allelake.warehouse.tables import load_tables

KEY = ("position", "ref", "alt", "end_position", "sv_length")
_INTEGERS = pa.list_(pa.field("element", pa.int32()))


def read_counts(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[StoredFile],
    policy: str,
    variants: pa.Table,
    mapping: Sequence[int | None],
) -> tuple[Counts, npt.NDArray[np.bool_]]:
    """The stored counts at these variants (a table of keys with `i`), and which of them have any.

    `mapping`: for each stratum wanted its place (from 0) in the stored lists, None for a new one.
    """
    size = variants.num_rows
    counts = {name: np.zeros((len(mapping), size), np.int32) for name in COUNTS}
    known = np.zeros(size, np.bool_)
    if not files or not size:
        return counts, known
    paths = ", ".join(sql_literal(file.path) for file in files)
    low, high = (variants["position"][at].as_py() for at in (0, -1))
    keys = " AND ".join(f"c.{name} IS NOT DISTINCT FROM v.{name}" for name in KEY)
    question = (
        f"SELECT v.i, {', '.join(f'c.{name}' for name in COUNTS)} FROM (FROM read_parquet([{paths}]"
        ", hive_partitioning = false) WHERE policy = $1 AND position BETWEEN $2 AND $3) c "
        f"JOIN keys v ON {keys}"
    )
    connection.register("keys", variants)
    found = connection.sql(question, params=[policy, low, high]).to_arrow_table()
    rows = found.combine_chunks()
    places = rows.column("i").to_numpy()
    known[places] = True
    for name in COUNTS:
        lists = rows.column(name).combine_chunks()
        lists = lists.chunk(0) if isinstance(lists, pa.ChunkedArray) else lists
        there = np.flatnonzero(lists.is_valid().to_numpy(zero_copy_only=False))
        if not len(there):
            continue
        values = lists.flatten().to_numpy().reshape(len(there), -1)
        for place, old in enumerate(mapping):
            if old is not None:
                counts[name][place, places[there]] = values[:, old]
    return counts, known


def rows_of(contig: str, variants: pa.Table, counts: Mapping[str, Counts], result: int) -> pa.Table:
    """Rows of `stratum_counts` in its order, from counts (strata x variants) of each policy."""
    size = variants.num_rows
    policies = sorted(counts)
    keys = variants.select(list(KEY))
    tables = []
    for policy in policies:
        columns: dict[str, Any] = {
            "result": pa.repeat(pa.scalar(result, pa.int32()), size),
            "contig": pa.repeat(pa.scalar(contig), size),
            **{name: keys.column(name) for name in KEY},
            "policy": pa.repeat(pa.scalar(policy), size),
            **{name: _lists(counts[policy][name]) for name in COUNTS},
        }
        tables.append(pa.table(columns))
    if len(tables) == 1:
        return tables[0]
    # The rows of a variant lie together, in the order of the policies' names.
    order = np.arange(size * len(tables)).reshape(len(tables), size).T.ravel()
    return pa.concat_tables(tables).take(pa.array(order))


def strata_rows(strata: Sequence[Stratum], samples: Sequence[int], result: int) -> pa.Table:
    """Rows of `strata`."""
    schema = load_tables()["strata"].arrow_schema()
    rows = [
        {
            "result": result,
            "place": place,
            "stratum": each.name,
            "attributes": list(each.attributes),
            "values": list(each.values),
            "samples": people,
        }
        for place, (each, people) in enumerate(zip(strata, samples, strict=True), 1)
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def _lists(counts: npt.NDArray[np.int32]) -> pa.Array:
    """A list for each variant, NULL where all counts are 0."""
    by_variant = np.ascontiguousarray(counts.T)
    is_some = by_variant.any(axis=1)
    lengths = np.where(is_some, by_variant.shape[1], 0)
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    values = pa.array(by_variant[is_some].ravel())
    return pa.ListArray.from_arrays(
        pa.array(offsets), values, type=_INTEGERS, mask=pa.array(~is_some)
    )
