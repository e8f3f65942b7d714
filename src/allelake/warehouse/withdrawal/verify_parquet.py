"""Traces of a participant in one Parquet file: texts, statistics, numbers, planes and sums."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from allelake.warehouse.tables import load_tables
from allelake.warehouse.withdrawal.masks import BLOCK, OF_PEOPLE, PLANES, SITE_SUMS
from allelake.warehouse.withdrawal.verify_sought import Looked, Sought, Trace

# Columns that hold sample numbers; in `removals` they are what is left on purpose.
_NUMBERS = ("sample_number", "sample_numbers", "source_sample")


def traces_in_parquet(path: Path, name: str, sought: Sought, looked: Looked) -> Iterator[Trace]:
    """Every trace in the file; a file that is not whole is a trace of its own."""
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        yield Trace(name, f"it cannot be decoded, so nothing can be said of it ({error})")
        return
    table = _table_of(name)
    looked.parquet_files += 1
    yield from _in_footer(file, name, table, sought, looked)
    _probe_blooms(path, file, sought, looked)
    for group in range(file.metadata.num_row_groups):
        # Text as dictionaries, so that a dictionary's values count even where no row has them.
        texts = [f.name for f in file.schema_arrow if pa.types.is_string(f.type)]
        with pq.ParquetFile(path, read_dictionary=texts) as reader:
            rows = reader.read_row_group(group)
        looked.rows += rows.num_rows
        yield from _in_rows(rows, name, table, sought, looked)


def _probe_blooms(path: Path, file: pq.ParquetFile, sought: Sought, looked: Looked) -> None:
    """Asks the bloom filters for the names.

    One that cannot exclude a name is counted and no trace: one in a hundred says so by chance,
    and the column's values, which it was made of, are looked at one by one.
    """
    texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
    question = "SELECT bloom_filter_excludes FROM parquet_bloom_probe($1, $2, $3)"
    with duckdb.connect(":memory:") as connection:
        with_filter = connection.execute(
            "SELECT DISTINCT path_in_schema FROM parquet_metadata($1) "
            "WHERE bloom_filter_offset IS NOT NULL",
            [str(path)],
        ).fetchall()
        for (column,) in with_filter:
            for name in sought.names if column in texts else ():
                answers = connection.execute(question, [str(path), column, name]).fetchall()
                looked.bloom_filters += len(answers)
                looked.bloom_filters_in_doubt += sum(not excludes for (excludes,) in answers)


def _table_of(name: str) -> str:
    parts = name.split("/")
    return parts[1] if parts[0] == "data" and len(parts) > 1 else parts[-1].split("-")[0]


def _in_footer(
    file: pq.ParquetFile, name: str, table: str, sought: Sought, looked: Looked
) -> Iterator[Trace]:
    metadata = file.metadata
    for key, value in (metadata.metadata or {}).items():
        looked.texts += 1
        if any(sought.in_text(each.decode("utf-8", "replace")) for each in (key, value)):
            yield Trace(name, "the name is in the key-value metadata", table)
    for column in file.schema_arrow.names:
        looked.texts += 1
        if sought.in_text(column):
            yield Trace(name, "the name is a column's", table, column)
    for group in range(metadata.num_row_groups):
        for index in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(index)
            statistics = chunk.statistics
            if statistics is None or not statistics.has_min_max:
                continue
            for value in (statistics.min, statistics.max):
                looked.texts += isinstance(value, str)
                if isinstance(value, str) and sought.in_text(value):
                    yield Trace(name, "the name is in the statistics", table, chunk.path_in_schema)


def _in_rows(
    rows: pa.Table, name: str, table: str, sought: Sought, looked: Looked
) -> Iterator[Trace]:
    for column in rows.column_names:
        values = rows.column(column)
        if _has_name(values, sought, looked):
            yield Trace(name, "the name is in a value", table, column)
        is_of_samples = column in _numbers(table)
        if is_of_samples and _count_in(values, sought.numbers):
            found = _count_in(values, sought.numbers)
            yield Trace(name, f"{found:,} rows are of their sample", table, column)
        if column in PLANES and "block" in rows.column_names:
            found = _bits_set(values, rows.column("block"), sought, looked)
            if found:
                yield Trace(name, f"their bit is set in {found:,} planes", table, column)
    if table == "sites":
        yield from _sums(rows, name, sought)


def _numbers(table: str) -> tuple[str, ...]:
    """The columns of a table that hold sample numbers of people who are to be in none."""
    if table == "removals":
        return ()
    declared = load_tables().get(table)
    return (*_NUMBERS, *(declared.sample_columns if declared else ()))


def _has_name(values: pa.ChunkedArray, sought: Sought, looked: Looked) -> bool:
    for chunk in values.chunks:
        for text in _texts(chunk):
            looked.texts += 1
            if sought.in_text(text):
                return True
    return False


def _texts(array: pa.Array) -> Iterator[str]:
    """Each text in the array once, in lists and structs too."""
    of = array.type
    if pa.types.is_dictionary(of):
        yield from _texts(array.dictionary)
    elif pa.types.is_string(of) or pa.types.is_large_string(of):
        yield from (text for text in pc.unique(array).to_pylist() if text is not None)
    elif pa.types.is_list(of) or pa.types.is_large_list(of):
        yield from _texts(array.values)
    elif pa.types.is_struct(of):
        for index in range(of.num_fields):
            yield from _texts(array.field(index))


def _count_in(values: pa.ChunkedArray, numbers: frozenset[int]) -> int:
    if pa.types.is_list(values.type):
        values = pc.list_flatten(values)
    found = pc.is_in(values, value_set=pa.array(sorted(numbers), values.type))
    return int(pc.sum(found).as_py() or 0)


def _bits_set(
    planes: pa.ChunkedArray, blocks: pa.ChunkedArray, sought: Sought, looked: Looked
) -> int:
    """How many planes of their blocks have one of their bits set."""
    found = 0
    for number in sorted(sought.numbers):
        own = planes.filter(pc.equal(blocks, number // BLOCK)).drop_null()
        if not len(own):
            continue
        looked.planes += len(own)
        content = np.frombuffer(b"".join(own.to_pylist()), np.uint8).reshape(len(own), -1)
        found += int(np.count_nonzero(content[:, number % BLOCK // 8] & (128 >> number % 8)))
    return found


def _sums(rows: pa.Table, name: str, sought: Sought) -> Iterator[Trace]:
    """Sums that they were part of."""
    if not sought.batches:
        return
    batches = pa.array(sorted(sought.batches), pa.int32())
    own = rows.filter(pc.is_in(rows.column("batch"), value_set=batches))
    summed: list[Any] = [column for column in rows.column_names if OF_PEOPLE.fullmatch(column)]
    for column in (*SITE_SUMS, *summed):
        left = own.num_rows - own.column(column).null_count
        if left:
            yield Trace(name, f"{left:,} rows have a sum they were part of", "sites", column)
