"""A large file of several samples in pieces, which are inspected side by side.

What a piece cannot vouch for makes the whole file be inspected by one reader from its beginning,
whose words count.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from allelake.errors import InputError
from allelake.ingest.inspection.chain import Blocks, BrokenChain, blocks_between, walk_file
from allelake.ingest.inspection.container import Container, ContainerReader, find_container
from allelake.ingest.inspection.header import (
    dictionary_of,
    parse_header,
    split_bcf_header,
    split_text_header,
)
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.inspection.scan_text import TextScan
from allelake.ingest.inspection.survey import PieceReport, Survey
from allelake.ingest.spec import (
    Cut,
    Header,
)
from allelake.ingest.stretches.parts import parts_of
from allelake.ingest.stretches.piece import Piece, piece_lines
from allelake.ingest.stretches.read import BUFFER_BYTES, Buffer

if TYPE_CHECKING:
    from allelake.ingest.inspection.cohort_scan import CohortScan

# Text that a worker takes at a time.
PIECE_BYTES = 1 << 26
# A file may be cut where so much text lies between, and wherever a contig begins.
CUT_BYTES = 1 << 24
# Less text is inspected by one worker at once: starting what is compiled would take as long.
LEAST_TEXT_BYTES = 3 << 24
# A file below this holds less text than that, however well it packs.
_LEAST_PACKED_BYTES = 1 << 17
_DIGEST_BYTES = 1 << 22
_TABS_OF_TWO_SAMPLES = 10
# What a piece cannot tell the words for.
FAULTS = (InputError, OSError, BrokenChain)
# What is looked at to find a cut, and to learn what fields there are.
LOOK_BYTES = 1 << 22
LOOK_CUT_BYTES = 1 << 16


def survey_file(
    path: Path,
    *,
    strict: bool = False,
    piece_bytes: int = PIECE_BYTES,
    least_text_bytes: int = LEAST_TEXT_BYTES,
) -> Survey | None:
    """The pieces of a large file of several samples; None: it is to be inspected as one."""
    try:
        if path.stat().st_size < min(_LEAST_PACKED_BYTES, least_text_bytes):
            return None
        container = find_container(path)
        if container.compression == "gzip":
            return None
        if container.is_bcf and container.compression != "bgzf":
            return None
        return _survey(container, strict, piece_bytes, least_text_bytes)
    except (InputError, OSError, BrokenChain):
        # Told by the reader that reads the file as a stream.
        return None


def _survey(
    container: Container, strict: bool, piece_bytes: int, least_text_bytes: int
) -> Survey | None:
    path = container.path
    modified_ns = path.stat().st_mtime_ns
    book = NoticeBook(path, strict=strict)
    found = _header(container, book)
    if found is None:
        return None
    header, header_end, dictionary = found
    if container.compression == "bgzf":
        blocks, sha256 = walk_file(path)
    else:
        blocks, sha256 = _cut_anywhere(path, piece_bytes)
    if blocks.texts[-1] < least_text_bytes:
        return None
    return Survey(
        path,
        container.kind,
        blocks.starts[-1],
        modified_ns,
        sha256,
        header.samples,
        replace(header, samples=("",) * len(header.samples)),
        book.notices(),
        tuple(_pieces(blocks, header_end, piece_bytes)),
        strict,
        dictionary,
        tuple(_looks(blocks, header_end)) if container.kind == "bgzf" else (),
    )


def _looks(blocks: Blocks, header_end: int) -> Iterator[Piece]:
    """A piece at the beginning of each part that a contig of this length is cut into."""
    size = blocks.texts[-1] - header_end
    parts = parts_of(size)
    if parts == 1:
        return
    yield next(_pieces(blocks, header_end, LOOK_BYTES))
    for number in range(1, parts):
        at = bisect_right(blocks.texts, header_end + number * size // parts) - 1
        after = max(at + 1, bisect_right(blocks.texts, blocks.texts[at] + LOOK_BYTES) - 1)
        text = blocks.texts[at]
        size_of = blocks.texts[after] - text
        yield Piece(number, blocks.starts[at], blocks.starts[after], text, size_of)


def _header(
    container: Container, book: NoticeBook
) -> tuple[Header, int, tuple[dict[int, str], dict[int, str]] | None] | None:
    """What the header says, where the records begin in the text, and the dictionary of BCF.

    None for a file of one sample, or of none.
    """
    taken = 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for chunk in ContainerReader(container).chunks():
            taken += len(chunk)
            yield chunk

    path, is_bcf = container.path, container.is_bcf
    rest: bytes | None
    if is_bcf:
        lines, rest = split_bcf_header(path, counted())
    else:
        lines, rest = split_text_header(path, counted(), book)
    # Asked first: there may be thousands of gVCFs, and parsing a header takes its time.
    if lines[-1].count(b"\t") < _TABS_OF_TWO_SAMPLES:
        return None
    header = parse_header(path, lines, book)
    return header, taken - len(rest or b""), dictionary_of(lines) if is_bcf else None


def _cut_anywhere(path: Path, piece_bytes: int) -> tuple[Blocks, str]:
    """A text that is not packed, as blocks of which each is a piece; and its sha256."""
    blocks, digest, size = Blocks(), hashlib.sha256(), 0
    with path.open("rb") as file:
        while data := file.read(_DIGEST_BYTES):
            digest.update(data)
            size += len(data)
    for end in (*range(piece_bytes, size, piece_bytes), size):
        blocks.starts.append(end)
        blocks.texts.append(end)
    return blocks, digest.hexdigest()


def _pieces(blocks: Blocks, header_end: int, piece_bytes: int) -> Iterator[Piece]:
    """Runs of blocks; the first begins with the block of the first record."""
    starts, texts = blocks.starts, blocks.texts
    last = len(starts) - 1
    at = max(0, bisect_right(texts, header_end, 0, last) - 1)
    skip, number = header_end - texts[at], 0
    while at < last:
        after = max(at + 1, bisect_right(texts, texts[at] + piece_bytes) - 1)
        yield Piece(
            number,
            starts[at],
            starts[after],
            texts[at],
            texts[after] - texts[at],
            skip,
            is_last=after == last,
        )
        at, skip, number = after, 0, number + 1


def scan_piece(
    survey: Survey,
    piece: Piece,
    progress: Callable[[int], None] | None = None,
    *,
    buffer_bytes: int = BUFFER_BYTES,
    cut_bytes: int = CUT_BYTES,
) -> PieceReport | None:
    """What a piece holds; None: the file must be read by one reader from its beginning.

    `progress` is given the packed bytes read since it was last called.
    """
    if survey.kind == "bcf":
        # It is compiled, which texts need not wait for.
        from allelake.ingest.inspection.bcf_pieces import scan_bcf_piece

        return scan_bcf_piece(survey, piece, progress, buffer_bytes, cut_bytes)
    scan = PieceScan(survey, piece, cut_bytes)
    try:
        for buffer, text in piece_lines(survey.path, survey.kind, piece, buffer_bytes, progress):
            scan.take(buffer, text)
        return scan.report()
    except FAULTS:
        return None


class PieceScan:
    """Looks at the text of a piece, buffer by buffer. Raises FAULTS where one reader must tell."""

    def __init__(self, survey: Survey, piece: Piece, cut_bytes: int = CUT_BYTES) -> None:
        # Compiled functions: imported where there is much to read.
        from allelake.ingest.inspection.cohort_scan import CohortScan

        self._survey = survey
        self._piece = piece
        self._book = NoticeBook(survey.path, strict=survey.strict)
        self._place = Place(survey.path)
        self._place.line = 0
        self._scan = TextScan(self._place, survey.header, self._book)
        self._cohort = CohortScan(self._scan, self._place, survey.header, self._book, cut_bytes)

    def take(self, buffer: Buffer, text: int) -> None:
        """Whole lines, the first of which begins at `text`."""
        self._cohort.take_buffer(buffer, text)

    def report(self) -> PieceReport | None:
        """What the piece holds; None: the file must be read by one reader from its beginning."""
        scan, place = self._scan, self._place
        if scan.blocks.total or (scan.has_blank_lines and not self._piece.is_last):
            return None
        scan.close()
        return PieceReport(
            place.record,
            scan.walk.spans(),
            self._book.notices(),
            tuple(key.decode("utf-8", "replace") for key in scan.info.used),
            tuple(scan.genotypes.used),
            scan.info.unreadable(),
            tuple(_cuts(self._survey, self._piece, self._cohort, place.record)),
        )


def _cuts(survey: Survey, piece: Piece, cohort: "CohortScan", records: int) -> Iterator[Cut]:
    """The places to cut at, with their virtual offsets."""
    if survey.kind == "vcf":
        blocks = Blocks()
    else:
        with survey.path.open("rb") as file:
            blocks = blocks_between(file, piece.start, piece.end, piece.text)

    def offset(place: int) -> int:
        if survey.kind == "vcf":
            return place
        block = bisect_right(blocks.texts, place) - 1
        return blocks.starts[block] << 16 | (place - blocks.texts[block])

    for found in cohort.candidates:
        yield Cut(offset(found.place), found.place, found.contig, found.position, found.records)
    # Of a piece that is not the last, the end may lie in the next one's text.
    end = min(max(cohort.end, piece.text), piece.text + piece.text_bytes)
    yield Cut(offset(end), end, "", 0, records)
