"""Plain lines of a single-sample file checked many at a time; all others go to the TextScan."""

from dataclasses import dataclass

import numpy as np

from allelake.errors import InputError
from allelake.ingest.fast_text.alleles import ALT, REF, PlainAlleles, find_alleles
from allelake.ingest.fast_text.grammar import NAME, QUALITY
from allelake.ingest.fast_text.known_layouts import (
    PlainInfo,
    plain_filters,
    plain_formats,
    plain_samples,
)
from allelake.ingest.fast_text.lines import Lines, cut_lines
from allelake.ingest.fast_text.text import Flags, Places
from allelake.ingest.inspection.scan_alleles import Alleles
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.inspection.scan_text import TextScan
from allelake.ingest.spec import Header

CHROM, POS, ID, QUAL = 0, 1, 2, 5
# So few lines are checked one by one as fast.
_FEWEST_BYTES = 2048


@dataclass(frozen=True)
class _Run:
    """What a chunk's lines say, line by line; `counted` are the kinds of notices they count to."""

    plain: Flags
    position: Places
    last_base: Places
    reach: Places
    is_block: Flags
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
        plain_format = plain_formats(lines, self._scan)
        if plain_format is None:
            return None
        plain = plain_format & plain_samples(lines) & plain_filters(lines, self._scan)
        plain &= text.same_as_before(columns[CHROM], self._scan.contig)
        position, is_number = text.integers(columns[POS])
        plain &= is_number & (position > 0)
        plain[1:] &= position[1:] >= position[:-1]
        alleles = find_alleles(lines)
        is_plain, has_any_other = self._alleles(lines, alleles)
        plain &= is_plain
        info = PlainInfo(lines, self._scan, alleles.alt_total)
        if not info.is_whole:
            return None
        plain &= info.plain & (~info.has_end | (info.end >= position))
        for column, grammar in ((ID, NAME), (QUAL, QUALITY)):
            rest = np.flatnonzero(plain & ~text.equals(columns[column], b"."))
            plain[rest[~grammar.accepts(text, columns[column][rest])]] = False
        no_alt = alleles.is_no_alt | alleles.is_any_other
        is_block = no_alt & (info.has_end | alleles.is_any_other)
        last_base = position + columns[REF].length - 1
        return _Run(
            plain,
            position,
            last_base,
            np.where(info.has_end, np.maximum(last_base, info.end), last_base),
            is_block,
            {"no_alt": no_alt, "any_other_allele": has_any_other},
        )

    def _alleles(self, lines: Lines, alleles: PlainAlleles) -> tuple[Flags, Flags]:
        """Which lines have sound alleles, and which of them <NON_REF> or <*> beside others."""
        plain, has_any_other = alleles.is_plain.copy(), alleles.has_any_other.copy()
        columns, text = lines.columns, lines.text
        for row in np.flatnonzero(~plain & alleles.is_ref & (alleles.alt_total > 1)).tolist():
            ref, alt = text.text_of(columns[REF], row), text.text_of(columns[ALT], row)
            try:
                found = self._scan.alleles.look(ref, alt)
            except InputError:
                continue
            plain[row] = found in (Alleles.ORDINARY, Alleles.ANY_OTHER)
            has_any_other[row] = found == Alleles.ANY_OTHER
        return plain, has_any_other

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
        first, last = int(run.position[start]), int(run.position[stop - 1])
        last_base, reach = int(run.last_base[mine].max()), int(run.reach[mine].max())
        if not self._scan.walk.take_run(stop - start, first, last, last_base, reach):
            for row in range(start, stop):
                self._take_one(lines, row, before)
            return
        self._place.record += stop - start
        self._place.line = before + stop
        for code, counted in run.counted.items():
            self._book.again(code, int(np.count_nonzero(counted[mine])))
