"""The Parquet files that a part writes into staging, one per table, contig and tier."""

from collections import Counter
from pathlib import Path

import pyarrow as pa

from allelake.ingest.spec import BatchSpec
from allelake.warehouse.parquet import TableWriter
from allelake.warehouse.stored import StagedFile


class PartOutput:
    """Writers of one contig at a time, opened as rows come; counts the rows of each table."""

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
        self.files: list[StagedFile] = []
        self.rows: Counter[str] = Counter()

    def start_contig(self, contig: str) -> None:
        """What is written next belongs to this contig."""
        self.finish_contig()
        self._contig = contig

    def write(self, table: str, rows: pa.Table | None, tier: str | None = None) -> None:
        """Adds rows, which come in the table's order."""
        if rows is None or not rows.num_rows:
            return
        self.rows[f"{table}_{tier}" if tier else table] += rows.num_rows
        if (table, tier) not in self._writers:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._writers[table, tier] = TableWriter(
                table,
                self._folder,
                batch=self._spec.batch,
                part=self._part,
                contig=self._contig,
                tier=tier,
                further_columns=self._further.get(table, {}),
            )
        self._writers[table, tier].write(rows)

    def finish_contig(self) -> None:
        """Closes the contig's files."""
        for key in list(self._writers):
            self.files.append(self._writers.pop(key).close())

    def abort(self) -> None:
        """Removes everything that was written."""
        for writer in self._writers.values():
            writer.abort()
        self._writers.clear()
        for file in self.files:
            file.path.unlink(missing_ok=True)
        self.files.clear()
