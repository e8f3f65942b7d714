"""The records of a BCF file, walked by their lengths."""

import struct
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from allelake.ingest.inspection.bcf_blocks import (
    BLOCK_FIELDS,
    Stored,
    has_allele,
    integers_of,
    with_genotypes,
)
from allelake.ingest.inspection.scan_alleles import NO_ALT_OF_ITS_OWN, Alleles, AlleleScan
from allelake.ingest.inspection.scan_any_other import any_other_numbers, note
from allelake.ingest.inspection.scan_blocks import Block, BlockScan
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_order import ContigWalk
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.spec import Header

if TYPE_CHECKING:
    from allelake.ingest.cohort_bcf.cuts import Cuts
    from allelake.ingest.cohort_bcf.inspect import PlainBcfScan

# BCF2 specification 6.3.1: l_shared, l_indiv, CHROM, POS, rlen, QUAL, n_info and n_allele, n_fmt
# and n_sample.
FIXED = struct.Struct("<IIiiiIHHI")
# Section 6.3.3: bytes of one value of each atomic type.
TYPE_BYTES = {0: 0, 1: 1, 2: 2, 3: 4, 5: 4, 7: 1}
INT32, TEXT = 3, 7
MAX_RECORD_BYTES = 1 << 30
# From so many records on those that are plain are taken by compiled code, whose start takes as long
# as some ten thousand records do here.
RECORDS_BY_HAND = 10_000
_Bytes = TypeVar("_Bytes", bytes, memoryview)
_NONE: frozenset[int] = frozenset()
CUT = "Copy the file again from its source."


