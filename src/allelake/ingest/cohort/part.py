"""A part of a joint call set read chunk by chunk, with a Python object for odd records alone."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

from allelake.ingest.cohort.plain_rows import in_rows, joined, parted
from allelake.ingest.cohort.source import NotPlain, OddRecord, RecordSource, Taken
from allelake.ingest.encoding.plain_records import PlainRecords
from allelake.ingest.part_duplicates import Duplicates
from allelake.ingest.part_encode import ChunkEncoder
from allelake.ingest.part_output import PartOutput
from allelake.ingest.part_run import COUNTS, own_notices, refuse_notices
from allelake.ingest.reading.normalise import Normaliser, Variant
from allelake.ingest.reading.read import ReadRecord
from allelake.ingest.reading.records import RecordRows
from allelake.ingest.spec import BatchSpec, Part, PartInput, PartSummary

Progress = Callable[[int], None] | None


# For fewer genotypes the compiler costs more than the reader of records.
LEAST_GENOTYPES = 4_000_000


def read_cohort_part(
    spec: BatchSpec, part: Part, staging: Path, progress: Progress, chunk_bytes: int
) -> PartSummary | None:
    """The part's summary; None, and nothing is left in staging, if records must be read one by one.

    Memory: as for a reading by records, and a buffer of text.
    """
    if not _suits(spec, part):
        return None
    try:
        source = _source(spec, part.inputs[0], chunk_bytes)
        return CohortRun(spec, part, staging, source, chunk_bytes).run(progress)
    except NotPlain:
        return None


def _suits(spec: BatchSpec, part: Part) -> bool:
    """Whether there is much to read, and no need of the reader of records."""
    if spec.kind != "joint" or spec.reference is not None or len(part.inputs) != 1:
        return False
    (item,) = part.inputs
    is_cut_by_region = part.contig is not None or part.start is not None or part.end is not None
    is_whole = len(item.sample_columns) == spec.sample_total and not is_cut_by_region
    # Of the whole file, so that all its parts go one way.
    records = item.records or part.expected_records or 0
    return is_whole and records * spec.sample_total >= LEAST_GENOTYPES


def _source(spec: BatchSpec, item: PartInput, chunk_bytes: int) -> RecordSource:
    # Both bring the compiler with them.
    if item.kind == "bcf":
        from allelake.ingest.cohort_bcf.source import BcfSource

        return BcfSource(spec, item)
    from allelake.ingest.cohort_text.source import TextSource

    return TextSource(spec, item, chunk_bytes)


class CohortRun:
    """One reading of a part; to the same files and counts as PartRun, or NotPlain."""

    def __init__(
        self, spec: BatchSpec, part: Part, staging: Path, source: RecordSource, chunk_bytes: int
    ) -> None:
        self._spec = spec
        self._part = part
        self._source = source
        self._counts: Counter[str] = Counter()
        self._rows = RecordRows(spec, chunk_bytes)
        self._normaliser = Normaliser(counts=self._counts)
        self._duplicates = Duplicates(spec.duplicates, self._counts)
        self._output = PartOutput(spec, part.number, staging)
        self._encoder = ChunkEncoder(spec, self._output)
        self._contig: str | None = None
        self._contigs: list[str] = []
        # What waits for the chunk after it: nothing of that may come before.
        self._plain: PlainRecords | None = None
        self._odd: list[Variant] = []

    def run(self, progress: Progress) -> PartSummary:
        """The part's summary; its files are in staging, or nothing of it if it raises."""
        with ExitStack() as undo:
            undo.callback(self._output.abort)
            while (taken := self._source.take(self._rows)) is not None:
                self._take(taken)
                if progress is not None:
                    progress(self._counts["records_read"])
            expected = self._part.expected_records
            if expected is not None and self._counts["records_read"] != expected:
                raise NotPlain
            if self._spec.strict:
                refuse_notices(str(self._part.inputs[0].path), self._source.notices)
            self._duplicates.refuse()
            summary = self._summary()
            undo.pop_all()
        return summary

    def _take(self, taken: Taken) -> None:
        self._counts["records_read"] += taken.records
        if taken.contig is None:
            self._counts["records_skipped"] += taken.records
            return
        if taken.contig != self._contig:
            self._start_contig(taken.contig)
        self._counts.update(taken.counts)
        if taken.plain is not None:
            self._count_genotypes(taken.plain.row.tolist())
            self._plain = joined(self._plain, taken.plain)
        for odd in taken.odd:
            variants = self._variants(odd)
            if variants:
                self._count_genotypes([odd.facts.row])
            self._odd += variants
        self._encode(taken.next_position)
        if taken.next_position is None:
            self._encoder.finish_contig(self._rows)
            self._contig = None

    def _count_genotypes(self, held: Sequence[int]) -> None:
        """Counts the genotypes of records that have a variant."""
        with_gt = sum(map(self._rows.has_gt.__getitem__, held))
        self._counts["genotypes"] += with_gt * self._spec.sample_total

    def _variants(self, odd: OddRecord) -> list[Variant]:
        # As much of a record as the Normaliser asks for without a reference.
        stand_in = SimpleNamespace(contig=self._contig, variant=SimpleNamespace(INFO=odd.info))
        return self._normaliser.variants(cast("ReadRecord", stand_in), odd.facts)

    def _start_contig(self, contig: str) -> None:
        if contig in self._contigs:
            raise NotPlain
        self._contig = contig
        self._contigs.append(contig)
        self._output.start_contig(contig)
        self._encoder.start_contig(contig)

    def _encode(self, before: int | None) -> None:
        """Writes the variants at positions < `before`; the others go to the front of the rows."""
        plain, waiting = parted(self._plain, before)
        ready = [v for v in self._odd if before is None or v.position < before]
        waiting_odd = [v for v in self._odd if before is not None and v.position >= before]
        if plain is not None or ready:
            self._counts["variants"] += self._encoder.encode_plain(
                plain, ready, self._rows, self._duplicates
            )
        records = {id(v.record): v.record for v in waiting_odd}
        held = {record.row for record in records.values()}
        held |= set() if waiting is None else set(waiting.row.tolist())
        order = np.array(sorted(held), np.int32)
        self._rows.keep_only(order.tolist())
        for record in records.values():
            record.row = int(np.searchsorted(order, record.row))
        if waiting is not None:
            waiting = in_rows(waiting, np.searchsorted(order, waiting.row).astype(np.int32))
        self._plain, self._odd = waiting, waiting_odd

    def _summary(self) -> PartSummary:
        counts = self._counts
        counts["records_kept"] = counts["records_read"] - counts["records_skipped"]
        files = self._output.finish()
        for table in ("calls_rare", "calls_common", "bits", "callable"):
            counts[table] = self._output.rows[table]
        return PartSummary(
            self._part.number,
            files,
            {name: counts[name] for name in COUNTS},
            (*self._source.notices, *own_notices(self._encoder.half_calls_as_haploid)),
            tuple(self._contigs),
        )
