"""An ingest from beginning to end: files inspected, planned, read in parts, and committed."""

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from allelake.errors import InputError, UsageError
from allelake.ingest import warm
from allelake.ingest.inspecting import Inspecting
from allelake.ingest.options import IngestOptions
from allelake.ingest.pool import WorkerPool
from allelake.ingest.progress import Observer, Tally, Unobserved
from allelake.ingest.reading_ahead import Ahead, may_read_ahead
from allelake.ingest.shared_headers import SharedHeaders
from allelake.ingest.spec import FileReport, Notice, PartSummary
from allelake.ingest.worker_task import PartTask, Task

if TYPE_CHECKING:
    from allelake.ingest.planning.values import Plan, PlannedBatch
    from allelake.ingest.run_result import BatchResult, IngestResult
    from allelake.warehouse.commit import Transaction
    from allelake.warehouse.stored import StagedFile

_NAMES_SHOWN = 10

__all__ = ["IngestResult", "Observer", "ingest"]


def ingest(
    lake: Path,
    files: Sequence[Path],
    options: IngestOptions | None = None,
    observer: Observer | None = None,
) -> "IngestResult":
    """Adds VCF and BCF files to a lake; the result says what was read, split, left out and why.

    Files of the same samples become one batch, and so do files of one sample each. All of it
    becomes visible in one step at the end; whatever ends this process before leaves the lake as it
    was. Files that the lake has already change nothing. With `plan_only` nothing is written, and
    nobody is kept from writing.

    Raises InputError for a file that is refused, and LockedError while somebody else writes.
    """
    if not files:
        raise UsageError("no file to ingest; give one or more VCF or BCF files")
    options = options or IngestOptions()
    paths = [Path(file) for file in files]
    run = _Ingest(lake, paths, options, observer or Unobserved())
    workers = options.workers or _processors()
    pool = WorkerPool(workers, warm.wanted(paths))
    with _end_on_sigterm(pool.stop), pool:
        # Processes take a quarter of a second to begin; more follow when the parts are known.
        pool.start(max(2, len(files)))
        return run.only_plan(pool) if options.plan_only else run.write(pool)


