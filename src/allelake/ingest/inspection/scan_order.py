"""The order of a file's records: contigs together, positions rising, none past a contig's end."""

import re

from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place, shown
from allelake.ingest.spec import ContigSpan, Header

# VCF 4.3 section 1.4.7, and <ID> for the contigs of an assembly file (1.6.1).
CONTIG_NAME = re.compile(r"[0-9A-Za-z!#$%&+./:;?@^_|~*=-]+|<[^<>\s,]+>")
# Positions are 32-bit in BCF and in the lake.
LAST_POSITION = 2**31 - 1
SORT = "Sort the file: bcftools sort FILE -Oz -o SORTED.vcf.gz"


class ContigWalk:
    """Follows the records of a file along its contigs, and sums them up as spans."""

    def __init__(self, place: Place, header: Header, book: NoticeBook):
        self._place = place
        self._book = book
        self._lengths = header.contigs
        self._spans: dict[str, ContigSpan] = {}
        self._limit = LAST_POSITION
        self._undeclared = False
        self.records = 0
        self.first_position = 0
        self.last_base = 0

    def enter(self, name: str) -> None:
        """Begin the next contig: one that the file has left before is a refusal."""
        self._leave()
        place = self._place
        if not CONTIG_NAME.fullmatch(name):
            raise place.refuse(
                f"CHROM is {shown(name.encode())}; expected a contig's name: no blanks, commas, "
                "quotes or brackets. Correct the record."
            )
        if name in self._spans:
            raise place.refuse(
                f"contig {name} begins again after {place.contig}: a contig's records must stand "
                f"together. {SORT}"
            )
        place.contig, place.position = name, None
        self._limit = min(self._lengths.get(name) or LAST_POSITION, LAST_POSITION)
        self._undeclared = name not in self._lengths
        self.records = 0
        self.last_base = 0

    def step(self, position: int, ref_length: int) -> None:
        """Take a record that covers `ref_length` bases from `position` on (1-based)."""
        place = self._place
        before, place.position = place.position, position
        if before is None:
            self.first_position = position
            before = position
        last_base = position + ref_length - 1
        if last_base > self.last_base:
            self.last_base = last_base
        if position < before:
            raise place.refuse(f"POS {position} comes after {before}: out of order. {SORT}")
        if position < 1:
            raise place.refuse(
                f"POS is {position}; expected 1 or more. Telomeres (POS 0) are not taken: leave "
                "the record out."
            )
        if last_base > self._limit:
            raise self._past_the_end(position, last_base)
        self.records += 1
        if self._undeclared:
            self._note_undeclared(1)

    def take_run(self, records: int, first: int, last: int, last_base: int, reach: int) -> bool:
        """Take records at once that lie on the contig being walked, sorted, from `first` to `last`.

        `reach` is the last base that any of them speaks of. False, and nothing is done, if one of
        them is a fault or is told of: `step` must take each.
        """
        before = self._place.position
        if before is None or first < before or reach > self._limit:
            return False
        if self._undeclared:
            self._note_undeclared(records)
        self._place.position = last
        self.records += records
        self.last_base = max(self.last_base, last_base)
        return True

    def _note_undeclared(self, records: int) -> None:
        place = self._place
        self._book.fault(
            "contig_not_declared",
            f"records on contig {place.contig}, which the header does not declare",
            place.where,
            records,
        )

    def reach(self, end: int) -> None:
        """Take a reference block, stepped to already, that ends there."""
        if end > self._limit:
            is_declared = self._limit < LAST_POSITION
            told = "the header's length of the contig" if is_declared else "the last there can be"
            raise self._place.refuse(
                f"a reference block ends at {end}, beyond {self._limit:,}, {told}. Header or "
                "record is of another assembly."
            )
        if end > self.last_base:
            self.last_base = end

    def _past_the_end(self, position: int, last_base: int) -> Exception:
        what = f"POS {position}" if last_base == position else f"REF, which ends at {last_base},"
        is_declared = self._limit < LAST_POSITION
        told = "the header's length of the contig" if is_declared else "the last one there can be"
        return self._place.refuse(
            f"{what} lies beyond {self._limit:,}, {told}. Header or record is of another assembly."
        )

    def _leave(self) -> None:
        place = self._place
        if place.contig is None or place.position is None:
            return
        self._spans[place.contig] = ContigSpan(
            place.contig, self.records, self.first_position, place.position, self.last_base
        )

    def spans(self) -> tuple[ContigSpan, ...]:
        """The spans so far, the contig being walked included."""
        self._leave()
        return tuple(self._spans.values())
