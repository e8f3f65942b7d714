"""One Parquet file of a table, written sorted, typed and checksummed into a folder."""

import hashlib
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from allelake.warehouse.steps import os_failure
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import Table, load_tables

# DuckDB prunes by row group only, and reads the footer, which has all of them, at each question:
# where rows are small, larger groups find a region sooner (docs/why/storage.md).
ROW_GROUP_ROWS = 32_768
_ROW_GROUP_ROWS_OF = {"calls": 122_880, "sites": 65_536, "callable": 65_536}
# Level 9 was no smaller at half the speed (measured).
_ZSTD_LEVEL = 3
_BLOOM_FALSE_POSITIVES = 0.01


def row_group_rows(table: str) -> int:
    """How many rows a row group of a table has, but for the last one of a file."""
    return _ROW_GROUP_ROWS_OF.get(table, ROW_GROUP_ROWS)


def file_name(batch: int, part: int, sha256: str) -> str:
    """A data file's name, which carries its own digest. Batch 0: of no single batch."""
    return f"b{batch:06d}-p{part:04d}-{sha256[:12]}.parquet"


class TableWriter:
    """Writes one Parquet file. Rows must come sorted as the table's declaration says.

    Partition columns that the rows lack are added as constants, so that a reader without Hive
    partitioning sees them too.
    """

    def __init__(
        self,
        table: str,
        folder: Path,
        *,
        batch: int,
        part: int,
        contig: str | None = None,
        tier: str | None = None,
        further_columns: Mapping[str, str] | None = None,
    ) -> None:
        self._table = load_tables()[table]
        self._folder = folder
        self._batch, self._part = batch, part
        self._group_rows = row_group_rows(table)
        self._constants = {"contig": contig, "tier": tier}
        self._further = dict(further_columns or {})
        self._schema = _short_constants(
            self._table.arrow_schema(self._further),
            [name for name, value in self._constants.items() if value is not None],
        )
        self._temporary = folder / f".{table}-{uuid.uuid4().hex}.writing"
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._rows = 0
        self._first: int | None = None
        self._last: int | None = None
        self._sink = _HashingSink(self._temporary)
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._sink, mode="w"), self._schema, **_options(self._table, self._schema)
        )

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Takes any number of rows; whole row groups go to the disk."""
        if rows.num_rows == 0:
            return
        with self._aborting("writing a Parquet file", rows.nbytes):
            fitted = self._fit(rows)
            self._note_positions(fitted)
            self._rows += fitted.num_rows
            self._waiting.append(fitted)
            self._waiting_rows += fitted.num_rows
            if self._waiting_rows >= self._group_rows:
                whole = self._waiting_rows - self._waiting_rows % self._group_rows
                gathered = pa.concat_tables(self._waiting)
                self._writer.write_table(_in_one(gathered.slice(0, whole)), self._group_rows)
                self._waiting = [gathered.slice(whole)]
                self._waiting_rows -= whole

    def close(self) -> StagedFile:
        """The finished file, synced, under its final name."""
        with self._aborting("finishing a Parquet file"):
            if self._waiting_rows:
                rest = pa.concat_tables(self._waiting)
                self._writer.write_table(_in_one(rest), self._group_rows)
            self._writer.close()
            self._sink.finish()
            sha256 = self._sink.digest.hexdigest()
            path = self._folder / file_name(self._batch, self._part, sha256)
            self._temporary.chmod(0o444)
            os.rename(self._temporary, path)  # noqa: PTH104
        return StagedFile(
            table=self._table.name,
            contig=self._constants["contig"] if "contig" in self._table.partition else None,
            tier=self._constants["tier"] if "tier" in self._table.partition else None,
            path=path,
            rows=self._rows,
            bytes=self._sink.bytes,
            sha256=sha256,
            first_position=self._first,
            last_position=self._last,
            further_columns=self._further,
        )

    @contextmanager
    def _aborting(self, doing: str, needed_bytes: int | None = None) -> Iterator[None]:
        """On any error nothing stays of the file, and a full disk is told as one."""
        with ExitStack() as on_error:
            on_error.callback(self.abort)
            try:
                yield
            except OSError as error:
                raise os_failure(error, doing, self._folder, needed_bytes) from error
            on_error.pop_all()

    def abort(self) -> None:
        """Nothing stays of the file."""
        self._waiting = []
        # Left open, pyarrow would write a footer when the object goes.
        self._writer.is_open = False
        self._sink.discard()
        self._temporary.unlink(missing_ok=True)

    def _fit(self, rows: pa.RecordBatch | pa.Table) -> pa.Table:
        """The rows with exactly the declared columns, in order, of the declared types."""
        given = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
        unknown = set(given.column_names) - set(self._schema.names)
        if unknown:
            raise ValueError(f"{self._table.name}: no such columns: {sorted(unknown)}")
        columns = []
        for field in self._schema:
            if field.name in given.column_names:
                column = given.column(field.name)
                columns.append(column if column.type == field.type else column.cast(field.type))
            elif self._constants.get(field.name) is not None:
                value = pa.array([self._constants[field.name]], pa.string())
                places = pa.array(np.zeros(given.num_rows, np.int32))
                columns.append(pa.chunked_array([pa.DictionaryArray.from_arrays(places, value)]))
            elif field.nullable:
                columns.append(pa.chunked_array([pa.nulls(given.num_rows, field.type)]))
            else:
                raise ValueError(f"{self._table.name}: column {field.name} is missing")
            if not field.nullable and columns[-1].null_count:
                raise ValueError(f"{self._table.name}: column {field.name} may not be NULL")
        return pa.table(columns, schema=self._schema)

    def _note_positions(self, rows: pa.Table) -> None:
        name = self._table.sort[0]
        if name not in ("position", "start_position"):
            return
        positions = rows.column(name).to_numpy()
        first, last = int(positions[0]), int(positions[-1])
        backwards = self._last is not None and first < self._last
        if backwards or bool((np.diff(positions) < 0).any()):
            raise ValueError(f"{self._table.name}: rows are not in the order of {name}")
        self._first = first if self._first is None else self._first
        self._last = last


def _short_constants(schema: pa.Schema, names: Sequence[str]) -> pa.Schema:
    """Columns of one text as numbers of it: the file is the same, and sooner written."""
    for name in names:
        place = schema.get_field_index(name)
        if place >= 0:
            numbers = pa.dictionary(pa.int32(), pa.string())
            schema = schema.set(place, schema.field(place).with_type(numbers))
    return schema


def _in_one(rows: pa.Table) -> pa.Table:
    """Whole columns: pages end where pieces do, and the bytes must not tell how rows came."""
    return rows.combine_chunks()


class _HashingSink:
    """A file that knows the sha256 of what was written to it."""

    def __init__(self, path: Path) -> None:
        self.digest = hashlib.sha256()
        self.bytes = 0
        try:
            self._file: IO[bytes] = path.open("xb")
        except OSError as error:
            raise os_failure(error, "writing a Parquet file", path) from error

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.bytes += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def finish(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        # What is still buffered may not fit on the disk, which is why it is given up.
        with suppress(OSError):
            self._file.close()

    def tell(self) -> int:
        return self.bytes

    def close(self) -> None:
        # pyarrow closes its sink together with the writer; the file is still to be synced.
        return

    @property
    def closed(self) -> bool:
        return self._file.closed


def _options(table: Table, schema: pa.Schema) -> dict[str, object]:
    """How each column is encoded; further columns are dictionaries (which fall back)."""
    encodings = {column.name: column.encoding for column in table.columns}
    dictionary = [_leaf(f) for f in schema if encodings.get(f.name, "dictionary") == "dictionary"]
    delta = {name: "DELTA_BINARY_PACKED" for name, how in encodings.items() if how == "delta"}
    blooms = {
        column.name: {"ndv": row_group_rows(table.name), "fpp": _BLOOM_FALSE_POSITIVES}
        for column in table.columns
        if column.bloom_filter
    }
    order = [(name, "ascending") for name in table.sort]
    return {
        "compression": "zstd",
        "compression_level": _ZSTD_LEVEL,
        "use_dictionary": dictionary,
        "column_encoding": delta or None,
        "write_statistics": True,
        "write_page_checksum": True,
        "store_schema": False,
        "bloom_filter_options": blooms or None,
        "sorting_columns": pq.SortingColumn.from_ordering(schema, order, null_placement="at_end"),
    }


def _leaf(field: pa.Field) -> str:
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else str(field.name)
