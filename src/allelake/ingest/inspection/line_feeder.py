"""Cuts the text of a file into lines, and hands them to the scan."""

from collections.abc import Iterator
from typing import Protocol

from allelake.errors import InputError
from allelake.ingest.inspection.scan_notices import NoticeBook
from allelake.ingest.inspection.scan_place import Place
from allelake.ingest.inspection.scan_text import TextScan

# htslib itself ends at 2 GiB; a million samples with eight fields each stay below this.
MAX_LINE_BYTES = 1 << 29


class Shortcut(Protocol):
    """Takes many lines at a time, where it does."""

    def take(self, block: bytes) -> bool:
        """Lines joined by newlines; False, and nothing is done, if they must go one by one."""


class LineFeeder:
    """Cuts chunks into lines and hands them to the scan."""

    def __init__(self, place: Place, scan: TextScan, book: NoticeBook, plain: Shortcut | None):
        self._place = place
        self._scan = scan
        self._book = book
        self._plain = plain

    def feed(self, first: bytes, chunks: Iterator[bytes]) -> bytes:
        """Scan every line that ends in a newline; the bytes after the last newline come back."""
        pieces: list[bytes] = []
        held = 0
        for chunk in _with_first(first, chunks):
            head, newline, rest = chunk.rpartition(b"\n")
            if not newline:
                pieces.append(chunk)
                held += len(chunk)
                if held > MAX_LINE_BYTES:
                    raise self._place.refuse(
                        f"a line after it is longer than {MAX_LINE_BYTES} bytes"
                    )
                continue
            self.take(b"".join([*pieces, head]))
            pieces, held = [rest], len(rest)
        return b"".join(pieces)

    def take(self, block: bytes) -> None:
        """Scan lines joined by newlines."""
        if self._plain is not None and self._plain.take(block):
            return
        lines = block.split(b"\n")
        if b"\r" in block:
            lines = [self._without_return(line) for line in lines]
        if b"\0" in block or not block.isascii():
            self._check_characters(lines)
        place, take = self._place, self._scan.take
        for number, line in enumerate(lines, (place.line or 0) + 1):
            place.line = number
            take(line)

    def _without_return(self, line: bytes) -> bytes:
        if line.endswith(b"\r"):
            self._book.fault("crlf", "lines end in CR LF, as on Windows", "the records")
            return line[:-1]
        return line

    def _check_characters(self, lines: list[bytes]) -> None:
        path = self._place.path
        for number, line in enumerate(lines, (self._place.line or 0) + 1):
            if b"\0" in line:
                raise InputError(f"{path}: line {number} has a NUL byte. Copy the file again.")
            try:
                line.decode()
            except UnicodeDecodeError:
                raise InputError(
                    f"{path}: line {number} is not UTF-8. Convert the file, for example: iconv -f "
                    "LATIN1 -t UTF-8"
                ) from None


def _with_first(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from chunks
