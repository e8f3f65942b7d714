"""A large BCF file in pieces, which are inspected side by side.

Where records begin in the middle of a file cannot be known, but well be guessed. The guess is
checked when the pieces are put together: the last record of each must end where the next one begins
to read.
"""

import struct
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from allelake.errors import InputError
from allelake.ingest.cohort_bcf.cuts import Cuts
from allelake.ingest.inspection.chain import BrokenChain, blocks_between
from allelake.ingest.inspection.scan_bcf import FIXED, MAX_RECORD_BYTES, BcfScan
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.inspection.survey import PieceReport, Survey
from allelake.ingest.spec import Cut
from allelake.ingest.stretches.piece import Piece
from allelake.ingest.stretches.read import Unpacked, Window

# Where the number of samples stands in a record, in three bytes.
_SAMPLES_AT = 28
# So many records in a row that could be some are believed to be.
_BELIEVED = 64
_MOST_GUESSES = 4096


def scan_bcf_piece(
    survey: Survey,
    piece: Piece,
    progress: Callable[[int], None] | None,
    buffer_bytes: int,
    cut_bytes: int,
) -> PieceReport | None:
    """What a piece holds; None: the file must be read by one reader from its beginning."""
    assert survey.dictionary is not None
    contigs, names = survey.dictionary
    book = NoticeBook(survey.path, strict=survey.strict)
    place = Place(survey.path)
    scan = BcfScan(place, survey.header, book, contigs, names, by_hand=0)
    scan.cuts = Cuts(cut_bytes)
    # A worker gets the survey without their names.
    samples = len(survey.header.samples)
    try:
        begin, end = _scan(survey.path, piece, scan, samples, contigs, buffer_bytes, progress)
        if scan.blocks.total:
            return None
        cuts = tuple(_cuts(survey.path, piece, scan.cuts, end, place.record))
    except (InputError, OSError, BrokenChain):
        return None
    return PieceReport(
        place.record,
        scan.walk.spans(),
        book.notices(),
        tuple(scan.info_used),
        tuple(scan.format_used),
        (),
        cuts,
        begin,
        end,
    )


def _scan(
    path: Path,
    piece: Piece,
    scan: BcfScan,
    samples: int,
    contigs: Collection[int],
    buffer_bytes: int,
    progress: Callable[[int], None] | None = None,
) -> tuple[int, int]:
    """Lets the scan take the records that begin in a piece; where they begin and end in the text.

    Raises InputError, and BrokenChain where no record is found.
    """
    begin = end = -1
    buffers = _buffers(path, piece, samples, contigs, buffer_bytes, progress)
    for buffer, text in buffers:
        begin = text if begin < 0 else begin
        scan.take_buffer(buffer, text)
        end = text + len(buffer)
    if begin < 0:
        raise BrokenChain
    return begin, end


def _cuts(path: Path, piece: Piece, cuts: Cuts, end: int, records: int) -> Iterator[Cut]:
    """The places to cut at, with their virtual offsets; the end of the piece's records last."""
    with path.open("rb") as file:
        blocks = blocks_between(file, piece.start, piece.end, piece.text)

    def offset(place: int) -> int:
        block = bisect_right(blocks.texts, place) - 1
        return blocks.starts[block] << 16 | (place - blocks.texts[block])

    for found in cuts.candidates:
        yield Cut(offset(found.place), found.place, found.contig, found.position, found.records)
    # Of a piece that is not the last, the end may lie in the next one's text.
    last = min(end, piece.text + piece.text_bytes)
    yield Cut(offset(last), last, "", 0, records)


def _buffers(
    path: Path,
    piece: Piece,
    samples: int,
    contigs: Collection[int],
    buffer_bytes: int,
    progress: Callable[[int], None] | None,
) -> Iterator[tuple[memoryview, int]]:
    """Buffers of the whole records that begin in a piece, each with its place in the text.

    A buffer is good until the next is asked for. The checksums of all blocks of the piece are
    checked before the last one is given.
    """
    memory = memoryview(bytearray(max(buffer_bytes, 2 * piece.header_bytes)))
    start, used, place, stop = -1, 0, piece.text, piece.text + piece.text_bytes
    with path.open("rb") as file:
        text = Unpacked(path, _Counted(file, piece, progress), 0, None, 0)
        while True:
            used += _fill(text, memory[used:])
            if start < 0 and piece.number:
                start = first_record(memory[:used], samples, contigs)
            elif start < 0:
                start = piece.header_bytes
            end = _end_of_records(memory, start, used, stop - place)
            is_last = place + end >= stop
            if is_last and end == used:
                # The checksum of a block is looked at when one goes on behind it.
                text.readinto(memoryview(bytearray(1)))
            if end > start:
                yield memory[start:end], place + start
            if is_last:
                return
            if used < len(memory):
                raise BrokenChain
            held = bytes(memory[end:used])
            if not end:
                memory = _larger(used)
            start, used, place = 0, len(held), place + end
            memory[:used] = held


def _fill(text: Unpacked, room: memoryview) -> int:
    """How many bytes could be read; fewer than there is room for at the end alone."""
    filled = 0
    while filled < len(room) and (size := text.readinto(room[filled:])):
        filled += size
    return filled


def _larger(size: int) -> memoryview:
    if size > MAX_RECORD_BYTES:
        raise BrokenChain
    return memoryview(bytearray(2 * size))


def _end_of_records(memory: memoryview, start: int, used: int, stop: int) -> int:
    """The end of the last whole record, of those that begin before `stop`."""
    at, unpack = start, struct.Struct("<II").unpack_from
    while at + 8 <= used and at < stop:
        shared, own = unpack(memory, at)
        if shared < 24 or shared + own > MAX_RECORD_BYTES:
            raise BrokenChain
        if at + 8 + shared + own > used:
            break
        at += 8 + shared + own
    return at


def first_record(text: memoryview, samples: int, contigs: Collection[int]) -> int:
    """Where the first whole record seems to begin in some bytes. Raises BrokenChain."""
    data, written = text.tobytes(), samples.to_bytes(3, "little")
    found = _SAMPLES_AT - 1
    for _ in range(_MOST_GUESSES):
        found = data.find(written, found + 1)
        if found < 0:
            break
        if _is_chain(text, found - _SAMPLES_AT, samples, contigs):
            return found - _SAMPLES_AT
    raise BrokenChain


def _is_chain(text: memoryview, at: int, samples: int, contigs: Collection[int]) -> bool:
    """Whether what stands there could be records, one after the other."""
    for _ in range(_BELIEVED):
        if at + FIXED.size > len(text):
            break
        shared, own, contig, position, _, _, _, alleles, written = FIXED.unpack_from(text, at)
        is_sound = shared >= 24 and shared + own <= MAX_RECORD_BYTES and alleles > 0
        has_samples = written & 0xFFFFFF == samples or (not written and not own)
        if not (is_sound and has_samples and contig in contigs and position >= 0):
            return False
        at += 8 + shared + own
    return True


class _Counted(Window):
    """The bytes of a piece and those behind it; tells how many of the piece's own are read."""

    def __init__(
        self, file: BinaryIO, piece: Piece, progress: Callable[[int], None] | None
    ) -> None:
        super().__init__(file, piece.start, None)
        self._own = piece.end - piece.start
        self._progress = progress

    def readinto(self, room: memoryview) -> int:
        size = super().readinto(room)
        self._tell(size)
        return size

    def read(self, size: int) -> bytes:
        data = super().read(size)
        self._tell(len(data))
        return data

    def _tell(self, size: int) -> None:
        own = min(size, self._own)
        self._own -= own
        if own and self._progress is not None:
            self._progress(own)
