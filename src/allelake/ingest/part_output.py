"""The Parquet files that a part writes into staging, one per table, contig and tier."""

from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from allelake.ingest.spec import BatchSpec
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.stored import StagedFile

# Tables that wait for the writing thread; each has up to 20 MB of rows.
_WAITING_TABLES = 2


class PartOutput:
    """Writers of one contig at a time, opened as rows come; counts the rows of each table.

    A thread of its own compresses and writes while the next records are read.
    """

    def __init__(self, spec: BatchSpec, part: int, folder: Path) -> None:
        self._spec = spec
        self._part = part
        self._folder = folder
        self._contig: str | None = None
        self._writers: dict[tuple[str, str | None], TableWriter] = {}
        self._further = {
            "sites": {kept.column: kept.sql_type for kept in spec.info},
            "calls": {kept.column: kept.sql_type for kept in spec.format},
        }
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: deque[Future[None]] = deque()
        self._files: list[StagedFile] = []
        self.rows: Counter[str] = Counter()

    def start_contig(self, contig: str) -> None:
        """What is written next belongs to this contig."""
        self._put(lambda: self._begin(contig))

    def write(self, table: str, rows: pa.Table | None, tier: str | None = None) -> None:
        """Adds rows, which come in the table's order. Raises what went wrong with earlier ones."""
        if rows is None or not rows.num_rows:
            return
        self.rows[f"{table}_{tier}" if tier else table] += rows.num_rows
        self._put(lambda: self._write(table, rows, tier))

    def write_alone(self, table: str, rows: pa.Table) -> None:
        """Adds rows that become a file of their own: what comes next need not be after them."""
        if rows.num_rows:
            self.rows[table] += rows.num_rows
            self._put(lambda: self._write_file(table, rows))

    def finish(self) -> tuple[StagedFile, ...]:
        """The finished files, once everything is written."""
        self._put(self._close)
        while self._waiting:
            self._waiting.popleft().result()
        self._thread.shutdown()
        return tuple(self._files)

    def abort(self) -> None:
        """Removes everything that was written."""
        self._thread.shutdown(cancel_futures=True)
        for writer in self._writers.values():
            writer.abort()
        self._writers.clear()
        for file in self._files:
            file.path.unlink(missing_ok=True)
        self._files.clear()

    def _put(self, job: Callable[[], None]) -> None:
        while len(self._waiting) >= _WAITING_TABLES:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(job))

    def _begin(self, contig: str) -> None:
        self._close()
        self._contig = contig

    def _close(self) -> None:
        for key in list(self._writers):
            self._files.append(self._writers.pop(key).close())

    def _write(self, table: str, rows: pa.Table, tier: str | None) -> None:
        if (table, tier) not in self._writers:
            self._writers[table, tier] = self._writer(table, tier)
        self._writers[table, tier].write(rows)

    def _write_file(self, table: str, rows: pa.Table) -> None:
        writer = self._writer(table, None)
        writer.write(rows)
        self._files.append(writer.close())

    def _writer(self, table: str, tier: str | None) -> TableWriter:
        return TableWriter(
            table,
            self._folder,
            batch=self._spec.batch,
            part=self._part,
            contig=self._contig,
            tier=tier,
            further_columns=self._further.get(table, {}),
        )
