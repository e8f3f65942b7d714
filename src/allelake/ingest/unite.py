"""The files of many parts of a per-sample batch made one per table, tier and contig."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from allelake.errors import LakeError
from allelake.ingest.spec import BatchSpec, PartSummary
from allelake.ingest.unite_sites import HISTOGRAMS, have_one_value_at_most, united_sites
from allelake.ingest.worker_task import Task
from allelake.warehouse.parquet import ROW_GROUP_ROWS, TableWriter
from allelake.warehouse.quoting import sql_literal
from allelake.warehouse.stored import StagedFile
from allelake.warehouse.tables import load_tables
from allelake.warehouse.upkeep.sorted_rows import sorted_rows

# A file of more rows is followed by another one.
MOST_ROWS = 1024 * ROW_GROUP_ROWS

_NO_PART = 0

Group = tuple[str, str, str]


@dataclass(frozen=True)
class UniteTask:
    """Merges staged files of one table, tier and contig; progress is in rows.

    Its result is a tuple of StagedFile, which stand for `files`; those are removed. Needs about
    600 MB, however many rows there are: DuckDB sorts them, spilling into `staging`.
    """

    batch: int
    files: tuple[StagedFile, ...]
    staging: Path
    most_rows: int = MOST_ROWS

    @property
    def what(self) -> str:
        """What the worker is at."""
        first = self.files[0]
        return f"uniting {len(self.files)} files of {first.table} on {first.contig}"

    @property
    def rows(self) -> int:
        """How many rows there are to read: the whole of its progress."""
        return sum(file.rows for file in self.files)

    def run(self, progress: Callable[[int], None]) -> tuple[StagedFile, ...]:
        """The files that stand for them."""
        table = self.files[0].table
        with ExitStack() as undo:
            output = _Output(self)
            undo.callback(output.abort)
            if table == "sample_counts":
                output.write(_summed_counts(self.files))
            else:
                self._sort(output, progress)
            made = output.finish()
            undo.pop_all()
        rows = sum(file.rows for file in made)
        if table in ("calls", "callable") and rows != self.rows:
            raise LakeError(
                f"{self.what} gave {rows:,} rows, expected {self.rows:,}. Nothing was added; "
                "this is a fault of allelake"
            )
        for file in self.files:
            file.path.unlink()
        return made

    def _sort(self, output: "_Output", progress: Callable[[int], None]) -> None:
        table = load_tables()[self.files[0].table]
        further = self.files[0].further_columns
        spill = self.staging / f"sort-{uuid.uuid4().hex}"
        then_by = ("source_sample",) if table.name == "sites" else ()
        # Sorting the histograms of wide rows takes as long as sorting all else.
        one_hot = table.name == "sites" and have_one_value_at_most(self.files)
        select = _select(self.files, HISTOGRAMS if one_hot else ())
        with sorted_rows(
            self.staging, select, table, further, spill, self.what, then_by
        ) as sorted_batches:
            told = _told(sorted_batches, progress)
            for rows in united_sites(told, one_hot) if table.name == "sites" else told:
                output.write(rows)


def unite_tasks(spec: BatchSpec, summaries: Sequence[PartSummary], staging: Path) -> list[Task]:
    """A task for each table, tier and contig of a per_sample batch of which parts wrote several.

    Files of a group that has only one stay as they are: see `alone`. The bytes that come of it
    depend on the parts alone, not on when they ended.
    """
    return [
        UniteTask(spec.batch, tuple(files), staging)
        for files in _groups(summaries).values()
        if len(files) > 1
    ]


def alone(summaries: Sequence[PartSummary]) -> list[StagedFile]:
    """The files that no task unites: all that the batch has beside the results of `unite_tasks`."""
    return [files[0] for files in _groups(summaries).values() if len(files) == 1]


def _groups(summaries: Sequence[PartSummary]) -> dict[Group, list[StagedFile]]:
    """By table, contig and tier, in this order; files in that of their parts."""
    groups: dict[Group, list[StagedFile]] = {}
    for summary in sorted(summaries, key=lambda summary: summary.part):
        for file in summary.files:
            group = (file.table, file.contig or "", file.tier or "")
            groups.setdefault(group, []).append(file)
    return dict(sorted(groups.items()))


class _Output:
    """The files that a task writes, one after another."""

    def __init__(self, task: UniteTask) -> None:
        self._task = task
        self._writer: TableWriter | None = None
        self._rows = 0
        self._made: list[StagedFile] = []

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        if self._writer is None:
            first = self._task.files[0]
            self._writer = TableWriter(
                first.table,
                self._task.staging,
                batch=self._task.batch,
                part=_NO_PART,
                contig=first.contig,
                tier=first.tier,
                further_columns=first.further_columns,
            )
        self._writer.write(rows)
        self._rows += rows.num_rows
        if self._rows >= self._task.most_rows:
            self._close()

    def finish(self) -> tuple[StagedFile, ...]:
        self._close()
        return tuple(self._made)

    def abort(self) -> None:
        if self._writer is not None:
            self._writer.abort()
        for file in self._made:
            file.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._writer is not None:
            self._made.append(self._writer.close())
            self._writer, self._rows = None, 0


def _select(files: Sequence[StagedFile], without: Sequence[str]) -> str:
    """The files have the columns that their folders will name; those in `without` are NULL."""
    paths = ", ".join(sql_literal(str(file.path)) for file in files)
    nothing = ", ".join(f"NULL::INTEGER[] AS {name}" for name in without)
    columns = f"* REPLACE ({nothing})" if nothing else "*"
    return f"SELECT {columns} FROM read_parquet([{paths}], hive_partitioning = false)"


def _told(
    batches: Iterable[pa.RecordBatch], progress: Callable[[int], None]
) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        yield batch
        done += batch.num_rows
        progress(done)


def _summed_counts(files: Sequence[StagedFile]) -> pa.Table:
    """Rows of `sample_counts` with those of one sample added up."""
    rows = pa.concat_tables(pq.read_table(file.path, partitioning=None) for file in files)
    keys = ["batch", "sample_number"]
    names = [name for name in rows.column_names if name not in (*keys, "contig")]
    summed = rows.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in names])
    # Arrow puts the keys first and names a sum after its column.
    return summed.rename_columns([*keys, *names]).sort_by("sample_number")
