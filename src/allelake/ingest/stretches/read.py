"""The text of a stretch of a file, in buffers of whole lines or whole BCF records."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from allelake.errors import InputError
from allelake.ingest.inspection.bgzf import MAX_BLOCK_BYTES, block_size
from allelake.ingest.spec import FileKind, Stretch

Buffer = NDArray[np.uint8]

# What comes out is still in a core's share of the cache when it is read: 4 MiB take 10% more time
# to fill than 1 MiB and 10% less than 16 (measured), and each buffer costs something to look at.
BUFFER_BYTES = 1 << 22
# Bytes that may be read, whatever they are, after the end of a buffer: a compiled loop looks ahead.
MARGIN_BYTES = 64
# htslib itself ends at 2 GiB; a million samples with eight fields each stay below this.
MAX_RECORD_BYTES = 1 << 29
_PACKED_BYTES = 1 << 18
_BCF_MAGIC = b"BCF\x02"
# zlib's error is raised by isal, too, beside what its own class of reader raises.
_UNPACK_ERRORS = (OSError, EOFError, zlib.error)


def read_stretch(
    path: Path,
    kind: FileKind,
    stretch: Stretch | None = None,
    *,
    buffer_bytes: int = BUFFER_BYTES,
) -> Iterator[Buffer]:
    """About `buffer_bytes` of whole lines, or of whole BCF records, at a time; no header.

    `stretch` None: all records of the file; a gzip file that is not BGZF can be read whole only.
    Each line ends in a newline, the file's last one too. A buffer is good until the next is asked
    for: its memory is used again. After its end MARGIN_BYTES more may be read.

    The checksum and size of every block are checked, and that the stretch has its length, before
    the last buffer is given out. Memory: a buffer, which grows to twice the longest record.

    Raises InputError where the file is not any more what was inspected.
    """
    is_cut = stretch is not None
    with path.open("rb") as file:
        text = open_text(path, file, kind, stretch)
        memory = Memory(path, text, buffer_bytes)
        if kind == "bcf":
            yield from memory.records(skip_header=not is_cut)
        else:
            yield from memory.lines(skip_header=not is_cut)


class Text(Protocol):
    """Unpacked bytes, one after the other."""

    def readinto(self, room: memoryview) -> int:
        """Fills some of the room, at least a byte of it; 0 at the end."""


def open_text(path: Path, file: BinaryIO, kind: FileKind, stretch: Stretch | None) -> Text:
    """The bytes of a stretch, or of the whole file with its header."""
    if kind == "vcf":
        end = None if stretch is None else stretch.end
        return Window(file, 0 if stretch is None else stretch.start, end)
    if kind == "bcf" and not _is_packed(file):
        end = None if stretch is None else stretch.end
        return Window(file, 0 if stretch is None else stretch.start, end)
    if stretch is None:
        return Unpacked(path, Window(file, 0, None), 0, None, 0)
    block, kept = stretch.end >> 16, stretch.end & 0xFFFF
    size, text_bytes = _block_at(path, file, block) if kept else (0, 0)
    window = Window(file, stretch.start >> 16, block + size)
    skipped = stretch.start & 0xFFFF
    return Unpacked(path, window, skipped, stretch.text_bytes, text_bytes - kept)


def whole_blocks(path: Path, stretch: Stretch) -> tuple[int, int, int]:
    """Where the blocks of a stretch of a BGZF file begin and end in it, and how long their text is.

    Raises InputError where there are none any more.
    """
    skipped, block, kept = stretch.start & 0xFFFF, stretch.end >> 16, stretch.end & 0xFFFF
    size, text_bytes = 0, 0
    if kept:
        with path.open("rb") as file:
            size, text_bytes = _block_at(path, file, block)
    return stretch.start >> 16, block + size, skipped + stretch.text_bytes + text_bytes - kept


def _is_packed(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(2) == b"\x1f\x8b"


def _block_at(path: Path, file: BinaryIO, start: int) -> tuple[int, int]:
    """Bytes of the BGZF block that begins there, packed and unpacked."""
    file.seek(start)
    block = file.read(MAX_BLOCK_BYTES)
    size = block_size(block, 0)
    if not size or size > len(block):
        raise _changed(path, f"no BGZF block begins at byte {start} any more")
    return size, int.from_bytes(block[size - 4 : size], "little")


def _changed(path: Path, how: str) -> InputError:
    return InputError(
        f"{path}: the file changed since it was inspected: {how}. Wait for its writer to end, and "
        "run it again."
    )


class Window:
    """The bytes of a file from one place to another."""

    def __init__(self, file: BinaryIO, start: int, end: int | None) -> None:
        self._file = file
        self._left = None if end is None else end - start
        file.seek(start)

    def readinto(self, room: memoryview) -> int:
        if self._left is not None:
            room = room[: self._left]
        size = self._file.readinto(room)  # type: ignore[attr-defined]
        if self._left is not None:
            self._left -= size
        return int(size)

    def read(self, size: int) -> bytes:
        """At most so many bytes."""
        data = self._file.read(size if self._left is None else min(size, self._left))
        if self._left is not None:
            self._left -= len(data)
        return data


class Unpacked:
    """The text of gzip members: `skipped` bytes left out, then `text_bytes`, then `rest` more.

    All members are unpacked to their ends, so each one's checksum is checked. None for
    `text_bytes`: all there is.
    """

    def __init__(
        self, path: Path, window: Window, skipped: int, text_bytes: int | None, rest: int
    ) -> None:
        self._path = path
        # Its class in Python unpacks into memory of its own and copies: a third slower.
        self._reader = isal_zlib._GzipReader(window, _PACKED_BYTES)  # type: ignore[arg-type]
        self._left = text_bytes
        self._rest = rest
        self._pass_over(skipped)

    def readinto(self, room: memoryview) -> int:
        if self._left is None:
            return self._unpack(room)
        if not self._left:
            return 0
        size = self._unpack(room[: self._left])
        if not size:
            raise _changed(self._path, "it ends earlier")
        self._left -= size
        if not self._left:
            self._pass_over(self._rest)
            if self._unpack(memoryview(bytearray(1))):
                raise _changed(self._path, "its blocks are longer")
        return size

    def _pass_over(self, size: int) -> None:
        scrap = memoryview(bytearray(size))
        while scrap:
            read = self._unpack(scrap)
            if not read:
                raise _changed(self._path, "it ends earlier")
            scrap = scrap[read:]

    def _unpack(self, room: memoryview) -> int:
        try:
            return self._reader.readinto(room)
        except _UNPACK_ERRORS as error:
            raise _changed(self._path, f"it cannot be unpacked ({error})") from error


class Memory:
    """Memory that a text is read into over and over, records that are not whole carried on."""

    def __init__(self, path: Path, text: Text, buffer_bytes: int) -> None:
        self._path = path
        self._text = text
        self._make(buffer_bytes)
        self._used = 0
        self._is_over = False

    def _make(self, size: int) -> None:
        self._bytes = bytearray(size + MARGIN_BYTES)
        self._room = memoryview(self._bytes)
        self._array = np.frombuffer(self._bytes, np.uint8)

    @property
    def rest(self) -> bytes:
        """What is left of the text: a line that does not end."""
        return bytes(self._bytes[: self._used])

    def lines(self, *, skip_header: bool, close: bool = True) -> Iterator[Buffer]:
        """Whole lines; `skip_header`: not those at the beginning that begin with #.

        `close`: a last one without its newline is a line, too.
        """
        in_header = skip_header
        while self._fill():
            if self._is_over and self._bytes[self._used - 1] != 10:
                if not close and self._bytes.rfind(b"\n", 0, self._used) < 0:
                    return
                if close:
                    self._bytes[self._used] = 10
                    self._used += 1
            end = self._bytes.rfind(b"\n", 0, self._used) + 1
            start = 0
            while in_header and start < end:
                in_header = self._bytes[start] == 35
                start = self._bytes.find(b"\n", start) + 1 if in_header else start
            if start < end:
                yield self._array[start:end]
            self._carry(end)

    def records(self, *, skip_header: bool) -> Iterator[Buffer]:
        """Whole BCF records; `skip_header`: the text begins with the file's header."""
        to_skip = 0
        is_first = skip_header
        while self._fill():
            start = 0
            if is_first:
                to_skip = self._header_bytes()
                is_first = False
            if to_skip:
                start = min(to_skip, self._used)
                to_skip -= start
            end = self._end_of_records(start)
            if end > start:
                yield self._array[start:end]
            elif self._is_over and end < self._used:
                raise _changed(self._path, "it ends inside a record")
            self._carry(end)

    def _header_bytes(self) -> int:
        if self._used < 9 or self._bytes[:4] != _BCF_MAGIC:
            raise _changed(self._path, "it is no BCF any more")
        return 9 + int.from_bytes(self._bytes[5:9], "little")

    def _end_of_records(self, start: int) -> int:
        at, used, unpack = start, self._used, struct.Struct("<II").unpack_from
        while at + 8 <= used:
            shared, own = unpack(self._bytes, at)
            if shared < 24 or shared + own > MAX_RECORD_BYTES:
                raise _changed(self._path, "the length of a record cannot be true")
            if at + 8 + shared + own > used:
                break
            at += 8 + shared + own
        return at

    def _fill(self) -> bool:
        """Reads until the memory is full or the text is over; False if nothing is left to give."""
        full = len(self._bytes) - MARGIN_BYTES
        while self._used < full and not self._is_over:
            size = self._text.readinto(self._room[self._used : full])
            self._is_over = not size
            self._used += size
        return self._used > 0

    def _carry(self, end: int) -> None:
        """Brings what follows byte `end` to the beginning; makes more room if `end` is there."""
        left = self._used - end
        before = self._bytes
        if not end:
            if len(before) > MAX_RECORD_BYTES:
                raise InputError(f"{self._path}: a record is longer than {MAX_RECORD_BYTES} bytes")
            self._make(2 * (len(before) - MARGIN_BYTES))
        self._bytes[:left] = before[end : end + left]
        self._used = left
