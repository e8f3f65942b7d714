"""Lines of one contig turned into evidence, sites and calls."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from allelake.ingest.evidence.notices import BLOCK_NOT_REFERENCE, NO_CALL_BLOCK, BlockNotices
from allelake.ingest.evidence.values import Evidence
from allelake.ingest.fast_text.alleles import find_alleles
from allelake.ingest.fast_text.grammar import QUALITY
from allelake.ingest.fast_text.info import InfoItems
from allelake.ingest.fast_text.kept_info import InfoReader
from allelake.ingest.fast_text.lines import QUAL, REF, Lines
from allelake.ingest.fast_text.samples import Integers, SampleReader, Samples, Unplain
from allelake.ingest.fast_text.tables import Chunk, calls_table, filters_of, sites_table
from allelake.ingest.fast_text.text import Flags, Places
from allelake.ingest.fast_text.variants import RecordAlleles, find_variants
from allelake.ingest.spec import BatchSpec, Header, PartInput
from allelake.model.genotype import MISSING_ALLELE, MISSING_INTEGER, NO_ALLELE, is_known

_END = b"END"


@dataclass(frozen=True)
class Segment:
    """What some lines of one contig hold; tables are None where there is no variant."""

    evidence: Evidence
    sites: pa.Table | None
    calls: pa.Table | None


class SegmentReader:
    """Reads lines of a file; counts as the reader of records does."""

    def __init__(
        self,
        spec: BatchSpec,
        item: PartInput,
        header: Header,
        counts: Counter[str],
        notices: BlockNotices,
    ):
        self._spec = spec
        self._header = header
        self._counts = counts
        self._notices = notices
        self._number = spec.first_sample + item.sample_columns[0]
        self._samples = SampleReader(header.format, filter_by_ft=spec.filter_genotypes_by_ft)
        self._info = InfoReader(spec.info, header)
        has = {
            "DP": spec.has_dp,
            "GQ": spec.has_gq,
            "PS": spec.has_ps,
            "AD": spec.has_ad or spec.has_adj,
            "adj": spec.has_adj,
        }
        self._fields = frozenset(name for name, is_there in has.items() if is_there)

    def read(self, lines: Lines, position: Places, contig: str) -> Segment:
        """What the lines hold. Raises Unplain where one of them is for the reader of records."""
        self._check_quality(lines)
        alleles = find_alleles(lines)
        variants, record = find_variants(lines, alleles, position, self._counts)
        samples = self._samples.read(lines)
        self._settle_alleles(samples, record, alleles.alt_total)
        filters, passes = filters_of(lines, self._header.filters)
        end, has_end, items = self._ends(lines, position, record.is_block)
        is_bare = alleles.is_no_alt & ~has_end
        evidence = self._evidence(samples, record, (position, end), passes, is_bare, contig)
        self._counts["blocks"] += int(np.count_nonzero(record.is_block))
        self._counts["variants"] += len(variants)
        self._counts["genotypes"] += int(np.count_nonzero(np.bincount(variants.row)))
        if not len(variants):
            return Segment(evidence, None, None)
        chunk = Chunk(lines, position, alleles.alt_total, samples, variants, filters)
        info = self._info.columns(lines, items, variants.row, variants.number, alleles.alt_total)
        sites = sites_table(chunk, info, has_dp=self._spec.has_dp, has_gq=self._spec.has_gq)
        return Segment(evidence, sites, calls_table(chunk, self._number, self._fields))

    def _check_quality(self, lines: Lines) -> None:
        written = lines.columns[QUAL]
        rest = np.flatnonzero(~lines.text.equals(written, b"."))
        if not QUALITY.accepts(lines.text, written[rest]).all():
            raise Unplain

    def _settle_alleles(self, samples: Samples, record: RecordAlleles, alt_total: Places) -> None:
        """Alleles that are no call are missing; those that the record does not list are none."""
        for side in (samples.first, samples.second):
            if (side > alt_total).any():
                raise Unplain
            side[(side == record.hidden) & ~record.is_block & (side > 0)] = MISSING_ALLELE

    def _ends(
        self, lines: Lines, position: Places, is_block: Flags
    ) -> tuple[Places, Flags, tuple[Places, InfoItems] | None]:
        """Where lines end, which blocks say so, and the INFO of lines with more than END."""
        end = position + lines.columns[REF].length - 1
        only, has_end = self._info.end_of(lines)
        has_end &= is_block
        items = self._info.items(lines, np.flatnonzero(~has_end))
        end[has_end] = only[has_end]
        if items is not None and _END in items[1].keys:
            rows, found = items
            mine = found.key == found.keys.index(_END)
            value, sound = lines.text.integers(found.value[mine])
            of = rows[found.row[mine]]
            if not sound[is_block[of]].all():
                raise Unplain
            end[of[is_block[of]]] = value[is_block[of]]
            has_end[of[is_block[of]]] = True
        return end, has_end, items

    def _evidence(
        self,
        samples: Samples,
        record: RecordAlleles,
        span: tuple[Places, Places],
        passes: Flags,
        is_bare: Flags,
        contig: str,
    ) -> Evidence:
        position, end = span
        first, second, blocks = samples.first, samples.second, record.is_block
        called = (first >= 0).astype(np.int8) + (second >= 0)
        has_other = blocks & ((first > 0) | (second > 0))
        is_short = (first < 0) | ((second < 0) & (second != NO_ALLELE))
        uncalled = blocks & ~has_other & is_short
        for code, which in ((BLOCK_NOT_REFERENCE, has_other), (NO_CALL_BLOCK, uncalled)):
            found = np.flatnonzero(which)
            if found.size:
                self._notices.note(code, found.size, f"{contig}:{position[found[0]]}")
        called[has_other | uncalled] = 0
        depth, least = self._integers(samples, "DP"), samples.integers["MIN_DP"]
        return Evidence(
            position.astype(np.int32),
            end.astype(np.int32),
            called,
            np.where(second == NO_ALLELE, 1, 2).astype(np.int8),
            np.where(is_known(least), least, depth),
            self._integers(samples, "GQ"),
            passes,
            blocks,
            is_bare,
        )

    def _integers(self, samples: Samples, name: str) -> Integers:
        if name in self._fields:
            return samples.integers[name]
        missing: NDArray[np.int32] = np.full(len(samples.first), MISSING_INTEGER, np.int32)
        return missing
