"""What a reader of per-sample files hands over, chunk by chunk, on its way to the tables."""

from collections.abc import Sequence

import pyarrow as pa

from allelake.ingest.evidence.values import Evidence
from allelake.ingest.part_output import PartOutput
from allelake.ingest.spec import BatchSpec, PartInput


class SampleOutput:
    """Writes `sites`, `calls` (tier rare), `callable` and `sample_counts` of one file's samples.

    Both readers of per-sample files call it, and the same records give the same bytes however
    they are cut into chunks. For each contig: `start_contig`, `add` any number of times,
    `finish_contig`. Sorted means: as the table's declaration says, over all chunks of a contig.

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

    def start_contig(self, contig: str) -> None:
        """What comes next lies on this contig (the lake's name)."""
        raise NotImplementedError

    def add(
        self,
        evidence: Sequence[Evidence],
        sites: pa.Table | None,
        calls: pa.Table | None,
        before: int,
    ) -> None:
        """Takes a chunk. `evidence` has one for each sample of the file, in the file's order.

        Blocks and records in `evidence` are those of the file in its order, by start over all
        chunks; it includes records and blocks without called alleles (`alleles` 0). `before`: all
        that comes in later chunks has start (of evidence) and position (of sites and calls) >=
        `before`, and this chunk's sites and calls have position < `before`. Evidence may be ahead
        of it.

        Raises InputError for blocks of a sample that overlap, and for a span that ends before it
        begins or beyond the contig.
        """
        raise NotImplementedError

    def finish_contig(self) -> None:
        """Writes what is held."""
        raise NotImplementedError