class _Ingest:
    def __init__(
        self, lake: Path, files: list[Path], options: IngestOptions, observer: Observer
    ) -> None:
        self._lake = lake
        self._files = files
        self._options = options
        self._observer = observer
        self._seconds: dict[str, float] = {}
        self._reference_sha256: str | None = None

    def only_plan(self, pool: WorkerPool) -> "IngestResult":
        """What an ingest would take and refuse."""
        inspecting = self._start_inspecting(pool)
        from allelake.ingest.planning.plan import plan_ingest
        from allelake.ingest.run_result import IngestResult
        from allelake.warehouse.info import read_lake_info
        from allelake.warehouse.small_tables import read_small_tables
        from allelake.warehouse.snapshots import files_for_readers

        info = read_lake_info(self._lake)
        live = files_for_readers(self._lake)
        tables = read_small_tables(self._lake, live)
        reports = self._inspect(inspecting)
        plan = plan_ingest(reports, info, tables, self._options, live)
        return IngestResult(plan, (), plan.known, plan.notices, None, self._seconds)

    def write(self, pool: WorkerPool) -> "IngestResult":
        """Takes the lake's lock first, so that a second writer is refused before it reads hours."""
        # The workers begin while this process still imports DuckDB.
        inspecting = self._start_inspecting(pool)
        from allelake.ingest.planning.plan import plan_ingest
        from allelake.ingest.run_result import IngestResult
        from allelake.warehouse.commit import begin
        from allelake.warehouse.snapshots import live_files

        with begin(self._lake) as transaction:
            live = live_files(self._lake, transaction.snapshot)
            known = transaction.info, transaction.tables
            ahead = Ahead(*known, live, self._options, transaction.staging)
            is_plain = may_read_ahead(self._files, self._options)
            reports = self._inspect(inspecting, ahead if is_plain else None)
            plan = plan_ingest(reports, *known, self._options, live)
            if not plan.batches:
                return IngestResult(plan, (), plan.known, plan.notices, None, self._seconds)
            confirmed = ahead.confirmed(plan)
            if confirmed is None:
                results = self._read(pool, transaction, plan)
            else:
                plan, summaries = confirmed
                results = self._united(pool, transaction, plan, summaries)
            # They go while the commit is made; waiting for them afterwards would take longer.
            pool.release()
            with self._step("commit"):
                snapshot = self._commit(transaction, results)
        return IngestResult(plan, results, plan.known, plan.notices, snapshot, self._seconds)

    def _start_inspecting(self, pool: WorkerPool) -> Inspecting:
        reference = self._options.reference
        if reference is not None:
            reference = _existing(reference)
        if warm.has_to_compile(self._files):
            self._observer.on_step("compile")
            pool.wait_until_ready()
        return Inspecting(pool, self._files, self._options.strict, reference)

    def _inspect(self, running: Inspecting, ahead: Ahead | None = None) -> list[FileReport]:
        total = sum(file.stat().st_size for file in self._files if file.exists())
        with self._step("inspect"):
            reports, self._reference_sha256 = running.results(
                Tally(self._observer, total), SharedHeaders().of, ahead
            )
        return reports

    def _read(
        self, pool: WorkerPool, transaction: "Transaction", plan: "Plan"
    ) -> tuple["BatchResult", ...]:
        tasks = [
            PartTask(batch.spec, part, transaction.staging)
            for batch in plan.batches
            for part in batch.parts
        ]
        total = sum(part.part.expected_records or 0 for part in tasks)
        with self._step("read"):
            running = _Running(pool, tasks)
            # While the workers read, this process has nothing else to do.
            import allelake.ingest.joint_regions
            import allelake.ingest.run_tables  # noqa: F401

            summaries = running.results(Tally(self._observer, total))
        return self._united(pool, transaction, plan, summaries)

    def _united(
        self,
        pool: WorkerPool,
        transaction: "Transaction",
        plan: "Plan",
        summaries: Sequence[object],
    ) -> tuple["BatchResult", ...]:
        """The batches, once all their parts are read."""
        from allelake.ingest.joint_regions import write_joint_regions
        from allelake.ingest.run_tables import merge_sample_counts

        following = iter(summaries)
        results = []
        for batch in plan.batches:
            mine = [
                summary
                for summary in islice(following, len(batch.parts))
                if isinstance(summary, PartSummary)
            ]
            _check_parts(batch, mine)
            if batch.kind == "per_sample":
                files = self._unite(pool, batch, mine, transaction.staging)
            else:
                files = merge_sample_counts(mine, batch.spec.batch, transaction.staging)
                files += write_joint_regions(batch.spec, transaction.staging)
            results.append(_batch_result(batch, mine, files))
            transaction.add(files)
        return tuple(results)

    def _unite(
        self,
        pool: WorkerPool,
        batch: "PlannedBatch",
        summaries: Sequence[PartSummary],
        staging: Path,
    ) -> list["StagedFile"]:
        """The files of a per-sample batch: one for each table and contig."""
        from allelake.ingest.unite import alone, unite_tasks

        files = alone(summaries)
        tasks = unite_tasks(batch.spec, summaries, staging)
        if tasks:
            rows = sum(file.rows for summary in summaries for file in summary.files)
            with self._step("unite"):
                united = _Running(pool, tasks).results(Tally(self._observer, rows))
            files += [file for several in united if isinstance(several, tuple) for file in several]
        return files

    def _commit(self, transaction: "Transaction", results: Sequence["BatchResult"]) -> int:
        from allelake.ingest.run_tables import with_batches, with_samples
        from allelake.warehouse.withdrawal.remove import remove

        for result in results:
            for report in result.plan.files:
                _refuse_changed(report)
        tables = transaction.tables
        replaced = [number for result in results for number in result.plan.replaced]
        old = tables["samples"]
        if replaced:
            remove(transaction, replaced, kind="replaced")
        plans = [result.plan for result in results]
        tables["samples"] = with_samples(tables, plans, old)
        tables["batches"] = with_batches(tables["batches"], results, self._reference_sha256)
        detail: dict[str, object] = {
            "batches": [result.batch for result in results],
            "extends": [result.batch for result in results if result.plan.extends],
            "files": [report.path.name for result in results for report in result.plan.files],
            "records": sum(result.plan.records for result in results),
            "variants": sum(result.counts["variants"] for result in results),
        }
        if replaced:
            detail["replaced_samples"] = len(replaced)
        return transaction.commit("ingest", detail).number

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self._observer.on_step(name)
        begun = time.perf_counter()
        yield
        self._seconds[name] = time.perf_counter() - begun


