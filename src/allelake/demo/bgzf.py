"""Writes BGZF: gzip in blocks of at most 64 KiB, and an empty block that marks the end."""

import struct
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

from isal import isal_zlib

# SAM specification, section 4.1.2: the block that ends every BGZF file.
END_OF_FILE = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
# Less than 65,536 so that a block of bytes that do not compress still fits its 16-bit size.
BLOCK_BYTES = 65_280


class BgzfWriter:
    """A file that takes text as bytes and holds BGZF on disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._pending = bytearray()

    def write(self, text: bytes) -> None:
        self._pending += text
        while len(self._pending) >= BLOCK_BYTES:
            self._file.write(compress_block(bytes(self._pending[:BLOCK_BYTES])))
            del self._pending[:BLOCK_BYTES]

    def close(self) -> None:
        if self._pending:
            self._file.write(compress_block(bytes(self._pending)))
        self._file.write(END_OF_FILE)
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()


def compress_block(text: bytes) -> bytes:
    """One BGZF block holding `text`.

    >>> import gzip
    >>> gzip.decompress(compress_block(b"chr21"))
    b'chr21'
    """
    deflate = isal_zlib.compressobj(level=1, wbits=-15)
    body = deflate.compress(text) + deflate.flush()
    header_and_trailer_bytes = 18 + 8
    size_less_one = len(body) + header_and_trailer_bytes - 1
    header = struct.pack(
        "<4BI2BH2BHH", 31, 139, 8, 4, 0, 0, 255, 6, ord("B"), ord("C"), 2, size_less_one
    )
    return header + body + struct.pack("<II", zlib.crc32(text), len(text))
