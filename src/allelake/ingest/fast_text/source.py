"""Whole lines of a VCF text in chunks, without its header."""

from collections.abc import Iterator
from pathlib import Path

from allelake.ingest.fast_text.samples import Unplain
from allelake.ingest.inspection.container import ContainerReader, find_container
from allelake.ingest.inspection.header import parse_header, split_text_header
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.spec import Field, Header

# Arrays of so many lines still fit a core's cache, and what a chunk costs beside its lines is
# small: 15% less time than with 1 MiB, and no more with 4 (measured).
LEAST_BYTES = 1 << 21


def open_lines(path: Path) -> tuple[Header, Iterator[bytes]]:
    """The header, and about 2 MiB of lines at a time, each with its newline.

    Raises Unplain for BCF, and for a header that there is something to tell of.
    """
    container = find_container(path)
    if container.is_bcf:
        raise Unplain
    chunks = ContainerReader(container).chunks()
    book = NoticeBook(path)
    lines, rest = split_text_header(path, chunks, book)
    header = parse_header(path, lines, book)
    if book.notices() or any(_is_odd(header.format.get(name)) for name in ("PL", "GL")):
        raise Unplain
    return header, _whole_lines(rest or b"", chunks)


def _is_odd(likelihoods: Field | None) -> bool:
    """Whether htslib has something to say of a declaration."""
    return likelihoods is not None and likelihoods.number != "G"


def _whole_lines(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    pieces, size = [first], len(first)
    for chunk in chunks:
        pieces.append(chunk)
        size += len(chunk)
        if size < LEAST_BYTES:
            continue
        head, newline, rest = chunk.rpartition(b"\n")
        if newline:
            yield b"".join((*pieces[:-1], head, newline))
            pieces, size = [rest], len(rest)
    last = b"".join(pieces)
    if last:
        yield last if last.endswith(b"\n") else last + b"\n"