class BcfScan:
    """Checks each BCF record: lengths, dictionary numbers, alleles, order."""

    def __init__(
        self,
        place: Place,
        header: Header,
        book: NoticeBook,
        contigs: dict[int, str],
        names: dict[int, str],
        by_hand: int | None = None,
    ):
        """`contigs` and `names` are the header's, by number; `by_hand` is for RECORDS_BY_HAND."""
        self._place = place
        self._book = book
        self.walk = ContigWalk(place, header, book)
        self.blocks = BlockScan(place, self.walk, book, len(header.samples))
        self._alleles = AlleleScan(place, book)
        self._header = header
        self._contigs = contigs
        self._names = names
        self._contig = -1
        # Of the record at hand.
        self._any_other = _NONE
        self._layouts: dict[tuple[int, ...], bool] = {}
        self.info_used: dict[str, None] = {}
        self.format_used: dict[str, None] = {}
        self._plain: PlainBcfScan | None = None
        # Files of one sample come by the thousand, and most of their records may be blocks.
        is_one = len(header.samples) == 1
        self._by_hand = sys.maxsize if is_one else RECORDS_BY_HAND if by_hand is None else by_hand
        # Where the file may be cut, if that is asked; and where the bytes at hand begin in it.
        self.cuts: Cuts | None = None
        self._text = 0

    def take_all(self, first: bytes, chunks: Iterator[bytes]) -> None:
        """Check every record of the stream; one that is cut is a refusal."""
        data = self._take_whole(first)
        for chunk in chunks:
            data = self._take_whole(data + chunk)
        if data:
            self._place.record += 1
            self._place.position = None
            raise self._place.refuse(f"the file ends inside the record: it was cut. {CUT}")

    def take_buffer(self, data: memoryview, text: int) -> None:
        """Check some whole records, of which the first begins at `text` in the unpacked file."""
        self._text = text
        if self._take_whole(data):
            raise self._damaged("its length cannot be true")

    def _take_whole(self, data: _Bytes) -> _Bytes:
        at = self._take_plain(data, 0)
        while at + 8 <= len(data):
            shared, genotypes = struct.unpack_from("<II", data, at)
            if shared < 24 or shared + genotypes > MAX_RECORD_BYTES:
                self._place.record += 1
                raise self._damaged("its length cannot be true")
            end = at + 8 + shared + genotypes
            if end > len(data):
                break
            records, contig, reach = self._place.record, self._contig, self.walk.last_base
            self._take(bytes(data[at:end]), 8 + shared)
            if self.cuts is not None:
                is_next = contig != self._contig
                self.cuts.note(self._place, self._text + at, records, -1 if is_next else reach)
            at = self._take_plain(data, end)
        return data[at:]

    def _take_plain(self, data: _Bytes, at: int) -> int:
        """Take records that are plain from byte `at` on; where the first one begins that is not."""
        if self._place.record < self._by_hand:
            return at
        if self._plain is None:
            from allelake.ingest.cohort_bcf.inspect import PlainBcfScan

            self._plain = PlainBcfScan(self._place, self._header, self.walk, self._names)
        self._plain.note_used(self.info_used, self.format_used)
        return self._plain.take(data, at, self._contig, self._text, self.cuts)

    def _take(self, record: bytes, shared_end: int) -> None:
        place = self._place
        place.record += 1
        fields = FIXED.unpack_from(record)
        contig, pos0, counts, format_total, sample_bits = (
            *fields[2:4],
            fields[6:8],
            fields[8] >> 24,
            fields[8],
        )
        info_total, allele_total = counts
        if contig != self._contig:
            if contig not in self._contigs:
                raise self._damaged(f"contig number {contig} is not in the header")
            self.walk.enter(self._contigs[contig])
            self.blocks.enter()
            self._contig = contig
        if sample_bits & 0xFFFFFF != len(self._header.samples) and (format_total or sample_bits):
            raise self._damaged(
                f"it has {sample_bits & 0xFFFFFF} samples, and the header has "
                f"{len(self._header.samples)}"
            )
        try:
            block = self._take_shared(record, shared_end, pos0, info_total, allele_total)
            stored = self._take_formats(record, shared_end, format_total)
            samples = len(self._header.samples)
            if block is not None:
                self.blocks.take(with_genotypes(block, record, stored, samples))
            elif (
                self._any_other
                and "GT" in stored
                and has_allele(self._any_other, record, stored["GT"], samples)
            ):
                note(self._book, place.where)
        except (IndexError, struct.error, KeyError):
            raise self._damaged("its fields run past its end") from None

    def _take_shared(
        self, record: bytes, end: int, pos0: int, info_total: int, allele_total: int
    ) -> Block | None:
        """Check what all samples share; what it says of a block, if it has no ALT of its own."""
        at, _, size = self._value(record, FIXED.size)
        at += size
        alleles = []
        for _ in range(allele_total):
            at, kind, size = self._value(record, at)
            if kind != TEXT and size:
                raise self._damaged("an allele is no text")
            alleles.append(record[at : at + size])
            at += size
        ref = alleles[0] if alleles else b""
        self.walk.step(pos0 + 1, max(1, len(ref)))
        found = self._alleles.take(ref, b",".join(alleles[1:]) or b".")
        self._any_other = any_other_numbers(alleles[1:]) if found & Alleles.ANY_OTHER else _NONE
        at, kind, size = self._value(record, at)
        self._check_filters(record[at : at + size], TYPE_BYTES[kind])
        at += size
        keys = []
        block_end: int | None = None
        for _ in range(info_total):
            at, key = self._key(record, at)
            keys.append(key)
            at, kind, size = self._value(record, at)
            if self._names.get(key) == "END":
                block_end = next(iter(integers_of(record[at : at + size], kind)), None)
            at += size
        if at != end:
            raise self._damaged("its INFO does not end where the record says")
        self.info_used.update(dict.fromkeys(self._named(key, "INFO") for key in keys))
        if found & NO_ALT_OF_ITS_OWN:
            is_any_other = bool(found & Alleles.ONLY_ANY_OTHER)
            return Block(pos0 + 1, max(1, len(ref)), block_end, is_any_other=is_any_other)
        return None

    def _take_formats(self, record: bytes, at: int, format_total: int) -> dict[str, Stored]:
        """Check the samples' columns; where in the record stands what tells of a block."""
        keys = []
        stored: dict[str, Stored] = {}
        for _ in range(format_total):
            at, key = self._key(record, at)
            keys.append(key)
            at, kind, size = self._value(record, at)
            if kind == INT32 and self._names.get(key) == "GT":
                # cyvcf2 keeps alleles in 16 bits: 65,537 would come out as 1.
                raise self._damaged("a GT has an allele number beyond 16 bits")
            if self._names.get(key) in BLOCK_FIELDS:
                stored[self._names[key]] = (kind, size, at)
            at += size * len(self._header.samples)
        if at != len(record):
            raise self._damaged("its genotypes do not end where the record says")
        if not self._header.samples:
            return stored
        layout = tuple(keys)
        if layout not in self._layouts:
            names = [self._named(key, "FORMAT") for key in keys]
            if len(set(names)) < len(names):
                raise self._damaged("a FORMAT field stands in it twice")
            self._layouts[layout] = "GT" in names
            self.format_used.update(dict.fromkeys(names))
        if not self._layouts[layout]:
            self._book.fact(
                "no_gt", "records without GT: their samples are unknown there", self._place.where
            )
        return stored

    def _check_filters(self, numbers: bytes, width: int) -> None:
        for start0 in range(0, len(numbers), width or 1):
            number = int.from_bytes(numbers[start0 : start0 + width], "little", signed=True)
            name = self._named(number, "FILTER")
            if name != "PASS" and name not in self._header.filters:
                self._book.fault(
                    "filter_not_declared",
                    f"FILTER {name} is used but not declared",
                    self._place.where,
                )

    def _named(self, number: int, kind: str) -> str:
        if number not in self._names:
            raise self._damaged(f"{kind} number {number} is not in the header")
        return self._names[number]

    def _value(self, record: bytes, at: int) -> tuple[int, int, int]:
        """Where the value that is described there begins, its type, and its bytes."""
        size, kind = record[at] >> 4, record[at] & 15
        at += 1
        if size == 15:
            at, size = self._key(record, at)
        return at, kind, size * TYPE_BYTES[kind]

    def _key(self, record: bytes, at: int) -> tuple[int, int]:
        """The integer there, and where the next value begins."""
        width = TYPE_BYTES[record[at] & 15]
        end = at + 1 + width
        return end, int.from_bytes(record[at + 1 : end], "little", signed=True)

    def _damaged(self, how: str) -> Exception:
        return self._place.refuse(f"the BCF record is damaged: {how}. {CUT}")
