"""Plain lines of a single-sample file checked many at a time; all others go to the TextScan."""

from dataclasses import dataclass

import numpy as np

from allelake.errors import InputError
from allelake.ingest.evidence.notices import (
    BLOCK_NOT_REFERENCE,
    BLOCK_WITHOUT_READS,
    NO_CALL_BLOCK,
)
from allelake.ingest.fast_text.alleles import PlainAlleles, find_alleles
from allelake.ingest.fast_text.fields import SampleFields
from allelake.ingest.fast_text.grammar import NAME, QUALITY
from allelake.ingest.fast_text.known_layouts import (
    PlainInfo,
    plain_filters,
    plain_formats,
    plain_samples,
)
from allelake.ingest.fast_text.lines import ALT, CHROM, ID, POS, QUAL, REF, Lines, cut_lines
from allelake.ingest.fast_text.text import Flags, Places
from allelake.ingest.inspection.scan_alleles import Alleles
from allelake.ingest.inspection.scan_any_other import CODE as ANY_OTHER_ALLELE
from allelake.ingest.inspection.scan_any_other import any_other_numbers
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.inspection.scan_text import TextScan
from allelake.ingest.spec import Header

# So few lines are checked one by one as fast.
_FEWEST_BYTES = 2048


@dataclass(frozen=True)
class _Run:
    """What a chunk's lines say, line by line; `counted` are the kinds of notices they count to.

    blocks   the lines that are reference blocks, but for bare ones
    bare     whether a line is a bare block
    end      where a block ends
    """

    plain: Flags
    position: Places
    last_base: Places
    blocks: Places
    bare: Flags
    end: Places
    counted: dict[str, Flags]


