"""What a reader of per-sample files hands over, chunk by chunk, on its way to the tables."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from allelake.ingest.evidence.callable_rows import CallableRows
from allelake.ingest.evidence.checks import EvidenceCheck
from allelake.ingest.evidence.counts import CallTotals
from allelake.ingest.evidence.covered import asked_spans
from allelake.ingest.evidence.intervals import NO_MORE, IntervalBuilder, Intervals
from allelake.ingest.evidence.regions import RegionsWithoutRecords
from allelake.ingest.evidence.spans import Spans
from allelake.ingest.evidence.values import NO_EVIDENCE, Evidence
from allelake.ingest.part_output import PartOutput
from allelake.ingest.spec import BatchSpec, PartInput

# `bin` of sites and calls is position >> 14.
_BIN_SHIFT = 14


class SampleOutput:
    """Writes `sites`, `calls` (tier rare), `callable` and `sample_counts` of one file's samples.

    Both readers of per-sample files call it, and the same records give the same bytes however
    they are cut into chunks. For each contig: `start_contig`, `add` any number of times,
    `finish_contig`; after the last one `finish`. Sorted means: as the table's declaration says,
    over all chunks of a contig.

    `sites` has the columns position, ref, alt, end_position, sv_length, sv_type, id, other_ids,
    qual, filters, has_genotypes, record_position, record_ref, record_alt, record_alt_index,
    record_alt_total, duplicate_records, dp_n, dp_sum, dp_histogram, gq_n, gq_sum, gq_histogram and
    the `info_` columns of `spec.info`: a row for each variant, sorted, no key twice.

    `calls` has position, ref, alt, end_position, sv_length, sample_number, alt_count, called_count,
    ploidy, haplotype, phase_set, is_phased, passes_adj, passes_adj_haploid, dp, gq, ad_ref, ad_alt,
    filters (the record's) and the `format_` columns of `spec.format`: a row for each variant of
    which the chosen record has GT and each sample of the file, in the order of their numbers,
    whatever the genotype; sorted.

    A column that is missing from either is NULL. What else the tables have is added here (contig,
    tier, bin, batch, source_sample, default_count, adj_in_bits, covered).

    Holds the rows of `callable` of one contig (20 bytes each), the calls whose asked span reaches
    over the chunk's end, and the evidence that does.
    """

    def __init__(self, spec: BatchSpec, item: PartInput, output: PartOutput) -> None:
        self._spec = spec
        self._item = item
        self._output = output
        self._numbers = sorted(spec.first_sample + column for column in item.sample_columns)
        self._done: set[str] = set()
        self._samples: list[_Sample] = []
        self._rows = CallableRows(spec.batch, output)
        self._totals = CallTotals(spec.batch, self._numbers)
        self._held: pa.Table | None = None
        self._has_sites = False

    def start_contig(self, contig: str) -> None:
        """What comes next lies on this contig (the lake's name)."""
        self._output.start_contig(contig)
        self._done.add(contig)
        self._samples = [_Sample(self._spec, self._item, contig) for _ in self._numbers]
        self._totals = CallTotals(self._spec.batch, self._numbers)
        self._held, self._has_sites = None, False

    def add(
        self,
        evidence: Sequence[Evidence],
        sites: pa.Table | None,
        calls: pa.Table | None,
        before: int,
    ) -> None:
        """Takes a chunk. `evidence` has one for each sample of the file, by sample number.

        Blocks and records in `evidence` are those of the file in its order, by start over all
        chunks; it includes records and blocks without called alleles (`alleles` 0). `before`: all
        that comes in later chunks has start (of evidence) and position (of sites and calls) >=
        `before`, and this chunk's sites and calls have position < `before`. Evidence may be ahead
        of it.

        Raises InputError for blocks of a sample that overlap, and for a span that ends before it
        begins or beyond the contig.
        """
        for number, sample, own in zip(self._numbers, self._samples, evidence, strict=True):
            self._rows.add(sample.add(own, before), number)
        if sites is not None and sites.num_rows:
            self._has_sites = True
            self._output.write("sites", self._whole_sites(sites))
        self._take_calls(calls, before)

    def finish_contig(self) -> None:
        """Writes what is held."""
        self.add([NO_EVIDENCE] * len(self._numbers), None, None, NO_MORE)
        self._rows.finish()
        if self._has_sites:
            self._output.write("sample_counts", self._totals.table())

    def finish(self, contig: str | None = None) -> None:
        """Writes the regions of contigs without a record; `contig`: the only one of the part."""
        for name in self._item.regions or {}:
            if name not in self._done and contig in (None, name):
                self.start_contig(name)
                self.finish_contig()

    def _take_calls(self, calls: pa.Table | None, before: int) -> None:
        """Writes the calls whose spans lie before `before`, up to the first one that does not."""
        some = [table for table in (self._held, calls) if table is not None and table.num_rows]
        self._held = None
        needed = before
        if some:
            waiting = pa.concat_tables(some, promote_options="default") if some[1:] else some[0]
            spans, has_span = asked_spans(waiting)
            late = np.flatnonzero(has_span & (spans.end >= before))
            ready = int(late[0]) if len(late) and before < NO_MORE else waiting.num_rows
            self._write_calls(
                waiting.slice(0, ready), Spans(*(s[:ready] for s in spans)), has_span[:ready]
            )
            if ready < waiting.num_rows:
                self._held = waiting.slice(ready)
                needed = min(before, int(spans.start[ready]))
        for sample in self._samples:
            sample.builder.forget(needed)

    def _write_calls(self, calls: pa.Table, spans: Spans, has_span: np.ndarray) -> None:
        if not calls.num_rows:
            return
        numbers = calls.column("sample_number").to_numpy()
        covered = np.zeros(calls.num_rows, np.int32)
        for number, sample in zip(self._numbers, self._samples, strict=True):
            mine = np.flatnonzero(has_span & (numbers == number))
            covered[mine] = sample.builder.covered(spans.start[mine], spans.end[mine])
        self._totals.add(calls)
        total = calls.num_rows
        columns = {
            "bin": _bins(calls),
            "batch": pa.repeat(pa.scalar(self._spec.batch, pa.int32()), total),
            "default_count": pa.repeat(pa.scalar(0, pa.int8()), total),
            "adj_in_bits": pa.repeat(pa.scalar(False), total),
            "covered": pa.array(covered),
        }
        self._output.write("calls", _with(calls, columns), "rare")

    def _whole_sites(self, sites: pa.Table) -> pa.Table:
        total = sites.num_rows
        columns = {
            "bin": _bins(sites),
            "batch": pa.repeat(pa.scalar(self._spec.batch, pa.int32()), total),
            "source_sample": pa.repeat(pa.scalar(min(self._numbers), pa.int32()), total),
        }
        return _with(sites, columns)


class _Sample:
    """What is made of one sample's evidence on one contig."""

    def __init__(self, spec: BatchSpec, item: PartInput, contig: str) -> None:
        zones = [zone for zone in spec.zones if zone.contig == contig]
        regions = (item.regions or {}).get(contig)
        self.builder = IntervalBuilder(spec.has_adj, zones)
        self._regions = RegionsWithoutRecords(regions, zones)
        self._check = EvidenceCheck(item.path, contig, spec.contig_lengths.get(contig, NO_MORE))

    def add(self, evidence: Evidence, before: int) -> Intervals:
        self._check.add(evidence)
        return self.builder.add(evidence, self._regions.add(evidence, before), before)


def _bins(rows: pa.Table) -> pa.Array:
    return pa.array(rows.column("position").to_numpy() >> _BIN_SHIFT)


def _with(rows: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    for name, values in columns.items():
        rows = rows.append_column(name, values)
    return rows
