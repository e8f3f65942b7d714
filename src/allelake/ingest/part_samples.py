"""The reading of a per-sample file: blocks and records to evidence, variants to calls."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from allelake.ingest.encoding.sample_calls import SampleCalls
from allelake.ingest.evidence.intervals import NO_MORE
from allelake.ingest.evidence.notices import BlockNotices
from allelake.ingest.evidence.output import SampleOutput
from allelake.ingest.part_run import PartRun
from allelake.ingest.reading.evidence import EvidenceRows, is_block
from allelake.ingest.reading.normalise import Variant
from allelake.ingest.reading.read import ReadRecord
from allelake.ingest.spec import BatchSpec, Notice, Part
from allelake.model.zone import Zone


class SamplesRun(PartRun):
    """One reading of a part of a per-sample batch: a file of one or several samples."""

    _has_blocks = True

    def __init__(
        self, spec: BatchSpec, part: Part, staging: Path, window: int, chunk_bytes: int
    ) -> None:
        (item,) = part.inputs
        # Arrays with a column for each sample of this file, by sample number.
        local = replace(spec, first_sample=0, sample_total=len(item.sample_columns))
        super().__init__(local, part, staging, window, chunk_bytes)
        self._notices = BlockNotices()
        self._evidence = EvidenceRows(local, self._rows, self._notices)
        numbers = sorted(spec.first_sample + column for column in item.sample_columns)
        self._calls = SampleCalls(local, numbers)
        self._zones: list[Zone] = []
        self._samples = SampleOutput(spec, item, self._output)

    def _take(self, read: ReadRecord) -> None:
        if is_block(read.variant.ALT):
            self._take_block(read)
            return
        record = self._facts(read)
        variants = self._normaliser.variants(read, record)
        self._hold(read, record)
        self._evidence.add_record(read, record.row)
        if variants:
            self._wait(record, variants)

    def _take_block(self, read: ReadRecord) -> None:
        if self._spec.reference is not None:
            self._normaliser.check_ref(read, self._facts(read))
        fields = read.variant.FORMAT
        self._evidence.add_block(read, fields, self._rows.add_block(read, fields))
        self._counts["blocks"] += 1

    def _begin_contig(self, contig: str) -> None:
        self._zones = [zone for zone in self._spec.zones if zone.contig == contig]
        self._evidence.start_contig(contig, self._zones)
        self._samples.start_contig(contig)

    def _write(self, variants: Sequence[Variant], before: int | None) -> None:
        evidence = self._evidence.take()
        sites = calls = None
        if variants:
            sites, calls = self._calls.tables(variants, self._rows, self._zones)
        border = NO_MORE if before is None else before
        self._samples.add(evidence, sites, calls, border)

    def _end_contig(self) -> None:
        self._samples.finish_contig()

    def _finish_part(self) -> None:
        self._samples.finish(self._part.contig)

    @property
    def _half_calls_as_haploid(self) -> int:
        return self._calls.half_calls_as_haploid

    def _own_notices(self) -> list[Notice]:
        return [*super()._own_notices(), *self._notices.notices()]
