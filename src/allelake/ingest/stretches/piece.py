"""Pieces of a file that begin and end anywhere, read as whole lines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from allelake.errors import InputError
from allelake.ingest.spec import FileKind
from allelake.ingest.stretches.read import Buffer, Memory, Text, Unpacked, Window

_TAIL_BYTES = 1 << 16


@dataclass(frozen=True)
class Piece:
    """Part of a file: its bytes from `start` to `end`, whole blocks, and where its text lies.

    Of the first, whose number is 0, the records begin `header_bytes` after its text does.
    """

    number: int
    start: int
    end: int
    text: int
    text_bytes: int
    header_bytes: int = 0
    is_last: bool = False


def piece_lines(
    path: Path,
    kind: FileKind,
    piece: Piece,
    buffer_bytes: int,
    progress: Callable[[int], None] | None = None,
) -> Iterator[tuple[Buffer, int]]:
    """Buffers of whole lines, each with the place of its first line in the text of all.

    They are the lines that begin behind a newline of the piece's text: the line that it begins in
    is left out, the one that the next piece begins in is read to its end. Of the first piece, all
    lines from the first record on. Buffers are good until the next is asked for.

    `progress` is given the packed bytes read since it was last called. Raises InputError for
    blocks that are damaged, and for a last line without its newline.
    """
    with path.open("rb") as file:
        window = _Counted(file, piece.start, piece.end, progress)
        text: Text = window
        if kind != "vcf":
            text = Unpacked(path, window, 0, piece.text_bytes, 0)
        memory = Memory(path, text, buffer_bytes)
        place = piece.text
        skip, has_begun = piece.header_bytes, piece.number == 0
        for buffer in memory.lines(skip_header=False, close=False):
            first = min(skip, len(buffer))
            skip -= first
            if not has_begun:
                first = buffer[:].tobytes().index(b"\n") + 1
                has_begun = True
            if first < len(buffer):
                yield buffer[first:], place + first
            place += len(buffer)
        if has_begun:
            yield from _last_line(path, kind, file, memory.rest, piece.end, place)


def _last_line(
    path: Path, kind: FileKind, file: BinaryIO, begun: bytes, end: int, place: int
) -> Iterator[tuple[Buffer, int]]:
    """The line that begins at or before the end of the piece's text, if there is one."""
    window = Window(file, end, None)
    tail: Text = window if kind == "vcf" else Unpacked(path, window, 0, None, 0)
    pieces, room = [begun], memoryview(bytearray(_TAIL_BYTES))
    while size := tail.readinto(room):
        head, newline, _ = bytes(room[:size]).partition(b"\n")
        pieces.append(head + newline)
        if newline:
            yield np.frombuffer(b"".join(pieces), np.uint8), place
            return
    if any(pieces):
        raise InputError(f"{path}: the last line has no newline at its end")


class _Counted(Window):
    """Tells of the bytes that are read."""

    def __init__(
        self, file: BinaryIO, start: int, end: int, progress: Callable[[int], None] | None
    ) -> None:
        super().__init__(file, start, end)
        self._progress = progress

    def readinto(self, room: memoryview) -> int:
        size = super().readinto(room)
        if self._progress is not None:
            self._progress(size)
        return size

    def read(self, size: int) -> bytes:
        data = super().read(size)
        if self._progress is not None:
            self._progress(len(data))
        return data
