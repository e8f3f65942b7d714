"""The reading of a part: records to variants, chunk by chunk, and what was counted on the way."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from cyvcf2 import Variant as CyVariant
from cyvcf2.cyvcf2 import INFO

from allelake.errors import InputError
from allelake.ingest.part_duplicates import Duplicates
from allelake.ingest.part_encode import ChunkEncoder
from allelake.ingest.part_output import PartOutput
from allelake.ingest.reading.fasta import ReferenceFasta
from allelake.ingest.reading.messages import HtslibMessages
from allelake.ingest.reading.normalise import (
    UNSPECIFIED_ALLELES,
    Normaliser,
    RecordFacts,
    Variant,
    fasta_names,
)
from allelake.ingest.reading.read import PartReader, ReadRecord, htslib_failures
from allelake.ingest.reading.records import RecordRows
from allelake.ingest.spec import BatchSpec, Notice, Part, PartSummary
from allelake.warehouse.stored import StagedFile

_PROGRESS_RECORDS = 256
_FEW_FIELDS = 2

COUNTS = (
    "records_read",
    "records_skipped",
    "records_kept",
    "variants",
    "split_records",
    "star_alleles",
    "reference_records",
    "symbolic_alleles",
    "duplicates_alike",
    "duplicates_resolved",
    "trimmed",
    "left_aligned",
    "calls_rare",
    "calls_common",
    "bits",
    "genotypes",
    "blocks",
    "callable",
)


def _text_bytes(record: RecordFacts) -> int:
    """What a record's texts weigh: sequences of structural variants and annotations can be long."""
    texts = (value for value in record.info.values() if isinstance(value, str))
    return len(record.ref) + sum(map(len, record.alts)) + sum(map(len, texts))


def record_facts(written: CyVariant, kept_info: frozenset[str], where: str) -> RecordFacts:
    """What a record says of all its ALTs, with these INFO fields."""
    return RecordFacts(
        written.POS,
        written.REF,
        written.ALT,
        written.ID,
        written.QUAL,
        written.FILTERS,
        _info(written.INFO, kept_info),
        where,
    )


def _info(info: INFO, kept: frozenset[str]) -> dict[str, object]:
    """The kept fields that a record has. Walking all of them is faster than asking for many."""
    if len(kept) > _FEW_FIELDS:
        return {name: value for name, value in info if name in kept}
    return {name: value for name in kept if (value := info.get(name)) is not None}


class MovedFar(Exception):
    """A variant came to lie before one that was written already."""

    def __init__(self, bases: int) -> None:
        super().__init__(bases)
        self.bases = bases


