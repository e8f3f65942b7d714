"""Reference blocks of a gVCF: where each ends, that none overlap, and what their genotypes say."""

import re
from dataclasses import dataclass
from enum import IntEnum

from allelake.ingest.evidence.notices import (
    BLOCK_NOT_REFERENCE,
    BLOCK_WITHOUT_READS,
    LEN_DISAGREES_WITH_END,
    MESSAGES,
    NO_CALL_BLOCK,
)
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_order import ContigWalk
from allelake.ingest.inspection.scan_place import Place, shown

END = re.compile(rb"(?:^|;)END=([^;]*)")
WHOLE = re.compile(rb"[+-]?\d{1,18}")
FIELDS = (b"GT", b"LEN", b"MIN_DP", b"DP")
MAX_REMEMBERED = 4096
CORRECT = "Correct the record, or make the gVCF again."


class Called(IntEnum):
    """What the genotype of a block says; only the first is evidence."""

    REFERENCE = 0
    NO_CALL = 1
    OTHER = 2
    NOTHING = 3


@dataclass(frozen=True, slots=True)
class Block:
    """What a record without an ALT of its own says, whatever file it stands in.

    `end` is INFO END; `lengths` FORMAT LEN, one for each sample (or none at all); None: not given.
    `is_any_other`: its ALT is `<NON_REF>` or `<*>`, not `.`.
    """

    position: int
    ref_length: int
    end: int | None
    lengths: tuple[int | None, ...] = ()
    no_calls: int = 0
    not_reference: int = 0
    without_reads: int = 0
    is_any_other: bool = False

    @property
    def has_length(self) -> bool:
        """Whether FORMAT LEN says of any sample where the block ends."""
        return any(length is not None for length in self.lengths)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the missing ALT tells it from a record: so all-sites VCFs write."""
        return self.end is None and not self.has_length and not self.is_any_other


class BlockScan:
    """Follows the blocks of a file along its contigs; `total` counts them, `bare` those among them.

    Bare ones may overlap any other: a caller writes one for a base, and one for an indel there.

    Of one sample, every record whose ALT is only `<NON_REF>` or `<*>`, or `.`, is a block. A call
    set of several writes such records where no ALT was left, too: there a block says where it ends.
    """

    def __init__(self, place: Place, walk: ContigWalk, book: NoticeBook, sample_total: int):
        self._place = place
        self._walk = walk
        self._book = book
        self._samples = sample_total
        self._layouts: dict[bytes, tuple[int | None, ...]] = {}
        self._kinds: dict[bytes, Called] = {}
        self.total = 0
        self.bare = 0
        # Of the contig so far: where the last of the blocks ends, for all samples or for each.
        self.last_end = 0
        self._ends: tuple[int, ...] | None = None

    def enter(self) -> None:
        """The next contig begins."""
        self.last_end = 0
        self._ends = None

    def take_text(
        self,
        position: int,
        ref_length: int,
        info: bytes,
        fmt: bytes,
        columns: bytes,
        is_any_other: bool,
    ) -> None:
        """Take a line without an ALT of its own; `columns` are those of the samples."""
        if not self._samples:
            self._note_no_alt()
            return
        layout = self._layouts.get(fmt)
        if layout is None:
            layout = layout_of(fmt)
            if len(self._layouts) < MAX_REMEMBERED:
                self._layouts[fmt] = layout
        end = self._end_of(info)
        tally = [0, 0, 0, 0]
        without_reads = 0
        lengths: list[int | None] = []
        gt, length, min_dp, dp = layout
        for column in columns.split(b"\t"):
            values = column.split(b":")
            if length is not None:
                lengths.append(self._length_of(values, length))
                if self._samples > 1 and end is None and lengths[-1] is None:
                    # Still in an earlier block of its own (VCF 4.5).
                    continue
            called = self._called(values, gt)
            tally[called] += 1
            if called is Called.REFERENCE:
                without_reads += is_zero(values, min_dp, dp)
        told = (tally[Called.NO_CALL], tally[Called.OTHER], without_reads)
        self.take(Block(position, ref_length, end, tuple(lengths), *told, is_any_other))

    def take(self, block: Block) -> None:
        """Take a record without an ALT of its own: a block, or a record that says nothing."""
        has_length = block.has_length
        if not self._samples or (self._samples > 1 and block.end is None and not has_length):
            self._note_no_alt()
            return
        self.total += 1
        self._refuse_impossible(block)
        if block.is_bare:
            self.bare += 1
        else:
            self._follow(block.position, ends_of(block, self._samples))
        where = self._place.where
        if has_length and block.end is not None:
            starts = block.position - 1
            if any(n is not None and starts + n != block.end for n in block.lengths):
                self._note(LEN_DISAGREES_WITH_END, 1, where)
        self._note(NO_CALL_BLOCK, block.no_calls, where)
        self._note(BLOCK_NOT_REFERENCE, block.not_reference, where)
        self._note(BLOCK_WITHOUT_READS, block.without_reads, where)

    def take_bare(self, total: int) -> None:
        """Take bare blocks at once of a file of one sample, of which nothing is told."""
        self.total += total
        self.bare += total

    def take_run(self, total: int, position: int, end: int) -> bool:
        """Take blocks that are not bare at once, of a file of one sample; nothing is told of them.

        They lie on the contig being walked, within its length, and none overlaps another;
        `position` is where the first begins, `end` where the last ends. False, and nothing is done,
        if the first overlaps a block before it: `take` must take each.
        """
        if position <= self.last_end:
            return False
        self.total += total
        self.last_end, self._ends = end, None
        return True

    def _note_no_alt(self) -> None:
        self._book.fact("no_alt", "records without ALT: no variant, no row", self._place.where)

    def _note(self, code: str, count: int, where: str) -> None:
        if count:
            self._book.fact(code, MESSAGES[code], where, count)

    def _refuse_impossible(self, block: Block) -> None:
        if block.end is not None and block.end < block.position:
            raise self._place.refuse(
                f"a reference block with END {block.end}, before its POS {block.position}; "
                f"expected {block.position} or more. {CORRECT}"
            )
        if any(length is not None and length < 1 for length in block.lengths):
            raise self._place.refuse(
                f"a reference block with a LEN below 1; expected 1 or more. {CORRECT}"
            )

    def _follow(self, position: int, ends: tuple[int, ...]) -> None:
        """Refuse a block that overlaps an earlier one of the same sample."""
        before = self.last_end
        if position <= before and len(ends) > 1:
            held = self._ends or (before,) * len(ends)
            before = max((b for b, e in zip(held, ends, strict=True) if e), default=0)
        if position <= before:
            raise self._place.refuse(
                f"a reference block begins here, and one before it ends at {before}: blocks of a "
                "sample must not overlap, since they may contradict each other. Expected this one "
                f"to begin at {before + 1} or later. {CORRECT}"
            )
        self._walk.reach(max(ends))
        if len(ends) == 1:
            self.last_end, self._ends = ends[0], None
            return
        held = self._ends or (self.last_end,) * len(ends)
        self._ends = tuple(max(b, e) for b, e in zip(held, ends, strict=True))
        self.last_end = max(self._ends)

    def _end_of(self, info: bytes) -> int | None:
        match = END.search(info)
        if match is None or match[1] in (b".", b""):
            return None
        if not WHOLE.fullmatch(match[1]):
            raise self._place.refuse(
                f"a reference block with END {shown(match[1])}; expected a whole number. {CORRECT}"
            )
        return int(match[1])

    def _length_of(self, values: list[bytes], place: int) -> int | None:
        if place >= len(values) or values[place] in (b".", b""):
            return None
        if not WHOLE.fullmatch(values[place]):
            raise self._place.refuse(
                f"a reference block with a LEN that is no whole number. {CORRECT}"
            )
        return int(values[place])

    def _called(self, values: list[bytes], gt: int | None) -> Called:
        if gt is None or gt >= len(values):
            return Called.NOTHING if gt is None else Called.NO_CALL
        found = self._kinds.get(values[gt])
        if found is None:
            found = called_of(values[gt])
            if len(self._kinds) < MAX_REMEMBERED:
                self._kinds[values[gt]] = found
        return found


def layout_of(fmt: bytes) -> tuple[int | None, ...]:
    """Where GT, LEN, MIN_DP and DP stand in a FORMAT; None: they do not."""
    keys = fmt.split(b":")
    return tuple(keys.index(name) if name in keys else None for name in FIELDS)


def called_of(gt: bytes) -> Called:
    """What a GT as written says of a block.

    >>> [called_of(gt).name for gt in (b"0/0", b"0", b"./.", b"0/.", b"1/.", b"0|1")]
    ['REFERENCE', 'REFERENCE', 'NO_CALL', 'NO_CALL', 'OTHER', 'OTHER']
    """
    alleles = gt.replace(b"|", b"/").split(b"/")
    if not all(allele in (b"0", b".", b"") for allele in alleles):
        return Called.OTHER
    return Called.REFERENCE if all(allele == b"0" for allele in alleles) else Called.NO_CALL


def is_zero(values: list[bytes], min_dp: int | None, dp: int | None) -> bool:
    """Whether the depth is there and is 0: MIN_DP, and DP where MIN_DP is missing."""
    for place in (min_dp, dp):
        if place is not None and place < len(values) and values[place] not in (b".", b""):
            return values[place].strip(b"0") in (b"", b".") and values[place] != b"."
    return False


def ends_of(block: Block, samples: int) -> tuple[int, ...]:
    """The last base of the block: one for all samples, or one for each; 0: it is none of theirs.

    Where several samples have LEN, one without is still in an earlier block (VCF 4.5).
    """
    if block.end is not None:
        return (block.end,)
    last_of_ref = block.position + block.ref_length - 1
    if samples == 1 and (not block.lengths or block.lengths[0] is None):
        return (last_of_ref,)
    return tuple(0 if n is None else block.position + n - 1 for n in block.lengths)