class PlainScan:
    """Takes chunks of lines for a TextScan, to the same effect as if it took each line itself.

    A line is plain if it can be seen from its columns alone that the TextScan has nothing to say of
    it but what it counts. This is stricter than the TextScan, never laxer.
    """

    def __init__(self, scan: TextScan, place: Place, header: Header, book: NoticeBook):
        self._scan = scan
        self._place = place
        self._book = book
        self._is_single = len(header.samples) == 1

    def take(self, block: bytes) -> bool:
        """Check lines joined by newlines; False (and nothing done) if they must go one by one."""
        if not self._is_single or len(block) < _FEWEST_BYTES or self._scan.has_blank_lines:
            return False
        lines = cut_lines(block + b"\n")
        run = None if lines is None else self._look(lines)
        if lines is None or run is None:
            return False
        self._take(lines, run)
        return True

    def _look(self, lines: Lines) -> _Run | None:
        text, columns = lines.text, lines.columns
        fields = SampleFields(lines)
        if (fields.code < 0).any():
            return None
        plain = plain_formats(fields, self._scan) & plain_filters(lines, self._scan)
        samples = plain_samples(lines, fields)
        plain &= samples.plain
        same_contig = text.same_as_before(columns[CHROM], self._scan.contig)
        plain &= same_contig
        position, is_number = text.integers(columns[POS])
        plain &= is_number & (position > 0)
        plain[1:] &= (position[1:] >= position[:-1]) | ~same_contig[1:]
        alleles = find_alleles(lines)
        is_plain, any_other = self._alleles(lines, alleles)
        plain &= is_plain
        info = PlainInfo(lines, self._scan, alleles.alt_total)
        if not info.is_whole:
            return None
        plain &= info.plain & (~info.has_end | (info.end >= position))
        for column, grammar in ((ID, NAME), (QUAL, QUALITY)):
            rest = np.flatnonzero(plain & ~text.equals(columns[column], b"."))
            plain[rest[~grammar.accepts(text, columns[column][rest])]] = False
        is_block = alleles.is_no_alt | alleles.is_any_other
        plain &= ~(is_block & samples.odd_block)
        last_base = position + columns[REF].length - 1
        end = np.where(info.has_end, info.end, last_base)
        is_bare = alleles.is_no_alt & ~info.has_end
        following = is_block & ~is_bare
        plain[_overlapping(position, end, plain & following, same_contig)] = False
        counted = {
            ANY_OTHER_ALLELE: samples.has_allele(any_other),
            NO_CALL_BLOCK: is_block & samples.no_call,
            BLOCK_NOT_REFERENCE: is_block & samples.not_reference,
            BLOCK_WITHOUT_READS: is_block & samples.without_reads,
        }
        last_base = np.where(is_block, np.maximum(last_base, end), last_base)
        return _Run(plain, position, last_base, np.flatnonzero(following), is_bare, end, counted)

    def _alleles(self, lines: Lines, alleles: PlainAlleles) -> tuple[Flags, Places]:
        """Which lines have sound alleles; the number of <NON_REF> or <*> beside others, or -1."""
        plain, any_other = alleles.is_plain.copy(), np.where(alleles.has_any_other, 2, -1)
        columns, text = lines.columns, lines.text
        for row in np.flatnonzero(~plain & alleles.is_ref & (alleles.alt_total > 1)).tolist():
            ref, alt = text.text_of(columns[REF], row), text.text_of(columns[ALT], row)
            try:
                found = self._scan.alleles.look(ref, alt)
            except InputError:
                continue
            plain[row] = found in (Alleles.ORDINARY, Alleles.ANY_OTHER)
            numbers = any_other_numbers(alt.split(b","))
            plain[row] &= len(numbers) < 2
            any_other[row] = next(iter(numbers), -1)
        return plain, any_other

    def _take(self, lines: Lines, run: _Run) -> None:
        """Take all lines in their order: runs of plain ones at once, the others one by one."""
        plain = run.plain.copy()
        for code, counted in run.counted.items():
            if not self._book.has(code):
                plain[np.flatnonzero(counted)[:1]] = False
        before = self._place.line or 0
        odd = np.flatnonzero(~plain).tolist()
        start = 0
        for row in [*odd, len(lines)]:
            self._take_run(lines, run, start, row, before)
            if row < len(lines):
                self._take_one(lines, row, before)
            start = row + 1

    def _take_one(self, lines: Lines, row: int, before: int) -> None:
        self._place.line = before + row + 1
        self._scan.take(lines.line(row))

    def _take_run(self, lines: Lines, run: _Run, start: int, stop: int, before: int) -> None:
        """Plain lines at once, unless one of them does not follow what was taken before them."""
        if start == stop:
            return
        mine = slice(start, stop)
        low, high = np.searchsorted(run.blocks, (start, stop)).tolist()
        blocks = self._scan.blocks
        first, last = int(run.position[start]), int(run.position[stop - 1])
        begins = int(run.position[run.blocks[low]]) if low < high else 0
        follows = low == high or begins > blocks.last_end
        reach = int(run.last_base[mine].max())
        if not follows or not self._scan.walk.take_run(stop - start, first, last, reach, reach):
            for row in range(start, stop):
                self._take_one(lines, row, before)
            return
        if low < high:
            blocks.take_run(high - low, begins, int(run.end[run.blocks[high - 1]]))
        blocks.take_bare(int(np.count_nonzero(run.bare[mine])))
        self._place.record += stop - start
        self._place.line = before + stop
        for code, counted in run.counted.items():
            self._book.again(code, int(np.count_nonzero(counted[mine])))


def _overlapping(position: Places, end: Places, is_block: Flags, same_contig: Flags) -> Places:
    """Lines that are blocks and begin before an earlier one of their contig has ended."""
    rows = np.flatnonzero(is_block)
    # As if the contigs lay one after another.
    offset = np.cumsum(~same_contig)[rows] << 32
    start, reach = position[rows] + offset, np.maximum.accumulate(end[rows] + offset)
    return rows[1:][start[1:] <= reach[:-1]]