class PartRun:
    """One reading of a part of a joint batch, or of sites only."""

    # Whether rows are of use without a variant: then each chunk is written, and they go.
    _has_blocks = False

    def __init__(
        self, spec: BatchSpec, part: Part, staging: Path, window: int, chunk_bytes: int
    ) -> None:
        self._spec = spec
        self._part = part
        self._window = window
        self._counts: Counter[str] = Counter()
        self._kept_info = frozenset(kept.field.id for kept in spec.info)
        self._rows = RecordRows(spec, chunk_bytes)
        self._normaliser = Normaliser(counts=self._counts)
        self._duplicates = Duplicates(spec.duplicates, self._counts)
        self._output = PartOutput(spec, part.number, staging)
        self._encoder = ChunkEncoder(spec, self._output)
        self._pending: list[Variant] = []
        self._contig: str | None = None
        self._contigs: list[str] = []
        self._written_before = 0

    def run(self, progress: Callable[[int], None] | None) -> PartSummary:
        """The part's summary; its files are in staging, or nothing of it if it raises."""
        messages, reader = HtslibMessages(), PartReader(self._spec, self._part)
        with ExitStack() as undo:
            undo.callback(self._output.abort)
            if self._spec.reference is not None:
                reference = undo.enter_context(ReferenceFasta(self._spec.reference))
                self._normaliser.reference = reference
                self._normaliser.fasta_names = fasta_names(reference, self._spec.contig_names)
            with messages, htslib_failures(self._part) as failures:
                self._read(reader, failures, progress)
            self._check(reader, messages)
            self._finish_contig()
            self._finish_part()
            self._duplicates.refuse()
            summary = self._summary(reader, messages, self._output.finish())
            undo.pop_all()
        return summary

    def _read(
        self,
        reader: PartReader,
        failures: htslib_failures,
        progress: Callable[[int], None] | None,
    ) -> None:
        for read in reader:
            failures.last = read
            if read.contig != self._contig:
                self._start_contig(read.contig)
            if self._rows.is_full:
                self._encode(read.variant.POS - self._window)
            self._take(read)
            if progress is not None and reader.records_read % _PROGRESS_RECORDS == 0:
                progress(reader.records_read)
        if progress is not None:
            progress(reader.records_read)

    def _take(self, read: ReadRecord) -> None:
        record = self._facts(read)
        variants = self._normaliser.variants(read, record)
        if variants:
            self._hold(read, record)
            self._wait(record, variants)

    def _facts(self, read: ReadRecord) -> RecordFacts:
        return record_facts(read.variant, self._kept_info, read.where)

    def _hold(self, read: ReadRecord, record: RecordFacts) -> None:
        hidden = [i for i, alt in enumerate(record.alts, 1) if alt in UNSPECIFIED_ALLELES]
        record.row = self._rows.add(read, hidden, _text_bytes(record))

    def _wait(self, record: RecordFacts, variants: Sequence[Variant]) -> None:
        """Variants of a record that is held wait until nothing can come before them."""
        if self._rows.has_gt[record.row]:
            self._counts["genotypes"] += self._spec.sample_total
        for variant in variants:
            if variant.position < self._written_before:
                raise MovedFar(record.position - variant.position)
        self._pending += variants

    def _start_contig(self, contig: str) -> None:
        self._finish_contig()
        self._contig = contig
        self._contigs.append(contig)
        self._written_before = 0
        self._begin_contig(contig)

    def _finish_contig(self) -> None:
        if self._contig is not None:
            self._encode(None)
            self._end_contig()
            self._contig = None

    def _begin_contig(self, contig: str) -> None:
        self._output.start_contig(contig)
        self._encoder.start_contig(contig)

    def _finish_part(self) -> None:
        """What is to be written after the last contig."""

    def _end_contig(self) -> None:
        self._encoder.finish_contig(self._rows)

    def _encode(self, before: int | None) -> None:
        """Writes the variants at positions < `before`, which nothing can come before any more."""
        ready = [v for v in self._pending if before is None or v.position < before]
        if before is not None:
            self._written_before = max(self._written_before, before)
        if not ready and before is not None and not self._has_blocks:
            return
        waiting = [v for v in self._pending if before is not None and v.position >= before]
        ready.sort(key=lambda variant: variant.key)
        kept = self._duplicates.settle(ready, self._rows)
        self._counts["variants"] += len(kept)
        self._write(kept, before)
        records = {id(v.record): v.record for v in waiting}
        held = sorted(records.values(), key=lambda record: record.row)
        self._rows.keep_only([record.row for record in held])
        for row, record in enumerate(held):
            record.row = row
        self._pending = waiting

    def _write(self, variants: Sequence[Variant], before: int | None) -> None:
        """Writes sorted, unique variants; none that come later lie before base `before`."""
        self._encoder.encode(variants, self._rows)

    def _check(self, reader: PartReader, messages: HtslibMessages) -> None:
        names = ", ".join(str(item.path) for item in self._part.inputs)
        messages.refuse_errors(names)
        expected = self._part.expected_records
        if expected is not None and reader.records_read != expected:
            raise InputError(
                f"{names}: {reader.records_read} records could be read, but the inspection found "
                f"{expected}; the file or its index changed, or the index does not belong to it"
            )
        if self._spec.strict:
            refuse_notices(names, [*messages.notices(), *reader.notices])

    def _summary(
        self, reader: PartReader, messages: HtslibMessages, files: tuple[StagedFile, ...]
    ) -> PartSummary:
        counts = self._counts
        counts["records_read"] = reader.records_read
        counts["records_skipped"] = reader.records_skipped
        counts["records_kept"] = reader.records_read - reader.records_skipped
        for table in ("calls_rare", "calls_common", "bits", "callable"):
            counts[table] = self._output.rows[table]
        return PartSummary(
            self._part.number,
            files,
            {name: counts[name] for name in COUNTS},
            (*messages.notices(), *reader.notices, *self._own_notices()),
            tuple(self._contigs),
        )

    @property
    def _half_calls_as_haploid(self) -> int:
        return self._encoder.half_calls_as_haploid

    def _own_notices(self) -> list[Notice]:
        return own_notices(self._half_calls_as_haploid)


def refuse_notices(names: str, notices: Sequence[Notice]) -> None:
    """Raises if there is anything to tell of the files."""
    if notices:
        told = "; ".join(f"{n.message} ({n.count}, first: {n.first})" for n in notices)
        raise InputError(f"{names}: {told}. Refused by --strict")


def own_notices(half_calls_as_haploid: int) -> list[Notice]:
    """What a part has to tell that the reader of its file does not."""
    if not half_calls_as_haploid:
        return []
    message = "half-calls on X, Y or MT taken as haploid genotypes, as the profile says"
    return [Notice("half_calls_as_haploid", message, half_calls_as_haploid)]
