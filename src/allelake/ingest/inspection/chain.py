"""The chain of blocks of a BGZF file, walked without unpacking them."""

import hashlib
from array import array
from pathlib import Path
from typing import BinaryIO

from allelake.ingest.inspection.bgzf import END_MARKER, MAX_BLOCK_BYTES, block_size

# The head that htslib and htsjdk write, up to the block's size.
_USUAL_HEAD = bytes.fromhex("1f8b08040000000000ff060042430200")
_READ_BYTES = 1 << 22
# Head, extra field, at least two bytes of packed text, checksum and size.
_LEAST_BLOCK_BYTES = 28


class BrokenChain(Exception):
    """The blocks do not join, or the end marker is missing. The reader of blocks says where."""


class Blocks:
    """Where each block begins in the file and in its text; last, where one more would begin."""

    def __init__(self, start: int = 0, text: int = 0) -> None:
        self.starts = array("q", [start])
        self.texts = array("q", [text])

    def walk(self, data: bytes) -> int:
        """Takes the whole blocks at the beginning of some bytes; how many bytes they are."""
        at, start, text, total = 0, self.starts[-1], self.texts[-1], len(data)
        while at < total:
            if data[at : at + 16] == _USUAL_HEAD and at + 18 <= total:
                size = (data[at + 16] | data[at + 17] << 8) + 1
            else:
                found = block_size(data, at)
                if found is None:
                    raise BrokenChain
                size = found
            if size == 0 or at + size > total:
                break
            unpacked = int.from_bytes(data[at + size - 4 : at + size], "little")
            if size < _LEAST_BLOCK_BYTES or unpacked > MAX_BLOCK_BYTES:
                raise BrokenChain
            at += size
            start += size
            text += unpacked
            self.starts.append(start)
            self.texts.append(text)
        return at


def walk_file(path: Path) -> tuple[Blocks, str]:
    """The blocks of a file and its sha256. Raises BrokenChain."""
    blocks, digest = Blocks(), hashlib.sha256()
    rest, last = b"", b""
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            digest.update(piece)
            data = rest + piece
            used = blocks.walk(data)
            rest = data[used:]
            last = (last + data[:used])[-len(END_MARKER) :]
    if rest or last != END_MARKER:
        raise BrokenChain
    return blocks, digest.hexdigest()


def blocks_between(file: BinaryIO, start: int, end: int, text: int) -> Blocks:
    """The blocks of a part of a file, whose text begins at `text`. Raises BrokenChain."""
    blocks = Blocks(start, text)
    file.seek(start)
    rest = b""
    while blocks.starts[-1] < end:
        piece = file.read(min(_READ_BYTES, end - blocks.starts[-1] - len(rest)))
        if not piece:
            raise BrokenChain
        rest += piece
        rest = rest[blocks.walk(rest) :]
    return blocks