class _Running:
    """Tasks that the workers have begun."""

    def __init__(self, pool: WorkerPool, tasks: Sequence[Task]) -> None:
        self._answers = iter(pool.run(tasks))
        self._total = len(tasks)

    def results(
        self, tally: Tally, keep: Callable[[object], object] = lambda result: result
    ) -> list[object]:
        """What every task came to, in their order; `keep` is what is kept of it."""
        results: list[object] = [None] * self._total
        for number, done, result in self._answers:
            if done is None:
                results[number] = keep(result)
            else:
                tally.note(number, done)
        return results


def _batch_result(
    batch: "PlannedBatch", summaries: Sequence[PartSummary], files: Sequence["StagedFile"]
) -> "BatchResult":
    from allelake.ingest.detail_cost import detail_costs
    from allelake.ingest.planning.plan import merge_notices
    from allelake.ingest.run_result import BatchResult

    counts: Counter[str] = Counter()
    notices: list[Notice] = []
    told = {notice.code for notice in batch.notices}
    for summary in summaries:
        counts.update(summary.counts)
        # What the inspection counted is not told a second time in the words of htslib.
        notices += [n for n in summary.notices if n.code not in told]
    # A variant of several samples' files has one row of `sites`.
    counts["variants"] = sum(file.rows for file in files if file.table == "sites")
    return BatchResult(
        batch.spec.batch,
        batch,
        dict(counts),
        merge_notices([*batch.notices, *notices]),
        detail_costs(batch.spec, files),
    )


def _check_parts(batch: "PlannedBatch", summaries: Sequence[PartSummary]) -> None:
    """The parts hold all records of the plan, and no part reaches into another's positions."""
    kept = sum(summary.counts["records_kept"] for summary in summaries)
    if kept != batch.records:
        names = ", ".join(str(report.path) for report in batch.files[:_NAMES_SHOWN])
        raise InputError(
            f"{names}: {kept} records were read, {batch.records} were planned; a file changed "
            "during the ingest, or its index does not belong to it. Nothing was added"
        )
    if batch.kind == "per_sample":
        return
    spans = sorted(
        (file.contig or "", file.first_position or 0, file.last_position or 0)
        for summary in summaries
        for file in summary.files
        if file.table == "sites"
    )
    for before, after in pairwise(spans):
        if before[0] == after[0] and after[1] <= before[2]:
            raise InputError(
                f"left-alignment moved a variant of {after[0]} to {after[1]}, among the records of "
                "another file of the call set. Concatenate the files (bcftools concat) and ingest "
                "the one that comes of it"
            )


def _refuse_changed(report: FileReport) -> None:
    try:
        found = report.path.stat()
    except OSError as error:
        raise InputError(f"{report.path}: it went away during the ingest: {error}") from error
    if (found.st_size, found.st_mtime_ns) != (report.bytes, report.modified_ns):
        raise InputError(
            f"{report.path}: the file changed during the ingest. Nothing was added; wait for its "
            "writer to end and run it again"
        )


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file; --reference names a FASTA file")
    return path


def _processors() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _end_on_sigterm(stop: Callable[[int], None]) -> Iterator[None]:
    """Lets a SIGTERM unwind as Ctrl-C does, so that staging is cleared away; `stop` is told too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        stop(128 + number)
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
