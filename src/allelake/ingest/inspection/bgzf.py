"""BGZF: a chain of gzip blocks that each say their size, closed by an empty one."""

import struct
from collections.abc import Iterator
from pathlib import Path

from isal import isal_zlib

from allelake.errors import InputError
from allelake.ingest.inspection.gzip_members import COPY_AGAIN, UNPACK_ERROR

# SAM specification 4.1.2: the empty block that every writer puts last.
END_MARKER = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
MAX_BLOCK_BYTES = 1 << 16
# Text given out at a time.
TEXT_BYTES = 1 << 20


def block_size(data: bytes, start0: int) -> int | None:
    """Bytes of the BGZF block that begins there; None if none does, 0 if more bytes are needed."""
    if len(data) - start0 < 18:
        return 0 if END_MARKER.startswith(data[start0 : start0 + 4]) else None
    if data[start0 : start0 + 4] != b"\x1f\x8b\x08\x04":
        return None
    extra_bytes = int.from_bytes(data[start0 + 10 : start0 + 12], "little")
    at, end = start0 + 12, start0 + 12 + extra_bytes
    if end > len(data):
        return 0
    while at + 4 <= end:
        length = int.from_bytes(data[at + 2 : at + 4], "little")
        if data[at : at + 2] == b"BC" and length == 2:
            return int.from_bytes(data[at + 4 : at + 6], "little") + 1
        at += 4 + length
    return None


def is_bgzf(head: bytes) -> bool:
    return bool(block_size(head, 0))


class BgzfReader:
    """The text of a BGZF file, block by block: sizes, checksums and the end marker are checked."""

    def __init__(self, path: Path):
        self._path = path
        self._block_start = 0
        self._widest = 0
        self._last_size = 0
        self._blocks = 0
        self._last_block = b""
        self.vouches_for_end = False

    def chunks(self, packed: Iterator[bytes]) -> Iterator[bytes]:
        rest = b""
        for piece in packed:
            rest = rest + piece if rest else piece
            used = 0
            while True:
                blocks, used = self._unpack_blocks(rest, used)
                if not blocks:
                    break
                yield b"".join(blocks)
            rest = rest[used:]
        self._close(rest)

    def _unpack_blocks(self, data: bytes, at: int) -> tuple[list[bytes], int]:
        """Whole blocks from byte `at` on, about TEXT_BYTES of text, and where the next one begins.

        A chunk of packed bytes may hold a thousand times as much text.
        """
        blocks: list[bytes] = []
        text_bytes = 0
        while at < len(data) and text_bytes < TEXT_BYTES:
            size = block_size(data, at)
            if size is None:
                raise InputError(self._broken_chain())
            if size == 0 or at + size > len(data):
                break
            text = self._unpack(data[at : at + size])
            if text:
                blocks.append(text)
                text_bytes += len(text)
            at += size
            self._block_start += size
        return blocks, at

    def _unpack(self, block: bytes) -> bytes:
        self._last_block = block
        crc, size = struct.unpack_from("<II", block, len(block) - 8)
        start0 = 12 + int.from_bytes(block[10:12], "little")
        try:
            text = isal_zlib.decompress(block[start0:-8], -15, MAX_BLOCK_BYTES)
        except UNPACK_ERROR:
            raise InputError(self._damaged("its compressed data cannot be unpacked")) from None
        if len(text) != size:
            raise InputError(self._damaged(f"it holds {len(text)} bytes and says {size}"))
        if isal_zlib.crc32(text) != crc:
            raise InputError(self._damaged("its checksum (CRC32) does not fit its content"))
        if text:
            self._blocks += 1
            self._widest = max(self._widest, self._last_size)
            self._last_size = size
        return bytes(text)

    def _close(self, rest: bytes) -> None:
        if rest:
            raise InputError(
                f"{self._path}: the file ends inside a BGZF block that begins at byte "
                f"{self._block_start}: it was cut. {COPY_AGAIN}"
            )
        if self._last_block != END_MARKER:
            raise InputError(
                f"{self._path}: the BGZF end marker (28 bytes, an empty block) is missing: the "
                f"file was cut at byte {self._block_start}. {COPY_AGAIN}"
            )
        # A cut at a block's border leaves a full block last, a whole file a shorter one (writers
        # fill every block but the last, to 65,280 bytes in htslib and 65,498 in htsjdk).
        is_short = self._last_size < (self._widest if self._blocks > 1 else MAX_BLOCK_BYTES // 2)
        self.vouches_for_end = is_short

    def _broken_chain(self) -> str:
        return (
            f"{self._path}: no BGZF block begins at byte {self._block_start}, where the one before "
            f"ends: the file is damaged or something was appended. {COPY_AGAIN}"
        )

    def _damaged(self, how: str) -> str:
        return (
            f"{self._path}: the BGZF block at byte {self._block_start} is damaged: {how}. "
            f"{COPY_AGAIN}"
        )
